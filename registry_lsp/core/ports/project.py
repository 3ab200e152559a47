"""The seam to what the files around a manifest say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from registry_lsp.core.manifests import Dependency, Locked, Manifest
from registry_lsp.core.pointers import Mentions, Pointer

T = TypeVar("T")


class Files(Protocol):
    """The files around a manifest, as they are on disk. What is asked for is remembered, so that
    the project is surveyed anew when any of it changes.
    """

    def read(self, path: Path, reader: Callable[[bytes], T]) -> T | None:
        """What *reader* makes of a file's bytes, kept for as long as the file is the same one.

        None where there is no such file, or none that can be read or that is of a size that
        anybody would read; and where *reader* raises ValueError. It runs outside the event loop,
        and may not hold the interpreter for more than a few milliseconds at a time.
        """
        ...

    def names(self, folder: Path) -> tuple[str, ...]:
        """The names in a folder, sorted; none where there is no such folder."""
        ...

    def shown(self, path: Path) -> str | None:
        """What the editor shows of the file at *path* where it has it open, saved or not, as it was
        when somebody last paused; None where it has not. It is nobody's word on where names go.
        """
        ...

    def gathered(self, folder: Path, gather: Callable[[Path, Files], T]) -> T:
        """What *gather* makes of the files in and below *folder*, kept for all who ask until any
        file that it has asked for changes: for what takes many files, as a workspace's members.
        """
        ...


class Project(Protocol):
    """What the files around a manifest say of it. Pure, and quick enough for each keystroke."""

    def resolve(self, manifest: Manifest) -> Manifest:
        """*manifest* with what stands elsewhere put in: the specifiers of catalogs, the indexes
        of the files that include it, problems with what it refers to. The dependencies remain
        the same ones in the same order.
        """
        ...

    def locked(self, dependency: Dependency) -> tuple[Locked, ...]:
        """The versions of a (resolved) dependency that are locked, else installed: several where
        that depends on markers, none where nobody knows.
        """
        ...

    def definitions(self, dependency: Dependency, manifest: Manifest) -> tuple[Pointer, ...]:
        """Where what a *dependency* of a (resolved) *manifest* stands for is said: the entry of
        its catalog, the manifest of the package in the project or on the disk that it is, else
        what the lock file has of it, else what is installed of it. Nothing of it need be there.
        """
        ...

    def mentions(self, dependency: Dependency | None, manifest: Manifest) -> Mentions:
        """Where else the project speaks of a *dependency* of a (resolved) *manifest* that it has
        itself: the entry of a catalog, or a package of its own; None is the manifest's own.
        """
        ...

    def substitutes(self, dependency: Dependency) -> tuple[str, ...]:
        """What the project itself has to stand in the place of a version of *dependency*, the
        likeliest first.
        """
        ...

    def members(self) -> frozenset[str]:
        """The names of the packages that the project has itself, and no registry hears of."""
        ...

    def locked_names(self) -> frozenset[str]:
        """The names of all that is locked, else installed, whoever asks for it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """The project of a manifest that has no files around it."""

    def resolve(self, manifest: Manifest) -> Manifest:
        """*manifest* itself."""
        return manifest

    def locked(self, _dependency: Dependency) -> tuple[Locked, ...]:
        """None."""
        return ()

    def definitions(self, _dependency: Dependency, _manifest: Manifest) -> tuple[Pointer, ...]:
        """None."""
        return ()

    def mentions(self, _dependency: Dependency | None, _manifest: Manifest) -> Mentions:
        """Nowhere."""
        return Mentions()

    def members(self) -> frozenset[str]:
        """None."""
        return frozenset()

    def locked_names(self) -> frozenset[str]:
        """None."""
        return frozenset()

    def substitutes(self, _dependency: Dependency) -> tuple[str, ...]:
        """None."""
        return ()
