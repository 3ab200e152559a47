"""What manifests leave unsaid: which dependencies each ignore is about, in every format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from registry_lsp.core.findings import Assessment, Code, Finding, Verdict
from registry_lsp.core.ignores import heard, heard_problems, reasons, unused
from registry_lsp.core.manifests import Part
from registry_lsp.ecosystems import discover
from registry_lsp.session.kinds import recogniser

RECOGNISE = recogniser(discover())
FOUND = (Code.YANKED, Code.DEPRECATED)


def parsed(name, text):
    _, format = RECOGNISE(PurePosixPath("/project") / name)
    return format.parse(text)


def assessed(manifest, codes=FOUND, pending=frozenset()):
    """Each dependency, with a finding of each of *codes*."""
    findings = tuple(Finding(code=code, part=Part.NAME) for code in codes)
    found = [
        Assessment(dependency=each, verdict=Verdict(findings=findings))
        for each in manifest.dependencies
    ]
    return [replace(each, pending=pending) for each in heard(manifest.ignores, found)]


def unsaid(name, text):
    found = assessed(parsed(name, text))
    return {
        each.dependency.display_name: " ".join(f.code.value for f in each.unsaid)
        for each in found
        if each.unsaid
    }


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "requirements.txt",
            "a==1  # registry-lsp: ignore[yanked] for now\nb==1\n",
            {"a": "yanked"},
        ),
        (
            "requirements.txt",
            "a==1\n#registry-lsp:ignore\n\n# why\nb==1\nc\n",
            {"b": "yanked deprecated"},
        ),
        (
            "requirements.txt",
            "a==1 \\\n    --hash=sha256:00  # registry-lsp: ignore[deprecated, yanked]\nb==1\n",
            {"a": "yanked deprecated"},
        ),
        ("requirements.txt", "a@file:///x#registry-lsp: ignore\n", {}),
        ("requirements.txt", "a  # registry-lsp: ignored\nb  # registry-lsp: ignore-it\n", {}),
        ("requirements.txt", "a  # registry-lsp: ignore[yanked\nb  # registry-lsp: ignore[]\n", {}),
        ("requirements.txt", "a\r\n# registry-lsp: ignore\r\nb\r\nc", {"b": "yanked deprecated"}),
        (
            "pyproject.toml",
            (
                '[project]\ndependencies = [\n  "a",  # registry-lsp: ignore[yanked]\n'
                '  # registry-lsp: ignore[deprecated]\n  "b",\n  "c",\n]\n'
            ),
            {"a": "yanked", "b": "deprecated"},
        ),
        (
            "pyproject.toml",
            (
                '[project]\ndependencies = ["a", "b"]  # registry-lsp: ignore[yanked]\n'
                '[dependency-groups]\ndev = ["c"]\n'
            ),
            {"a": "yanked", "b": "yanked"},
        ),
        (
            "pyproject.toml",
            (
                '[tool.poetry.dependencies.a]\nversion = "^1" # registry-lsp: ignore[yanked]\n'
                '[tool.poetry.group.dev.dependencies]\nb = "^1"\n'
            ),
            {"a": "yanked"},
        ),
        (
            "pyproject.toml",
            '[project]\ndescription = """\n# registry-lsp: ignore\n"""\ndependencies = ["a"]\n',
            {},
        ),
        (
            "script.py",
            (
                '# /// script\n# dependencies = [\n#   "a",  # registry-lsp: ignore[yanked]\n'
                '#   # registry-lsp: ignore[deprecated]\n#   "b",\n#   "c",\n# ]\n# ///\n'
                '"# registry-lsp: ignore"\n'
            ),
            {"a": "yanked", "b": "deprecated"},
        ),
        (
            "pnpm-workspace.yaml",
            (
                "catalog:\n  a: ^1 # registry-lsp: ignore[yanked]\n"
                "  # registry-lsp: ignore\n  b: ^1\n"
                '  c: "^1 # registry-lsp: ignore"\n  d: ^1\n'
            ),
            {"a": "yanked", "b": "yanked deprecated"},
        ),
        (
            "package.json",
            (
                '{"dependencies": {"a": "1", "@Ours/b": "1", "c": "1"},\n'
                ' "registry-lsp": {"ignore": {"a": ["yanked"], "@ours/*": true, "c": "yanked"}}}'
            ),
            {"a": "yanked", "@Ours/b": "yanked deprecated"},
        ),
        (
            "package.json",
            '{"dependencies": {"a": "1"}, "registry-lsp": {"ignore": true}}',
            {},
        ),
    ],
)
def test_an_ignore_is_about_its_line_or_the_next_or_names(name, text, expected):
    assert unsaid(name, text) == expected


def idle(name, text, **options):
    manifest = parsed(name, text)
    found = unused(manifest.ignores, assessed(manifest, **options), manifest.problems)
    return [(each.span.slice(text), each.code, each.is_unknown, bool(each.fault)) for each in found]


def test_an_ignore_that_is_of_use_is_not_told_of():
    assert idle("requirements.txt", "a  # registry-lsp: ignore\n") == []
    assert idle("requirements.txt", "a  # registry-lsp: ignore[yanked,deprecated]\n") == []


def test_what_is_left_of_an_ignore_is_told_by_its_code():
    text = "a  # registry-lsp: ignore[yanked, vulnerable] x\n"
    assert idle("requirements.txt", text) == [("vulnerable", "vulnerable", False, False)]


