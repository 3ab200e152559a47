"""What the entries of a ``package.json`` fill in ``node_modules``. Pure."""

from __future__ import annotations

from collections.abc import Hashable

from registry_lsp.core.manifests import Dependency
from registry_lsp.ecosystems.npm.manifests.direct_sections import DIRECT_SECTIONS, PEER


def slot(dependency: Dependency) -> Hashable | None:
    """The name that a direct dependency is installed under, whatever package that is: an alias is
    another name.

    A name in two of the sections that are installed has one version only, and which one that is
    differs: npm takes that of ``devDependencies``, pnpm that of ``dependencies``; Yarn 1 and Bun
    warn of it, and npm says of ``optionalDependencies`` to put a name in one place. A peer may
    stand in another section too: it says what others should have, and the other section what
    this project is developed with.
    """
    if dependency.section not in DIRECT_SECTIONS:
        return None
    return dependency.section == PEER, dependency.display_name
