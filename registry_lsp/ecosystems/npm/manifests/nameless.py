"""What a text without a name is among npm's manifests, by its shape. Pure."""

from __future__ import annotations

from registry_lsp.core.ports.manifest import Nameless
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.nodes import StringNode, TableNode

_LANGUAGES = frozenset({"json", "jsonc"})
_SECTIONS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_PACKAGE_JSON = Nameless(format=PackageJson(), file="package.json")


def nameless(language: str, text: str) -> Nameless | None:
    """A ``package.json``, where a section of dependencies has nothing but names and versions, and
    at least one: in a lock file they are objects, and in vcpkg's manifest a list.
    """
    if language not in _LANGUAGES or not any(f'"{each}"' in text for each in _SECTIONS):
        return None
    root = scan_json(text)
    sections = [root.get(each) for each in _SECTIONS] if isinstance(root, TableNode) else []
    return _PACKAGE_JSON if any(map(_is_section, sections)) else None


def _is_section(value: object) -> bool:
    if not isinstance(value, TableNode) or not value.members:
        return False
    return all(isinstance(each, StringNode) or each is None for _, each in value.members)
