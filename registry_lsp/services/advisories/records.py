"""What OSV answers: which advisories are about a release, and what each of them says. Pure.

The schema is the Open Source Vulnerability format's. It is read tolerantly: what is strange loses
itself and nothing else, and where it is not clear which versions an advisory is about, it is taken
to be about more of them, so that no release is called sound that may not be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias
from urllib.parse import quote

import msgspec

from registry_lsp.core.advisories import MALWARE, Advisory, Affected, Rating, Reach
from registry_lsp.core.keys import KeyOf
from registry_lsp.endpoints import OSV_WEBSITE
from registry_lsp.net.decoding import GarbageError, as_mapping, as_text, as_texts, decode
from registry_lsp.services.advisories.severity import KINDS, rating_by_word, rating_of, score

MOST_IDS = 500
"""How many advisories of one release are looked at; more than any has."""

_MOST_ALIASES = 100
_MOST_AFFECTED = 1000
_MOST_EVENTS = 1000
_MOST_RANGES = 200
_MOST_VERSIONS = 5000
_LONGEST_SUMMARY = 300
_LONGEST_VERSION = 256
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_CONTENT_IS_MALICIOUS = "CWE-506"
_RANGES = ("SEMVER", "ECOSYSTEM")
_RANKS = {"fixed": 0, "limit": 0, "introduced": 1, "last_affected": 2}

_Event: TypeAlias = tuple[bool, Any, str, str]
"""Whether it has a version, that version's key, the mark, and the version as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An advisory's id, and the moment of its last change as the database writes it."""

    id: str
    modified: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The advisories about one release, and the token of the next page where there is one."""

    marks: tuple[Mark, ...] = ()
    next_page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The package that is asked about: its ecosystem and its normalised name, as the database
    has them, how its ecosystem normalises names, and how it sorts versions.
    """

    ecosystem: str
    name: str
    normalise: Callable[[str], str]
    key: KeyOf


class _Batch(msgspec.Struct):
    results: list[Any] | None = None


class _Record(msgspec.Struct):
    id: Any = None
    aliases: Any = None
    summary: Any = None
    details: Any = None
    withdrawn: Any = None
    severity: Any = None
    affected: Any = None
    database_specific: Any = None


_BATCH = msgspec.json.Decoder(_Batch)
_RECORD = msgspec.json.Decoder(_Record)


def read_batch(body: bytes, count: int) -> tuple[Matches | None, ...]:
    """The matches of each of *count* queries, in their order; None for those whose result cannot be
    read, which says nothing. Raises GarbageError.
    """
    results = decode(body, _BATCH).results
    if results is None or len(results) != count:
        raise GarbageError("a batch has one result for each query")
    return tuple(map(_matches, results))


def _matches(result: object) -> Matches | None:
    if not isinstance(result, dict):
        return None
    said = result.get("vulns")
    if said is not None and not isinstance(said, list):
        return None
    vulns = map(as_mapping, (said or ())[:MOST_IDS])
    pairs = ((as_text(each.get("id")), as_text(each.get("modified"))) for each in vulns)
    marks = (
        Mark(id=id, modified=(modified or "")[:64])
        for id, modified in pairs
        if id is not None and _ID.fullmatch(id)
    )
    return Matches(
        marks=tuple(dict.fromkeys(marks)), next_page=as_text(result.get("next_page_token"))
    )


def unread(id: str) -> Advisory:
    """What the *id* alone says of an advisory that could not be had."""
    return Advisory(id=id, is_malware=id.startswith(MALWARE), url=_page(id))


def read_record(body: bytes, id: str, subject: Subject) -> Advisory | None:
    """What the record *id* says of *subject*; None where it was withdrawn.

    Raises GarbageError where it is not that record.
    """
    record = decode(body, _RECORD)
    if as_text(record.id) != id:
        raise GarbageError("the record has the id that was asked for")
    if as_text(record.withdrawn) is not None:
        return None
    own = [each for each in _affected(record) if _is_about(each, subject)]
    aliases = tuple(
        dict.fromkeys(each for each in as_texts(record.aliases) if _ID.fullmatch(each))
    )[:_MOST_ALIASES]
    best, rating = _gravity(record, own)
    ranges = tuple(dict.fromkeys(part for each in own for part in _stretches(each, subject.key)))
    if len(ranges) > _MOST_RANGES:
        ranges = (Affected(),)
    names = (id, *aliases)
    return Advisory(
        id=id,
        aliases=tuple(each for each in aliases if each != id),
        summary=_summary(record),
        rating=rating,
        score=best,
        is_malware=any(each.startswith(MALWARE) for each in names) or _is_malicious(record),
        ranges=ranges,
        versions=_versions(own, ranges, subject.key),
        url=_page(id),
    )


def _page(id: str) -> str:
    return f"{OSV_WEBSITE}vulnerability/{quote(id, safe=':')}"


def _affected(record: _Record) -> list[Mapping[str, Any]]:
    said = record.affected if isinstance(record.affected, list) else []
    return [as_mapping(each) for each in said[:_MOST_AFFECTED]]


def _is_about(affected: Mapping[str, Any], subject: Subject) -> bool:
    package = as_mapping(affected.get("package"))
    ecosystem, name = as_text(package.get("ecosystem")), as_text(package.get("name"))
    if ecosystem is None or name is None:
        return False
    is_same = ecosystem.partition(":")[0] == subject.ecosystem
    return is_same and subject.normalise(name) == subject.name


def _summary(record: _Record) -> str | None:
    """The summary, or the first line of the details, which Python's own database has instead."""
    text = as_text(record.summary) or as_text(record.details) or ""
    return text.splitlines()[0][:_LONGEST_SUMMARY] if text else None


