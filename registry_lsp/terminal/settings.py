"""The settings of a command: those of the environment, and what its options say over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.setting_sources import load
from registry_lsp.core.settings import Settings


def command_settings(
    ecosystems: Sequence[Ecosystem], environ: Mapping[str, str], *, offline: bool, cached: bool
) -> tuple[Settings, tuple[str, ...]]:
    """The settings, and a sentence for each thing that could not be understood."""
    names = [each.name for each in ecosystems]
    settings, complaints = load(None, environ, ecosystems=names)
    network = replace(settings.network, offline=settings.network.offline or offline)
    cache = replace(settings.cache, enabled=settings.cache.enabled and cached)
    return replace(settings, network=network, cache=cache), complaints
