"""A machine whose Python tools are configured by the test alone, and by nothing of this one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports import Surroundings

NOWHERE = Path("/nowhere/at/all")


def machine(environ: Mapping[str, str] | None = None, **fields: Any) -> Surroundings:
    """Surroundings in which there is no file, but for what *fields* say otherwise."""
    usual = {"folder": None, "home": NOWHERE, "root": NOWHERE, "platform": "linux"}
    return Surroundings(environ=environ or {}, **{**usual, **fields})


def addresses(ref: RegistryRef | None) -> list[list[str]] | None:
    """Whom *ref* asks: the addresses of those at the same time together; None for nobody."""
    return None if ref is None else [[each.url for each in group] for group in ref.groups()]
