"""What the client has set: for all, and for each folder of the workspace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from registry_lsp.core.settings import Settings, camel

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

SECTION = "registry-lsp"
"""The section of a client's configuration that is ours."""

_OUR_SECTION = f"the section {SECTION} of the configuration"

PATIENCE = 8.0
"""Seconds that a client may take to answer. Until it has nobody is asked for anything, for it may
say that nobody is to be asked, or another registry than everybody's.
"""

_OURS = {SECTION, *(camel(each.name) for each in fields(Settings))}

_LOG = logging.getLogger(__name__)


class Configuration:
    """The trees of settings as the client sends them, from the weakest to the strongest:
    ``initializationOptions``, what it has pushed, and what it answers when asked. Where it does not
    answer, what it said last still holds.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self.options: object = None
        self._pushed: object = None
        self._answers: dict[str | None, object] = {}
        self._patience = patience
        self.odd: dict[str, None] = {}
        """Where the client has sent anything for settings that is no object."""

    def push(self, settings: object) -> None:
        """Take what ``workspace/didChangeConfiguration`` holds: our section, or a tree with our
        section in it. Some clients tell every server what is set for all of them; where that has
        nothing of ours, nothing is set. Nothing at all, in whichever form, only says that one may
        ask anew.
        """
        if isinstance(settings, dict) and settings:
            own = settings if _is_ours(settings) else None
            self._pushed = settings.get(SECTION, own)
        elif settings:
            self.odd[types.WORKSPACE_DID_CHANGE_CONFIGURATION] = None

    async def ask(
        self, ls: LanguageServer, folders: Sequence[str], late: Callable[[], None] = lambda: None
    ) -> dict[str | None, object]:
        """What holds for each of the workspace's *folders*, by its URI, and under None for what
        lies in none of them. *late* is called where the client answers after all, and so may be
        asked anew.
        """
        scopes = [None, *folders]
        answers = await self._pulled(ls, scopes, late)
        if answers is not None:
            self._answers = dict(zip(scopes, answers, strict=True))
        for_all = self._answers.get(None)
        return {
            scope: self._together(
                ("initializationOptions", self.options),
                (_OUR_SECTION, self._pushed),
                (_OUR_SECTION, self._answers.get(scope, for_all)),
            )
            for scope in scopes
        }

    def _together(self, *trees: tuple[str, object]) -> object:
        """One tree of several, from the weakest to the strongest. What is none takes nothing from
        the others, for it would have names told to other registries than those that they say.
        """
        found: object = None
        for place, each in trees:
            if each is None or isinstance(each, dict):
                found = merged(found, each)
            else:
                self.odd[place] = None
        return found

    async def _pulled(
        self, ls: LanguageServer, scopes: Sequence[str | None], late: Callable[[], None]
    ) -> Sequence[object] | None:
        """The client's own answers, of which one is None where it keeps nothing; None where it
        does not say.
        """
        workspace = ls.client_capabilities.workspace
        if workspace is None or not workspace.configuration:
            return None
        items = [types.ConfigurationItem(scope_uri=scope, section=SECTION) for scope in scopes]
        asked = asyncio.ensure_future(
            ls.workspace_configuration_async(types.ConfigurationParams(items=items))
        )
        try:
            answers = await asyncio.wait_for(asyncio.shield(asked), self._patience)
        except asyncio.TimeoutError:
            _LOG.warning("the client did not tell its configuration in time")
            asked.add_done_callback(lambda it: late() if _has_answered(it) else None)
            return None
        except Exception:  # noqa: BLE001 - whatever goes wrong over there, the options are left
            _LOG.warning("the client did not tell its configuration", exc_info=True)
            return None
        if not isinstance(answers, list | tuple):
            return None
        nothing = [None] * len(scopes)
        return [*(answer or None for answer in answers), *nothing][: len(scopes)]


def _is_ours(names: Iterable[object]) -> bool:
    """Whether any of these is a setting of ours, or a group of them, or meant to be one."""
    return any(get_close_matches(str(each).partition(".")[0], _OURS, cutoff=0.8) for each in names)


def _has_answered(asked: asyncio.Future[Any]) -> bool:
    return not asked.cancelled() and asked.exception() is None


def merged(options: object, over: object) -> object:
    """Two trees of settings, what stands in *over* before what stands in *options*."""
    if not isinstance(options, dict) or not isinstance(over, dict):
        return options if over is None else over
    both = {key: merged(options.get(key), value) for key, value in over.items()}
    return {**options, **both}
