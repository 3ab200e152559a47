"""Which registry a name is asked of that somebody asks about: what the manifests of the project
say of it stands over what its configuration says of all names.

Those of the folder that is asked for say it first, and what is open. The others of the workspace,
open or not, say which names are none of the public's business: what one of them has from elsewhere,
or is itself, no public registry hears of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TypeAlias

from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.ports.routes import Routes
from registry_lsp.core.text import Snapshot, printable
from registry_lsp.core.threads import in_thread
from registry_lsp.features import wording
from registry_lsp.finding.find import MOST_FOLDERS, holds_everything, is_project, manifests_below
from registry_lsp.session.documents import WITHIN, Document, Nowhere
from registry_lsp.session.surveys import Surveyor

Way: TypeAlias = Callable[[Ecosystem, "Path | None"], Routes]
_Named: TypeAlias = tuple[Document, Dependency]

_MOST = 200
"""Manifests of a folder that are looked at; more than any has."""
_MOST_BELOW = 50
"""Manifests that say where all names come from, for a folder that has none itself."""
_LARGEST = 2 * 2**20
"""Bytes of the largest manifest that is read."""

_UNKNOWN = "it cannot be told which registry has it"
_TOO_MANY = "its folder has too many others below it to see which of them keep the name private"
_UNSAVED = "what is being typed would have it from another registry than what is saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Nobody may be asked: ``why``, as the end of a sentence."""

    why: str


