"""npm's own advisories, in the shape of its bulk endpoint."""

import json

import pytest

from registry_lsp.core.advisories import Affected, Rating
from registry_lsp.core.packages import (
    Missing,
    PackageId,
    RegistryRef,
    ReleaseId,
    Secret,
    Unauthorized,
)
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.ecosystems.npm.registry.adapter import NpmRegistry
from registry_lsp.net.http import HttpClient
from support.loopback import LoopbackServer, Reply, as_json, paths

PATH = "/-/npm/v1/security/advisories/bulk"
LODASH = {
    "id": 1106913,
    "url": "https://advisories.example/advisories/GHSA-35jh-r3h4-6jhm",
    "title": "Command Injection in lodash",
    "severity": "high",
    "vulnerable_versions": "<4.17.21",
    "cwe": ["CWE-77", "CWE-94"],
    "cvss": {"score": 7.2, "vectorString": "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H"},
}


async def ask(document, *releases, status=200, authorization=None):
    """What a registry that answers with *document* has against *releases*."""
    reply = document if isinstance(document, Reply) else as_json(document, status=status)
    http = HttpClient(user_agent="tests", retries=0)
    async with LoopbackServer(paths({PATH: reply})) as server:
        ref = RegistryRef(url=server.url, authorization=authorization)
        ids = [
            ReleaseId(package=PackageId(ecosystem="npm", name=name, registry=ref), version=version)
            for name, version in releases
        ]
        answers = await NpmRegistry(http).advisories(ids)
        await http.aclose()
    return [answers.get(each) for each in ids], server.requests


async def against(version, **said):
    """The one advisory of lodash that is about *version*."""
    ((answer,), _) = await ask({"lodash": [{**LODASH, **said}]}, ("lodash", version))
    return next(iter(answer.value), None)


async def test_one_question_names_all_versions_of_a_registry():
    (old, new, other), requests = await ask(
        {"lodash": [LODASH]},
        ("lodash", "4.17.15"),
        ("lodash", "4.17.21"),
        ("@scope/tool", "1.0.0"),
        authorization=Secret("Bearer token"),
    )
    (request,) = requests
    assert (request.method, request.headers["authorization"]) == ("POST", "Bearer token")
    assert json.loads(request.body) == {"lodash": ["4.17.15", "4.17.21"], "@scope/tool": ["1.0.0"]}
    (fault,) = old.value
    assert (fault.id, fault.summary) == ("GHSA-35jh-r3h4-6jhm", "Command Injection in lodash")
    assert (fault.rating, fault.score, fault.url) == (Rating.HIGH, 7.2, LODASH["url"])
    assert fault.ranges == (Affected(fixed="4.17.21"),)
    assert new.value == other.value == ()


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("<4.17.21", ["0.0.1", "4.17.21-beta"], ["4.17.21"]),
        (">=4.0.0 <4.17.21", ["4.0.0"], ["3.9.9", "4.17.21"]),
        ("<=2.0.0", ["2.0.0"], ["2.0.1-0"]),
        (">1.0.0 <=2.0.0", ["1.0.1-0", "1.0.1"], ["1.0.0"]),
        (">1.0.0-rc.1", ["1.0.0-rc.1.0", "1.0.0"], ["1.0.0-rc.1"]),
        ("=1.2.3", ["1.2.3"], ["1.2.4", "1.2.2"]),
        ("<1.0.0 || >=2.0.0 <2.1.0", ["0.9.0", "2.0.5"], ["1.0.0", "2.1.0"]),
        ("*", ["0.0.0-0", "99.0.0"], []),
        (None, ["0.0.0-0", "99.0.0"], []),
    ],
)
async def test_which_versions_a_range_is_about(text, inside, outside):
    for version in inside:
        assert await against(version, vulnerable_versions=text) is not None, version
    for version in outside:
        assert await against(version, vulnerable_versions=text) is None, version


@pytest.mark.parametrize(
    ("said", "field", "expected"),
    [
        ({"severity": "critical"}, "rating", Rating.CRITICAL),
        ({"severity": "info"}, "rating", Rating.LOW),
        ({"severity": 7}, "rating", None),
        ({"cvss": {"score": 0}}, "score", None),
        ({"cvss": {"score": "high"}}, "score", None),
        ({"cwe": ["CWE-506"]}, "is_malware", True),
        ({"url": "javascript:alert(1)"}, "url", None),
        ({"url": "https://npm.example/advisories/1234"}, "id", "npm-1106913"),
        ({"title": None}, "summary", None),
    ],
)
async def test_what_is_strange_in_an_advisory_loses_itself_only(said, field, expected):
    assert getattr(await against("1.0.0", **said), field) == expected


async def test_a_range_that_cannot_be_read_is_about_nothing():
    assert await against("1.0.0", vulnerable_versions="what") is None


@pytest.mark.parametrize(
    "document", [{"lodash": 7}, {"lodash": [None, 7, {}, {"title": "?"}]}, {"other": [LODASH]}]
)
async def test_strange_documents_say_nothing(document):
    ((answer,), _) = await ask(document, ("lodash", "1.0.0"))
    assert answer.value == ()


@pytest.mark.parametrize("status", [400, 404, 405, 410, 501])
async def test_a_registry_without_advisories_has_none(status):
    ((answer,), _) = await ask({}, ("lodash", "1.0.0"), status=status)
    assert isinstance(answer, Missing)


@pytest.mark.parametrize(
    "reply", [Reply(status=401), Reply(status=500), Reply(body=b"<html>"), as_json([])]
)
async def test_a_registry_that_cannot_answer_is_not_taken_at_its_word(reply):
    ((answer,), _) = await ask(reply, ("lodash", "1.0.0"))
    assert not isinstance(answer, Fetched | Missing)
    if reply.status == 401:
        assert isinstance(answer, Unauthorized)


async def test_no_name_that_is_none_is_told():
    ((odd, sound), (request,)) = await ask({}, ("../x", "1.0.0"), ("lodash", "1.0.0"))
    assert (odd, sound.value) == (None, ())
    assert json.loads(request.body) == {"lodash": ["1.0.0"]}
