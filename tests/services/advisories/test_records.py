import json

import pytest

from registry_lsp.core.advisories import Affected, Rating
from registry_lsp.net.decoding import GarbageError
from registry_lsp.services.advisories.records import (
    MOST_IDS,
    Mark,
    Subject,
    read_batch,
    read_record,
)
from support.osv import record
from support.toy import ToyScheme

SUBJECT = Subject(ecosystem="Toys", name="one", normalise=str.lower, key=ToyScheme().key)
V3 = {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}
V2 = {"type": "CVSS_V2", "score": "AV:N/AC:L/Au:N/C:P/I:P/A:P"}


def read(id="GHSA-1", **fields):
    said = {**record(id, "Toys", "one", fixed="2.0"), **fields}
    return read_record(json.dumps(said).encode(), id, SUBJECT)


def ranges(*events, kind="ECOSYSTEM"):
    package = {"ecosystem": "Toys", "name": "one"}
    found = read(affected=[{"package": package, "ranges": [{"type": kind, "events": events}]}])
    return found.ranges


# --- batches ----------------------------------------------------------------------------------


def test_a_batch_has_the_matches_of_each_query_in_order():
    body = {
        "results": [
            {"vulns": [{"id": "GHSA-1", "modified": "2026-01-01T00:00:00Z"}, {"id": "CVE-1"}]},
            {},
            {"next_page_token": "more"},
        ]
    }
    one, two, three = read_batch(json.dumps(body).encode(), 3)
    assert one.marks == (
        Mark(id="GHSA-1", modified="2026-01-01T00:00:00Z"),
        Mark(id="CVE-1", modified=""),
    )
    assert (two.marks, two.next_page) == ((), None)
    assert (three.marks, three.next_page) == ((), "more")


def test_what_is_strange_in_a_batch_loses_itself_only():
    vulns = [None, 7, {}, {"id": 7}, {"id": "../../x"}, {"id": "a b"}, {"id": "A" * 999}]
    body = {"results": [{"vulns": [*vulns, {"id": "GHSA-1", "modified": 7}]}, None, {"vulns": 7}]}
    one, two, three = read_batch(json.dumps(body).encode(), 3)
    assert one.marks == (Mark(id="GHSA-1", modified=""),)
    assert two is three is None, "which says nothing of the release"


def test_an_endless_batch_is_cut():
    body = {"results": [{"vulns": [{"id": f"GHSA-{at}"} for at in range(10_000)]}]}
    (one,) = read_batch(json.dumps(body).encode(), 1)
    assert len(one.marks) == MOST_IDS


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"results": []}', b'{"results": 7}', b"\xff"]
)
def test_what_is_no_batch_is_garbage(body):
    with pytest.raises(GarbageError):
        read_batch(body, 1)


# --- records ----------------------------------------------------------------------------------


def test_a_record():
    found = read(
        aliases=["CVE-2026-1", "CVE-2026-1", 7],
        summary="A fault",
        details="Long.",
        severity=[V3],
        database_specific={"severity": "LOW"},
    )
    assert (found.id, found.aliases, found.summary) == ("GHSA-1", ("CVE-2026-1",), "A fault")
    assert (found.rating, found.score, found.is_malware) == (Rating.HIGH, 7.5, False)
    assert found.ranges == (Affected(fixed="2.0"),)
    assert found.url.endswith("/vulnerability/GHSA-1")


def test_a_withdrawn_record_says_nothing():
    assert read(withdrawn="2026-01-01T00:00:00Z") is None


def test_another_record_is_garbage():
    with pytest.raises(GarbageError):
        read_record(b'{"id": "GHSA-2"}', "GHSA-1", SUBJECT)


def test_the_first_line_of_the_details_serves_as_a_summary():
    assert read(details="\n One line.\n\nAnd more.").summary == "One line."


@pytest.mark.parametrize(
    ("severity", "database", "expected"),
    [
        ([V2, V3], {}, (7.5, Rating.HIGH)),
        ([{"type": "CVSS_V3", "score": "junk"}], {"severity": "CRITICAL"}, (None, Rating.CRITICAL)),
        ([], {"severity": "MODERATE"}, (None, Rating.MODERATE)),
        ([V2], {}, (7.5, Rating.HIGH)),
        (None, {}, (None, None)),
        ("high", {"severity": 7}, (None, None)),
        ([None, {"type": 7}, {"type": "CVSS_V3"}], None, (None, None)),
    ],
)
def test_the_vector_says_how_grave_it_is_else_the_databases_word(severity, database, expected):
    found = read(severity=severity, database_specific=database)
    assert (found.score, found.rating) == expected


