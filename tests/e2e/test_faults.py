"""A registry that misbehaves: each way has its own words, and the others are answered."""

import re
from dataclasses import replace

import pytest

from support.editor import editor
from support.loopback import HANG_UP, SILENCE, Reply

HUGE = b" " * 2**20


def huge():
    for _ in range(100):
        yield HUGE


FAULTS = {
    "gone": (Reply(status=404), "package-not-found", "was not found"),
    "login": (Reply(status=401), "unauthorized", "wants credentials (401): set them in ~/."),
    "denied": (Reply(status=403), "unauthorized", "refuses the credentials"),
    "limited": (
        Reply(status=429, headers={"retry-after": "900"}),
        "registry-unavailable",
        "asks for fewer requests (429); it asks to wait 15 minutes",
    ),
    "broken": (
        Reply(status=500),
        "registry-unavailable",
        "an error of its own (500); it is asked again",
    ),
    "garbage": (
        Reply(headers={"content-type": "application/json"}, body=b"{ not json"),
        "registry-unavailable",
        "not what a registry says",
    ),
    "page": (
        Reply(headers={"content-type": "text/html"}, body=b"<html><h1>Sign in</h1></html>"),
        "registry-unavailable",
        "not what a registry says",
    ),
    "loop": (
        Reply(status=302, headers={"location": "loop"}),
        "registry-unavailable",
        "redirects without end",
    ),
    "silent": (SILENCE, "registry-unavailable", "did not answer in time"),
    "hangs-up": (HANG_UP, "registry-unavailable", "the connection to"),
    "huge": (
        Reply(headers={"content-type": "application/json"}, body=HUGE * 100),
        "registry-unavailable",
        "too large",
    ),
    "endless": (
        Reply(headers={"content-type": "application/json"}, body=tuple(huge())),
        "registry-unavailable",
        "too large",
    ),
}


@pytest.mark.parametrize(
    ("file", "line", "fine"),
    [
        ("package.json", '"{}": "^1.0.0",', '"react": "17.0.2"'),
        ("requirements.txt", "{}>=1", "idna==3.6"),
    ],
)
async def test_each_fault_has_its_own_words_and_the_others_are_answered(stage, file, line, fine):
    stage.registries.faults = {name: act for name, (act, _, _) in FAULTS.items()}
    lines = "\n".join([*(line.format(name) for name in FAULTS), fine])
    text = f'{{"dependencies": {{{lines}}}}}' if file == "package.json" else lines
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open(file, text)
        found = await it.diagnostics(uri, lambda shown: len(shown) == len(FAULTS) + 1)
        said = {it.text_at(uri, each.range): (each.code, each.message) for each in found}
        for name, (_, code, words) in FAULTS.items():
            assert said[name][0] == code
            assert words in said[name][1]
        messages = [re.sub(r"of [\w-]+:|[\w-]+ was", "…", message) for _, message in said.values()]
        assert len(set(messages)) >= len(FAULTS) - 2  # garbage and page, huge and endless agree
        assert [text for text in said if "not found" in said[text][1]] == ["gone"]
        hover = await it.hover(uri, "hug|e")
        assert "too large" in hover.contents.value


async def test_a_registry_that_asks_to_wait(stage):
    stage.registries.faults = {"limited": FAULTS["limited"][0]}
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", "limited>=1\n")
        (found,) = await it.diagnostics(uri, bool)
        assert found.code == "registry-unavailable"
        assert FAULTS["limited"][2] in found.message


async def test_what_was_known_stands_when_the_registry_fails(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", "idna==3.6\nuvicorn==0.29.0\n")
        await it.diagnostics(uri, lambda shown: len(shown) == 2)
    offline = {**stage.options, "network": {"offline": True}}
    asked = len(stage.server.requests)
    async with editor(stage.folder, options=offline) as it:
        uri = it.open("requirements.txt", "idna==3.6\nuvicorn==0.29.0\nrequests==1\n")
        found = await it.diagnostics(uri, lambda shown: len(shown) == 3)
        said = {each.code: each.message for each in found}
        assert set(said) == {"outdated-minor", "registry-unavailable"}
        assert "network.offline" in said["registry-unavailable"]
    assert len(stage.server.requests) == asked


async def test_a_scoped_name_may_be_hidden(stage):
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", '{"dependencies": {"@private/thing": "^1.0.0"}}')
        (found,) = await it.diagnostics(uri, bool)
        assert found.code == "package-not-found"
        assert "or you have no access" in found.message


async def test_hostile_words_are_shown_harmlessly(stage):
    evil = "\x1b[31m](command:evil) <img src=x> \u202e ![a](https://evil.example/x.png)"
    react = stage.registries.npm["react"]
    stage.registries.npm["react"] = replace(
        react, document={"description": evil, "homepage": "command:evil", "license": evil}
    )
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", '{"dependencies": {"react": "17.0.2"}}')
        text = (await it.hover(uri, "re|act")).contents.value
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert not re.search(r"(?<!\\)\]\(command:", text)
        assert "\\](command:evil)" in text
        assert not re.search(r"(?<!\\)<img", text)
