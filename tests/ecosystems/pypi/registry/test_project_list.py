import json

import pytest

from registry_lsp.core.names import NameList
from registry_lsp.core.packages import Missing, RegistryRef
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.core.ports.http import Response
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.registry.adapter import PypiRegistry
from registry_lsp.ecosystems.pypi.registry.project_list import read_names
from registry_lsp.net.decoding import GarbageError
from support.answers import Answers

ROOT = "https://registry.example/simple/"


def answer(body, kind="application/vnd.pypi.simple.v1+json", status=200):
    return Response(status=status, url=ROOT, headers={"content-type": kind}, body=body.encode())


def test_the_names_of_a_list_in_json():
    body = {
        "meta": {"_last-serial": 7, "api-version": "1.3", "name": "no project"},
        "projects": [
            {"_last-serial": 7, "name": "Django"},
            {"name": "zope.interface"},
            {"name": 'evil": "1'},
            {"name": "\u00e9"},
            {"name": "django"},
        ],
    }
    assert read_names(answer(json.dumps(body))) == NameList.of(["django", "zope-interface"])


def test_the_names_of_a_page():
    body = """<!DOCTYPE html><html><head><title>Simple index</title></head><body>
    <a href="/simple/django/">Django</a><br/>
    <a class=x href='zope-interface/'> zope.interface </a>
    <A HREF=flask>flask</A> <a href="/login">Log in</a> <a href="one/">two</a></body></html>"""
    names = read_names(answer(body, kind="text/html"))
    assert names == NameList.of(["django", "zope-interface", "flask"])


@pytest.mark.parametrize("body", ['{"meta": {}}', "{", "plain text", ""])
def test_what_is_no_list(body):
    with pytest.raises(GarbageError):
        read_names(answer(body))


def test_a_page_that_never_ends_is_read_in_no_time():
    assert read_names(answer("<a " * 300_000, kind="text/html")) == NameList.of([])


@pytest.mark.parametrize("between", ["", ", ", ",\n    "])
def test_a_long_list_is_read_in_pieces_and_nothing_is_lost_between_them(between):
    names = [f"{begin}{number}" for begin in ("Name.", "a", "zz__") for number in range(9_000)]
    projects = between.join(json.dumps({"_last-serial": 1, "name": each}) for each in names)
    found = read_names(answer(f'{{"projects": [{projects}]}}'))
    assert found == NameList.of(map(normalise, names))
    assert found.packed.count(b"\n") == len(names) + 1


def test_a_text_without_an_end_is_no_piece():
    assert read_names(answer('{"projects": [' + '"' * 600_000)) == NameList.of(())


async def test_the_list_is_asked_of_the_root_of_the_index():
    http = Answers({ROOT: answer('{"projects": [{"name": "one"}]}')})
    found = await PypiRegistry(http).names(RegistryRef(url=ROOT))
    assert isinstance(found, Fetched)
    assert found.value.beginning("o", 5) == ("one",)
    assert isinstance(await PypiRegistry(Answers({})).names(RegistryRef(url=ROOT)), Missing)
