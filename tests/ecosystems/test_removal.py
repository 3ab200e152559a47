"""A dependency taken out of a manifest, a finding of one left unsaid, and an ignore taken away: in
every format, what is left is read again.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from pip._internal.req.req_file import COMMENT_RE

from registry_lsp.core.edits import changes
from registry_lsp.core.findings import Assessment, Code, Finding, Verdict
from registry_lsp.core.ignores import Unused, heard
from registry_lsp.core.manifests import Part
from registry_lsp.core.removal import removal, unignored, without_extra
from registry_lsp.ecosystems import discover
from registry_lsp.session.kinds import recogniser
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


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("requirements.txt", "a[x]>=1  # [x]\r\n", "a>=1  # [x]\r\n"),
        ("requirements.txt", "a [ x ] >=1\n", "a >=1\n"),
        ("requirements.txt", "a[x,y]>=1\n", "a[y]>=1\n"),
        ("requirements.txt", "a[y, x]>=1\n", "a[y]>=1\n"),
        ("requirements.txt", "a[z, x , y]>=1\n", "a[z, y]>=1\n"),
        ("requirements.txt", "a[x]\n", "a\n"),
        (
            "pyproject.toml",
            '[project]\nname = "o"\ndependencies = ["b", "a[x]>=1"] # 😀\n',
            '[project]\nname = "o"\ndependencies = ["b", "a>=1"] # 😀\n',
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\na = {version = "^1", extras = ["x"], optional = true}\n',
            '[tool.poetry.dependencies]\na = {version = "^1", optional = true}\n',
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\na = {extras = ["x"], version = "^1"}\n',
            '[tool.poetry.dependencies]\na = {version = "^1"}\n',
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\na = {extras = ["x", "y"], version = "^1"}\n',
            '[tool.poetry.dependencies]\na = {extras = ["y"], version = "^1"}\n',
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies.a]\r\nversion = "^1"\r\nextras = [\r\n "x",\r\n]\r\n',
            '[tool.poetry.dependencies.a]\r\nversion = "^1"\r\n',
        ),
        (
            "Pipfile",
            '[packages]\na = {version = "*", "extras" = ["x"]}\n',
            '[packages]\na = {version = "*"}\n',
        ),
        (
            "script.py",
            '# /// script\n# dependencies = ["a[x]"]\n# ///\n',
            '# /// script\n# dependencies = ["a"]\n# ///\n',
        ),
    ],
)
def test_an_extra_is_taken_out_with_its_comma_or_brackets(name, text, left):
    _, format = RECOGNISE(PurePosixPath("/project") / name)
    manifest = format.parse(text)
    found = next(each for each in manifest.dependencies if each.name == "a")
    edit = without_extra(format, text, manifest, found, found.extras.index("x"))
    assert made(text, edit) == left


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
def test_a_finding_is_left_unsaid_of_one_and_of_no_other_that_is_not_named(case, layout):
    text = case.text.replace("\n", LAYOUTS[layout])
    manifest = case.format.parse(text)
    finding = Finding(code=Code.DEPRECATED, part=Part.NAME)
    done = 0
    for at, each in enumerate(manifest.dependencies[:40]):
        ignoring = case.format.ignoring.add(text, manifest, each, "deprecated")
        if ignoring is None:
            continue
        done += 1
        edit = ignoring.edit
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
        assert ignoring.is_shared is not (unsaid <= same | place) or unsaid == same | place
        assert case.format.fault(made(text, edit)) is None
        again = case.format.parse(made(text, edit))
        more = case.format.ignoring.add(made(text, edit), again, again.dependencies[at], "yanked")
        assert "deprecated" in made(text, edit)
        assert more is not None
        both = case.format.parse(made(made(text, edit), more.edit))
        codes = {code for it in both.ignores for code, _ in it.codes or ()}
        assert {"deprecated", "yanked"} <= codes
        assert undone(case.format, made(text, edit), manifest.ignores) == text
    assert done or not manifest.dependencies


def undone(format, text, ignores):
    """*text* without what it has more to ignore than *ignores*."""
    manifest = format.parse(text)
    more = [
        Unused(span=span, code=code)
        for each in manifest.ignores
        for code, span in each.codes or ()
        if code == "deprecated"
    ]
    assert len(more) == 1 + sum("deprecated" in dict(each.codes or ()) for each in ignores)
    return made(text, unignored(format, text, manifest, more[-1]))


@pytest.mark.parametrize(
    ("name", "text", "idle", "left"),
    [
        ("requirements.txt", "a==1  # registry-lsp: ignore why \r\nb\r\n", None, "a==1\r\nb\r\n"),
        (
            "requirements.txt",
            "a==1 #registry-lsp:ignore[yanked]\tx  # noqa: 1\r\n",
            None,
            "a==1 # noqa: 1\r\n",
        ),
        (
            "requirements.txt",
            "a==1  # why #12 # registry-lsp: ignore[yanked] see #12\n",
            "yanked",
            "a==1  # why #12\n",
        ),
        ("requirements.txt", "b\r\n \t# registry-lsp: ignore\r\na\r\n", None, "b\r\na\r\n"),
        ("requirements.txt", "# registry-lsp: ignore # flake\na\n", None, "# flake\na\n"),
        ("requirements.txt", "a\n# registry-lsp: ignore", None, "a\n"),
        (
            "requirements.txt",
            "a  # registry-lsp: ignore[yanked , deprecated] why\n",
            "deprecated",
            "a  # registry-lsp: ignore[yanked] why\n",
        ),
        (
            "requirements.txt",
            "a  # registry-lsp: ignore[ yanked , deprecated] why\n",
            "yanked",
            "a  # registry-lsp: ignore[ deprecated] why\n",
        ),
        ("requirements.txt", "a  # registry-lsp: ignore[yanked\n", None, "a\n"),
        # what follows would become another line's, or go with it
        ("requirements.txt", "a \\\n# registry-lsp: ignore\n--pre\n", None, None),
        ("requirements.txt", "a  # registry-lsp: ignore \\\n--pre\n", None, None),
        ("requirements.txt", "a  # registry-lsp: ignore\u2028b\n", None, None),
        (
            "pyproject.toml",
            '[project]\r\ndependencies = [\r\n  "a", # registry-lsp: ignore\r\n  # 😀\r\n]\r\n',
            None,
            '[project]\r\ndependencies = [\r\n  "a",\r\n  # 😀\r\n]\r\n',
        ),
        (
            "pyproject.toml",
            '[project]\ndependencies = ["a", "b"] # both # registry-lsp: ignore[yanked]\n',
            "yanked",
            '[project]\ndependencies = ["a", "b"] # both\n',
        ),
        (
            "script.py",
            '# /// script\n# dependencies = [\n#   # registry-lsp: ignore\n#   "a",\n# ]\n# ///\n',
            None,
            '# /// script\n# dependencies = [\n#   "a",\n# ]\n# ///\n',
        ),
        (
            "pnpm-workspace.yaml",
            "catalog:\n  # registry-lsp: ignore[yanked]\n  a: ^1 # x\n",
            "yanked",
            "catalog:\n  a: ^1 # x\n",
        ),
        (
            "package.json",
            '{"registry-lsp": {"ignore": {"a": ["yanked", "deprecated"]}}, "name": "x"}\n',
            "yanked",
            '{"registry-lsp": {"ignore": {"a": ["deprecated"]}}, "name": "x"}\n',
        ),
        (
            "package.json",
            '{"registry-lsp": {"ignore": {"a": [\r\n "yanked",\r\n "deprecated"\r\n]}}}\r\n',
            "deprecated",
            '{"registry-lsp": {"ignore": {"a": [\r\n "yanked"\r\n]}}}\r\n',
        ),
        (
            "package.json",
            '{"registry-lsp": {"ignore": {"a": ["yanked"], "b": true}}, "name": "x"}\n',
            "yanked",
            '{"registry-lsp": {"ignore": {"b": true}}, "name": "x"}\n',
        ),
        (
            "package.json",
            '{"registry-lsp": {"ignore": {\n  "b": true,\n  "a": ["yanked"]\n}}}\n',
            None,
            '{"registry-lsp": {"ignore": {\n  "b": true\n}}}\n',
        ),
        (
            "package.json",
            '{\r\n\t"name": 1,\r\n\t"registry-lsp": {\r\n\t\t"ignore": {"a": true}\r\n\t}\r\n}\r\n',
            None,
            '{\r\n\t"name": 1\r\n}\r\n',
        ),
        (
            "package.json",
            '{"registry-lsp": {"x": 1, "ignore": {"a": true}}, "name": "x"}\n',
            None,
            '{"registry-lsp": {"x": 1}, "name": "x"}\n',
        ),
        ("package.json", '{"registry-lsp": {"ignore": true}}\n', None, "{}\n"),
        ("package.json", '{"registry-lsp": {"ignore": {"a": [1]}}}\n', None, "{}\n"),
    ],
)
def test_an_ignore_goes_with_what_belongs_to_it(name, text, idle, left):
    _, format = RECOGNISE(PurePosixPath("/project") / name)
    manifest = format.parse(text)
    told = [each for each in manifest.ignores if each.pattern != "b"]
    ignore = next((each for each in told if each.pattern), told[0])
    span = dict(ignore.codes)[idle] if idle else ignore.span
    edit = unignored(format, text, manifest, Unused(span=span, code=idle))
    assert (edit and made(text, edit)) == left


@pytest.mark.parametrize(
    ("text", "left", "is_shared"),
    [
        ("a==1#x\n", "a==1#x  # registry-lsp: ignore[yanked]\n", False),
        (
            "a==1# registry-lsp: ignore[deprecated]\n",
            "a==1# registry-lsp: ignore[deprecated]  # registry-lsp: ignore[yanked]\n",
            False,
        ),
        (
            "a==1 --hash=sha256:00#x\n",
            "a==1 --hash=sha256:00#x  # registry-lsp: ignore[yanked]\n",
            False,
        ),
        ("a==1 # registry-lsp: ignore[deprecated\n", None, False),
        ("a==1 # x \\\nb\n", None, False),
    ],
)
def test_a_number_sign_without_a_blank_begins_no_comment_for_pip(text, left, is_shared):
    _, format = RECOGNISE(PurePosixPath("/project/requirements.txt"))
    manifest = format.parse(text)
    found = format.ignoring.add(text, manifest, manifest.dependencies[0], "yanked")
    if left is None:
        assert found is None
        return
    assert made(text, found.edit) == left
    assert found.is_shared is is_shared
    (ignore,) = format.parse(left).ignores
    assert [code for code, _ in ignore.codes] == ["yanked"]
    assert COMMENT_RE.sub("", left.rstrip("\n")) == text.rstrip("\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["a==1", "b==2"]\n'),
        ("pyproject.toml", '[project]\ndependencies = [\n  "a==1", "b==2",\n  "c"\n]\n'),
        ("script.py", '# /// script\n# dependencies = ["a==1", "b==2"]\n# ///\n'),
        ("pnpm-workspace.yaml", "catalog: {a: ^1, b: ^2}\n"),
    ],
)
def test_what_stands_in_one_line_is_left_unsaid_together_and_told_so(name, text):
    _, format = RECOGNISE(PurePosixPath("/project") / name)
    manifest = format.parse(text)
    found = {
        format.ignoring.add(text, manifest, each, "yanked") for each in manifest.dependencies[:2]
    }
    (shared,) = found
    assert shared.is_shared
    more = format.parse(made(text, shared.edit))
    about = [each.span for each in more.dependencies if _is_about(more.ignores[0], each)]
    assert len(about) == 2
    again = format.ignoring.add(made(text, shared.edit), more, more.dependencies[1], "deprecated")
    assert again.is_shared
    assert "ignore[yanked, deprecated]" in made(made(text, shared.edit), again.edit)


def _is_about(ignore, dependency):
    finding = Finding(code=Code.YANKED, part=Part.NAME)
    assessment = Assessment(dependency=dependency, verdict=Verdict(findings=(finding,)))
    return bool(heard([ignore], [assessment])[0].unsaid)


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
    assert format.ignoring.add(text, manifest, each, "deprecated") is None


def test_what_has_no_name_is_ignored_by_none():
    _, format = RECOGNISE(PurePosixPath("/project/package.json"))
    text = '{"dependencies": {"aliased": "npm:@s]cope/real@^4"}}'
    manifest = format.parse(text)
    (each,) = manifest.dependencies
    assert not each.name
    assert format.ignoring.add(text, manifest, each, "invalid-requirement") is None
