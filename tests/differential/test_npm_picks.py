"""Which release is installed, held against npm's own ``npm-pick-manifest``."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from registry_lsp.core.packages import Package, PackageId, RegistryRef, Release
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.npm.versions.scheme import NpmScheme
from support import npm_texts
from support.node import Question, ask_npm

pytestmark = pytest.mark.node

_ENGINES = (
    None,
    None,
    None,
    "",
    "*",
    ">=14",
    ">=18",
    "^18 || ^20",
    ">=20.5",
    "<18",
    ">=99",
    "~18.1",
)
_NODES = (None, "16.0.0", "18.0.0", "18.1.3", "20.5.0", "21.0.0-nightly")
_ODD_VERSIONS = ("1.0.0beta", "01.2.0", "1.2", "foo", "2.0.0-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A package, a specifier and the Node.js version that the project declares."""

    package: Package
    specifier: str
    node: str | None


def test_the_release_that_npm_installs_is_wanted():
    random = Random(6)
    cases = [_case(random) for _ in range(6000)]
    scheme = NpmScheme()

    answers = ask_npm(
        Question("pick", (_packument(each.package), each.specifier.strip(), None))
        for each in cases  # npm reads nothing of what the project declares
    )

    differ = []
    for case, answer in zip(cases, answers, strict=True):
        try:
            requirement = scheme.parse(case.specifier)
        except InvalidRequirementError:
            ours = None
        else:
            release = scheme.wanted(requirement, case.package, case.node)
            ours = release.version if release else None
        if ours != answer.value:
            differ.append((case, ours, answer))
    assert not differ


def _case(random: Random) -> Case:
    scheme = NpmScheme()
    versions = {npm_texts.version(random, plain=True) for _ in range(random.randrange(12))}
    if random.random() < 0.1:
        versions.add(random.choice(_ODD_VERSIONS))
    ordered = sorted(versions, key=lambda each: (scheme.key(each) or (), each), reverse=True)
    releases = [
        Release(
            version=version,
            deprecated="use another" if random.random() < 0.3 else None,
            runtime=random.choice(_ENGINES),
        )
        for version in ordered
    ]
    tags = {
        tag: random.choice(ordered) if ordered and random.random() < 0.9 else "9.9.9"
        for tag in ("latest", "next", "beta")
        if random.random() < 0.7
    }
    return Case(
        package=_package(releases, tags),
        specifier=_specifier(random, ordered),
        node=random.choice(_NODES),
    )


def _specifier(random: Random, versions: list[str]) -> str:
    kind = random.random()
    if kind < 0.15:
        return random.choice(("", "*", " * ", "x", ">=0.0.0", "latest", "next", "missing"))
    if kind < 0.3 and versions:
        return random.choice(("", "=", "v", "= ")) + random.choice(versions)
    if kind < 0.7 and versions:
        return random.choice(("^", "~", ">=", "<=", "<")) + random.choice(versions)
    return npm_texts.range_text(random)


def _package(releases: list[Release], tags: dict[str, str]) -> Package:
    registry = RegistryRef(url="https://registry.example/")
    return Package(
        id=PackageId(ecosystem="npm", name="foo", registry=registry),
        display_name="foo",
        releases=tuple(releases),
        dist_tags=tuple(tags.items()),
    )


def _packument(package: Package) -> dict[str, Any]:
    return {
        "name": package.id.name,
        "dist-tags": dict(package.dist_tags),
        "versions": {
            each.version: {
                "name": package.id.name,
                "version": each.version,
                "deprecated": each.deprecated,
                "engines": {"node": each.runtime},
            }
            for each in package.releases
        },
    }
