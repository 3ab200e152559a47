"""The seam to a project's configuration: which registry serves a dependency."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from registry_lsp.core.gates import Gate
from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import RegistryRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an ecosystem's configuration is read from.

    ``folder`` is the manifest's own, None for a buffer without a file; ``registry_url`` is the
    setting ``registries.<ecosystem>.url``, which stands over all else: where no address can be
    read in it (it is empty where the user's own word was refused), nobody is asked in its place.
    ``is_supposed`` says that ``trusted`` is not so, and only what it would change is asked for: no
    file that the project names is looked at then, be it to see whether it is there.
    ``root`` is what the machine's own configuration lies below, ``platform`` as in
    :data:`sys.platform`.
    """

    folder: Path | None
    home: Path
    environ: Mapping[str, str] = field(hash=False, repr=False)
    registry_url: str | None = None
    trusted: bool = False
    is_supposed: bool = False
    root: Path = Path("/")
    platform: str = sys.platform


class Routes(Protocol):
    """Which registry serves a dependency, by a project's configuration."""

    def registry_for(self, dependency: Dependency, manifest: Manifest) -> RegistryRef | None:
        """The registry that *dependency* may be asked of; None where none may be."""
        ...

    def why_unknown(self, dependency: Dependency, manifest: Manifest) -> str | None:
        """Why there is none, where :meth:`registry_for` says so: the end of a sentence, None where
        no single cause is known.
        """
        ...

    def gate_for(self, dependency: Dependency, manifest: Manifest) -> Gate | None:
        """How old a release of *dependency* must be for its installer; None where any will do."""
        ...
