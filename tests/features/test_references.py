"""Which dependencies of a manifest are uses of a package, and which texts are read for it."""

from pathlib import PurePosixPath

import pytest

from registry_lsp.ecosystems import discover
from registry_lsp.features.references import may_spell, uses

FORMATS = [format for ecosystem in discover() for format in ecosystem.formats]


def used(file, text, name):
    format = next(each for each in FORMATS if each.matches(PurePosixPath("/project", file)))
    return [passage.name.slice(text) for passage in uses(format.parse(text), name)]


@pytest.mark.parametrize(
    ("file", "text", "name", "expected"),
    [
        (
            "package.json",
            """{"dependencies": {"react": "1", "old": "npm:react@^0", "vue": "1"},
            "peerDependencies": {"react": "catalog:"}, "overrides": {"a": {"react": "$react"}}}""",
            "react",
            ["react", "react", "react", "react"],
        ),
        (
            "package.json",
            '{"dependencies": {"react": "file:../react", "x": "owner/react", "React": "1"}}',
            "react",
            [],
        ),
        ("requirements.txt", "Zope_Interface>=5\n./zope\n", "zope-interface", ["Zope_Interface"]),
        ("requirements.txt", "zope.interface @ https://x.example/z.zip\n", "zope-interface", []),
        ("Pipfile", '[packages]\n"zope.interface" = "*"\n', "zope-interface", ["zope.interface"]),
        ("pnpm-workspace.yaml", "catalog:\n  react: ^18\n", "react", ["react"]),
    ],
)
def test_what_asks_a_registry_for_the_package_is_a_use(file, text, name, expected):
    assert used(file, text, name) == expected


@pytest.mark.parametrize(
    ("text", "name", "may"),
    [
        ('{"@scope/react-dom": ""}', "@scope/react-dom", True),
        ("ZOPE__Interface", "zope-interface", True),
        ("zope", "zope-interface", False),
        ('{"re\\u0061ct": ""}', "react", True),
        ("", "--", False),
    ],
)
def test_a_text_is_read_that_may_have_the_name_in_any_spelling(text, name, may):
    assert may_spell(text, name) is may
