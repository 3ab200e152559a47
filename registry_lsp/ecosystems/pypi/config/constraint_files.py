"""The constraints files that the user has for every installation, whatever is installed.

pip has them from ``constraint`` in its configuration files, or from ``PIP_CONSTRAINT`` in their
place; uv from ``UV_CONSTRAINT``. Nobody can tell which of both installs a requirements file; who
has set a thing for one of them means it.
"""

from __future__ import annotations

from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.pypi.config.pip import read_pip
from registry_lsp.ecosystems.pypi.config.places import UnreadableError


def constraint_files(around: Surroundings) -> tuple[str, ...]:
    """Their paths or addresses, as they are written. Where pip's configuration cannot be read, pip
    installs nothing, and what it says counts for nobody.
    """
    try:
        pips = read_pip(around).values("constraint")
    except UnreadableError:
        pips = ()
    return tuple(dict.fromkeys((*pips, *around.environ.get("UV_CONSTRAINT", "").split())))
