"""A toy ecosystem: lines of ``name>=1.2`` in ``toy.txt``, versions of plain dotted numbers.

It has what the core and the session must cope with (pins, ranges, tags, withdrawn releases,
prereleases marked by an ``a``) and none of a real ecosystem's rules.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from registry_lsp.core.edits import Edit
from registry_lsp.core.findings import Code
from registry_lsp.core.gates import Gate
from registry_lsp.core.ignores import Ignoring
from registry_lsp.core.manifests import Dependency, Manifest, Problem, Source
from registry_lsp.core.packages import (
    Missing,
    Package,
    PackageId,
    RegistryRef,
    Release,
    SearchHit,
    SearchPage,
)
from registry_lsp.core.ports.answers import Fetched, NotModified
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.http import Validators
from registry_lsp.core.ports.project import Alone
from registry_lsp.core.ports.registry import MetadataAnswer, PackageAnswer, ProvenanceAnswer
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.core.text import Span
from registry_lsp.syntax.quoting import as_it_is

REGISTRY = RegistryRef(url="https://registry.example/")

_LINE = re.compile(
    r"(?P<name>[a-z-]+)(?P<specifier>[^ \n]*)(?: *!(?P<source>\w+))?(?: *@(?P<index>\w+))?"
)
_SPECIFIER = re.compile(r"(?P<operator>==|>=|<|@|)(?P<version>[\w.]*)")


@dataclass(frozen=True)
class ToyRequirement:
    operator: str
    version: str

    @property
    def pinned(self):
        return self.version if self.operator == "==" else None

    @property
    def tag(self):
        return self.version if self.operator == "@" else None

    @property
    def named(self):
        return (self.version,) if self.operator not in ("", "@") else ()

    def admits(self, version):
        key, mine = ToyScheme().key(version), ToyScheme().key(self.version)
        if self.operator == "@" or key is None:
            return False
        if ToyScheme().is_prerelease(version) and "a" not in self.version:
            return False
        return {
            "": lambda: True,
            "==": lambda: key == mine,
            ">=": lambda: key >= mine,
            "<": lambda: key < mine,
        }[self.operator]()

    def excludes(self, version):
        return False


class ToyScheme:
    def parse(self, specifier, *, prereleases=None):
        match = _SPECIFIER.fullmatch(specifier)
        if match is None or (match["operator"] not in ("", "@") and not self.key(match["version"])):
            raise InvalidRequirementError(f"{specifier} is no toy specifier.")
        return ToyRequirement(match["operator"], match["version"])

    def key(self, version):
        match = re.fullmatch(r"(\d+(?:\.\d+)*)(?:a(\d+))?", version)
        if match is None:
            return None
        final = match[2] is None
        release = re.sub(r"(\.0+)+$", "", match[1])
        return (tuple(map(int, release.split("."))), final, int(match[2] or 0))

    def is_prerelease(self, version):
        return "a" in version

    def segments(self, version):
        return (0, *map(int, version.partition("a")[0].split(".")))

    def wanted(self, requirement, package, runtime):
        if requirement.tag is not None:
            version = package.tagged(requirement.tag)
            return package.release(version) if version else None
        admitted = [each for each in package.releases if requirement.admits(each.version)]
        if requirement.pinned:
            return admitted[0] if admitted else None
        admitted = [each for each in admitted if not each.yanked]
        fitting = [each for each in admitted if _fits(each, runtime)]
        return next(iter(fitting or admitted), None)

    def latest(self, requirement, package, runtime):
        usable = [each for each in package.releases if not each.yanked and _fits(each, runtime)]
        stable = [each for each in usable if not self.is_prerelease(each.version)]
        return next(iter(stable or usable), None)

    misfit = Code.INCOMPATIBLE_PYTHON
    passes_misfits_over = True

    def runs(self, release, runtime):
        return _fits(release, runtime)

    def replace(self, specifier, version):
        match = _SPECIFIER.fullmatch(specifier)
        operator = match["operator"] if match and match["operator"] not in ("<", "@") else ""
        return f"{operator or '>='}{version}"

    def pin(self, version):
        return f"=={version}"

    def widen(self, specifier, version):
        if not specifier.startswith("<") or self.parse(specifier).admits(version):
            return None
        return f"<{self.segments(version)[1] + 1}"

    def ranges(self, version):
        return (f">={version}", version)

    def ceilings(self, version):
        return (str(self.segments(version)[1] + 1),)


def _fits(release, runtime):
    return runtime is None or release.runtime is None or release.runtime <= runtime


class ToyIgnores:
    def add(self, text, manifest, dependency, code):
        end = dependency.span.end
        return Ignoring(edit=Edit(span=Span(end, end), text=f" #{code}"))

    def remove(self, text, manifest, unused):
        return ()


class ToyFormat:
    name = "toy.txt"
    patterns = ("**/toy.txt",)
    ignoring = ToyIgnores()
    quoting = staticmethod(as_it_is)

    def __init__(self):
        self.parsed = 0

    def matches(self, path: PurePath) -> bool:
        return path.name == "toy.txt"

    def holds(self, text: str) -> bool:
        return "# no toy" not in text

    def decode(self, raw: bytes) -> str:
        return raw.decode("utf-8-sig")

    def parse(self, text: str) -> Manifest:
        self.parsed += 1
        dependencies, problems, at = [], [], 0
        for line in text.splitlines(keepends=True):
            match = _LINE.match(line)
            if match and line.strip():
                dependencies.append(_dependency(match, at))
            elif line.strip():
                problems.append(Problem(span=Span(at, at + len(line.rstrip())), reason="Odd."))
            at += len(line)
        return Manifest(dependencies=tuple(dependencies), problems=tuple(problems))

    def words_at(self, text: str, offset: int) -> None:
        return None

    def completed(self, text: str, offset: int, fill: str) -> str:
        return text

    def fault(self, text: str) -> Problem | None:
        at = text.find("?")
        return Problem(span=Span(at, at + 1), reason="Odd.") if at >= 0 else None


def _dependency(match: re.Match[str], at: int) -> Dependency:
    return Dependency(
        name=match["name"],
        display_name=match["name"],
        name_span=Span(at + match.start("name"), at + match.end("name")),
        specifier=match["specifier"],
        specifier_span=Span(at + match.start("specifier"), at + match.end("specifier")),
        span=Span(at + match.start(), at + match.end()),
        section="toys",
        dialect="toy",
        source=Source(match["source"] or "registry"),
        index=match["index"],
    )


@dataclass(frozen=True)
class ToyRoutes:
    gate: Gate | None = None
    url: str = REGISTRY.url

    def gate_for(self, dependency, manifest):
        return self.gate

    def registry_for(self, dependency, manifest):
        if dependency.index is not None:
            return RegistryRef(url=f"https://{dependency.index}.example/")
        return None if dependency.name.startswith("secret") else RegistryRef(url=self.url)

    def why_unknown(self, dependency, manifest):
        return "secrets are kept"


class ToyRegistry:
    """A registry in memory that answers when it is let: ``answers`` by name, ``gate`` to pass, and
    those of ``gates`` by name.
    """

    def __init__(self, answers: Mapping[str, PackageAnswer]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        self.whole: list[str] = []
        self.described: dict[tuple[str, str], MetadataAnswer] = {}
        self.provenances: dict[tuple[str, str], ProvenanceAnswer] = {}
        self.vouched: list[tuple[str, str]] = []
        self.has_search = True
        self.gate = asyncio.Event()
        self.gate.set()
        self.gates: dict[str, asyncio.Event] = {}
        self.at_once = 0
        self.most_at_once = 0

    async def package(
        self, id: PackageId, *, full: bool, known: Validators | None = None
    ) -> PackageAnswer:
        self.asked.append(id.name)
        self.whole += [id.name] if full else []
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.gate.wait()
            if id.name in self.gates:
                await self.gates[id.name].wait()
        finally:
            self.at_once -= 1
        answer = self.answers.get(id.name, Missing())
        if isinstance(answer, Exception):
            raise answer
        if known is not None and isinstance(answer, Fetched) and known == answer.validators:
            return NotModified(fresh_for=answer.fresh_for)
        return answer

    async def metadata(self, id: PackageId, version: str):
        return self.described.get((id.name, version), Missing())

    async def provenance(self, id: PackageId, release: Release):
        self.vouched.append((id.name, release.version))
        await self.gate.wait()
        return self.provenances.get((id.name, release.version), Missing())

    async def names(self, registry):
        return None

    async def search(self, registry, text, *, size, start):
        hits = tuple(SearchHit(name=name) for name in sorted(self.answers) if text in name)
        page = SearchPage(hits=hits[start : start + size], total=len(hits))
        return Fetched(value=page, fresh_for=60.0) if self.has_search else None


def package(name: str, *versions: str | Release, tags: Mapping[str, str] | None = None) -> Package:
    """A toy package with *versions*, newest first."""
    releases = tuple(
        each if isinstance(each, Release) else Release(version=each) for each in versions
    )
    return Package(
        id=PackageId(ecosystem="toy", name=name, registry=REGISTRY),
        display_name=name,
        releases=releases,
        dist_tags=tuple((tags or {}).items()),
    )


def fetched(package: Package, *, fresh_for: float = 600.0, etag: str | None = None):
    """The answer of a registry that has *package*."""
    return Fetched(value=package, validators=Validators(etag=etag), fresh_for=fresh_for)


def ecosystem(registry: ToyRegistry) -> Ecosystem:
    """The toy ecosystem, in front of *registry*."""
    return Ecosystem(
        name="toy",
        aliases=(),
        runtime_name="Toy",
        formats=(ToyFormat(),),
        schemes={"toy": ToyScheme()},
        normalise=str.lower,
        routes=lambda _: ToyRoutes(),
        survey=lambda _path, _manifest, _files: Alone(),
        registry=lambda _: registry,
        dependency_kinds=("runtime", "optional"),
        package_page=lambda id, version: f"https://registry.example/{id.name}",
        samples={"toy.txt": "one>=1\n"},
    )
