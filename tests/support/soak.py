"""An hour's typing, condensed: thousands of edits over many documents, while the registry fails in
every way that it can, and in the end a look at whether anything of it has stuck.

What is shown at rest must be what a server shows that has seen nothing of it: one that is started
then, has the same cache, and opens the same texts.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from support.loopback import serve_in_thread
from support.soaked import Moody, packages, texts
from support.wire import Wire, wire

EARLY = 1000
"""Edits after which the memory is taken that the memory at the end is held against."""
QUIET = 3.0
"""Seconds in which neither server says anything until what failed is asked for anew: longer than a
registry that is asked too often wants to be left alone.
"""
PATIENCE = 20.0
"""Seconds without any news in which two servers have to come to show the same."""
_ENDLESS = 10
"""How many times as long they may go on having news."""
REST = 0.5
"""Seconds after which the server takes the typing to rest, and more."""

_ALPHABET = "abcdefg-0123456789.^~<>=!,\"'[]{}()@:#\n \t*x|😀é\u2028"
_CANCELLED, _MODIFIED = -32800, -32801

Shown: TypeAlias = list[tuple[object, ...]]


@dataclass(kw_only=True)
class Outcome:
    """What came of it. ``early`` and ``late`` are bytes of resident memory with the same texts
    open, None where nobody tells; ``answers`` is how many questions were answered, and
    ``requests`` how many the registry has heard.
    """

    edits: int = 0
    answers: int = 0
    requests: int = 0
    early: int | None = None
    late: int | None = None
    stderr: str = ""
    complaints: list[str] = field(default_factory=list)

    @property
    def growth(self) -> float | None:
        """How much more memory there was at the end, as a share of what there was early."""
        return None if not self.early or self.late is None else self.late / self.early - 1


# --- the typing -------------------------------------------------------------------------------


class _Buffer:
    """A document as its editor has it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.uri = path.as_uri()
        self.first = self.text = text
        self.version = 1
        self.before: deque[str] = deque(maxlen=30)

    def place(self, random: Random) -> dict[str, Any]:
        """A place of the text, in UTF-16."""
        offset = random.randrange(len(self.text) + 1)
        lead = self.text[:offset].split("\n")
        return {"line": len(lead) - 1, "character": len(lead[-1].encode("utf-16-le")) // 2}


class _Typist:
    """Somebody who types at random."""

    def __init__(self, it: Wire, buffers: list[_Buffer], random: Random) -> None:
        self._it = it
        self._buffers = buffers
        self._random = random
        self._at = buffers[0]
        self._caret = 0
        self._asked: list[asyncio.Future[dict[str, Any]]] = []
        self.answers = 0
        self.complaints: list[str] = []

    async def type(self, edits: int) -> None:
        """Make so many edits, and ask, save, set and rest now and then in between."""
        for _ in range(edits):
            self._edit()
            dice = self._random.random()
            if dice < 0.12:
                self._ask()
            elif dice < 0.13:
                self._save(self._at)
            elif dice < 0.135:
                self._set()
            elif dice < 0.14:
                self._reopen(self._at)
            elif dice < 0.155:
                await asyncio.sleep(REST)
                await self.hear()
            await asyncio.sleep(self._random.choice((0, 0, 0, 0.002, 0.01)))

    def _edit(self) -> None:
        random = self._random
        if random.random() < 0.04:
            self._at = random.choice(self._buffers)
            self._caret = random.randrange(len(self._at.text) + 1)
        buffer, caret = self._at, min(self._caret, len(self._at.text))
        text, what = buffer.text, random.random()
        if what < 0.1 and buffer.before:
            new = buffer.before.pop()
        elif what < 0.25:
            line = random.choice(
                random.choice(self._buffers).text.splitlines(keepends=True) or [""]
            )
            begin = text.rfind("\n", 0, caret) + 1
            new = text[:begin] + line + text[begin:]
        elif what < 0.45:
            end = min(len(text), caret + random.choice((1, 1, 1, 3, 40)))
            new = text[:caret] + text[end:]
        else:
            letter = random.choice(_ALPHABET)
            new, self._caret = text[:caret] + letter + text[caret:], caret + 1
        if what >= 0.1:
            buffer.before.append(text)
        self._change(buffer, new[:20_000])

    def _change(self, buffer: _Buffer, text: str) -> None:
        buffer.text, buffer.version = text, buffer.version + 1
        self._it.change(buffer.uri, text, buffer.version)

    def _ask(self) -> None:
        buffer, random = self._at, self._random
        place = buffer.place(random)
        document = {"textDocument": {"uri": buffer.uri}}
        method, params = random.choice(
            (
                ("hover", {"position": place}),
                ("completion", {"position": place}),
                ("definition", {"position": place}),
                ("codeLens", {}),
                ("documentSymbol", {}),
                ("documentLink", {}),
                ("inlayHint", {"range": {"start": {"line": 0, "character": 0}, "end": place}}),
                (
                    "codeAction",
                    {"range": {"start": place, "end": place}, "context": {"diagnostics": []}},
                ),
            )
        )
        number, answer = self._it.begin(f"textDocument/{method}", {**document, **params})
        self._asked.append(answer)
        if random.random() < 0.2:
            self._it.notify("$/cancelRequest", {"id": number})

    def _save(self, buffer: _Buffer) -> None:
        buffer.path.write_text(buffer.text, "utf-8", newline="")
        params = {"textDocument": {"uri": buffer.uri}}
        self._it.notify("textDocument/didSave", params)

    def _reopen(self, buffer: _Buffer) -> None:
        """Throw away what was typed, and begin anew."""
        self._it.close(buffer.uri)
        buffer.text, buffer.version = buffer.first, 1
        self._it.open(buffer.uri, buffer.text)

    def _set(self, settings: object = "any") -> None:
        self._it.settings = self._random.choice(SETTINGS) if settings == "any" else settings
        self._it.notify("workspace/didChangeConfiguration", {"settings": None})

    async def hear(self) -> None:
        """Wait for all answers."""
        asked, self._asked = self._asked, []
        for answer in asked:
            said = await asyncio.wait_for(answer, 60)
            error = said.get("error")
            if error is not None and error["code"] not in (_CANCELLED, _MODIFIED):
                self.complaints.append(f"a question was answered with {error}")
        self.answers += len(asked)

    async def begin_anew(self) -> None:
        """Have the first.texts everywhere, and rest: what is kept of these is always the same."""
        for buffer in self._buffers:
            self._change(buffer, buffer.first)
        await asyncio.sleep(2 * REST)
        await self.hear()

    async def rest(self) -> None:
        """Leave everything as it will stay: saved, and with the first settings."""
        self._set(None)
        for buffer in self._buffers:
            self._save(buffer)
        await self.hear()


SETTINGS: tuple[object, ...] = (
    None,
    {"diagnostics": {"severity": {"outdated-major": "warning"}}},
    {"ignore": ["npm:lib-3", "pypi:lib-*"]},
    {"diagnostics": {"enabled": False}, "inlayHints": {"enabled": False}},
)


# --- what came of it --------------------------------------------------------------------------


async def soak(
    folder: Path,
    *,
    seed: int,
    edits: int,
    client: str = "emacs",
    patience: float = PATIENCE,
    heals_itself: bool = False,
    tell: Callable[[str], object] = lambda _: None,
) -> Outcome:
    """Type *edits* times in twenty documents below *folder*, then compare. What could not be asked
    is asked again at once at the end, or, where it *heals_itself*, when the server comes to it,
    which takes it half a minute; *patience* is for how many seconds there may be no news although
    something is amiss.
    """
    random = Random(seed)
    outcome = Outcome(edits=edits)
    moody = Moody(packages(), Random(seed + 1))
    with serve_in_thread(moody) as server:
        options = {
            "registries": {
                "npm": {"url": server.url + "npm/"},
                "pypi": {"url": server.url + "simple/"},
            },
            "network": {"timeoutSeconds": 5},
        }
        buffers = []
        for name, text in texts(random).items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
            buffers.append(_Buffer(path, text))
        async with wire(folder, client=client, options=options) as it:
            for buffer in buffers:
                it.open(buffer.uri, buffer.text)
            typist = _Typist(it, buffers, random)
            done = 0
            while done < edits:
                some = min(EARLY if done == 0 else 500, edits - done)
                await typist.type(some)
                await typist.hear()
                done += some
                if outcome.early is None and done >= EARLY:
                    await typist.begin_anew()
                    outcome.early = resident(it)
                memory = resident(it)
                tell(f"{done} edits, {typist.answers} answers, {(memory or 0) / 2**20:.1f} MiB")
            await typist.rest()
            moody.is_calm = True

            async def again() -> None:
                if not heals_itself:
                    command = {"command": "registry-lsp.refresh", "arguments": []}
                    await it.ask("workspace/executeCommand", command)

            async with wire(folder, client=client, options=options) as fresh:
                for buffer in buffers:
                    # What has once been seen to be a manifest stays one, whatever it says now.
                    fresh.open(buffer.uri, buffer.first)
                    await fresh.ask(
                        "textDocument/documentSymbol", {"textDocument": {"uri": buffer.uri}}
                    )
                    fresh.change(buffer.uri, buffer.text, 2)
                outcome.complaints += await _differences(it, fresh, buffers, again, patience)
            await typist.begin_anew()
            outcome.late = resident(it)
            outcome.answers = typist.answers
            outcome.complaints += typist.complaints
        outcome.stderr = it.stderr + fresh.stderr
        outcome.requests = len(server.requests)
    return outcome


async def _differences(
    it: Wire,
    fresh: Wire,
    buffers: list[_Buffer],
    again: Callable[[], Awaitable[None]],
    patience: float,
) -> list[str]:
    """What is shown in one and not in the other, looked at whenever one of them has news: nothing
    once they agree, or else what it was after *patience* seconds without any. What failed is asked
    for *again* to begin with, and where both are quiet.
    """
    clock = asyncio.get_running_loop().time
    until, end = clock() + patience, clock() + _ENDLESS * patience
    await again()
    while True:
        heard = it.heard, fresh.heard
        found = await _compared(it, fresh, buffers)
        if not found or clock() > min(until, end):
            return found
        if await _news(it, fresh, heard):
            until = clock() + patience
        else:
            await again()


async def _news(it: Wire, fresh: Wire, heard: tuple[int, int]) -> bool:
    """Whether one of the servers says more than was *heard*, before both have been quiet."""
    waiting = [
        asyncio.create_task(each.until(lambda each=each, count=count: each.heard > count, QUIET))  # type: ignore[misc]
        for each, count in zip((it, fresh), heard, strict=True)
    ]
    done, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for each in rest:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    return any(each.exception() is None for each in done)


async def _compared(it: Wire, fresh: Wire, buffers: list[_Buffer]) -> list[str]:
    found = []
    for buffer in buffers:
        shown, wanted = await _shown(it, buffer.uri), await _shown(fresh, buffer.uri)
        for words, some in (
            ("shown without cause", [each for each in shown if each not in wanted]),
            ("not shown", [each for each in wanted if each not in shown]),
        ):
            name = buffer.path.name
            found += [f"{name}: {words}: {each} in {_line(buffer, each)!r}" for each in some]
    return found


def _line(buffer: _Buffer, shown: tuple[object, ...]) -> str:
    return buffer.text.split("\n")[int(str(shown[3]))]


async def _shown(it: Wire, uri: str) -> Shown:
    return [
        (
            each["code"],
            each.get("severity"),
            each["message"],
            *(each["range"][end][key] for end in ("start", "end") for key in ("line", "character")),
        )
        for each in await it.shown(uri)
    ]


def resident(it: Wire) -> int | None:
    """The server's resident memory in bytes; None where the system does not tell."""
    status = Path(f"/proc/{it.process.pid}/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024
