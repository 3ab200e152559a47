"""A dependency taken out of a manifest, and a finding of one left unsaid: in every format, what is
left is read again.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from registry_lsp.core.edits import changes
from registry_lsp.core.findings import Assessment, Code, Finding, Verdict
from registry_lsp.core.ignores import heard
from registry_lsp.core.manifests import Part
from registry_lsp.core.removal import removal
from registry_lsp.ecosystems import discover
from registry_lsp.session.documents import recogniser
from support.corpus import corpus, samples

RECOGNISE = recogniser(discover())
CASES = [pytest.param(case, id=case.id) for case in (*samples(), *corpus())]
LAYOUTS = {"as written": "\n", "CRLF": "\r\n"}


def made(text, edit):
    for each in reversed(changes(text, (edit,))):
        text = text[: each.span.start] + each.text + text[each.span.end :]
    return text


def without(name, text, wanted):
    _, format = RECOGNISE(PurePosixPath("/project") / name)
    manifest = format.parse(text)
    found = [each for each in manifest.dependencies if each.display_name == wanted]
    edit = removal(format, text, manifest, found[-1])
    return edit and made(text, edit)


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("requirements.txt", "a==1\r\nb>=2  # why\r\nc\r\n", "a==1\r\nc\r\n"),
        ("requirements.txt", "a\nb==1 \\\n  --hash=sha256:00 \\\n  --hash=sha256:01\n", "a\n"),
        ("requirements.txt", "a\nb", "a\n"),
        ("package.json", '{"dependencies": {"a": "1", "b": "2"}}', '{"dependencies": {"a": "1"}}'),
        ("package.json", '{"dependencies": {"b": "1", "a": "2"}}', '{"dependencies": {"a": "2"}}'),
        (
            "package.json",
            '{\n  "dependencies": {\n    "a": "1",\n    "b": "2"\n  }\n}\n',
            '{\n  "dependencies": {\n    "a": "1"\n  }\n}\n',
        ),
        (
            "package.json",
            '{\n  "dependencies": {\n    "b": "1",\n    "a": "2"\n  }\n}\n',
            '{\n  "dependencies": {\n    "a": "2"\n  }\n}\n',
        ),
        (
            "pyproject.toml",
            '[project]\nname = "x"\ndependencies = ["a>=1", "b<2"]\n',
            '[project]\nname = "x"\ndependencies = ["a>=1"]\n',
        ),
        (
            "pyproject.toml",
            '[project]\nname = "x"\ndependencies = [\n  "a>=1",\n  "b<2", # 😀\n]\n',
            '[project]\nname = "x"\ndependencies = [\n  "a>=1",\n]\n',
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\na = "1"\nb = {version = "2"}\n',
            '[tool.poetry.dependencies]\na = "1"\n',
        ),
        ("Pipfile", '[packages]\na = "*"\nb = "==1"\n', '[packages]\na = "*"\n'),
        ("pnpm-workspace.yaml", "catalog:\n  a: ^1\n  b: ^2\n", "catalog:\n  a: ^1\n"),
    ],
)
def test_a_dependency_is_taken_out_with_what_belongs_to_it(name, text, left):
    assert without(name, text, "b") == left


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_else_goes_with_it(case, layout):
    text = case.text.replace("\n", LAYOUTS[layout])
    manifest = case.format.parse(text)
    known = [(each.name, each.section) for each in manifest.dependencies]
    edits = [removal(case.format, text, manifest, each) for each in manifest.dependencies[:40]]
    assert sum(edit is not None for edit in edits) * 2 >= len(edits)
    for each, edit in zip(manifest.dependencies, edits, strict=False):
        if edit is None:
            continue
        after = case.format.parse(made(text, edit))
        left = [(each.name, each.section) for each in after.dependencies]
        assert len(left) < len(known)
        assert case.format.fault(made(text, edit)) is None
        assert [it for it in known if it != (each.name, each.section)] == [
            it for it in left if it != (each.name, each.section)
        ]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_finding_is_left_unsaid_of_one_and_of_no_other(case, layout):
    text = case.text.replace("\n", LAYOUTS[layout])
    manifest = case.format.parse(text)
    finding = Finding(code=Code.DEPRECATED, part=Part.NAME)
    done = 0
    for at, each in enumerate(manifest.dependencies[:40]):
        edit = case.format.ignore(text, manifest, each, "deprecated")
        if edit is None:
            continue
        done += 1
        after = case.format.parse(made(text, edit))
        assert len(after.dependencies) == len(manifest.dependencies)
        unsaid = {
            number
            for number, it in enumerate(after.dependencies)
            if heard(
                after.ignores, [Assessment(dependency=it, verdict=Verdict(findings=(finding,)))]
            )[0].unsaid
        }
        assert at in unsaid
        same = {
            n
            for n, it in enumerate(manifest.dependencies)
            if each.name in (it.name, it.display_name)
        }
        place = {n for n, it in enumerate(manifest.dependencies) if it.name_span == each.name_span}
        assert unsaid <= same | place
        assert case.format.fault(made(text, edit)) is None
        again = case.format.parse(made(text, edit))
        more = case.format.ignore(made(text, edit), again, again.dependencies[at], "yanked")
        assert "deprecated" in made(text, edit)
        assert more is not None
        both = case.format.parse(made(made(text, edit), more))
        codes = {code for it in both.ignores for code, _ in it.codes or ()}
        assert {"deprecated", "yanked"} <= codes
    assert done or not manifest.dependencies


@pytest.mark.parametrize(
    "text",
    [
        '{"dependencies": {"a": "1"}, "devDependencies": {"b": "1"',
        '{"dependencies": {"a": "1"}, "devDependencies": {"b": "1"\n',
        '{"dependencies": {"a": "1"}, "x": }',
        '{"dependencies": {"a": "1"}, "registry-lsp": {"ignore": {"b": ["yanked"]',
    ],
)
def test_nothing_is_written_into_what_is_half_typed(text):
    _, format = RECOGNISE(PurePosixPath("/project/package.json"))
    manifest = format.parse(text)
    each = next(each for each in manifest.dependencies if each.name == "a")
    assert format.ignore(text, manifest, each, "deprecated") is None
