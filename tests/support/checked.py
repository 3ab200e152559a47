"""Peers and records for tests of ``check``: an ecosystem that only knows its files by name, and
assessments as the judgement would give them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from registry_lsp.core.findings import Arg, Assessment, Code, Finding, Verdict
from registry_lsp.core.manifests import Dependency, Locked, Manifest, Part, Source
from registry_lsp.core.packages import (
    Found,
    Lookup,
    Package,
    PackageId,
    RegistryRef,
    Release,
)
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.project import Alone
from registry_lsp.core.text import Span

REGISTRY = RegistryRef(url="https://registry.example/")


@dataclass(frozen=True)
class NamedFormat:
    """A manifest format that takes files of one name (or of one pattern, with a folder's name
    in it), and reads nothing in them. With a *mark*, only files that have it are its own, and none
    that has what is *refused*.
    """

    name: str
    mark: str = ""
    refused: str = ""

    @property
    def patterns(self) -> tuple[str, ...]:
        return (f"**/{self.name}",)

    def matches(self, path: PurePath) -> bool:
        return path.match(self.name)

    def holds(self, text: str) -> bool:
        if self.refused and self.refused in text:
            return False
        return not self.mark or self.mark in text

    def decode(self, raw: bytes) -> str:
        return raw.decode()

    def parse(self, text: str) -> Manifest:
        return Manifest()


def nobody(*arguments: object) -> None:
    """Stands where nobody is to be asked."""
    raise AssertionError(f"asked for {arguments}")


def ecosystem(name: str, *files: str) -> Ecosystem:
    """An ecosystem of the given name that has a format for each of *files*."""
    return Ecosystem(
        name=name,
        aliases=(),
        runtime_name=name,
        formats=tuple(NamedFormat(file) for file in files),
        schemes={},
        normalise=str.lower,
        routes=nobody,
        survey=lambda _path, _manifest, _files: Alone(),
        registry=nobody,
        dependency_kinds=("runtime",),
        package_page=nobody,
        samples={},
    )


NPM = ecosystem("npm", "package.json")
PYPI = ecosystem("pypi", "requirements.txt", "pyproject.toml")


def finding(code: Code, **args: Arg) -> Finding:
    """A finding on the name."""
    return Finding(code=code, part=Part.NAME, args=tuple(args.items()))


def assessment(
    name: str,
    *findings: Finding,
    at: int = 0,
    specifier: str = "^1.0.0",
    current: str | None = None,
    wanted: str | None = None,
    latest: str | None = None,
    source: Source = Source.REGISTRY,
    lookup: Lookup | None = None,
    locked: tuple[Locked, ...] = (),
    written: str = "",
) -> Assessment:
    """A dependency called *name*, written at the offset *at* as ``name specifier``."""
    id = PackageId(ecosystem="npm", name=name, registry=REGISTRY)
    end = at + len(name)
    return Assessment(
        dependency=Dependency(
            name=name,
            display_name=name,
            name_span=Span(at, end),
            specifier=specifier,
            specifier_span=Span(end + 1, end + 1 + len(specifier)),
            span=Span(at, end + 1 + len(specifier)),
            section="dependencies",
            dialect="npm",
            source=source,
            written=written,
        ),
        id=id,
        locked=locked,
        lookup=lookup or Found(package=Package(id=id, display_name=name), asked_at=0.0),
        verdict=Verdict(
            current=current,
            wanted=Release(version=wanted) if wanted else None,
            latest=Release(version=latest) if latest else None,
            findings=findings,
        ),
    )
