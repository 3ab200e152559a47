"""PDM's configuration: the index in the public one's place, further ones, and who one is to them.

The order is PDM's own (its documents' *Configure the project*): variables that begin with ``PDM_``
stand over the project's ``pdm.toml``, that over the user's file, that over the machine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from registry_lsp.core.gates import Gates
from registry_lsp.core.packages import Secret, Transport
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.pypi.config.age_gates import pdm_gates
from registry_lsp.ecosystems.pypi.config.places import (
    is_file,
    machine_folders,
    read,
    read_toml,
    table,
    text,
    upwards,
    user_folder,
)
from registry_lsp.ecosystems.pypi.manifests.reading import gates_in
from registry_lsp.syntax.nodes import TableNode
from registry_lsp.syntax.toml.scanner import scan_toml

_RESOLVING = (b"respect-source-order", b"exclude-newer")
_FALSE = frozenset({"false", "0", "no", "off"})
PUBLIC = "pypi"


@dataclass(frozen=True, slots=True, kw_only=True)
class PdmSource:
    """What the configuration says of one source; ``url`` is empty where that is the manifest's."""

    name: str
    url: str = ""
    credential: tuple[str, str] | None = field(default=None, repr=False)
    transport: Transport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PdmSettings:
    """``users`` are the sources that the user's word is of, ``project`` those of the project's own
    file; both by name, the one in the public index's place among them. ``is_ordered`` is whether
    the first source that has a name is taken, and not the best of all; ``ignores_stored`` whether
    the manifest's own sources are all there are. ``gates`` say how old a release must be.
    """

    users: Mapping[str, PdmSource] = field(default_factory=dict)
    project: Mapping[str, PdmSource] = field(default_factory=dict)
    is_ordered: bool = False
    ignores_stored: bool = False
    gates: Gates = field(default_factory=Gates)


def read_pdm(around: Surroundings) -> PdmSettings:
    """Read all of it. Raises :class:`UnreadableError`."""
    environ = around.environ
    named = environ.get("PDM_CONFIG_FILE")
    home = Path(named) if named else user_folder(around, "pdm") / "config.toml"
    machine = [read_toml(folder / "config.toml") for folder in machine_folders(around, "pdm")[:1]]
    root = next((each for each in upwards(around) if is_file(each / "pyproject.toml")), None)
    own = read_toml(root / "pdm.toml") if root is not None else {}
    mine = read_toml(home)
    users = _sources((mine, *machine), reaches=True)
    of_environ = PdmSource(
        name=PUBLIC,
        url=environ.get("PDM_PYPI_URL", ""),
        credential=_pair(
            environ.get("PDM_PYPI_USERNAME", ""), environ.get("PDM_PYPI_PASSWORD", "")
        ),
    )
    users[PUBLIC] = _over(of_environ, users.get(PUBLIC, of_environ))
    project = _sources((own,), reaches=around.trusted)
    stored = environ.get("PDM_IGNORE_STORED_INDEX", "").lower()
    is_ignoring = any(table(it, PUBLIC).get("ignore_stored_index") is True for it in (own, mine))
    resolution = _resolution(root)
    return PdmSettings(
        users=users,
        project=project,
        is_ordered=resolution is not None and resolution.is_true("respect-source-order"),
        ignores_stored=is_ignoring or (bool(stored) and stored not in _FALSE),
        gates=_gates(resolution, (own, mine, *machine)),
    )


def _sources(files: tuple[Mapping[str, Any], ...], *, reaches: bool) -> dict[str, PdmSource]:
    """The sources of *files*, the first of which counts most."""
    found: dict[str, PdmSource] = {}
    for said in files:
        section = table(said, PUBLIC)
        sections = {PUBLIC: section, **{k: v for k, v in section.items() if isinstance(v, dict)}}
        for name, each in sections.items():
            source = _source(name, each, reaches=reaches)
            found[name] = _over(found[name], source) if name in found else source
    return found


def _source(name: str, said: Mapping[str, Any], *, reaches: bool) -> PdmSource:
    transport = Transport(
        verify=said.get("verify_ssl") is not False,
        authorities=tuple(filter(None, (text(said, "ca_certs"),))),
        certificate=text(said, "client_cert") or None,
        key=Secret(text(said, "client_key")) if text(said, "client_key") else None,
    )
    return PdmSource(
        name=name,
        url=text(said, "url"),
        credential=_pair(text(said, "username"), text(said, "password")),
        transport=transport if reaches and transport != Transport() else None,
    )


def _over(upper: PdmSource, lower: PdmSource) -> PdmSource:
    """*upper* with what it does not say from *lower*: nobody's credential for another address."""
    is_same = not upper.url or not lower.url or upper.url == lower.url
    return PdmSource(
        name=upper.name,
        url=upper.url or lower.url,
        credential=upper.credential or (lower.credential if is_same else None),
        transport=upper.transport or lower.transport,
    )


def _pair(user: str, password: str) -> tuple[str, str] | None:
    return (user, password) if user and password else None


def _resolution(root: Path | None) -> TableNode | None:
    """What the manifest itself says of resolving; as far as it can be read, where it is
    half-typed.
    """
    raw = read(root / "pyproject.toml") if root is not None else None
    if not raw or not any(each in raw for each in _RESOLVING):
        return None
    return scan_toml(raw.decode("utf-8-sig", "replace")).section("tool", "pdm", "resolution")


def _gates(resolution: TableNode | None, files: tuple[Mapping[str, Any], ...]) -> Gates:
    """How old a release must be: the manifest's word stands over that of the *files*, the first
    of which counts most.
    """
    own = resolution.string("exclude-newer") if resolution is not None else ""
    stored = (text(table(each, "strategy"), "exclude-newer") for each in files)
    said = own or next(filter(None, stored), "")
    special = resolution.table("exclude-newer-override") if resolution is not None else None
    return pdm_gates(said, gates_in(special), "PDM's configuration")
