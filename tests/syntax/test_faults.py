import json

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.syntax.faults import json_fault, toml_fault


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '\ufeff{"a": 1}',
        '{"a": 1, // a comment\n "b": [1, 2,],\n}',
        '/* first */ {"a": "// no comment, }"}',
        '{"a": ",}"}',
    ],
)
def test_what_the_tools_take_is_no_fault(text):
    assert json_fault(text) is None


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("", 0, "It is not valid JSON: Expecting value."),
        ('{"a": 1 "b": 2}', 8, "Expecting ',' delimiter"),
        ('{"a": 1, /* x */ "b" 2}', 21, "Expecting ':' delimiter"),
        ('{"dependencies": {"lodash": "4", "rea', 33, "Unterminated string."),
        ('{"rea\n"lodash": "4"}', 5, "JSON: Unterminated string."),
        ('{"rea\t": "4"}', 5, "JSON: Invalid control character."),
        ("[" * 100_000, 0, "nested too deeply"),
    ],
)
def test_a_fault_of_json_is_told_with_its_place(text, at, words):
    fault = json_fault(text)
    assert words in fault.reason
    assert fault.span.start == at


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[project]\ndependencies = [\n "requests==2.0.0", "flas', 3),
        ("[project\n", 1),
        ("a = 1\na = 2\n", 2),
        ("x", 1),
    ],
)
def test_a_fault_of_toml_is_told_with_its_place(text, line):
    fault = toml_fault(text)
    assert fault.reason.startswith("It is not valid TOML: ")
    assert text.count("\n", 0, fault.span.start) + 1 == line


@pytest.mark.parametrize("text", ['a = "x\nb = 1\n', 'a = "x\r\nb = 1\n', 'a = "x'])
def test_a_string_of_toml_that_is_not_closed_is_named_so(text):
    assert toml_fault(text).reason == "It is not valid TOML: Unterminated string."


def test_deep_toml_is_no_crash():
    assert toml_fault("a = " + "[" * 100_000) is not None


@pytest.mark.parametrize(
    "text",
    [
        '{"x": "' + r"{\"k\": \"v\"}," * 30_000 + ",",
        '{"a":"' + r"\"" * 200_000,
        '{"a":' + '"a\\' * 100_000,
        "{" + '"a\\\n' * 100_000,
        "{" + "/*" * 200_000,
        '{"a":' + "," * 100_000 + " " * 100_000,
    ],
)
def test_what_is_not_closed_is_looked_at_once(text):
    """Each takes minutes where the time grows as the square of the length."""
    assert json_fault(text) is not None


JSON_TEXTS = st.text(st.sampled_from('{}[]",:/* \n1ae\\'), max_size=40)


@given(JSON_TEXTS)
def test_valid_json_has_no_fault_and_a_fault_lies_in_the_text(text):
    fault = json_fault(text)
    try:
        json.loads(text)
    except ValueError:
        assert fault is None or 0 <= fault.span.start <= len(text)
    else:
        assert fault is None


@given(st.text(st.sampled_from("[]=\"'#a1.\n, {}"), max_size=40))
def test_toml_has_a_fault_where_tomli_finds_one(text):
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError:
        assert toml_fault(text) is not None
    else:
        assert toml_fault(text) is None