class _KeptError(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.kept = Kept(why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """The manifests of a workspace: the ``near`` ones, those elsewhere that spell the name
    (``others``), and ``below`` a folder without any those that say where its names come from.
    """

    near: tuple[Document, ...] = ()
    others: tuple[Document, ...] = ()
    below: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Reads the manifests around a folder and those that are *open* somewhere, for what they bind.
    *home* and *environ* are the user's; *folders* are all that the workspace has.
    """

    routes: Way
    home: Path
    environ: Mapping[str, str] = field(repr=False)
    open: Callable[[], Iterable[Document]] = tuple
    folders: Callable[[], Iterable[Path]] = tuple

    async def registry_for(
        self, ecosystem: Ecosystem, name: Dependency, folder: Path | None
    ) -> RegistryRef | Kept:
        """The registry that has *name*, as if a manifest in *folder* named it."""
        try:
            return await self._registry_for(ecosystem, name, folder)
        except _KeptError as error:
            return error.kept

    async def registry_for_all(
        self, ecosystem: Ecosystem, names: Iterable[Dependency], folder: Path | None
    ) -> RegistryRef | Kept:
        """The registry that may hear of all *names*: that of the only ones that have another than
        the first name.
        """
        try:
            return _agreed([await self._registry_for(ecosystem, each, folder) for each in names])
        except _KeptError as error:
            return error.kept

    async def _registry_for(
        self, ecosystem: Ecosystem, name: Dependency, folder: Path | None
    ) -> RegistryRef:
        beside = tuple(self.folders())
        around = await in_thread(self._look, ecosystem, name.name, folder, beside)
        surveyor = Surveyor(lambda ecosystem, path: self.routes(ecosystem, Path(path).parent))
        near = [await surveyor.look_around(each) for each in around.near]
        others = [await surveyor.look_around(each) for each in around.others]
        near_or_open = [*(it for it in self.open() if it.ecosystem.name == ecosystem.name), *near]
        bound = _bound(near_or_open, name.name) or _bound(others, name.name)
        elsewhere = [
            each
            for each in _naming([*near_or_open, *others], name.name)
            if not each[1].source.is_looked_up
        ]
        if bound:
            found = _agreed(bound)
            if not _is_told_to_all(found):
                return found
            found = _agreed([*bound, *_bound(others, name.name)])
            if elsewhere and _is_told_to_all(found):
                raise _KeptError(_told_elsewhere(*elsewhere[0], folder))
            return found
        if elsewhere:
            raise _KeptError(_told_elsewhere(*elsewhere[0], folder))
        own = [it for it in others if it.manifest.name == name.name]
        own += [it for it in near if it.manifest.name == name.name and it.manifest.is_private]
        if own:
            whose = f"it is the project's own, by {_shown(own[0].path, folder)}"
            raise _KeptError(whose)
        saying = near or [await surveyor.look_around(each) for each in around.below]
        if not saying:
            routes = await in_thread(self.routes, ecosystem, folder)
            return _certain(routes.registry_for(name, Manifest()), routes, name, Manifest())
        return _agreed([_served(each, name) for each in saying])

    # --- what lies around, off the event loop -------------------------------------------------

    def _look(
        self, ecosystem: Ecosystem, name: str, folder: Path | None, beside: Sequence[Path]
    ) -> _Around:
        if folder is None:
            return _Around()
        near = _nearest(ecosystem, folder)
        root = self._root(folder, near)
        roots = [root, *(self._root(it, ()) for it in beside if not _lies_in(it, root))]
        known = {each.path for each in near}
        rest: dict[Path, ManifestFormat] = {}
        for place in filter(None, dict.fromkeys(roots)):
            files = manifests_below(
                place, (ecosystem,), home=self.home, environ=self.environ, most=MOST_FOLDERS
            )
            if files is None:
                raise _KeptError(_TOO_MANY)
            rest |= {path: format for path, _, format in files if path not in known}
        spelled = _spelled(name)
        others = [
            _document(ecosystem, format, path, text)
            for path, format in rest.items()
            if (text := _spelling(path, format, spelled, folder)) is not None
        ]
        below: list[Document] = []
        if not near and root is not None:
            own = sorted((it for it in rest if _lies_in(it, root)), key=lambda it: len(it.parts))
            for path in own[:_MOST_BELOW]:
                format = rest[path]
                text = _read(path, format, folder)
                below += [_document(ecosystem, format, path, text)] if format.holds(text) else []
        return _Around(near=near, others=tuple(others), below=tuple(below))

    def _root(self, folder: Path, near: Sequence[Document]) -> Path | None:
        """The folder of the whole workspace: the nearest one that is under version control, else
        that of the nearest manifests. None for one that holds all that the user has.
        """
        for each in (folder, *folder.parents):
            if holds_everything(each, self.home):
                break
            if is_project(each):
                return each
        root = Path(near[0].path).parent if near else folder
        return None if holds_everything(root, self.home) else root


def _lies_in(path: Path, folder: Path | None) -> bool:
    return folder is not None and path.is_relative_to(folder)


def _nearest(ecosystem: Ecosystem, folder: Path) -> tuple[Document, ...]:
    """The manifests in *folder*, or in the nearest one above it that has any."""
    for place in (folder, *folder.parents):
        found = tuple(_documents(ecosystem, place, folder))
        if found:
            return found
    return ()


def _documents(ecosystem: Ecosystem, place: Path, folder: Path) -> Iterator[Document]:
    try:
        paths = sorted(place.iterdir())
    except OSError:
        return
    # by formats, as scripts may be many and come last
    pairs = [
        (path, format) for format in ecosystem.formats for path in paths if format.matches(path)
    ]
    for path, format in pairs[:_MOST]:
        if path.is_file():
            text = _read(path, format, folder)
            if format.holds(text):
                yield _document(ecosystem, format, path, text)


def _document(ecosystem: Ecosystem, format: ManifestFormat, path: Path, text: str) -> Document:
    return Document(
        snapshot=Snapshot(uri=path.as_uri(), version=0, text=text),
        path=PurePath(path),
        ecosystem=ecosystem,
        format=format,
        routes=Nowhere(),  # read with what lies around it
    )


def _read(path: Path, format: ManifestFormat, folder: Path) -> str:
    """The text of a manifest; empty for a file of a format whose files need not be manifests.

    What cannot be read might say where the name comes from, and then nobody is asked.
    """
    try:
        raw = path.read_bytes() if path.stat().st_size <= _LARGEST else None
        if raw is not None:
            return format.decode(raw)
        why = f"it is larger than {_LARGEST // 2**20} MB"
    except UnicodeDecodeError as error:
        why = f"it is not {error.encoding.upper()} text"
    except OSError as error:
        why = error.strerror or "it cannot be opened"
    if not format.holds(""):
        return ""
    said = f"{_shown(path, folder)} cannot be read ({why}), and may say where it comes from"
    raise _KeptError(said)


def _spelling(
    path: Path, format: ManifestFormat, spelled: re.Pattern[bytes], folder: Path
) -> str | None:
    """The text of a manifest somewhere in the workspace that spells the name, as most do not."""
    try:
        if path.stat().st_size <= _LARGEST and spelled.search(path.read_bytes()) is None:
            return None
    except OSError:
        pass  # who reads it says why it cannot be
    return _read(path, format, folder)


def _spelled(name: str) -> re.Pattern[bytes]:
    """*name* as files may spell it: case, and which of '-', '_' and '.' stand in it, may differ."""
    parts = (re.escape(each).replace("/", r"\\?/") for each in re.split(r"[-_.]+", name))
    return re.compile("[-_.]+".join(parts).encode(), re.IGNORECASE)


# --- what the manifests say -------------------------------------------------------------------


def _naming(documents: Iterable[Document], name: str) -> list[_Named]:
    """The dependencies of that *name*, but those that only say where its specifier stands."""
    return [
        (document, each)
        for document in documents
        for each in document.manifest.dependencies
        if each.name == name and each.source not in WITHIN
    ]


def _bound(documents: Iterable[Document], name: str) -> list[RegistryRef]:
    """The registries that *documents* have *name* from, where they name it."""
    found = []
    for document, each in _naming(documents, name):
        if each.source.is_looked_up:
            if document.is_withheld(each):
                raise _KeptError(_UNSAVED)
            found.append(_served(document, each))
    return found


def _served(document: Document, dependency: Dependency) -> RegistryRef:
    routes, manifest = document.routes, document.manifest
    if not document.is_surveyed:
        raise _KeptError(document.why_unknown(dependency) or _UNKNOWN)
    return _certain(routes.registry_for(dependency, manifest), routes, dependency, manifest)


def _certain(
    ref: RegistryRef | None, routes: Routes, dependency: Dependency, manifest: Manifest
) -> RegistryRef:
    if ref is not None:
        return ref
    raise _KeptError(routes.why_unknown(dependency, manifest) or _UNKNOWN)


def _agreed(refs: Iterable[RegistryRef]) -> RegistryRef:
    """The registry that manifests have a name from: where only some would ask a registry that is
    not public, that one.
    """
    found: dict[tuple[str, ...], RegistryRef] = {}
    for ref in refs:
        found.setdefault(tuple(each.url for each in ref.in_turn()), ref)
    own = [ref for ref in found.values() if not _is_public(ref)]
    if len(own) > 1:
        hosts = ", ".join(printable(host, 100) for host in dict.fromkeys(it.host for it in own))
        raise _KeptError(f"the project's manifests have it from different registries ({hosts})")
    return own[0] if own else next(iter(found.values()))


def _is_public(ref: RegistryRef) -> bool:
    return all(each.is_public for each in ref.in_turn())


def _is_told_to_all(ref: RegistryRef) -> bool:
    """Whether a public registry may hear of a name that is asked there."""
    return any(each.is_public for each in ref.in_turn())


def _told_elsewhere(document: Document, dependency: Dependency, folder: Path | None) -> str:
    whence = wording.elsewhere(dependency) or "comes from elsewhere"
    return f"by {_shown(document.path, folder)} it {whence}"


def _shown(path: PurePath, folder: Path | None) -> str:
    """*path* from *folder* where it lies below that, for people."""
    is_below = folder is not None and path.is_relative_to(folder)
    return printable((path.relative_to(folder) if is_below and folder else path).as_posix(), 300)
