"""What a client sets, from the weakest to the strongest, and who asks to be told of changes."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from lsprotocol import types

from registry_lsp.features.configuration import registrations
from registry_lsp.server.configuration import SECTION, Configuration, merged


def client(*, answers: bool = False) -> types.ClientCapabilities:
    return types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(configuration=answers)
    )


class Peer(SimpleNamespace):
    """A server whose client answers what it is given."""

    def __init__(self, answer: object, *, answers: bool = True) -> None:
        super().__init__(client_capabilities=client(answers=answers), asked=[])
        self._answer = answer

    async def workspace_configuration_async(self, params: types.ConfigurationParams) -> object:
        self.asked += [(each.scope_uri, each.section) for each in params.items]
        if isinstance(self._answer, Exception):
            raise self._answer
        return await self._answer if isinstance(self._answer, asyncio.Future) else self._answer


async def test_what_the_client_answers_stands_over_what_it_pushed_and_what_it_began_with():
    it = Configuration()
    it.options = {"a": 1, "b": {"x": 1, "y": 1}}
    it.push({SECTION: {"b": {"x": 2}, "c": 2}})
    peer = Peer([{"c": 3}, {"b": {"y": 4}}])
    found = await it.ask(peer, ["file:///one"])
    assert peer.asked == [(None, SECTION), ("file:///one", SECTION)]
    assert found == {
        None: {"a": 1, "b": {"x": 2, "y": 1}, "c": 3},
        "file:///one": {"a": 1, "b": {"x": 2, "y": 4}, "c": 2},
    }


@pytest.mark.parametrize(
    "pushed",
    [{SECTION: {"ignore": ["x"]}, "pylsp": {"plugins": {}}}, {"ignore": ["x"]}],
)
async def test_of_what_is_pushed_for_all_servers_only_our_own_counts(pushed):
    it, peer = Configuration(), Peer(None)
    it.push(pushed)
    assert await it.ask(peer, []) == {None: {"ignore": ["x"]}}
    it.push({"pylsp": {"plugins": {}}, "gopls": {"ignore": ["y"]}})
    assert await it.ask(peer, []) == {None: None}
    for wrong in ({"diagnostics.enabled": False}, {f"{SECTION}.ignore": []}, {"diagnostic": {}}):
        it.push(wrong)
        assert await it.ask(peer, []) == {None: wrong}, "what is wrong with it is told"


@pytest.mark.parametrize("answer", [None, [], [None], "nonsense", RuntimeError("no")])
async def test_what_began_is_left_where_the_client_says_nothing(answer):
    it = Configuration()
    it.options = {"a": 1}
    assert await it.ask(Peer(answer), ["x"]) == {None: {"a": 1}, "x": {"a": 1}}


@pytest.mark.parametrize("answer", [None, "nonsense", RuntimeError("no")])
async def test_what_a_client_said_last_holds_where_it_says_nothing_more(answer):
    it = Configuration()
    await it.ask(Peer([{"a": 1}, {"a": 2}]), ["file:///one"])
    found = await it.ask(Peer(answer), ["file:///one", "file:///two"])
    assert found == {None: {"a": 1}, "file:///one": {"a": 2}, "file:///two": {"a": 1}}
    assert await it.ask(Peer([None]), []) == {None: None}


async def test_an_answer_that_comes_late_is_a_reason_to_ask_anew():
    it = Configuration(patience=0)
    answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    come = asyncio.Event()
    it.options = {"a": 1}
    assert await it.ask(Peer(answer), [], come.set) == {None: {"a": 1}}
    assert not come.is_set()
    answer.set_result([{"a": 2}])
    await come.wait()


async def test_a_failure_that_comes_late_is_none():
    it, failure = Configuration(patience=0), asyncio.get_running_loop().create_future()
    called: list[None] = []
    await it.ask(Peer(failure), [], lambda: called.append(None))
    failure.set_exception(RuntimeError("no"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert called == []


async def test_nobody_is_asked_who_does_not_answer():
    peer = Peer(RuntimeError("asked"), answers=False)
    assert await Configuration().ask(peer, []) == {None: None}
    assert peer.asked == []


@pytest.mark.parametrize("news", [None, {}, [], "x"])
async def test_a_push_of_nothing_takes_nothing_back(news):
    it = Configuration()
    it.push({"ignore": ["x"]})
    it.push(news)
    assert await it.ask(Peer(None), []) == {None: {"ignore": ["x"]}}


@pytest.mark.parametrize("odd", ["x", 3, ["a"], True])
async def test_what_is_no_object_takes_nothing_from_what_else_is_set(odd):
    it = Configuration()
    it.options = {"registries": {"npm": {"url": "https://registry.example/"}}}
    assert await it.ask(Peer([odd]), []) == {None: it.options}
    section = "the section registry-lsp of the configuration"
    assert list(it.odd) == [section]
    it.push({SECTION: odd})
    assert await it.ask(Peer([None]), []) == {None: it.options}
    assert list(it.odd) == [section]
    it.options = odd
    assert await it.ask(Peer([{"ignore": []}]), []) == {None: {"ignore": []}}
    it.push(odd)
    assert await it.ask(Peer([{"ignore": []}]), []) == {None: {"ignore": []}}
    assert set(it.odd) == {section, "initializationOptions", "workspace/didChangeConfiguration"}
    sound = Configuration()
    assert await sound.ask(Peer([{"ignore": []}]), []) == {None: {"ignore": []}}
    for nothing in (None, {}, [], "", {"editor.fontSize": 3}):
        sound.push(nothing)
        await sound.ask(Peer([None]), [])
    assert not sound.odd


def test_trees_are_merged_group_by_group():
    assert merged({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}) == {"a": {"b": 3, "c": 2}}
    assert merged(None, {"a": 1}) == {"a": 1}
    assert merged({"a": 1}, None) == {"a": 1}
    assert merged({"a": {"b": 1}}, {"a": 2}) == {"a": 2}


def test_only_a_client_that_wants_to_be_asked_is_asked_to_tell_of_changes():
    assert registrations(types.ClientCapabilities(), ("**/x",)) == []
    assert registrations(client(), ("**/x",)) == []
    dynamic = types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
                dynamic_registration=True
            )
        )
    )
    (found,) = registrations(dynamic, ("**/x",))
    assert found.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