def test_an_ignore_of_nothing_is_told_as_a_whole():
    text = "a  # registry-lsp: ignore[vulnerable] x \n"
    whole = "# registry-lsp: ignore[vulnerable] x"
    assert idle("requirements.txt", text) == [(whole, None, False, False)]
    assert idle("requirements.txt", "a # registry-lsp: ignore", codes=()) == [
        ("# registry-lsp: ignore", None, False, False)
    ]
    assert idle("requirements.txt", "a\n# registry-lsp: ignore\n") == [
        ("# registry-lsp: ignore", None, False, False)
    ]


def test_nothing_is_told_of_what_may_be_found_yet():
    pending = frozenset({Code.VULNERABLE})
    text = "a  # registry-lsp: ignore[vulnerable]\nb  # registry-lsp: ignore\n"
    assert idle("requirements.txt", text, codes=(), pending=pending) == []
    text = "a  # registry-lsp: ignore[unauthorized, registry-unavailable]\n"
    assert idle("requirements.txt", text) == []


def test_an_unknown_code_is_told_at_once():
    text = "a  # registry-lsp: ignore[yank]\n"
    found = idle("requirements.txt", text, pending=frozenset(Code))
    assert found == [("yank", "yank", True, False)]


def test_what_cannot_be_read_is_told():
    assert idle(
        "requirements.txt", "a # registry-lsp: ignore[yanked\nb # registry-lsp: ignore[ ]"
    ) == [
        ("# registry-lsp: ignore[yanked", None, False, True),
        ("# registry-lsp: ignore[ ]", None, False, True),
    ]
    text = '{"dependencies": {"a": "1"}, "registry-lsp": {"ignore": {"a": "yanked", "b": []}}}'
    assert idle("package.json", text) == [("a", None, False, True), ("b", None, False, True)]


@pytest.mark.parametrize(
    ("name", "text", "span", "word"),
    [
        ("requirements.txt", "a # registry-lsp: ignor[x] y", "# registry-lsp: ignor[x] y", "ignor"),
        ("requirements.txt", "a # registry-lsp: Ignore\n", "# registry-lsp: Ignore", "Ignore"),
        ("requirements.txt", "a # registry-lsp: ignored by us", None, "ignored"),
        ("requirements.txt", "a # registry-lsp: [yanked]\n", None, None),
        ("pyproject.toml", '[project]\ndependencies = ["a"] #registry-lsp:off', None, "off"),
        ("package.json", '{"registry-lsp": {"ignor": {"a": true}}}', "ignor", "ignor"),
        ("package.json", '{"registry-lsp": {"ignor": 1, "ignore": {}}}', "ignor", None),
    ],
)
def test_an_instruction_that_nobody_reads_is_told(name, text, span, word):
    manifest = parsed(name, text)
    (found,) = unused(manifest.ignores, assessed(manifest, pending=frozenset(Code)), ())
    assert found.fault
    assert "'ignore' is expected" in found.fault
    assert span is None or found.span.slice(text) == span
    assert (found.word and found.word[0]) == word
    assert found.word is None or found.word[1].slice(text) == word


@pytest.mark.parametrize(
    "text", ["a # registry-lsp\n", "a # see registry-lsp: it helps\n", "a # registry-lsp ignore\n"]
)
def test_what_only_mentions_the_name_is_no_instruction(text):
    assert parsed("requirements.txt", text).ignores == ()


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("requirements.txt", "a==  # registry-lsp: ignore[invalid-requirement]\n???\n", 1),
        ("requirements.txt", "???  # registry-lsp: ignore\n", 0),
        ("requirements.txt", "???  # registry-lsp: ignore[yanked]\n", 1),
        (
            "package.json",
            (
                '{"dependencies": {"a": 1, "b": "git+ssh://", "c": "git+ssh://"},\n'
                ' "registry-lsp": {"ignore": {"b": ["invalid-requirement"]}}}'
            ),
            None,
        ),
    ],
)
def test_problems_are_left_unsaid_too(name, text, left):
    manifest = parsed(name, text)
    heard = heard_problems(manifest.ignores, manifest.problems, manifest.dependencies)
    if left is not None:
        assert len(heard) == left
        return
    places = {each.span.slice(text) for each in manifest.problems}
    assert {each.span.slice(text) for each in heard} <= places


def test_thousands_of_ignores_in_a_row_are_read_once():
    lines = "# registry-lsp: ignore\n# more\n" * 20_000
    alone = parsed("requirements.txt", lines).ignores
    assert {each.extent for each in alone} == {None}
    before = parsed("requirements.txt", f"{lines}a==1\n").ignores
    assert {each.extent.slice(f"{lines}a==1\n") for each in before} == {"a==1"}
    assert len(alone) == len(before) == 20_000


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "requirements.txt",
            "a # registry-lsp: ignore[yanked] see #12, or so  # noqa\n",
            {"yanked": "see #12, or so"},
        ),
        (
            "requirements.txt",
            "# registry-lsp: ignore[yanked]: above\na # registry-lsp: ignore - behind\r\n",
            {"yanked": "above", "deprecated": "behind"},
        ),
        (
            "requirements.txt",
            "a # registry-lsp: ignore[yanked] # registry-lsp: ignore[deprecated] why\n",
            {"yanked": "", "deprecated": "why"},
        ),
        (
            "package.json",
            '{"dependencies": {"a": "1"}, "registry-lsp": {"ignore": {"a": ["yanked"]}}}',
            {"yanked": ""},
        ),
    ],
)
def test_an_ignore_is_told_with_what_is_written_beside_it(name, text, expected):
    manifest = parsed(name, text)
    (assessment,) = assessed(manifest)
    said = reasons(manifest.ignores, assessment)
    assert {code.value: reason for code, reason in said.items()} == expected
