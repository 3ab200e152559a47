import json

import pytest
import tomli

from registry_lsp.core.text import Span
from registry_lsp.syntax.nodes import StringNode
from registry_lsp.syntax.quoting import as_it_is, in_json, in_toml, in_yaml
from registry_lsp.syntax.yaml.scanner import scan_yaml


def written(quoting, text, new):
    """What *new* leaves of *text* in the place between its two ``¦``."""
    before, typed, behind = text.split("¦")
    start = len(before)
    writer = quoting(before + typed + behind, Span(start, start + len(typed)))
    made = writer(new)
    return before + made + behind if made is not None else None


@pytest.mark.parametrize(
    ("text", "new", "left"),
    [
        ("catalog:\n  ¦to¦: 1.0.0\n", "@scope/tool", 'catalog:\n  "@scope/tool": 1.0.0\n'),
        ("catalog:\n  ¦@sc¦\n", "@scope/tool", 'catalog:\n  "@scope/tool"\n'),
        ("catalog:\n  '¦to¦': 1\n", "@scope/tool", "catalog:\n  '@scope/tool': 1\n"),
        ("catalog:\n  'a': 1\n  ¦b¦: 1\n", "react", "catalog:\n  'a': 1\n  react: 1\n"),
        ("catalog:\n  a: ¦¦\n", ">=3 <10", 'catalog:\n  a: ">=3 <10"\n'),
        ("catalog:\n  a: ¦5.x¦ # it's\n", ">=3 <10", 'catalog:\n  a: ">=3 <10" # it\'s\n'),
        ("catalog: { a: ¦5.x¦, b: 1 }\n", ">=3 <10", 'catalog: { a: ">=3 <10", b: 1 }\n'),
        ("catalog:\n  a: ¦5¦\n", "*", 'catalog:\n  a: "*"\n'),
        ("catalog:\n  a: ¦x¦\n", "18", 'catalog:\n  a: "18"\n'),
        ("catalog:\n  a: '¦5.x¦'\n", ">=3 <10", "catalog:\n  a: '>=3 <10'\n"),
        ("catalog:\n  a: ^1 || ¦5¦\n", "18", "catalog:\n  a: ^1 || 18\n"),
        ("overrides:\n  ¦bar¦@^2: 3.0.0\n", "@scope/tool", None),
        ("overrides:\n  ¦bar¦@^2: 3.0.0\n", "baz", "overrides:\n  baz@^2: 3.0.0\n"),
        ("catalog:\n  a: ¦5¦\n", "^18.2.0", "catalog:\n  a: ^18.2.0\n"),
    ],
)
def test_yaml_has_quotes_around_what_is_no_plain_scalar(text, new, left):
    assert written(in_yaml, text, new) == left


@pytest.mark.parametrize(
    "new", ["@scope/tool", ">=1", "*", "!x", "1.0", "null", "~", "a: b", "a #b"]
)
def test_what_yaml_reads_is_what_was_to_be_written(new):
    table = scan_yaml(written(in_yaml, "a: ¦¦\n", new))
    (member,) = table.members
    assert isinstance(member.value, StringNode)
    assert member.value.value == new


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("[tool.poetry.dependencies]\n¦zope¦ = '*'\n", "zope.interface"),
        ("[tool.poetry.dependencies]\n'¦zope¦' = '*'\n", "zope.interface"),
        ("[tool.poetry.dependencies]\n¦idn¦ = '*'\n", "idna"),
    ],
)
def test_toml_has_quotes_around_a_key_with_dots(text, new):
    read = tomli.loads(written(in_toml, text, new))
    assert read == {"tool": {"poetry": {"dependencies": {new: "*"}}}}


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ('[project]\ndependencies = ["¦on¦"]', "one.two>=1"),
        ("[tool.poetry.dependencies]\none = '^¦1¦'", "2.0"),
    ],
)
def test_toml_strings_have_their_quotes(text, new):
    assert written(in_toml, text, new) == text.split("¦")[0] + new + text.split("¦")[2]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("{¦dep¦}", '{"dependencies"}'),
        ("{\n  ¦¦\n}", '{\n  "dependencies"\n}'),
        ('{"¦dep¦": {}}', '{"dependencies": {}}'),
        ('{"¦dep¦', '{"dependencies'),
        ('{"\\u0061": 1, "¦dep¦": {}}', '{"\\u0061": 1, "dependencies": {}}'),
    ],
)
def test_json_has_quotes_around_every_string(text, left):
    assert written(in_json, text, "dependencies") == left


def test_requirements_have_no_quotes():
    assert written(as_it_is, "¦on¦==1\n", "one") == "one==1\n"
    assert json.loads(written(in_json, "[¦¦]", "x")) == ["x"]
