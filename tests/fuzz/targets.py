"""The targets: every format and version scheme of every ecosystem, what lies around manifests,
what registries answer, and the scanners below them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomli
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement

from fuzz.bases import ANSWERS, CONFIGURATIONS, OSV, REQUIREMENTS, SPECIFIERS, YAML
from fuzz.engine import Target
from fuzz.inputs import bodies, texts
from registry_lsp.core.advisories import merged
from registry_lsp.core.manifests import Locked, Manifest
from registry_lsp.core.packages import PackageId, RegistryRef, Release, ReleaseId
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.http import Response
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.ports.versions import InvalidRequirementError, VersionScheme
from registry_lsp.ecosystems import discover
from registry_lsp.net.decoding import GarbageError
from registry_lsp.services.advisories.kept import decode, encode
from registry_lsp.services.advisories.records import Subject, read_batch, read_record
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.requirements.specifier import scan_requirement
from registry_lsp.syntax.toml.scanner import scan_toml
from registry_lsp.syntax.toml.values import MOST_PARTS
from registry_lsp.syntax.yaml.scanner import scan_yaml
from support.corpus import corpus, samples
from support.held import Held
from support.hostile import read_all
from support.scanned_texts import PACKAGE_JSON, PYPROJECT
from support.toy import ToyScheme
from support.trees import plain, strings

_LOCKS = Path(__file__).parents[1] / "ecosystems"
_PROJECT = Path.cwd() / "project"
_REGISTRY = RegistryRef(url="https://registry.example/simple/")


def targets() -> dict[str, Target]:
    """All targets by their names."""
    found = [*_scanners()]
    for ecosystem in discover():
        found += [*_formats(ecosystem), *_schemes(ecosystem), *_registries(ecosystem)]
        found += [_project(ecosystem), _configuration(ecosystem)]
    found += _advisories()
    return {target.name: target for target in found}


# --- the scanners -----------------------------------------------------------------------------


def _scanners() -> Iterator[Target]:
    trees = ((PACKAGE_JSON, _json, "json"), (PYPROJECT, _toml, "toml"), (YAML, _yaml, "yaml"))
    for base, check, name in trees:
        yield Target(name=f"syntax:{name}", inputs=texts((base,)), check=check)
    inputs = texts(REQUIREMENTS)
    yield Target(name="syntax:requirement", inputs=inputs, check=_requirement)


def _json(text: str) -> None:
    tree = scan_json(text)
    _within(text, tree)
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return
    assert repr(plain(tree, json.loads)) == repr(said)


def _toml(text: str) -> None:
    tree = scan_toml(text)
    _within(text, tree)
    try:
        said = tomli.loads(text)
    except (ValueError, RecursionError):
        return
    if _depth(said) <= MOST_PARTS:  # a key of more parts is not read
        assert _sorted(plain(tree, _toml_scalar)) == _sorted(said)


def _depth(said: object) -> int:
    """How many tables lie within one another, counted without recursion."""
    depth, tables = 0, [said]
    while tables := [each for table in tables for each in _within_table(table)]:
        depth += 1
    return depth


def _within_table(said: object) -> list[object]:
    if isinstance(said, dict):
        return list(said.values())
    return list(said) if isinstance(said, list) else []


def _toml_scalar(text: str) -> object:
    return tomli.loads(f"x = {text}")["x"]


def _sorted(said: object) -> object:
    """As text, tables in the order of their keys: a dotted key may come back to an earlier one."""
    if isinstance(said, dict):
        return [(key, _sorted(said[key])) for key in sorted(said)]
    return [_sorted(each) for each in said] if isinstance(said, list) else repr(said)


def _yaml(text: str) -> None:
    _within(text, scan_yaml(text))


def _within(text: str, tree: Any) -> None:
    for each in strings(tree):
        assert 0 <= each.start <= each.inner_start <= each.inner_end <= each.end <= len(text)


def _requirement(text: str) -> None:
    mine = scan_requirement(text, 0, len(text))
    try:
        theirs = Requirement(text)
    except InvalidRequirement:
        return
    assert mine is not None
    assert mine.name == theirs.name
    assert set(mine.extras) == theirs.extras


# --- what an ecosystem reads ------------------------------------------------------------------


def _formats(ecosystem: Ecosystem) -> Iterator[Target]:
    for format in ecosystem.formats:
        bases = [each.text for each in (*samples(), *corpus()) if each.format is format]

        def check(text: str, format=format) -> None:
            assert read_all(format, text) == read_all(format, text)
            assert format.decode(text.encode("utf-8", "replace")) is not None

        inputs = texts(bases, (*SPECIFIERS, *REQUIREMENTS))
        yield Target(name=f"{ecosystem.name}:{format.name}", inputs=inputs, check=check)


def _schemes(ecosystem: Ecosystem) -> Iterator[Target]:
    for dialect, scheme in ecosystem.schemes.items():

        def check(text: str, scheme: VersionScheme = scheme) -> None:
            try:
                requirement = scheme.parse(text)
                said = {requirement.admits("1.2.3"), requirement.admits(text)}
            except InvalidRequirementError as refusal:
                said = {bool(str(refusal).strip())}
            assert said <= {True, False}
            assert scheme.parse(scheme.replace(text, "1.2.3")).admits("1.2.3")
            assert isinstance(scheme.replace("^1.0", text), str)
            assert (scheme.key(text) is None) <= (not scheme.is_prerelease(text))

        name = f"{ecosystem.name}:version {dialect}"
        yield Target(name=name, inputs=texts(SPECIFIERS, SPECIFIERS), check=check)


def _project(ecosystem: Ecosystem) -> Target:
    """The lock files, catalogs, workspaces and included files of real projects."""
    folders = sorted({path.parent for path in (_LOCKS / ecosystem.name / "locks").glob("*/*")})
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    inputs = st.sampled_from(files).flatmap(
        lambda path: st.tuples(
            st.just(path.relative_to(_LOCKS).as_posix()), bodies((path.read_bytes(),))
        )
    )

    def check(given: tuple[str, bytes]) -> None:
        name, raw = given
        folder = next(each for each in folders if each in (_LOCKS / name).parents)
        held = {
            _PROJECT / path.relative_to(folder): path.read_bytes()
            for path in files
            if folder in path.parents
        }
        held[_PROJECT / (_LOCKS / name).relative_to(folder)] = raw
        for path, content in held.items():
            for format in ecosystem.formats:
                if format.matches(path):
                    text = content.decode("utf-8", "replace")
                    _survey(ecosystem, path, format.parse(text), Held(held))

    return Target(name=f"{ecosystem.name}:project", inputs=inputs, check=check)


def _survey(ecosystem: Ecosystem, path: Path, manifest: Manifest, files: Held) -> None:
    project = ecosystem.survey(path, manifest, files)
    assert project == ecosystem.survey(path, manifest, files)
    resolved = project.resolve(manifest)
    assert [each.display_name for each in resolved.dependencies] == [
        each.display_name for each in manifest.dependencies
    ]
    for each in resolved.dependencies:
        for locked in project.locked(each):
            assert isinstance(locked, Locked)
            assert locked.version


def _configuration(ecosystem: Ecosystem) -> Target:
    """The file that says which registries a project asks."""
    name, base = CONFIGURATIONS[ecosystem.name]
    dependencies = [
        (manifest, each)
        for case in samples()
        if case.ecosystem.name == ecosystem.name
        for manifest in [case.format.parse(case.text)]
        for each in manifest.dependencies
    ]

    def check(raw: bytes) -> None:
        with TemporaryDirectory() as folder:
            Path(folder, name).write_bytes(raw)
            surroundings = Surroundings(folder=Path(folder), home=Path(folder, "home"), environ={})
            routes = ecosystem.routes(surroundings)
            for manifest, each in dependencies:
                ref = routes.registry_for(each, manifest)
                assert ref is None or ref.url.startswith("http")

    return Target(name=f"{ecosystem.name}:{name}", inputs=bodies((base.encode(),)), check=check)


# --- what registries answer -------------------------------------------------------------------


@dataclass(frozen=True)
class _Says:
    """A peer of the HTTP client to which every address answers the same."""

    content_type: str
    body: bytes

    async def get(self, url: str, **_: object) -> Response:
        headers = {"content-type": self.content_type}
        return Response(status=200, url=url, headers=headers, body=self.body)

    async def post(self, url: str, **_: object) -> Response:
        return await self.get(url)


def _registries(ecosystem: Ecosystem) -> Iterator[Target]:
    for content_type, document in ANSWERS[ecosystem.name].items():
        base = document if isinstance(document, str) else json.dumps(document)
        yield Target(
            name=f"{ecosystem.name}:answer {content_type}",
            inputs=bodies((base.encode(),)),
            check=_asked(ecosystem, content_type),
        )


def _asked(ecosystem: Ecosystem, content_type: str) -> Callable[[bytes], None]:
    id = PackageId(ecosystem=ecosystem.name, name="name", registry=_REGISTRY)
    published = Release(version="1.0.0", provenance=f"{_REGISTRY.url}provenance")

    async def ask(body: bytes) -> None:
        registry = ecosystem.registry(_Says(content_type, body))
        for full in (False, True):
            assert await registry.package(id, full=full) is not None
        assert await registry.metadata(id, "1.0.0") is not None
        assert await registry.provenance(id, published) is not None
        for answer in (
            await registry.advisories([ReleaseId(package=id, version="1.0.0")])
        ).values():
            assert answer is not None

    def check(body: bytes) -> None:
        asyncio.run(ask(body))

    return check


# --- what OSV answers -------------------------------------------------------------------------


def _advisories() -> Iterator[Target]:
    for name, document in OSV.items():
        inputs = bodies((json.dumps(document).encode(),))
        yield Target(name=f"osv:{name}", inputs=inputs, check=_OSV_CHECKS[name])


def _batch(body: bytes) -> None:
    with suppress(GarbageError):
        for matches in read_batch(body, 3):
            assert all(mark.id.isprintable() for mark in matches.marks)


def _record(body: bytes) -> None:
    with suppress(GarbageError):
        found = read_record(body, "GHSA-1", _TOY)
        if found is not None:
            assert decode(encode(merged([found]))) == merged([found])
            for version in ("0.9", "1.0", "1.2.0", "99", "what"):
                assert found.affects(version, _TOY.key) in (True, False)


_OSV_CHECKS = {"batch": _batch, "record": _record}
_TOY = Subject(ecosystem="Toys", name="name", normalise=str.lower, key=ToyScheme().key)
