"""The manifests of one client's workspace, opened or not, for whoever asks about all of them."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from lsprotocol import types

from registry_lsp.core.home import home
from registry_lsp.core.threads import in_thread
from registry_lsp.ecosystems import discover
from registry_lsp.finding.find import (
    MOST_FOLDERS,
    find_manifests,
    holds_everything,
)
from registry_lsp.finding.included import ManifestFile
from registry_lsp.server import RegistryServer, path_of

MOST = 1000
"""Manifests of a workspace that are looked at."""
MOST_OF_A_FILE = 2**23
"""Bytes of a file that is read; nobody writes more into a manifest."""
AGAIN = 30.0
"""Seconds after which the folders are walked again, at least."""
_PAUSE = 10
"""How many times as long as a walk has taken nobody walks again, but for news from the client."""

_LOG = logging.getLogger(__name__)


class WorkspaceFiles:
    """Where the manifests are: the folders are walked again after a while, and once the client
    says that a file has come or gone.
    """

    def __init__(self, ls: RegistryServer) -> None:
        self._ls = ls
        self._moved = 0
        self._found: _Found | None = None
        self._walking: tuple[int, tuple[str, ...], asyncio.Task[_Found]] | None = None
        ls.when_files_changed.append(self._doubt)

    def _doubt(self, kinds: Collection[types.FileChangeType]) -> None:
        self._moved += any(each is not types.FileChangeType.Changed for each in kinds)

    def folders(self) -> Iterator[PurePath]:
        """The folders of the workspace that lie on a disk."""
        return (path for path in map(path_of, self._ls.folders) if path.is_absolute())

    def opened(self) -> list[str]:
        """The URIs of the manifests that are open."""
        return [uri for each in self._ls.places for uri in each.session.documents]

    async def unopened(self) -> list[ManifestFile]:
        """The manifests in the folders that are not open, :data:`MOST` at most: of a folder with
        more than :data:`MOST_FOLDERS` in it those that are come to, and of a home or a whole disk,
        which is nobody's workspace, none.
        """
        folders, moved = tuple(str(each) for each in self.folders()), self._moved
        found = self._found
        if found is None or not found.holds(folders, moved):
            found = self._found = await self._walked(folders, moved)
        opened = {path_of(uri) for uri in self.opened()}
        return [each for each in found.files if PurePath(each[0]) not in opened]

    async def _walked(self, folders: tuple[str, ...], moved: int) -> _Found:
        """What a walk finds: one for all who wait for it. Who stops waiting does not stop it."""
        if self._walking is None or self._walking[:2] != (moved, folders):
            task = asyncio.create_task(_walk(folders, moved), name="walk the workspace")
            self._walking = (moved, folders, task)
            task.add_done_callback(self._has_walked)
        return await asyncio.shield(self._walking[2])

    def _has_walked(self, task: asyncio.Task[_Found]) -> None:
        if self._walking is not None and self._walking[2] is task:
            self._walking = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The manifests of some folders, when the client had told so often of files that come or go;
    they are good until a moment (monotonic seconds).
    """

    folders: tuple[str, ...]
    moved: int
    until: float
    files: tuple[ManifestFile, ...]

    def holds(self, folders: tuple[str, ...], moved: int) -> bool:
        """Whether a walk would find nothing else now, as far as anybody knows."""
        return (self.folders, self.moved) == (folders, moved) and time.monotonic() < self.until


async def _walk(folders: tuple[str, ...], moved: int) -> _Found:
    """Walk in a thread, which ends as soon as nobody is there any more to be told: the process
    would wait for it.
    """
    given_up, began = threading.Event(), time.monotonic()
    try:
        files = await in_thread(_files_in, folders, given_up.is_set)
    except asyncio.CancelledError:
        given_up.set()
        raise
    now = time.monotonic()
    until = now + max(AGAIN, _PAUSE * (now - began))
    return _Found(folders=folders, moved=moved, until=until, files=files)


def _files_in(folders: Sequence[str], is_given_up: Callable[[], bool]) -> tuple[ManifestFile, ...]:
    own = home()
    search = find_manifests(
        [path for path in map(Path, folders) if not holds_everything(path, own)],
        discover(),
        home=own,
        environ=dict(os.environ),
        most=MOST_FOLDERS,
        is_given_up=is_given_up,
    )
    if len(search.files) > MOST:
        _LOG.warning("of %s manifests only the first %s are looked at", len(search.files), MOST)
    return search.files[:MOST]
