"""Which Python a project's dependencies are installed on, where its manifest says nothing of it."""

from __future__ import annotations

from dataclasses import replace

from registry_lsp.core.manifests import Dependency
from registry_lsp.ecosystems.pypi.locks.pythons import Python
from registry_lsp.ecosystems.pypi.manifests.scopes import scope_of
from registry_lsp.ecosystems.pypi.versions.markers import floor, narrow, narrowed


def installed_on(
    dependencies: tuple[Dependency, ...], python: Python | None
) -> tuple[Dependency, ...]:
    """*dependencies* as they are installed on the project's own *python*, but for those of which
    the manifest says itself what they run on, or that have environments of their own.
    """
    if python is None:
        return dependencies
    return tuple(_on(each, python) for each in dependencies)


def _on(dependency: Dependency, python: Python) -> Dependency:
    marker = dependency.marker
    alone = narrow(None, marker)
    if dependency.runtime != alone or scope_of(dependency.section) is None:
        return dependency
    if alone is not None and not _may_be(alone, python):
        return dependency  # it is not installed there at all
    runtime, by = narrowed(python.requirement, marker)
    return replace(dependency, runtime=runtime, runtime_by=by or python.by)


def _may_be(newest: str, python: Python) -> bool:
    """Whether *python* is not above the *newest* minor version that a marker admits."""
    bound, own = floor(newest), floor(python.requirement)
    return bound is None or own is None or own.release[:2] <= bound.release[:2]
