"""The manifests of one client's workspace, opened or not, for whoever asks about all of them."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePath

from lsprotocol import types

from registry_lsp.core.threads import in_thread
from registry_lsp.ecosystems import discover
from registry_lsp.finding.find import ManifestFile, find_manifests
from registry_lsp.server import RegistryServer, path_of

MOST = 1000
"""Manifests of a workspace that are looked at."""
MOST_OF_A_FILE = 2**23
"""Bytes of a file that is read; nobody writes more into a manifest."""
AGAIN = 30.0
"""Seconds after which the folders are walked again."""

_LOG = logging.getLogger(__name__)


class WorkspaceFiles:
    """Where the manifests are: the folders are walked again after a while, and once the client
    says that a file has come or gone.
    """

    def __init__(self, ls: RegistryServer) -> None:
        self._ls = ls
        self._moved = 0
        self._found: tuple[float, int, tuple[str, ...], tuple[ManifestFile, ...]] | None = None
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
        """The manifests in the folders that are not open, :data:`MOST` at most."""
        folders, moved = tuple(str(each) for each in self.folders()), self._moved
        found = self._found
        if found is None or found[1:3] != (moved, folders) or time.monotonic() - found[0] >= AGAIN:
            files = await in_thread(_walk, folders)
            found = self._found = (time.monotonic(), moved, folders, files)
        opened = {path_of(uri) for uri in self.opened()}
        return [each for each in found[3] if PurePath(each[0]) not in opened]


def _walk(folders: Sequence[str]) -> tuple[ManifestFile, ...]:
    search = find_manifests(
        [Path(each) for each in folders], discover(), home=Path.home(), environ=dict(os.environ)
    )
    if len(search.files) > MOST:
        _LOG.warning("of %s manifests only the first %s are looked at", len(search.files), MOST)
    return search.files[:MOST]
