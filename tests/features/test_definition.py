"""Where definitions lead within one manifest: what refers to another part of it."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from registry_lsp.ecosystems import discover
from registry_lsp.features.definition import build
from support.documents import document


def leads(name, text):
    """The texts that the place of the ``¦`` in *text* leads to, with the line that each is in."""
    plain = text.replace("¦", "")
    format = next(
        format
        for ecosystem in discover()
        for format in ecosystem.formats
        if format.matches(PurePosixPath("/project", name))
    )
    subject = replace(document(""), format=format)
    subject = replace(subject, snapshot=replace(subject.snapshot, text=plain))
    lead = build(subject, text.index("¦"))
    if lead is None:
        return None
    return [
        (plain.count("\n", 0, passage.name.start), passage.name.slice(plain))
        for pointer in lead.pointers
        if not pointer.path
        for passage in pointer.find(plain)
    ]


EXTRAS = """\
[project]
name = "x"
[project.optional-dependencies]
all = ["x¦[dev]"]
dev = ["y"]
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "package.json",
            '{"dependencies": {"react": "^18"},\n"overrides": {"x": {"react": "$re¦act"}}}',
            [(0, "react")],
        ),
        (
            "package.json",
            '{"bundleDependencies": ["re¦act"],\n"dependencies": {"react": "^18"}}',
            [(1, "react")],
        ),
        (
            "pyproject.toml",
            EXTRAS,
            [(4, "dev")],
        ),
        (
            "pyproject.toml",
            '[dependency-groups]\ndev = [{include-group = "li¦nt"}]\nlint = []\n',
            [(2, "lint")],
        ),
        ("pyproject.toml", '[project]\ndependencies = ["y¦"]\n', []),
        ("pyproject.toml", '[pro¦ject]\ndependencies = ["y"]\n', None),
        ("requirements.txt", "-r https://code.¦example/x.txt\n", None),
    ],
)
def test_what_refers_to_another_part_leads_there(name, text, expected):
    assert leads(name, text) == expected
