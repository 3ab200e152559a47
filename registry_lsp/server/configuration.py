"""What the client has set: for all, and for each folder of the workspace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

SECTION = "registry-lsp"
"""The section of a client's configuration that is ours."""

_PATIENCE = 2.0
_LOG = logging.getLogger(__name__)


class Configuration:
    """The trees of settings as the client sends them, from the weakest to the strongest:
    ``initializationOptions``, what it has pushed, and what it answers when asked.
    """

    def __init__(self) -> None:
        self.options: object = None
        self._pushed: object = None

    def push(self, settings: object) -> None:
        """Take what ``workspace/didChangeConfiguration`` holds: our section, or a tree with our
        section in it. Nothing at all only says that one may ask anew.
        """
        if isinstance(settings, dict) and settings:
            self._pushed = settings.get(SECTION, settings)

    async def ask(self, ls: LanguageServer, folders: Sequence[str]) -> dict[str | None, object]:
        """What holds for each of the workspace's *folders*, by its URI, and under None for what
        lies in none of them.
        """
        scopes = [None, *folders]
        answers = await _pulled(ls, scopes)
        base = merged(self.options, self._pushed)
        return {scope: merged(base, answer) for scope, answer in zip(scopes, answers, strict=True)}


async def _pulled(ls: LanguageServer, scopes: Sequence[str | None]) -> Sequence[object]:
    """The client's own answers, None where it keeps nothing or does not say."""
    nothing = [None] * len(scopes)
    workspace = ls.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return nothing
    items = [types.ConfigurationItem(scope_uri=scope, section=SECTION) for scope in scopes]
    asked = ls.workspace_configuration_async(types.ConfigurationParams(items=items))
    try:
        answers = await asyncio.wait_for(asked, _PATIENCE)
    except asyncio.TimeoutError:
        _LOG.warning("the client did not tell its configuration in time")
        return nothing
    except Exception:  # noqa: BLE001 - whatever goes wrong over there, the options are left
        _LOG.warning("the client did not tell its configuration", exc_info=True)
        return nothing
    if not isinstance(answers, list | tuple):
        return nothing
    return [*(answer or None for answer in answers), *nothing][: len(scopes)]


def merged(options: object, over: object) -> object:
    """Two trees of settings, what stands in *over* before what stands in *options*."""
    if not isinstance(options, dict) or not isinstance(over, dict):
        return options if over is None else over
    both = {key: merged(options.get(key), value) for key, value in over.items()}
    return {**options, **both}
