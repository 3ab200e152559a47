"""``registry-lsp.updateAll``: all dependencies of a manifest or a section, brought up to date."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from lsprotocol import types

from registry_lsp.core.findings import Assessment
from registry_lsp.core.packages import Unauthorized, Unavailable
from registry_lsp.core.text import printable
from registry_lsp.features.actions.applying import apply
from registry_lsp.features.actions.clients import Abilities
from registry_lsp.features.actions.offers import Step
from registry_lsp.features.actions.whole import Reach, step_for, within
from registry_lsp.features.commands.arguments import shown_already
from registry_lsp.features.progress import Shown, show
from registry_lsp.server import RegistryServer
from registry_lsp.session.documents import Document

UPDATE_ALL = "registry-lsp.updateAll"

_RETRYABLE = ("cancelled", "stale", "refused")
_NAMED = 8
"""Sections that a message names before it only counts them."""
_NOTHING = MappingProxyType(
    {
        Reach.SAFE: "There is nothing to update safely in {where}",
        Reach.ALL: "There is nothing to update in {where}",
        Reach.SECURE: "There is nothing vulnerable to replace in {where}",
    }
)
_TURN = 0.003
"""Seconds for which updates are worked out before others get their turn."""


def register(ls: RegistryServer) -> None:
    """Offer the command."""

    @ls.command(UPDATE_ALL)
    async def update_all(ls: RegistryServer, *arguments: Any) -> dict[str, Any]:
        """Update all in the open manifest ``uri`` as far as ``tier`` says (``safe``, the default,
        ``all`` or ``secure``), or only in its ``section``. What may break something the client is
        to have confirmed, unless ``confirm`` is false. Answers how many were ``updated``, or an
        ``error``; the user is told where that is none.
        """
        given = arguments[0] if arguments and isinstance(arguments[0], Mapping) else {}
        uri, tier, section = (given.get(each) for each in ("uri", "tier", "section"))
        document = await ls.document(uri) if isinstance(uri, str) else None
        if document is None:
            return _refused(ls, "No open manifest has this URI: open the file first.")
        if tier not in (None, *(each.value for each in Reach)):
            return _refused(ls, "The tier is 'safe', 'all' or 'secure'.")
        section = section if isinstance(section, str) else ""
        if section and section not in (known := _sections(document)):
            return _refused(ls, _unknown_section(document, section, known))
        if not Abilities.of(ls.client_capabilities).applies:
            return _error(
                "unsupported",
                "This editor applies no edits that a server sends: edit the manifest by hand.",
            )
        reach = Reach(tier) if tier is not None else Reach.SAFE
        asks = given.get("confirm") is not False
        return await _update(ls, document, reach, section, asks=asks)


async def _update(
    ls: RegistryServer, document: Document, reach: Reach, section: str, *, asks: bool
) -> dict[str, Any]:
    uri, stopped = document.snapshot.uri, asyncio.Event()
    title = f"Updating {document.path.name}"
    shown = show(ls, title, stopped.set)
    try:
        # What is still asked for counts too.
        has_waited = await _known(ls, document, section, shown, stopped)
        session = ls.session(uri)
        document = session.document(uri) or document
        assessments = within(session.assessments(document), section)
        steps = await steps_of(document, assessments, reach, None if has_waited else shown, stopped)
    finally:
        if shown is not None:
            shown.end()
    if stopped.is_set():
        return _error("cancelled", "The update was cancelled: nothing was changed.")
    if not steps:
        ls.say(types.MessageType.Info, _nothing(document, assessments, reach, section))
        return {"updated": 0, "applied": False}
    refusal = await apply(ls, document, steps, title, asks=asks)
    if refusal is not None:
        return shown_already(_error(refusal.code, refusal.message))
    return {"updated": len(steps), "applied": True}


async def _known(
    ls: RegistryServer,
    document: Document,
    section: str,
    shown: Shown | None,
    stopped: asyncio.Event,
) -> bool:
    """Wait until all has answered that is asked for *document*, or until it is *stopped*, and show
    of how many dependencies it is known; whether there was anything to wait for.
    """
    uri = document.snapshot.uri
    session = ls.session(uri)

    def tell(document: Document, assessments: Sequence[Assessment]) -> None:
        if shown is not None and document.snapshot.uri == uri:
            asked = [each for each in within(assessments, section) if each.id is not None]
            shown.report(sum(each.lookup is not None for each in asked), len(asked))

    settling = asyncio.ensure_future(session.settled(uri))
    await asyncio.sleep(0)
    if settling.done():
        return False
    tell(document, session.assessments(document))
    ls.when_published.append(tell)
    try:
        await _first(settling, asyncio.ensure_future(stopped.wait()))
    finally:
        ls.when_published.remove(tell)
    return True


async def steps_of(
    document: Document,
    assessments: Sequence[Assessment],
    reach: Reach,
    shown: Shown | None = None,
    stopped: asyncio.Event | None = None,
) -> list[Step]:
    """The edits that bring *assessments* as far as *reach* lets them go, until it is *stopped*.
    Others get their turn in between, and what is *shown* tells how far it is.
    """
    steps, now, since = [], time.time(), 0.0
    for at, assessment in enumerate(assessments):
        if time.monotonic() - since >= _TURN:
            if shown is not None:
                shown.report(at, len(assessments))
            await asyncio.sleep(0)
            since = time.monotonic()
        if stopped is not None and stopped.is_set():
            break
        scheme = document.ecosystem.schemes[assessment.dependency.dialect]
        step = step_for(assessment, scheme, reach, now)
        if step is not None:
            steps.append(step)
    return steps


async def _first(*tasks: asyncio.Future[Any]) -> None:
    """Wait for the first of them, and let the others go."""
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def _sections(document: Document) -> tuple[str, ...]:
    """The names of the sections that *document* has, in its order."""
    manifest = document.manifest
    named = [each.section for each in manifest.headings]
    named += [each.section for each in manifest.dependencies]
    return tuple(dict.fromkeys(each for each in named if each))


def _unknown_section(document: Document, section: str, known: Sequence[str]) -> str:
    text = f"{document.path.name} has no section {printable(section, 60)}"
    listed = printable(", ".join(known[:_NAMED]), 300)
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return f"{text}; its sections are {listed}{more}." if known else f"{text}."


def _nothing(
    document: Document, assessments: Sequence[Assessment], reach: Reach, section: str
) -> str:
    """Why nothing was edited."""
    where = f"{printable(section, 60)} of {document.path.name}" if section else document.path.name
    text = _NOTHING[reach].format(where=where)
    lost = sum(isinstance(each.lookup, Unauthorized | Unavailable) for each in assessments)
    if lost:
        packages = "1 dependency" if lost == 1 else f"{lost} dependencies"
        text += f"; the registry of {packages} could not be asked"
    return f"{text}."


def _refused(ls: RegistryServer, message: str) -> dict[str, Any]:
    """The error of an argument, of which the user is told: many clients show nothing of what
    commands answer.
    """
    ls.say(types.MessageType.Warning, message)
    return shown_already(_error("invalid-argument", message))


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "retryable": code in _RETRYABLE}}
