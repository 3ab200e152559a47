"""What a client can make of an action, and how it is told of an edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lsprotocol import types

from registry_lsp.core.edits import changes
from registry_lsp.core.text import Encoding
from registry_lsp.features.actions.offers import Step
from registry_lsp.features.edits import text_edits
from registry_lsp.server import client_range
from registry_lsp.session.documents import Document

_BREAKING = "breaking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a client is able to do, by its capabilities.

    It ``is_literal`` where it understands actions and not only commands, ``is_lazy`` where it asks
    for the edit of the action that was chosen; it ``knows_preferred`` ones, ``knows_versions`` of
    documents, ``confirms`` what an action's edit asks to be confirmed (``confirms_applied``: what
    the server applies), and ``applies`` edits.
    """

    is_literal: bool = False
    is_lazy: bool = False
    knows_preferred: bool = False
    knows_versions: bool = False
    confirms: bool = False
    confirms_applied: bool = False
    applies: bool = False

    @classmethod
    def of(cls, client: types.ClientCapabilities) -> Abilities:
        """Those that the capabilities tell of."""
        text, workspace = client.text_document, client.workspace
        action = text.code_action if text is not None else None
        edit = workspace.workspace_edit if workspace is not None else None
        confirms = edit is not None and edit.change_annotation_support is not None
        knows_versions = edit is not None and bool(edit.document_changes)
        base = cls(
            knows_versions=knows_versions,
            confirms_applied=confirms and knows_versions,
            applies=workspace is not None and bool(workspace.apply_edit),
        )
        if action is None:
            return base
        resolves = action.resolve_support
        return cls(
            is_literal=action.code_action_literal_support is not None,
            is_lazy=bool(action.data_support)
            and resolves is not None
            and "edit" in resolves.properties,
            knows_preferred=bool(action.is_preferred_support),
            knows_versions=base.knows_versions,
            confirms=base.confirms_applied and bool(action.honors_change_annotations),
            confirms_applied=base.confirms_applied,
            applies=base.applies,
        )


def workspace_edit(
    document: Document,
    steps: Sequence[Step],
    encoding: Encoding,
    *,
    knows_versions: bool,
    confirms: bool,
) -> types.WorkspaceEdit:
    """*steps* in *document*, for a client that *knows_versions* in the version that they were made
    for, so that it refuses what is stale; one that *confirms* is told of doubts.
    """
    uri, edits = document.snapshot.uri, [each.edit for each in steps]
    if not knows_versions:
        return types.WorkspaceEdit(changes={uri: text_edits(document, edits, encoding)})
    doubts = {each.edit: each.doubt for each in steps if each.doubt is not None and confirms}
    names = {doubt: f"{_BREAKING}-{at}" for at, doubt in enumerate(dict.fromkeys(doubts.values()))}
    made: list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit] = []
    for each in changes(document.snapshot.text, edits):
        place = client_range(document, each.span, encoding)
        doubt = doubts.get(each.edit)
        made.append(
            types.TextEdit(range=place, new_text=each.text)
            if doubt is None
            else types.AnnotatedTextEdit(
                range=place, new_text=each.text, annotation_id=names[doubt]
            )
        )
    identifier = types.OptionalVersionedTextDocumentIdentifier(
        uri=uri, version=document.snapshot.version
    )
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(text_document=identifier, edits=made)],
        change_annotations={
            name: types.ChangeAnnotation(label=doubt, needs_confirmation=True)
            for doubt, name in names.items()
        }
        or None,
    )
