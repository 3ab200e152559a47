"""workspace/applyEdit: having the client make an edit that a command has worked out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from registry_lsp.core.text import printable
from registry_lsp.features.actions.clients import Abilities, workspace_edit
from registry_lsp.features.actions.offers import Step
from registry_lsp.server import RegistryServer
from registry_lsp.session.documents import Document

_LONGEST_REASON = 200

DECLINED = "declined"
"""The code of an edit that the user was asked about, and has not confirmed."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an edit was not made, by a ``code`` and in words."""

    code: str
    message: str


async def apply(
    ls: RegistryServer,
    document: Document,
    steps: Sequence[Step],
    label: str | None = None,
    *,
    asks: bool = True,
) -> Refusal | None:
    """Have the client make *steps* in *document*, all or none; it *asks* before those that may
    break something, if it can. What it does not make the user is told of, since clients show
    nothing of what commands answer, but for what they have declined themselves; None where it has
    made them.

    A text that has changed since is left alone: some clients would not notice.
    """
    refusal = await _refusal(ls, document, steps, label, asks=asks)
    if refusal is not None and refusal.code != DECLINED:
        ls.say(types.MessageType.Warning, refusal.message)
    return refusal


async def _refusal(
    ls: RegistryServer,
    document: Document,
    steps: Sequence[Step],
    label: str | None,
    *,
    asks: bool,
) -> Refusal | None:
    name, uri = document.path.name, document.snapshot.uri
    newest = ls.session(uri).document(uri)
    if newest is None or newest.snapshot is not document.snapshot:
        words = f"{name} was changed or closed meanwhile, so that no edit was made. Try it again."
        return Refusal(code="stale", message=words)
    abilities = Abilities.of(ls.client_capabilities)
    edit = workspace_edit(
        document,
        steps,
        ls.encoding,
        knows_versions=abilities.knows_versions,
        confirms=abilities.confirms_applied and asks,
    )
    try:
        said: types.ApplyWorkspaceEditResult | None = await ls.workspace_apply_edit_async(
            types.ApplyWorkspaceEditParams(edit=edit, label=label)
        )
    except JsonRpcException as error:
        _LOG.info("the client does not apply an edit: %s", error)
        said = types.ApplyWorkspaceEditResult(applied=False)
    if said is None or said.applied:  # who does not tell has most likely made it
        return None
    if edit.change_annotations and not said.failure_reason:
        words = f"The edit was not confirmed: {name} is as it was."
        return Refusal(code=DECLINED, message=words)
    reason = printable(said.failure_reason or "", _LONGEST_REASON).rstrip(".")
    because = f" ({reason})" if reason else ""
    words = f"The editor did not make the edit{because}: {name} is as it was. Try it again."
    return Refusal(code="refused", message=words)