def test_a_severity_of_the_package_itself_counts():
    package = {"ecosystem": "Toys", "name": "one"}
    other = {"ecosystem": "Toys", "name": "two"}
    found = read(affected=[{"package": other, "severity": [V3]}])
    assert found.score is None
    found = read(affected=[{"package": package, "severity": [V3]}])
    assert found.score == 7.5


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": "MAL-2026-1"}, True),
        ({"aliases": ["MAL-2026-1"]}, True),
        ({"database_specific": {"cwe_ids": ["CWE-506"]}}, True),
        ({"database_specific": {"cwe_ids": ["CWE-79"]}}, False),
    ],
)
def test_malware_is_told_by_its_name_or_its_weakness(fields, expected):
    assert read(**{"id": "GHSA-1", **fields}).is_malware is expected


def test_only_what_is_said_of_the_very_package_counts():
    said = [
        {"package": {"ecosystem": "Toys", "name": "ONE"}, "versions": ["1.0"]},
        {"package": {"ecosystem": "Toys:v2", "name": "one"}, "versions": ["1.1"]},
        {"package": {"ecosystem": "toys", "name": "one"}, "versions": ["1.2"]},
        {"package": {"ecosystem": "Toys", "name": "two"}, "versions": ["1.3"]},
        {"package": None, "versions": ["1.4"]},
        None,
    ]
    assert read(affected=said).versions == ("1.0", "1.1")


def test_versions_that_only_spell_a_range_out_are_left_out():
    package = {"ecosystem": "Toys", "name": "one"}
    events = [{"introduced": "1.0"}, {"fixed": "2.0"}]
    said = {"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    found = read(affected=[{**said, "versions": ["1.0", "1.5", "2.0", "odd", 7]}])
    assert found.versions == ("2.0",)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([{"introduced": "0"}], [Affected()]),
        ([{"introduced": "0"}, {"fixed": "2.0"}], [Affected(fixed="2.0")]),
        (
            [{"fixed": "1.1"}, {"introduced": "1.0"}, {"introduced": "2.0"}, {"fixed": "2.2"}],
            [Affected(introduced="1.0", fixed="1.1"), Affected(introduced="2.0", fixed="2.2")],
        ),
        (
            [{"introduced": "1.0"}, {"last_affected": "1.0"}],
            [Affected(introduced="1.0", last="1.0")],
        ),
        (
            [{"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "1.0"}, {"fixed": "1.1"}],
            [Affected(fixed="1.0"), Affected(introduced="1.0", fixed="1.1")],
        ),
        ([{"introduced": "0"}, {"limit": "*"}], [Affected()]),
        ([{"introduced": "0"}, {"limit": "3.0"}], [Affected(fixed="3.0")]),
        ([{"introduced": "0"}, {"fixed": "odd"}], [Affected()]),
        ([{"introduced": "odd"}, {"fixed": "2.0"}], [Affected()]),
        ([{"introduced": "1" * 5000}, {"fixed": "2.0"}], [Affected()]),
        (
            [None, 7, {"introduced": "1.0", "fixed": "2.0"}],
            [Affected(introduced="1.0", fixed="2.0")],
        ),
        ([{"introduced": "1.0"}, {"introduced": "2.0"}], [Affected(introduced="1.0")]),
        ([], []),
    ],
)
def test_what_the_events_of_a_range_come_to(events, expected):
    assert list(ranges(*events)) == expected


def test_ranges_of_commits_are_passed_over():
    assert ranges({"introduced": "0"}, kind="GIT") == ()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b'{"id": 7}', b"[" * 100_000])
def test_what_is_no_record_is_garbage(body):
    with pytest.raises(GarbageError):
        read_record(body, "GHSA-1", SUBJECT)


def test_lone_surrogates_lose_only_themselves():
    body = json.dumps({**record("GHSA-1", "Toys", "one", fixed="2.0"), "summary": "a\ud800b"})
    found = read_record(body.encode(), "GHSA-1", SUBJECT)
    assert found.summary == "a?b"
    assert found.ranges == (Affected(fixed="2.0"),)


def test_ranges_without_number_count_as_one_without_an_end():
    events = [
        {mark: f"{at}.{side}"}
        for at in range(300)
        for side, mark in enumerate(("introduced", "fixed"))
    ]
    assert ranges(*events) == (Affected(),)
