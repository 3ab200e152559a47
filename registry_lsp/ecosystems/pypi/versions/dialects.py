"""The dialects that Python's manifests write versions in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry_lsp.core.ports.versions import VersionScheme
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from registry_lsp.ecosystems.pypi.versions.pipenv import PipenvScheme
from registry_lsp.ecosystems.pypi.versions.poetry import PoetryScheme

SCHEMES: Mapping[str, VersionScheme] = MappingProxyType(
    {"pep440": Pep440Scheme(), "poetry": PoetryScheme(), "pipenv": PipenvScheme()}
)
"""How each of them is read, by the name that dependencies give it."""
