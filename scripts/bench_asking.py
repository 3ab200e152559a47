"""What an editor waits for when it asks about a manifest of 500 dependencies: one that is warm, and
one that loads. Of each kind of question the median and the 99th percentile are printed.
"""

from __future__ import annotations

import asyncio
import json
import statistics
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from support.wire import Wire, wire

Timed: TypeAlias = tuple[dict[str, Any], float]

COUNT = 500
TIMES = 300
"""Dependencies of the manifest, and how often each question is asked."""
NAME = "package.json"
CLIENT = "emacs"
"""One that is sent diagnostics, so that it has them without a question."""
SIGHT = 60
"""Lines that an editor shows at once."""


async def asking(folder: Path, options: object) -> None:
    """Every question, many times over, one after the other."""
    content = text()
    lines = content.split("\n")
    async with wire(folder, client=CLIENT, options=options) as it:
        uri = open_manifest(it, folder)
        await it.diagnostics(uri, COUNT)
        await asyncio.sleep(1)

        def at(number: int, column: int) -> dict[str, Any]:
            line = next(n for n, each in enumerate(lines) if f'"{_name(number)}"' in each)
            return {
                "textDocument": {"uri": uri},
                "position": {"line": line, "character": column},
            }

        def span(first: int, last: int) -> dict[str, Any]:
            return {
                "start": {"line": first, "character": 0},
                "end": {"line": last, "character": 0},
            }

        def hover(turn: int) -> Awaitable[Timed]:
            return it.timed("textDocument/hover", at(1 + turn % 20, 8))

        def complete(_: int) -> Awaitable[Timed]:
            column = next(each for each in lines if '"package-0"' in each).index("1.1.0") + 2
            return it.timed("textDocument/completion", at(0, column))

        def act(turn: int) -> Awaitable[Timed]:
            place = at(turn * 7 % COUNT, 20)
            start = place["position"]
            here = {"start": start, "end": start}
            shown = [each for each in it.published[uri]["diagnostics"] if _touches(each, start)]
            return it.timed(
                "textDocument/codeAction",
                {"textDocument": {"uri": uri}, "range": here, "context": {"diagnostics": shown}},
            )

        def hint(turn: int) -> Awaitable[Timed]:
            first = turn * 7 % COUNT
            params = {"textDocument": {"uri": uri}, "range": span(first, first + SIGHT)}
            return it.timed("textDocument/inlayHint", params)

        def lens(_: int) -> Awaitable[Timed]:
            return it.timed("textDocument/codeLens", {"textDocument": {"uri": uri}})

        def type_and_hover(turn: int) -> Awaitable[Timed]:
            """What a keystroke costs (reading and verdicts) is waited for by what follows."""
            version = turn + 2
            typed = content.replace('"1.1.0"', f'"1.1.{version}"', 1)
            it.notify(
                "textDocument/didChange",
                {
                    "textDocument": {"uri": uri, "version": version},
                    "contentChanges": [{"text": typed}],
                },
            )
            return hover(turn)

        for turn in range(20):
            await hover(turn)
        await measure("hover", hover, "10")
        await measure("completion among 3,000 versions", complete, "10", times=TIMES // 3)
        await measure("code action", act, "10")
        await measure("inlay hints in sight", hint, "10")
        await measure("code lenses", lens, "10")
        await measure("hover right behind a keystroke", type_and_hover, "20")


async def loading(folder: Path, options: object) -> None:
    """A hover of a dependency that is there, while the other 499 load."""
    waits = []
    async with wire(folder, client=CLIENT, options=options) as it:
        other = (folder / "one" / NAME).as_uri()
        open_text(it, other, json.dumps({"dependencies": {_name(1): "1.1.0"}}))
        await it.diagnostics(other, 1)
        uri = open_manifest(it, folder)
        place = {"line": 0, "character": 25}
        while len(it.published.get(uri, {}).get("diagnostics", ())) < COUNT:
            params = {"textDocument": {"uri": other}, "position": place}
            waits.append((await it.timed("textDocument/hover", params))[1])
            await asyncio.sleep(0.01)
    # The first asks the registry for the whole document, and waits for that as the others do.
    print(f"{'the first hover, while 500 load':56} {1000 * waits[0]:8.1f} ms")
    told("hover of one that is there, while 500 load", waits[1:], "50")


def open_manifest(it: Wire, folder: Path) -> str:
    """Open the manifest of 500 dependencies."""
    uri = (folder / NAME).as_uri()
    open_text(it, uri, text())
    return uri


def open_text(it: Wire, uri: str, content: str) -> None:
    item = {"uri": uri, "languageId": "json", "version": 1, "text": content}
    it.notify("textDocument/didOpen", {"textDocument": item})


def text() -> str:
    """A package.json of 500 dependencies, every one outdated."""
    return json.dumps({"dependencies": {_name(n): "1.1.0" for n in range(COUNT)}}, indent=2)


async def measure(
    what: str, ask: Callable[[int], Awaitable[Timed]], wanted: str, times: int = TIMES
) -> None:
    """Ask many times, and print how long it took."""
    answer, _ = await ask(0)
    if not answer.get("result"):
        print(f"{what:56} not answered")
        return
    waits = [(await ask(turn))[1] for turn in range(times)]
    told(what, waits, wanted)


def told(what: str, waits: Sequence[float], wanted: str) -> None:
    middle = 1000 * statistics.median(waits)
    high = 1000 * statistics.quantiles(waits, n=100)[98]
    print(
        f"{what:56} {middle:8.1f} ms  99th percentile {high:8.1f} ms, wanted {wanted} or less",
        flush=True,
    )


def _name(number: int) -> str:
    return f"package-{number}"


def _touches(diagnostic: dict[str, Any], place: dict[str, Any]) -> bool:
    return bool(diagnostic["range"]["start"]["line"] == place["line"])
