"""All that the machine and the project say of Python's tools, read once for a manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.pypi.config.netrc import Netrc, read_netrc
from registry_lsp.ecosystems.pypi.config.pdm import PdmSettings, read_pdm
from registry_lsp.ecosystems.pypi.config.pip import PipSettings, read_pip
from registry_lsp.ecosystems.pypi.config.places import UnreadableError, is_file, upwards
from registry_lsp.ecosystems.pypi.config.poetry import PoetrySettings, read_poetry
from registry_lsp.ecosystems.pypi.config.uv import UvSettings, is_uvs, read_uv
from registry_lsp.ecosystems.pypi.config.uv_store import UvStore, read_store

PIP, UV, POETRY, PDM, PIPENV = "pip", "uv", "poetry", "pdm", "pipenv"
"""The tools, as :class:`~registry_lsp.core.manifests.Manifest` names who installs from it."""

_LOCKS = ((UV, "uv.lock"), (POETRY, "poetry.lock"), (PDM, "pdm.lock"))

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What each tool is set to. ``broken`` are the tools of whose files one cannot be read: what
    it says nobody knows. ``locking`` are those whose lock file lies beside the manifest.
    """

    around: Surroundings = field(repr=False)
    pip: PipSettings
    uv: UvSettings
    poetry: PoetrySettings
    pdm: PdmSettings
    netrc: Netrc
    uv_store: UvStore = field(default_factory=UvStore)
    broken: Mapping[str, str] = field(default_factory=dict)
    locking: tuple[str, ...] = ()


def read_settings(around: Surroundings) -> Settings:
    """Read the files that there are."""
    broken: dict[str, str] = {}

    def reading(tool: str, read: Callable[[Surroundings], T], without: T) -> T:
        try:
            return read(around)
        except UnreadableError as error:
            broken[tool] = str(error)
            return without

    pip = reading(PIP, read_pip, PipSettings())
    # whose project it is does not depend on what its files say
    uv = reading(UV, read_uv, UvSettings(is_used=reading(UV, is_uvs, without=False)))
    poetry = reading(POETRY, read_poetry, PoetrySettings())
    pdm = reading(PDM, read_pdm, PdmSettings())
    folder = next(upwards(around), None)
    locks = (tool for tool, name in _LOCKS if folder is not None and is_file(folder / name))
    return Settings(
        around=around,
        pip=pip,
        uv=uv,
        poetry=poetry,
        pdm=pdm,
        netrc=read_netrc(around),
        uv_store=read_store(around),
        broken=broken,
        locking=tuple(locks),
    )
