"""The package ecosystems: one folder each, found by looking."""

from __future__ import annotations

import importlib
import pkgutil

from registry_lsp.core.ports.ecosystem import Ecosystem


def discover() -> tuple[Ecosystem, ...]:
    """Every ecosystem that has a folder here, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return tuple(importlib.import_module(f"{__name__}.{name}").ECOSYSTEM for name in names)
