"""PyPI's own advisories, in the shape of its JSON API."""

import pytest

from registry_lsp.core.advisories import Affected
from registry_lsp.core.packages import (
    Missing,
    PackageId,
    RegistryRef,
    ReleaseId,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.ecosystems.pypi import ECOSYSTEM
from registry_lsp.ecosystems.pypi.registry.adapter import PypiRegistry
from support.answers import Answers, says

ROOT = "https://registry.example/"
REF = RegistryRef(url=f"{ROOT}simple/")
DJANGO = {
    "id": "PYSEC-2024-1",
    "aliases": ["CVE-2024-1", "GHSA-aaaa-bbbb-cccc"],
    "summary": "",
    "details": "A fault.\nAnd more.",
    "fixed_in": ["3.2.5", "4.0.2"],
    "link": "https://advisories.example/PYSEC-2024-1",
    "source": "osv",
    "withdrawn": None,
}


def release(name="django", version="3.2.0", registry=REF):
    package = PackageId(ecosystem="pypi", name=name, registry=registry)
    return ReleaseId(package=package, version=version)


async def ask(table, *releases):
    http = Answers({f"{ROOT}{path}": answer for path, answer in table.items()})
    answers = await PypiRegistry(http).advisories(releases)
    return [answers[each] for each in releases], http.urls


async def told(*vulnerabilities, version="3.2.0"):
    """What an index that says so has against a release."""
    document = {"info": {"name": "django"}, "vulnerabilities": list(vulnerabilities)}
    table = {f"pypi/django/{version}/json": says(document)}
    ((answer,), _) = await ask(table, release(version=version))
    return answer.value


async def test_what_an_index_knows_against_a_release():
    (fault,) = await told(DJANGO)
    assert fault.id == "GHSA-aaaa-bbbb-cccc"
    assert fault.aliases == ("CVE-2024-1", "PYSEC-2024-1")
    assert (fault.summary, fault.rating) == ("A fault.", None)
    assert fault.url == DJANGO["link"]


async def test_two_entries_on_one_fault_are_told_as_one():
    ghsa = {**DJANGO, "id": "GHSA-aaaa-bbbb-cccc", "aliases": ["CVE-2024-1"]}
    assert len(await told(DJANGO, ghsa)) == 1


@pytest.mark.parametrize(
    ("version", "fixes", "expected"),
    [
        (
            "3.2.0",
            ["4.0.2", "3.2.5"],
            [Affected(fixed="3.2.5"), Affected(introduced="4.0.dev0", fixed="4.0.2")],
        ),
        ("3.5", ["3.2.5", "4.0.2"], [Affected(fixed="4.0.2")]),
        ("3.2.0", ["2.2.5"], [Affected()]),
        ("3.2.0", [], [Affected()]),
        ("3.2.0", ["what", None, "5"], [Affected(fixed="5")]),
        (
            "1",
            ["2", "1!3.1"],
            [Affected(fixed="2"), Affected(introduced="1!3.dev0", fixed="1!3.1")],
        ),
    ],
)
async def test_what_lies_below_the_fixes_is_affected(version, fixes, expected):
    (fault,) = await told({**DJANGO, "fixed_in": fixes}, version=version)
    assert list(fault.ranges) == expected
    assert fault.affects(version, ECOSYSTEM.key)


async def test_what_was_withdrawn_is_not_told():
    assert await told({**DJANGO, "withdrawn": "2024-02-02T00:00:00Z"}) == ()


async def test_malware_is_told_by_its_name():
    (fault,) = await told({**DJANGO, "aliases": ["MAL-2024-1"]})
    assert (fault.id, fault.is_malware) == ("MAL-2024-1", True)


async def test_what_is_strange_loses_itself_only():
    odd = {"id": "PYSEC-2", "aliases": 7, "fixed_in": {}, "link": "javascript:x", "details": []}
    (fault, other) = await told(None, 7, {}, {"id": ""}, odd, DJANGO)
    assert (fault.id, fault.summary, fault.url) == (
        "GHSA-aaaa-bbbb-cccc",
        "A fault.",
        DJANGO["link"],
    )
    assert (other.id, other.aliases, other.url) == ("PYSEC-2", (), None)


async def test_an_index_without_the_api_is_not_asked_about_everything():
    releases = [release(f"toy-{at}") for at in range(20)]
    answers, urls = await ask({}, *releases)
    assert answers == [Missing()] * 20
    assert len(urls) == 2


async def test_an_index_that_misses_one_release_is_asked_about_the_others():
    document = {"info": {}, "vulnerabilities": [DJANGO]}
    table = {f"pypi/toy-{at}/3.2.0/json": says(document) for at in range(1, 20)}
    answers, _ = await ask(table, *(release(f"toy-{at}") for at in range(20)))
    assert isinstance(answers[0], Missing)
    assert all(isinstance(each, Fetched) and each.value for each in answers[1:])


async def test_where_an_index_has_no_such_place_nobody_is_asked():
    answers, urls = await ask({}, release(registry=RegistryRef(url=f"{ROOT}packages/")))
    assert (answers, urls) == ([Missing()], [])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(says("<html>"), Unavailable), (says([]), Unavailable), (says({}, status=403), Unauthorized)],
)
async def test_an_index_that_cannot_answer_is_not_taken_at_its_word(answer, kind):
    ((said,), _) = await ask({"pypi/django/3.2.0/json": answer}, release())
    assert isinstance(said, kind)
