"""The files of a project, and the releases that they make. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from packaging.version import Version

from registry_lsp.core.packages import Release
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.versions.choice import parse_version
from registry_lsp.net.decoding import as_mapping

_SDISTS = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tbz", ".tar.xz", ".txz", ".tar")
_BUILT = (".whl", ".egg")
_HASH = re.compile(r"([a-z0-9_]{1,16})=([0-9a-f]{16,256})")
_ALGORITHMS = hashlib.algorithms_guaranteed - {"shake_128", "shake_256"}  # of no fixed length
_SPARE = 64  # code points by which a written name may be longer than the normalised one


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a release. ``version`` is None where its name does not tell; ``address`` may
    be relative to its page, as may ``provenance``, that of its attestations (PEP 740);
    ``uploaded`` is seconds since the epoch. ``hashes`` is what the page says of the metadata
    file that is offered beside it, as it stands there: one is read of thousands.
    """

    name: str
    version: Version | None
    address: str = ""
    yanked: bool = False
    yanked_reason: str | None = None
    python: str | None = None
    uploaded: float | None = None
    has_metadata: bool = False
    hashes: object = None
    provenance: str | None = None

    @property
    def is_wheel(self) -> bool:
        """Whether it is a wheel."""
        return self.name.endswith(".whl")

    @property
    def metadata_hash(self) -> tuple[str, str] | None:
        """The strongest hash of the metadata file: a name of hashlib's and hexadecimal digits;
        None where none is given.
        """
        said = self.hashes
        texts = [f"{name}={digits}" for name, digits in as_mapping(said).items()]
        found = [hash for each in (*texts, said) if (hash := _hash(each)) is not None]
        return max(found, key=_length, default=None)


def _hash(text: object) -> tuple[str, str] | None:
    """``algorithm=digits``, where that is an algorithm that every Python has."""
    match = _HASH.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    return (match[1], match[2]) if match is not None and match[1] in _ALGORITHMS else None


def _length(hash: tuple[str, str]) -> int:
    return len(hash[1])


class FileNames:
    """Reads versions from the names of one *project*'s files.

    Not by packaging's own readers: those refuse the names that were made before there were rules,
    and take a tenth of a second for the wheels of the biggest projects.
    """

    def __init__(self, project: str) -> None:
        self._project = normalise(project)
        self._is_project: dict[str, bool] = {}

    def version(self, name: str) -> Version | None:
        """The version in the name of a wheel, an egg or a source archive; None for any other
        file, and for one that is another project's, which pip would not take either.
        """
        for suffix in _BUILT:
            if name.endswith(suffix):
                return self._of_built(name[: -len(suffix)])
        for suffix in _SDISTS:
            if name.endswith(suffix):
                return self._of_sdist(name[: -len(suffix)])
        return None

    def _of_built(self, stem: str) -> Version | None:
        """A hyphen parts name from version, and is in neither (the binary distribution format)."""
        name, _, rest = stem.partition("-")
        version = rest.partition("-")[0]
        return parse_version(version) if self._names_project(name) else None

    def _of_sdist(self, stem: str) -> Version | None:
        """Old names may have hyphens in the project's name: it ends where it is the project's."""
        at = stem.find("-")
        while 0 < at <= len(self._project) + _SPARE:
            if self._names_project(stem[:at]):
                return parse_version(stem[at + 1 :])
            at = stem.find("-", at + 1)
        return None

    def _names_project(self, name: str) -> bool:
        known = self._is_project.get(name)
        if known is None:
            known = self._is_project[name] = normalise(name) == self._project
        return known


def releases_of(files: Iterable[File], listed: Iterable[str] = ()) -> tuple[Release, ...]:
    """The releases that *files* make, newest first, spelled as in *listed*.

    A version that is listed without a file cannot be installed, and is left out; unless there
    are no files at all, which says nothing of any. A release is yanked where all its files are
    (PEP 592 yanks files; a release that has another one left can be installed).
    """
    spellings: dict[Version, str] = {}
    for text in listed:
        if (key := parse_version(text)) is not None:
            spellings.setdefault(key, text)
    by_version: dict[Version, list[File]] = {}
    for file in files:
        if file.version is not None:
            by_version.setdefault(file.version, []).append(file)
    if not by_version:
        by_version = {key: [] for key in spellings}
    found = [
        (key, _release(spellings.get(key) or str(key), its)) for key, its in by_version.items()
    ]
    found.sort(key=itemgetter(0), reverse=True)
    return tuple(release for _, release in found)


def _release(version: str, files: list[File]) -> Release:
    yanked = bool(files) and all(file.yanked for file in files)
    dates = [file.uploaded for file in files if file.uploaded is not None]
    return Release(
        version=version,
        published=min(dates, default=None),
        yanked=yanked,
        yanked_reason=_first(file.yanked_reason for file in files) if yanked else None,
        runtime=_first(file.python for file in files),
        provenance=_first(file.provenance for file in files),
    )


def _first(texts: Iterable[str | None]) -> str | None:
    return next((text for text in texts if text), None)
