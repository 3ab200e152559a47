"""The language server, and the border between our nouns and the protocol's."""

from registry_lsp.server.places import client_range, path_of, range_in
from registry_lsp.server.server import RegistryServer

__all__ = ["RegistryServer", "client_range", "path_of", "range_in"]
