"""The report: words, places, counts, exit codes; as JSON and as a table."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from registry_lsp.checking import document, table
from registry_lsp.checking.checked import CheckedFile
from registry_lsp.checking.report import Report, report
from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.manifests import Locked, Problem, Source
from registry_lsp.core.packages import Found, Trouble, Unauthorized, Unavailable
from registry_lsp.core.setting_sources import load
from registry_lsp.core.settings import Settings
from registry_lsp.core.text import Span
from registry_lsp.features import troubles, wording
from registry_lsp.terminal.console import LEAST_WIDTH
from support.checked import assessment, finding

TEXT = "😀: left-pad ^1.0.0\r\nrequest ^2.0.0\n???\n"
LEFT_PAD, REQUEST = TEXT.index("left-pad"), TEXT.index("request")
OUTDATED = finding(Code.OUTDATED_MAJOR, latest="2.0.0", wanted="1.3.0")
DEPRECATED = finding(Code.DEPRECATED, version="1.3.0", reason="use [b]padStart[/b] :smile:")
DOWN = Unavailable(trouble=Trouble.UNREACHABLE, host="registry.example")
PACKAGE = assessment("a").lookup.package
NOW = 3 * 3600.0
LOCKED = (
    Locked(version="1.3.0", by="uv.lock", marker="python_version < '3.11'"),
    Locked(version="1.2.0", by="uv.lock"),
)
OLD = Found(package=PACKAGE, asked_at=0.0, trouble=DOWN)
"""As known three hours ago."""
ESCAPES = "\x1b[31mred\x1b[0m \x9b2J\u202e\ud800\x7f\r\n\ttail"


def checked(*assessments: Assessment, problems: tuple[Problem, ...] = ()) -> CheckedFile:
    return CheckedFile(
        path=Path("web", "package.json"),
        ecosystem="npm",
        text=TEXT,
        problems=problems,
        assessments=assessments,
    )


def reported(*assessments: Assessment, settings: Settings | None = None) -> Report:
    return report([checked(*assessments)], settings or Settings(), now=NOW)


def drawn(found: Report, *, width: int = 80, **options: object) -> str:
    out = StringIO()
    console = Console(file=out, width=width, markup=False, emoji=False, highlight=False, **options)
    table.draw(found, console)
    return out.getvalue()


def test_the_document():
    found = report(
        [
            checked(
                assessment(
                    "left-pad",
                    OUTDATED,
                    DEPRECATED,
                    at=LEFT_PAD,
                    current="1.3.0",
                    wanted="1.3.0",
                    latest="2.0.0",
                    locked=LOCKED,
                ),
                assessment(
                    "request",
                    at=REQUEST,
                    specifier="",
                    source=Source.GIT,
                    written="git+https://me:s3cret@code.example/request.git",
                ),
                problems=(Problem(span=Span(len(TEXT) - 4, len(TEXT) - 1), reason="No name."),),
            )
        ],
        Settings(),
        now=NOW,
    )
    assert json.loads(document.render(found)) == {
        "version": 1,
        "files": [
            {
                "path": "web/package.json",
                "error": None,
                "dependencies": [
                    {
                        "name": "left-pad",
                        "registry": "npm",
                        "section": "dependencies",
                        "line": 1,
                        "column": 4,
                        "requirement": "^1.0.0",
                        "current": "1.3.0",
                        "locked": [
                            {
                                "version": "1.3.0",
                                "by": "uv.lock",
                                "marker": "python_version < '3.11'",
                            },
                            {"version": "1.2.0", "by": "uv.lock", "marker": None},
                        ],
                        "wanted": "1.3.0",
                        "latest": "2.0.0",
                        "newer": None,
                        "age_seconds": None,
                        "advisories": [],
                        "advisories_error": None,
                        "findings": [
                            {
                                "code": "outdated-major",
                                "severity": "hint",
                                "message": "left-pad 2.0.0 is available (major update);"
                                " ^1.0.0 gives 1.3.0",
                                "related": None,
                            },
                            {
                                "code": "deprecated",
                                "severity": "warning",
                                "message": "left-pad 1.3.0 is deprecated:"
                                " use [b]padStart[/b] :smile:",
                                "related": None,
                            },
                        ],
                        "ignored": [],
                    },
                    {
                        "name": "request",
                        "registry": None,
                        "section": "dependencies",
                        "line": 2,
                        "column": 1,
                        "requirement": "git+https://code.example/request.git",
                        "current": None,
                        "locked": [],
                        "wanted": None,
                        "latest": None,
                        "newer": None,
                        "age_seconds": None,
                        "advisories": [],
                        "advisories_error": None,
                        "findings": [],
                        "ignored": [],
                    },
                ],
                "problems": [
                    {
                        "line": 3,
                        "column": 1,
                        "code": "invalid-requirement",
                        "severity": "error",
                        "message": "No name",
                        "related": None,
                    }
                ],
            }
        ],
        "summary": {
            "files": 1,
            "dependencies": 2,
            "unknown": 0,
            "untold": 0,
            "findings": {"error": 1, "warning": 1, "information": 0, "hint": 1},
        },
    }


def test_a_problem_within_a_dependency_is_one_of_its_findings():
    problem = Problem(span=Span(REQUEST + 8, REQUEST + 14), reason="No such operator.")
    pad, request = (
        assessment("left-pad", at=LEFT_PAD),
        assessment("request", DEPRECATED, at=REQUEST),
    )
    for order in ((pad, request), (request, pad)):
        (file,) = report([checked(*order, problems=(problem,))], Settings(), now=NOW).files
        assert file.faults == ()
        by_name = {row.name: [said.message for said in row.findings] for row in file.rows}
        assert by_name["left-pad"] == []
        assert by_name["request"][0] == "No such operator"
        assert len(by_name["request"]) == 2


@pytest.mark.parametrize(
    ("codes", "exit_code"),
    [
        ([], 0),
        ([Code.OUTDATED_PATCH, Code.OUTDATED_MAJOR], 0),
        ([Code.DEPRECATED], 1),
        ([Code.OUTDATED_MAJOR, Code.PACKAGE_NOT_FOUND], 1),
    ],
)
def test_the_exit_code_follows_the_gravest_finding(codes: list[Code], exit_code: int):
    assert reported(*(assessment("a", finding(code)) for code in codes)).exit_code == exit_code


def test_settings_say_how_grave_a_finding_is():
    options = {"diagnostics": {"severity": {"deprecated": "off", "outdated-major": "error"}}}
    settings, _ = load(options, {})
    assert reported(assessment("a", DEPRECATED), settings=settings).exit_code == 0
    assert reported(assessment("a", OUTDATED), settings=settings).exit_code == 1


def test_a_problem_can_be_turned_off():
    settings, _ = load({"diagnostics": {"severity": {"invalid-requirement": "off"}}}, {})
    problem = Problem(span=Span(0, 1), reason="x")
    assert report([checked(problems=(problem,))], Settings(), now=NOW).exit_code == 1
    found = report([checked(problems=(problem,))], settings, now=NOW)
    assert found.exit_code == 0
    assert found.files[0].faults == ()


def test_what_could_not_be_asked_is_no_success():
    denied = Unauthorized(status=401, host="registry.example")
    grave = assessment("b", DEPRECATED)
    for lookup in (DOWN, denied):
        assert reported(assessment("a", lookup=lookup)).exit_code == 2
        assert reported(assessment("a", lookup=lookup), grave).exit_code == 2


@pytest.mark.parametrize(("options", "exit_code"), [({}, 2), ({"network": {"offline": True}}, 0)])
def test_what_is_old_is_no_success_unless_nothing_else_was_asked_for(
    options: dict[str, object], exit_code: int
):
    settings, _ = load(options, {})
    found = reported(assessment("a", lookup=OLD), assessment("b"), settings=settings)
    assert found.exit_code == exit_code
    assert (found.old, "1 not asked anew" in drawn(found)) == (
        (1, True) if exit_code else (0, False)
    )
    rows = document.document(found)["files"][0]["dependencies"]
    assert [each["age_seconds"] for each in rows] == [NOW, None]


def test_a_table_says_how_old_a_row_is():
    text = drawn(reported(assessment("a", DEPRECATED, lookup=OLD)), width=200)
    said = f"as known 3 hours ago: {troubles.why(DOWN)}"
    lines = [line.strip() for line in text.splitlines()]
    assert lines[lines.index(said) - 1].endswith(
        "warning: a 1.3.0 is deprecated: use [b]padStart[/b] :smile:"
    )
    assert said in drawn(reported(assessment("a", lookup=OLD)), width=200)


def test_a_table_says_what_is_wrong_with_what_comes_from_elsewhere():
    each = assessment("left-pad", at=LEFT_PAD, source=Source.CATALOG)
    problem = Problem(span=each.dependency.span, reason="There is no such catalog.")
    shown = drawn(report([checked(each, problems=(problem,))], Settings(), now=NOW), width=120)
    assert "error: There is no such catalog" in shown
    assert wording.elsewhere(each.dependency) in shown


def test_a_table_says_what_the_settings_leave_out():
    settings = Settings(ignore=("npm:left-*",))
    shown = drawn(report([checked(assessment("left-pad"))], settings, now=NOW), width=120)
    assert wording.IGNORED in shown
    assert wording.IGNORED not in drawn(reported(assessment("left-pad")), width=120)


def test_one_note_for_each_cause():
    found = reported(
        *(assessment(name, lookup=DOWN) for name in ("a", "b", "a", "c", "d\x1b[1m", "e")),
        assessment("f", lookup=Unauthorized(status=403, host="other.example")),
        assessment("g", lookup=OLD),
        assessment("h"),
        assessment("i", lookup=OLD),
        assessment("j", lookup=replace(OLD, asked_at=NOW - 120)),
    )
    assert found.unknown == 7
    assert found.notes == (
        f"nothing is known of a, b, c and 2 more: {troubles.why(DOWN)}; try it again later",
        "nothing is known of f: other.example refuses the credentials it was given, or any (403)",
        f"what is said of g, i is as known 3 hours ago: {troubles.why(DOWN)}",
        f"what is said of j is as known 2 minutes ago: {troubles.why(DOWN)}",
    )


def test_that_advisories_could_not_be_asked_for_is_said_and_fails_nothing():
    judged = tuple(assessment(name) for name in ("a", "b", "c"))
    file = replace(checked(*judged), untold=(DOWN, None, DOWN))
    found = report([file], Settings(), now=NOW)
    why = troubles.why(DOWN)
    assert found.notes == (f"advisories on a, c could not be asked for: {why}",)
    assert (found.exit_code, found.untold) == (0, 2)
    written = document.document(found)
    rows = written["files"][0]["dependencies"]
    assert [each["advisories_error"] for each in rows] == [why, None, why]
    assert written["summary"]["untold"] == 2
    assert "3 dependencies in 1 file: advisories on 2 not known\n" in drawn(found)


def test_a_file_that_could_not_be_read():
    file = CheckedFile(path=Path("package.json"), ecosystem="npm", unreadable="Permission denied")
    found = report([file], Settings(), now=NOW)
    assert found.exit_code == 2
    assert document.document(found)["files"][0]["error"] == "Permission denied"
    assert "package.json: Permission denied" in drawn(found)


def test_a_table_says_everything_without_colour():
    found = reported(
        assessment(
            "left-pad",
            OUTDATED,
            DEPRECATED,
            current="1.3.0",
            wanted="1.3.0",
            latest="2.0.0",
        ),
        assessment("@babel/plugin-transform-modules-commonjs", latest="0.0.0-experimental-1-2024"),
    )
    text = drawn(found)
    assert "\x1b" not in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "web/package.json (npm, 2 dependencies)" in text
    assert "hint:left-pad2.0.0isavailable(majorupdate);^1.0.0gives1.3.0" in squeezed_findings(text)
    assert "@babel/plugin-" in text
    assert text.rstrip().endswith("2 dependencies in 1 file: 1 warning, 1 hint")


def squeezed_findings(text: str) -> str:
    """The last column of a drawn table, without white space."""
    lines = text.splitlines()
    header = next(line for line in lines if "findings" in line)
    start = header.index("findings")
    return "".join("".join(line[start:].split()) for line in lines[lines.index(header) + 2 :])


def test_a_long_finding_is_wrapped_and_never_cut():
    reason = " ".join(f"word{number}" for number in range(40))
    found = reported(
        assessment("x" * 200, finding(Code.DEPRECATED, version="1.0.0", reason=reason))
    )
    for width in (LEAST_WIDTH, 80, 200):
        text = drawn(found, width=width)
        assert all(len(line) <= width for line in text.splitlines())
        assert reason.replace(" ", "") in squeezed_findings(text)
        assert text.count("x") >= 200


def test_markup_and_emoji_of_a_registry_stay_text():
    text = drawn(reported(assessment("a", DEPRECATED)), width=200)
    assert "a 1.3.0 is deprecated: use [b]padStart[/b] :smile:" in text


def test_colour_only_where_it_is_wanted():
    found = reported(assessment("a", DEPRECATED))
    coloured = drawn(found, force_terminal=True, color_system="standard", legacy_windows=False)
    assert "\x1b[33mwarning: \x1b[0ma 1.3.0" in coloured


@given(st.text(max_size=30) | st.just(ESCAPES))
def test_nothing_reaches_the_terminal_but_print(text: str):
    hostile = assessment(
        text or "x",
        finding(Code.DEPRECATED, version=text, reason=text),
        finding(Code.OUTDATED_MINOR, latest=text, wanted=None),
        specifier=text,
        current=text,
        wanted=text,
        latest=text,
    )
    file = CheckedFile(
        path=Path("a" + text.replace("\0", "").replace("/", "")),
        ecosystem="npm",
        text=text,
        problems=(Problem(span=Span(9999, 9999), reason=text),),
        assessments=(hostile, assessment(text, lookup=DOWN)),
    )
    found = report([file], Settings(), now=NOW)
    for output in (drawn(found, width=120), document.render(found), "\n".join(found.notes)):
        assert all(char == "\n" or char.isprintable() for char in output)
    json.loads(document.render(found))


def test_a_thousand_problems_in_a_thousand_dependencies_are_shared_out_at_once():
    many = [assessment("a", at=20 * number) for number in range(20_000)]
    problems = tuple(Problem(span=Span(20 * n + 3, 20 * n + 4), reason="x") for n in range(20_000))
    file = CheckedFile(
        path=Path("p"),
        ecosystem="npm",
        text=" " * 400_000,
        problems=problems,
        assessments=tuple(many),
    )
    (found,) = report([file], Settings(), now=NOW).files
    assert found.faults == ()
    assert all(len(row.findings) == 1 for row in found.rows)


def test_every_version_that_is_locked_stands_in_the_table():
    text = drawn(reported(assessment("left-pad", current="1.3.0", locked=LOCKED)), width=120)
    assert "1.3.0, 1.2.0" in text


def test_a_pin_that_no_release_is_is_not_current():
    nothing = finding(Code.NO_MATCHING_VERSION)
    found = assessment("a", nothing, specifier="99", current="99", latest="2.0.0")
    ignored = replace(found, unsaid=(nothing,), verdict=replace(found.verdict, findings=()))
    for each in (found, ignored):
        (row,) = reported(each).files[0].rows
        assert (row.requirement, row.current, row.latest) == ("99", None, "2.0.0")


def test_what_is_locked_is_current_whatever_the_registry_has():
    locked = (Locked(version="99", by="uv.lock"),)
    found = assessment("a", finding(Code.NO_MATCHING_VERSION), current="99", locked=locked)
    unknown = assessment("a", specifier="99", current="99", lookup=DOWN)
    partial = assessment("a", specifier="99", current="99")  # nobody says that it is not there
    for each in (found, unknown, partial):
        assert reported(each).files[0].rows[0].current == "99"
