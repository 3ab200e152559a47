"""A machine whose Python tools are configured by the test alone, and by nothing of this one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry_lsp.core.manifests import Dependency, Index, Manifest
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.config.routes import routes

NOWHERE = Path("/nowhere/at/all")


def machine(environ: Mapping[str, str] | None = None, **fields: Any) -> Surroundings:
    """Surroundings in which there is no file, but for what *fields* say otherwise."""
    usual = {"folder": None, "home": NOWHERE, "root": NOWHERE, "platform": "linux"}
    return Surroundings(environ=environ or {}, **{**usual, **fields})


def addresses(ref: RegistryRef | None) -> list[list[str]] | None:
    """Whom *ref* asks: the addresses of those at the same time together; None for nobody."""
    return None if ref is None else [[each.url for each in group] for group in ref.groups()]


def arrange(folder: Path, **texts: str) -> None:
    """Write files below *folder*: ``__`` in a name stands for a slash, ``_DOT_`` for a dot."""
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def referred(
    *indexes: Index,
    tools: tuple[str, ...],
    around: Surroundings,
    to: str | None = None,
    name: str = "left",
) -> RegistryRef | None:
    """Where *name* goes that is bound to the index *to* of a manifest that *tools* install from."""
    manifest = Manifest(indexes=indexes, installers=tools)
    return routes(around).registry_for(dependency(name, to), manifest)


def dependency(name: str, to: str | None = None) -> Dependency:
    """A dependency on *name*, bound to the index *to*."""
    place = Span(0, 0)
    return Dependency(
        name=name,
        display_name=name,
        name_span=place,
        specifier="",
        specifier_span=place,
        span=place,
        section="dependencies",
        dialect="pep440",
        index=to,
    )


def index(url: str, *, name: str | None = None, role: str = "default", **fields: Any) -> Index:
    """An index of a manifest's."""
    return Index(name=name, url=url, role=role, span=Span(0, 0), **fields)
