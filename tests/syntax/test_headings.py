import pytest

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.text import Span
from registry_lsp.syntax.headings import headings
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.toml.scanner import scan_toml
from registry_lsp.syntax.yaml.scanner import scan_yaml

NOWHERE = Span(0, 0)


def of_section(name):
    return Dependency(
        name="one",
        display_name="one",
        name_span=NOWHERE,
        specifier="",
        specifier_span=None,
        span=NOWHERE,
        section=name,
        dialect="",
    )


@pytest.mark.parametrize(
    ("scan", "text", "sections", "expected"),
    [
        (scan_json, '{"x": {"a": {}}, "a": {}}', ["a"], [("a", 18)]),
        (scan_json, '{"x": {"a": {}}, "a": {}}', ["x.a", "b"], [("x.a", 8)]),
        (scan_json, '{"a": 1, "a": {"b": {}}}', ["a.b", "a"], [("a", 2), ("a", 10), ("a.b", 16)]),
        (scan_json, '{"a": [{"b": 1}, {"b": 2}]}', ["a.b"], [("a.b", 9), ("a.b", 19)]),
        (scan_json, '{"a', ["a"], [("a", 2)]),
        (scan_toml, "[tool.a]\nb = []", ["tool.a.b"], [("tool.a.b", 9)]),
        (scan_toml, "[tool.a]\n'b.c' = []", ["tool.a.b.c"], [("tool.a.b.c", 10)]),
        (scan_toml, "tool.a.b = []", ["tool.a.b"], [("tool.a.b", 7)]),
        (scan_toml, "[[tool.a]]\nb = []", ["tool.a.b"], [("tool.a.b", 11)]),
        (scan_yaml, "a:\n  b:\n    c: 1", ["a.b"], [("a.b", 5)]),
    ],
)
def test_the_keys_that_lead_to_a_section(scan, text, sections, expected):
    found = headings(scan(text), [of_section(each) for each in sections])
    assert [(each.section, each.span.start) for each in found] == expected


def test_what_nests_without_end_is_walked_no_further_than_sections_go():
    text = '{"a": ' * 200 + "1" + "}" * 200
    assert len(headings(scan_json(text), [of_section(".".join("a" * 150))])) == 1
