"""textDocument/codeAction and codeAction/resolve."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from registry_lsp.core.findings import Assessment
from registry_lsp.core.gates import GATES_OPEN
from registry_lsp.core.remembering import ByIdentity
from registry_lsp.core.text import Span
from registry_lsp.features.actions import names
from registry_lsp.features.actions.applying import apply as make
from registry_lsp.features.actions.clients import Abilities, workspace_edit
from registry_lsp.features.actions.menu import (
    KINDS,
    MOST,
    QUICK_KIND,
    Item,
    Wish,
    items,
    looked_at,
    of_ignores,
    of_one,
)
from registry_lsp.features.actions.offers import Step
from registry_lsp.features.actions.update_all import steps_of
from registry_lsp.features.actions.whole import Reach, within
from registry_lsp.features.diagnostics import SOURCE
from registry_lsp.server import RegistryServer
from registry_lsp.session.documents import Document

APPLY = "registry-lsp.applyAction"
"""The command that stands for an action, for clients that know commands only."""

_EDITS: ByIdentity[Sequence[Assessment], dict[str, Any]] = ByIdentity(most=8)


def register(ls: RegistryServer) -> None:
    """Answer both."""
    options = types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True)

    @ls.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def actions(
        ls: RegistryServer, params: types.CodeActionParams
    ) -> list[types.CodeAction | types.Command | dict[str, Any]] | None:
        uri = params.text_document.uri
        document = await ls.document(uri)
        if document is None:
            return None
        own = [each for each in params.context.diagnostics if each.source == SOURCE]
        wish = _wish(ls, document, params, own)
        assessments = ls.session(uri).assessments(document)
        abilities = Abilities.of(ls.client_capabilities)
        if not (abilities.is_literal or abilities.applies):
            return None  # nothing could be done about any of them
        meant = {}
        if wish.takes(QUICK_KIND):
            meant = await names.meant(ls, document, looked_at(assessments, wish)[:MOST])
        return [
            await _answer(ls, document, assessments, each, abilities, own)
            for each in items(document, assessments, wish, time.time(), meant)
        ]

    @ls.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(ls: RegistryServer, action: types.CodeAction) -> types.CodeAction:
        """The action with its edit. Refused where the text, or what is known, is another by now."""
        document, steps = await _chosen(ls, action.data)
        action.edit = _edit(ls, document, steps, Abilities.of(ls.client_capabilities))
        return action

    @ls.command(APPLY)
    async def apply(ls: RegistryServer, *arguments: Any) -> dict[str, Any]:
        """Make the edit of an action that was offered as a command."""
        document, steps = await _chosen(ls, arguments[0] if arguments else None)
        return {"applied": await make(ls, document, steps) is None}


def _wish(
    ls: RegistryServer,
    document: Document,
    params: types.CodeActionParams,
    own: Sequence[types.Diagnostic],
) -> Wish:
    """What is asked for: at the range, or else where the diagnostics lie that are named beside it,
    which some clients take from the whole line.
    """
    context = params.context
    return Wish(
        spans=(_span(ls, document, params.range),),
        beside=tuple(_span(ls, document, each.range) for each in own),
        only=None if context.only is None else tuple(map(_text, context.only)),
        is_asked=context.trigger_kind is not types.CodeActionTriggerKind.Automatic,
    )


def _text(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _span(ls: RegistryServer, document: Document, range: types.Range) -> Span:
    return Span(ls.offset(document, range.start), ls.offset(document, range.end))


async def _answer(
    ls: RegistryServer,
    document: Document,
    assessments: Sequence[Assessment],
    item: Item,
    abilities: Abilities,
    own: Sequence[types.Diagnostic],
) -> types.CodeAction | types.Command | dict[str, Any]:
    """*item* in the form that the client understands."""
    data = _data(document, item)
    if not abilities.is_literal:
        return types.Command(title=item.title, command=APPLY, arguments=[data])
    action = types.CodeAction(
        title=item.title,
        kind=item.kind,
        diagnostics=_settled(ls, document, item, own) or None,
        is_preferred=True if item.is_preferred and abilities.knows_preferred else None,
    )
    if abilities.is_lazy:
        action.data = data
        return action
    if item.reach is not None:
        edit = await _edit_of_many(ls, document, assessments, item, abilities)
        return {**ls.plain(action), "edit": edit}
    action.edit = _edit(ls, document, await _steps(document, assessments, item), abilities)
    return action


def _edit(
    ls: RegistryServer, document: Document, steps: Sequence[Step], abilities: Abilities
) -> types.WorkspaceEdit:
    """*steps* for a client that shows the edit before it makes it."""
    return workspace_edit(
        document,
        steps,
        ls.encoding,
        knows_versions=abilities.knows_versions,
        confirms=abilities.confirms,
    )


async def _edit_of_many(
    ls: RegistryServer,
    document: Document,
    assessments: Sequence[Assessment],
    item: Item,
    abilities: Abilities,
) -> dict[str, Any]:
    """The plain edit behind *item*, once for the same *assessments*: that of 500 dependencies takes
    ten milliseconds, and is wanted wherever in the manifest somebody asks.
    """
    way = (item.reach, item.section, time.time() // GATES_OPEN, ls.encoding, abilities)
    edit = _EDITS.find(assessments, way)
    if edit is None:
        steps = await _steps(document, assessments, item)
        edit = _EDITS.keep(assessments, way, ls.plain(_edit(ls, document, steps, abilities)))
    return edit


def _settled(
    ls: RegistryServer,
    document: Document,
    item: Item,
    own: Sequence[types.Diagnostic],
) -> list[types.Diagnostic]:
    """Those of the client's own diagnostics that the action settles."""
    codes = {each.value for each in item.settles}
    extent = item.extent
    if extent is None:
        return []
    return [
        each
        for each in own
        if each.code in codes and extent.touches(_span(ls, document, each.range).start)
    ]


