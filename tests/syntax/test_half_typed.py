import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.syntax.half_typed import (
    with_json_value,
    with_line,
    with_toml_value,
    with_yaml_value,
)


@pytest.mark.parametrize(
    ("complete", "text", "result"),
    [
        (with_json_value, '{"a": {"on¦"}}', '{"a": {"onX": "",}}'),
        (with_json_value, '{"a": {"on¦', '{"a": {"onX": "",'),
        (with_json_value, '{"a": {"¦"', '{"a": {"X": "",'),
        (with_json_value, '{"o¦n"\n "b": 1}', '{"oXn": "",\n "b": 1}'),
        (with_json_value, '{"on¦":}', '{"onX": ""}'),
        (with_json_value, '{"on¦": , "b": 1}', '{"onX": "", "b": 1}'),
        (with_json_value, '{"on¦": "1"}', '{"onX": "1"}'),
        (with_json_value, '{"a": 1}¦', '{"a": 1}'),
        (with_toml_value, "[a]\non¦\nb = 1", '[a]\nonX = "*"\nb = 1'),
        (with_toml_value, '[a]\n"on¦" =\r\n', '[a]\n"onX" = "*"\r\n'),
        (with_toml_value, 'a = ["¦"]', 'a = ["X"]'),
        (with_toml_value, 'a = ["one", "¦"]', 'a = ["one", "X"]'),
        (with_toml_value, "a¦ = 1", "a = 1"),
        (with_toml_value, 'a = {b = "1", on¦', 'a = {b = "1", onX = "*"'),
        (with_toml_value, 'a = {on¦, b = "1"}', 'a = {onX = "*", b = "1"}'),
        (with_toml_value, '[a]\n"on¦\nb = 1', '[a]\n"onX" = "*"\nb = 1'),
        (with_yaml_value, "catalog:\n  on¦\n", 'catalog:\n  onX: "*"\n'),
        (with_yaml_value, "catalog:\n  '@a/on¦':\n", "catalog:\n  '@a/onX': \"*\"\n"),
        (with_yaml_value, "cat¦alog:\n", "catalog:\n"),
        (with_yaml_value, "catalog: {on¦\nb: 1", 'catalog: {onX: "*"\nb: 1'),
        (with_yaml_value, "catalog: {b: 1, 'on¦}", "catalog: {b: 1, 'onX': \"*\"}"),
        (with_yaml_value, "catalog: {¦}", 'catalog: {X: "*"}'),
        (with_yaml_value, "catalog:\n  '@a/on¦\n", "catalog:\n  '@a/onX': \"*\"\n"),
        (with_yaml_value, "overrides:\n  a@1>on¦\n", 'overrides:\n  a@1>onX: "*"\n'),
        (with_line, "one\n¦\n", "one\nX\n"),
        (with_line, "one¦\n", "one\n"),
    ],
)
def test_the_key_that_is_typed_gets_a_value(complete, text, result):
    offset = text.index("¦")
    assert complete(text.replace("¦", ""), offset, "X") == result


@pytest.mark.parametrize("complete", [with_json_value, with_toml_value, with_yaml_value, with_line])
@given(text=st.text(alphabet="a\"' :=,[]{}\n\r\\#"), data=st.data())
def test_nothing_before_the_place_is_changed(complete, text, data):
    offset = data.draw(st.integers(0, len(text)))
    found = complete(text, offset, "X")
    assert found == text or found.startswith(text[:offset] + "X")
