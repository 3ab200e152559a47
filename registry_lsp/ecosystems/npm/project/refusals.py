"""What one package manager refuses of a range that others take, told where that one installs.
Seen in what npm 10, Yarn 4, Bun 1.3, and pnpm 9, 10 and 12 do. Pure.
"""

from __future__ import annotations

from functools import lru_cache

from registry_lsp.core.manifests import Dependency, Problem, Source
from registry_lsp.core.text import printable
from registry_lsp.ecosystems.npm.manifests.catalog_sections import problem_of
from registry_lsp.ecosystems.npm.manifests.direct_sections import DIRECT_SECTIONS, PEER
from registry_lsp.ecosystems.npm.manifests.entries import SHOWN
from registry_lsp.ecosystems.npm.manifests.specifier import is_valid_name
from registry_lsp.ecosystems.npm.project.installer import Installer
from registry_lsp.ecosystems.npm.versions.ranges import parse_range
from registry_lsp.ecosystems.npm.versions.semver import SPACES

_PROTOCOL = "npm:"
_FIRST_WITH_PEER_RANGES = 10
_NAMELESS = "{} refuses it: an alias must name a package."
_NO_RANGE = "Yarn refuses it: to Yarn 2 and newer '{}' is no version range."
_NO_PEER = "pnpm refuses it: what a peer may be must be a version range, and no dist-tag."


def refusal(dependency: Dependency, installer: Installer) -> Problem | None:
    """What the *installer* says of *dependency*, one of the project's own as it is written."""
    if dependency.source is not Source.REGISTRY or dependency.section not in DIRECT_SECTIONS:
        return None
    match installer.name:
        case "npm" if _is_nameless(dependency):
            return problem_of(dependency, _NAMELESS.format("npm"))
        case "bun" if _is_nameless(dependency) and _is_spaced(dependency):
            return problem_of(dependency, _NAMELESS.format("Bun"))
        case "yarn" if installer.is_modern_yarn and dependency.section != PEER:
            if _is_loose(dependency.specifier):
                shown = printable(dependency.specifier, SHOWN)
                return problem_of(dependency, _NO_RANGE.format(shown))
        case "pnpm" if dependency.section == PEER:
            is_strict = (installer.major or 0) >= _FIRST_WITH_PEER_RANGES
            if is_strict and dependency.specifier and not _is_range(dependency.specifier):
                return problem_of(dependency, _NO_PEER)
    return None


def _is_nameless(dependency: Dependency) -> bool:
    """Whether a range stands where an alias names a package: ``npm:^1``."""
    return _has_protocol(dependency) and not is_valid_name(_behind(dependency).strip(SPACES))


def _is_spaced(dependency: Dependency) -> bool:
    return _behind(dependency)[:1] in SPACES


def _has_protocol(dependency: Dependency) -> bool:
    return dependency.written.lstrip(SPACES)[: len(_PROTOCOL)].lower() == _PROTOCOL


def _behind(dependency: Dependency) -> str:
    return dependency.written.lstrip(SPACES)[len(_PROTOCOL) :]


@lru_cache(maxsize=4096)
def _is_loose(specifier: str) -> bool:
    """Whether only a loose reader finds a range in it, as npm is and Yarn is not."""
    return parse_range(specifier) is None and parse_range(specifier, loose=True) is not None


def _is_range(specifier: str) -> bool:
    return parse_range(specifier, loose=True) is not None
