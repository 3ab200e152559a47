"""All features, each the one owner of its methods."""

from __future__ import annotations

from registry_lsp.features import (
    actions,
    code_lens,
    commands,
    completion,
    configuration,
    definition,
    hover,
    inlay_hints,
    links,
    pulled_diagnostics,
    references,
    symbols,
    sync,
)
from registry_lsp.server import RegistryServer

_FEATURES = (
    sync,
    pulled_diagnostics,
    configuration,
    hover,
    completion,
    inlay_hints,
    code_lens,
    actions,
    links,
    definition,
    references,
    symbols,
    commands,
)


def register(ls: RegistryServer) -> None:
    """Have the server answer whatever there is an answer to."""
    for feature in _FEATURES:
        feature.register(ls)
