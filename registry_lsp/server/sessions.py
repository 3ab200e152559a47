"""Which session a document belongs to: one for each tree of settings that holds anywhere.

Settings never change within a session. Where they change, its documents move to another one, which
finds on disk what the first has learned.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeAlias

from registry_lsp.core.settings import Settings
from registry_lsp.server.places import path_of

if TYPE_CHECKING:
    from registry_lsp.session.session import Session

Answer: TypeAlias = Callable[[str, object, "Path | None"], "Awaitable[dict[str, Any]]"]
"""Answers a package query by its operation, its parameters and the folder of the project."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workplace:
    """A session, the settings that it was made with, and who answers queries on what it knows."""

    settings: Settings
    session: Session
    answer: Answer


class Sessions:
    """The sessions of a workspace. *start* makes one for some settings."""

    def __init__(self, start: Callable[[Settings], Workplace]) -> None:
        self._start = start
        self._places: dict[Settings, Workplace] = {}
        self._by_folder: dict[str | None, Settings] = {None: Settings()}

    def __iter__(self) -> Iterator[Workplace]:
        return iter(self._places.values())

    def of(self, uri: str) -> Workplace:
        """The one that *uri* belongs to: that of the innermost folder around it."""
        settings = self._by_folder[self._folder_around(path_of(uri))]
        if settings not in self._places:
            self._places[settings] = self._start(settings)
        return self._places[settings]

    def settings_at(self, path: PurePath) -> Settings | None:
        """The settings of the workspace's innermost folder around *path*; None where none is."""
        folder = self._folder_around(path)
        return self._by_folder[folder] if folder is not None else None

    def know(self, folders: Iterable[str]) -> bool:
        """Whether it is known what is set for all *folders*, by their URIs."""
        return all(each in self._by_folder for each in folders)

    def hold(self, by_folder: Mapping[str | None, Settings]) -> bool:
        """Whether it is these settings that hold for just these folders."""
        return self._by_folder == {None: Settings(), **by_folder}

    def configure(self, by_folder: Mapping[str | None, Settings]) -> list[Session]:
        """Have these settings hold for the folders, by their URIs, and None for what lies in none
        of them. Documents move at once; the sessions that nobody needs any more are for the
        caller to close.
        """
        self._by_folder = {None: Settings(), **by_folder}
        for old in tuple(self._places.values()):
            for uri in tuple(old.session.documents):
                new = self.of(uri)
                if new is not old:
                    new.session.adopt(old.session.release(uri))
        wanted = set(self._by_folder.values())
        return [self._places.pop(each).session for each in set(self._places) - wanted]

    def _folder_around(self, path: PurePath) -> str | None:
        if not path.is_absolute():
            return None
        around = [
            (len(folder_path.parts), folder)
            for folder in self._by_folder
            if folder is not None and path.is_relative_to(folder_path := path_of(folder))
        ]
        return max(around)[1] if around else None
