import io
import json

import pytest
from rich.console import Console

from registry_lsp.ecosystems import discover
from registry_lsp.queries.command import Request, run
from registry_lsp.queries.errors import QueryError
from registry_lsp.queries.screen import draw
from registry_lsp.terminal.console import Streams

PERSON = {"name": "Ada", "email": "ada@people.example", "url": None, "role": "author"}
PACKAGE = {
    "registry": "npm",
    "registry_url": "https://registry.example/",
    "name": "one",
    "version": "2.0.0",
    "description": "Does [b]one[/b] thing \x1b[31m",
    "license": "MIT",
    "homepage": None,
    "keywords": ["a", "b"],
    "authors": [PERSON, PERSON],
    "maintainers": [],
    "published_at": "2023-11-14T22:13:20Z",
    "release_count": 3,
    "dist_tags": {"latest": "2.0.0"},
    "yanked": True,
    "yanked_reason": "broken",
    "deprecated": "",
    "status": "archived",
    "status_reason": "moved on",
    "requires": ">=18",
    "age_seconds": 7200,
}


class Desk:
    """Answers with a record or an error, in the application's place."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    async def __call__(self, operation, parameters, settings, *, environ):
        self.asked.append((operation, parameters, settings))
        if isinstance(self.answer, QueryError):
            raise self.answer
        return self.answer


def asked(answer, *, colors=False, **request):
    desk = Desk(answer)
    out, err = io.StringIO(), io.StringIO()
    request = Request(**{"operation": "package", "parameters": {"name": "one"}, **request})
    code = run(
        request,
        desk,
        ecosystems=discover(),
        environ={"COLUMNS": "100", **({"FORCE_COLOR": "1"} if colors else {})},
        streams=Streams(out=out, err=err),
    )
    return code, out.getvalue(), err.getvalue(), desk


def test_a_record_for_programs():
    code, out, err, _ = asked(PACKAGE, as_json=True)
    assert (code, json.loads(out), err) == (0, PACKAGE, "")
    assert out.isascii()


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(("page", "pages", "status"), [(2, 2, 0), (3, 2, 1), (1, 0, 0), (2, 0, 1)])
def test_a_page_that_there_is_not_is_no_answer(page, pages, status, as_json):
    record = {"registry": "npm", "name": "one", "runtime_name": "x", "versions": [], "total": pages}
    record |= {"page": page, "page_size": 1, "pages": pages}
    code, out, err, _ = asked(record, as_json=as_json, operation="versions")
    assert (code, err) == (status, "")
    assert as_json or ("there is no page" in out) == bool(status)


def test_what_goes_into_a_file_has_no_frame_and_no_blanks_at_the_ends_of_lines():
    out = asked(PACKAGE)[1]
    assert out.startswith("one 2.0.0\n\nDoes [b]one[/b] thing")
    assert not [each for each in out.splitlines() if each != each.rstrip()]
    assert "╭" in asked(PACKAGE, colors=True)[1]


def test_nothing_moves_where_nobody_looks():
    assert asked(PACKAGE, as_json=True, colors=True)[2] == ""


def test_a_record_for_people():
    code, out, _, _ = asked(PACKAGE)
    assert code == 0
    for text in (
        "one 2.0.0",
        "Does [b]one[/b] thing",
        "⚠ this project is archived: moved on",
        "⚠ 2.0.0 was yanked: broken",
        "⚠ 2.0.0 is deprecated",
        "published  2023-11-14",
        "runs on    Node.js >=18",
        "keywords   a, b",
        "by         Ada",
        "as known 2 hours ago",
    ):
        assert text in out
    assert "\x1b" not in out
    assert "homepage" not in out


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("package-not-found", 1),
        ("registry-unavailable", 1),
        ("unknown-registry", 2),
        ("unknown-period", 2),
        ("invalid-parameter", 2),
    ],
)
def test_an_error_is_said_and_has_an_exit_code(code, status):
    error = QueryError(code, "It went wrong.", retryable=True)
    assert asked(error)[:3] == (status, "", "registry-lsp: It went wrong.\n")
    got, out, err, _ = asked(error, as_json=True)
    assert (got, err) == (status, "")
    assert json.loads(out) == {
        "error": {"code": code, "message": "It went wrong.", "retryable": True}
    }


def test_the_options_reach_the_settings():
    settings = asked(PACKAGE, offline=True, cached=False)[3].asked[0][2]
    assert settings.network.offline
    assert not settings.cache.enabled


def shown(operation, **record):
    out = io.StringIO()
    console = Console(file=out, width=100, markup=False, highlight=False)
    whole = {"name": "one", "version": "1.0", "age_seconds": None, **record}
    draw(operation, whole, console, runtime_name="Python")
    return out.getvalue()


def test_versions_as_a_table():
    release = {
        "version": "2.0",
        "published_at": "2023-11-14T22:13:20Z",
        "prerelease": True,
        "yanked": True,
        "yanked_reason": None,
        "deprecated": "old",
        "requires": ">=3.9",
    }
    text = shown("versions", versions=[release], total=51, page=1, pages=2)
    assert "2.0" in text
    assert "2023-11-14" in text
    assert "runs on Python" in text
    assert "prerelease, yanked, deprecated: old" in text
    assert "page 1 of 2, 51 releases" in text
    assert "1 release\n" in shown("versions", versions=[release], total=1, page=1, pages=1)


def test_a_page_beyond_the_last_says_so():
    text = shown("versions", versions=[], total=51, page=3, pages=2)
    assert text == "there is no page 3, the last is page 2: 51 releases\n"
    text = shown("search", query="t", packages=[], total=1, page=2, pages=1)
    assert text == "there is no page 2, there is one: 1 package\n"


def test_a_column_that_says_nothing_takes_no_room():
    none = dict.fromkeys(("runtime", "development", "peer", "optional"))
    one = {"name": "two", "specifier": ">=1", "marker": None}
    assert "where" not in shown("dependencies", **{**none, "runtime": [one]})


def test_dependencies_as_a_table_or_a_sentence():
    none = dict.fromkeys(("runtime", "development", "peer", "optional"))
    one = {"name": "two", "specifier": ">=1", "marker": "x"}
    text = shown("dependencies", **{**none, "runtime": [one]})
    assert [word for word in text.split() if word in ("runtime", "two", ">=1", "x")] == [
        "runtime",
        "two",
        ">=1",
        "x",
    ]
    assert "does not tell" in shown("dependencies", **none)
    assert "depends on nothing else" in shown("dependencies", **{**none, "runtime": []})


def test_people_as_a_table_or_a_sentence():
    assert "ada@people.example" in shown("maintainer", people=[PERSON])
    assert "names nobody" in shown("maintainer", people=[])
    assert "names nobody" in shown("maintainer", people=None)


def test_downloads_as_a_table():
    counts = {"last_day": None, "last_week": 1234567, "last_month": None, "last_year": None}
    text = shown("downloads", **counts)
    assert "1,234,567" in text
    assert "last month" not in text
    assert "no downloads are known" in shown("downloads", **{**counts, "last_week": None})


def test_a_search_as_a_table_or_a_sentence():
    hit = {"name": "two", "version": None, "description": "Does two things"}
    text = shown("search", query="t", packages=[hit], total=1, page=1, pages=1)
    assert "Does two things" in text
    assert "nothing matches" in shown("search", query="t", packages=[], total=0, page=1, pages=0)
    assert "nothing more" in shown("search", query="t", packages=[], total=0, page=2, pages=0)