def _is_malicious(record: _Record) -> bool:
    """Whether the weakness is that it holds malicious code, which no fault in good faith is."""
    return _CONTENT_IS_MALICIOUS in as_texts(as_mapping(record.database_specific).get("cwe_ids"))


def _gravity(
    record: _Record, affected: Sequence[Mapping[str, Any]]
) -> tuple[float | None, Rating | None]:
    """The score and the rating: by the most telling vector that can be read, else by a word."""
    given: dict[str, str] = {}
    for said in (record.severity, *(each.get("severity") for each in affected)):
        for each in map(as_mapping, said if isinstance(said, list) else ()):
            kind, vector = as_text(each.get("type")), as_text(each.get("score"))
            if kind is not None and vector is not None:
                given.setdefault(kind, vector)
    for kind in KINDS:
        found = score(kind, given[kind]) if kind in given else None
        rating = rating_of(found, kind) if found is not None else None
        if rating is not None:
            return found, rating
    places = (record.database_specific, *(each.get("database_specific") for each in affected))
    words = (rating_by_word(as_mapping(each).get("severity")) for each in places)
    return None, next(filter(None, words), None)


def _versions(
    affected: Sequence[Mapping[str, Any]], ranges: Sequence[Affected], key: KeyOf
) -> tuple[str, ...]:
    """The versions that are listed and that no range has: most lists only spell ranges out."""
    reach = Reach(ranges, (), key)
    listed = (version for each in affected for version in as_texts(each.get("versions")))
    places = (
        (version, key(version))
        for version in islice(listed, _MOST_VERSIONS)
        if len(version) <= _LONGEST_VERSION
    )
    found = [
        version
        for version, place in places
        if place is not None and not reach.holds(version, place)
    ]
    return tuple(dict.fromkeys(found))


def _stretches(affected: Mapping[str, Any], key: KeyOf) -> Iterator[Affected]:
    """The stretches of versions in the ranges of one affected package."""
    said = affected.get("ranges")
    for each in map(as_mapping, said if isinstance(said, list) else ()):
        if as_text(each.get("type")) in _RANGES:
            events = each.get("events")
            yield from _of_events(events[:_MOST_EVENTS] if isinstance(events, list) else [], key)


def _of_events(events: Sequence[Any], key: KeyOf) -> Iterator[Affected]:
    """What the *events* of a range come to, in the order of their versions.

    Where one cannot be read, the range is taken to have no end.
    """
    read: list[_Event] = []
    for event in map(as_mapping, events):
        for mark in _RANKS:
            version = as_text(event.get(mark))
            if version is None or (mark, version) == ("limit", "*"):
                continue
            if version == "0" and mark == "introduced":
                read.append((False, None, mark, version))
                continue
            place = key(version) if len(version) <= _LONGEST_VERSION else None
            if place is None:
                yield Affected()
                return
            read.append((True, place, mark, version))
    yield from _walk(_sorted(read))


def _sorted(events: list[_Event]) -> list[_Event]:
    """*events* by their versions; of one version the end of a stretch before it (``fixed``) comes
    before the beginning of the next, and the last version of a stretch after its beginning.
    """
    first = [each for each in events if not each[0]]
    others = sorted((each for each in events if each[0]), key=lambda each: _RANKS[each[2]])
    return [*first, *sorted(others, key=lambda each: each[1])]


def _walk(events: Sequence[_Event]) -> Iterator[Affected]:
    begun: str | None = None
    is_open = False
    for is_bound, _, mark, version in events:
        if mark == "introduced":
            if not is_open:
                begun, is_open = (version if is_bound else None), True
        elif is_open:
            is_last = mark == "last_affected"
            yield Affected(
                introduced=begun,
                fixed=None if is_last else version,
                last=version if is_last else None,
            )
            is_open = False
    if is_open:
        yield Affected(introduced=begun)
