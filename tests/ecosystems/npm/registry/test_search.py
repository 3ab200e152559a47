import json

import pytest

from registry_lsp.core.packages import (
    RegistryRef,
    SearchHit,
    SearchPage,
    Secret,
    Trouble,
    Unavailable,
)
from registry_lsp.ecosystems.npm.registry.adapter import NpmRegistry
from registry_lsp.ecosystems.npm.registry.search import read_search
from registry_lsp.net.decoding import GarbageError
from support.answers import Answers, says

ROOT = "https://registry.example/"


def read(document):
    return read_search(json.dumps(document).encode())


def test_the_documented_answer():
    package = {
        "name": "one",
        "version": "1.2.3",
        "description": "Does one thing",
        "keywords": ["a"],
        "date": "2023-11-14T22:13:20.000Z",
        "links": {
            "homepage": "https://one.example/",
            "repository": "javascript:alert(1)",
        },
    }
    answer = {"objects": [{"package": package, "score": {"final": 1}}], "total": 7, "time": "x"}
    assert read(answer) == SearchPage(
        hits=(
            SearchHit(
                name="one",
                version="1.2.3",
                summary="Does one thing",
                keywords=("a",),
                published=1_700_000_000.0,
                homepage="https://one.example/",
            ),
        ),
        total=7,
    )


def test_verdaccio_gives_tags_in_the_versions_place():
    package = {"name": "one", "dist-tags": {"latest": "2.0.0"}, "versions": {"2.0.0": "latest"}}
    assert read({"objects": [{"package": package}]}) == SearchPage(
        hits=(SearchHit(name="one", version="2.0.0"),), total=1
    )


def test_what_has_no_name_is_left_out():
    assert read({"objects": [{}, {"package": 3}, None, {"package": {"name": ""}}]}).hits == ()


@pytest.mark.parametrize("document", [{}, [], "x", {"objects": 3}, {"error": "no"}])
def test_what_is_no_answer_of_a_search_is_garbage(document):
    with pytest.raises(GarbageError):
        read(document)


async def test_the_search_is_asked_with_its_page_and_the_credential():
    ref = RegistryRef(url=ROOT, authorization=Secret("Bearer token"))
    url = f"{ROOT}-/v1/search?text=one+%26+two&size=5&from=10"
    http = Answers({url: says({"objects": [], "total": 0})})
    said = await NpmRegistry(http).search(ref, "one & two", size=5, start=10)
    assert said.value == SearchPage()
    (asked,) = http.asked
    assert (asked.url, asked.authorization) == (url, ref.authorization)


async def test_a_registry_without_a_search_has_none():
    http = Answers({f"{ROOT}-/v1/search?text=x&size=5&from=0": says({}, status=404)})
    assert await NpmRegistry(http).search(RegistryRef(url=ROOT), "x", size=5, start=0) is None


async def test_a_search_that_is_refused_says_so():
    down = Unavailable(trouble=Trouble.RATE_LIMITED, host="registry.example", status=429)
    http = Answers({f"{ROOT}-/v1/search?text=x&size=5&from=0": down})
    assert await NpmRegistry(http).search(RegistryRef(url=ROOT), "x", size=5, start=0) is down
