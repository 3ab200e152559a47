"""What real editors say of themselves: recorded by others where that is recent enough, and else
completed from the editors' own sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import pytest_lsp
from lsprotocol import converters, types

CLIENTS: Mapping[str, types.PositionEncodingKind] = {
    "vscode": types.PositionEncodingKind.Utf16,
    "neovim": types.PositionEncodingKind.Utf8,
    "emacs": types.PositionEncodingKind.Utf32,
    "helix": types.PositionEncodingKind.Utf8,
}
"""The editors, each with the units that it prefers to count columns in."""

_RECORDED = {"vscode": "visual-studio-code", "neovim": "neovim", "emacs": "emacs"}

# What vscode-languageclient 9 says beyond the recorded one, which is of 2022.
_VSCODE: dict[str, Any] = {
    "workspace": {
        "inlayHint": {"refreshSupport": True},
        "diagnostics": {"refreshSupport": True},
        "codeLens": {"refreshSupport": True},
    },
    "textDocument": {
        "inlayHint": {
            "dynamicRegistration": True,
            "resolveSupport": {
                "properties": [
                    "tooltip",
                    "textEdits",
                    "label.tooltip",
                    "label.location",
                    "label.command",
                ]
            },
        },
        "diagnostic": {"dynamicRegistration": True, "relatedDocumentSupport": False},
        "codeLens": {"dynamicRegistration": True},
    },
}

# What Helix 25.07 says (helix-lsp, Client::initialize).
_HELIX: dict[str, Any] = {
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": False},
        "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": False},
        "executeCommand": {"dynamicRegistration": False},
        "inlayHint": {"refreshSupport": False},
        "symbol": {"dynamicRegistration": False},
        "workspaceFolders": True,
        "workspaceEdit": {
            "documentChanges": True,
            "resourceOperations": ["create", "rename", "delete"],
            "failureHandling": "abort",
            "normalizesLineEndings": False,
        },
    },
    "textDocument": {
        "completion": {
            "completionItem": {
                "snippetSupport": True,
                "resolveSupport": {
                    "properties": ["documentation", "detail", "additionalTextEdits"]
                },
                "insertReplaceSupport": True,
                "deprecatedSupport": True,
                "tagSupport": {"valueSet": [1]},
            },
            "completionItemKind": {},
        },
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {
            "codeActionLiteralSupport": {
                "codeActionKind": {
                    "valueSet": [
                        "",
                        "quickfix",
                        "refactor",
                        "refactor.extract",
                        "refactor.inline",
                        "refactor.rewrite",
                        "source",
                        "source.organizeImports",
                    ]
                }
            },
            "isPreferredSupport": True,
            "disabledSupport": True,
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit", "command"]},
        },
        "diagnostic": {"dynamicRegistration": False, "relatedDocumentSupport": True},
        "publishDiagnostics": {"versionSupport": True, "tagSupport": {"valueSet": [1, 2]}},
        "inlayHint": {"dynamicRegistration": False},
        "documentLink": {"tooltipSupport": True},
    },
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "general": {"positionEncodings": ["utf-8", "utf-32", "utf-16"]},
}


def capabilities(client: str) -> types.ClientCapabilities:
    """What the editor called *client* says when it starts a server: a copy for who asks."""
    return deepcopy(_capabilities(client))


@cache
def _capabilities(client: str) -> types.ClientCapabilities:
    recorded: dict[str, Any] = {}
    converter = converters.get_converter()
    if client in _RECORDED:
        found = pytest_lsp.client_capabilities(_RECORDED[client])
        found.general = found.general or types.GeneralClientCapabilities()
        found.general.position_encodings = [CLIENTS[client], types.PositionEncodingKind.Utf16]
        recorded = converter.unstructure(found)
    more = {"vscode": _VSCODE, "helix": _HELIX}.get(client, {})
    return converter.structure(_merged(recorded, more), types.ClientCapabilities)


def _merged(one: Any, over: Any) -> Any:
    if not isinstance(one, dict) or not isinstance(over, dict):
        return over
    return {**one, **{key: _merged(one.get(key), value) for key, value in over.items()}}