async def _steps(
    document: Document, assessments: Sequence[Assessment], item: Item
) -> Sequence[Step]:
    if item.reach is None:
        return (item.step,) if item.step is not None else ()
    return await steps_of(document, within(assessments, item.section), item.reach)


# --- what is asked for later -------------------------------------------------------------------


def _data(document: Document, item: Item) -> dict[str, Any]:
    """What leads to *item* again, in the document as it is now."""
    data: dict[str, Any] = {"uri": document.snapshot.uri, "version": document.snapshot.version}
    if item.reach is not None:
        return {**data, "tier": item.reach.value, "section": item.section}
    return {**data, "at": item.place, "name": item.name}


async def _chosen(ls: RegistryServer, data: Any) -> tuple[Document, Sequence[Step]]:
    """What :func:`_data` leads to. Raises :class:`JsonRpcContentModified` where that is no more."""
    data = data if isinstance(data, dict) else {}
    uri = data.get("uri")
    document = await ls.document(uri) if isinstance(uri, str) else None
    if document is None or document.snapshot.version != data.get("version"):
        raise JsonRpcContentModified("The manifest has changed: ask for its actions again.")
    assessments = ls.session(document.snapshot.uri).assessments(document)
    if data.get("tier") in {each.value for each in Reach}:
        some = within(assessments, str(data.get("section", "")))
        return document, await steps_of(document, some, Reach(data["tier"]))
    async for each in _at(ls, document, assessments, data.get("at")):
        if each.name == data.get("name"):
            return document, await _steps(document, assessments, each)
    raise JsonRpcContentModified("Other versions are known by now: ask for the actions again.")


async def _at(
    ls: RegistryServer, document: Document, assessments: Sequence[Assessment], place: object
) -> AsyncIterator[Item]:
    """The actions of what begins at a *place*."""
    if not isinstance(place, int):
        return
    for each in of_ignores(document, assessments, (Span(place, place),)):
        if each.place == place:
            yield each
    for assessment in assessments:
        if assessment.dependency.name_span.start == place:
            meant = await names.meant(ls, document, [assessment])
            some = meant.get(assessment.dependency.name, ())
            for each in of_one(document, assessment, time.time(), some):
                yield each
