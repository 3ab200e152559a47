"""Manifests as projects have them: of well-known projects, cut down and with other hosts, and
some that hold every form of their kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.ecosystems import discover

FOLDER = Path(__file__).parents[1] / "corpus"


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """One manifest, with who reads it. ``id`` names it in a test's output."""

    id: str
    ecosystem: Ecosystem
    format: ManifestFormat
    text: str

    def __repr__(self) -> str:
        return self.id


def files() -> tuple[Path, ...]:
    """Every file of the corpus."""
    return tuple(sorted(path for path in FOLDER.rglob("*") if path.is_file()))


def _cases(id: str, path: PurePath, text: str) -> list[Case]:
    return [
        Case(id, ecosystem, format, text)
        for ecosystem in discover()
        for format in ecosystem.formats
        if format.matches(path) and format.holds(text)
    ]


def corpus() -> tuple[Case, ...]:
    """The corpus' manifests."""
    return tuple(
        case
        for path in files()
        for case in _cases(path.relative_to(FOLDER).as_posix(), path, path.read_bytes().decode())
    )


def samples() -> tuple[Case, ...]:
    """The samples that the ecosystems bring along."""
    return tuple(
        case
        for ecosystem in discover()
        for name, text in ecosystem.samples.items()
        for case in _cases(f"{ecosystem.name}-{name}", PurePath(name), text)
    )
