"""Where what a dependency stands for is said, in other files of an npm project. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.pointers import Find, Passage, Pointer, beginning
from registry_lsp.ecosystems.npm.manifests.catalog_sections import catalog_of
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PnpmWorkspace
from registry_lsp.ecosystems.npm.manifests.yarn_settings import YarnSettings
from registry_lsp.ecosystems.npm.project.catalogs import UNNAMED
from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.nodes import StringNode, TableNode

FORMATS = (PackageJson(), PnpmWorkspace(), YarnSettings())


def parsed(file: str, text: str) -> Manifest:
    """The manifest that *text* is by the name of its *file*; an empty one where that is none's."""
    path = PurePosixPath(file)
    format = next((each for each in FORMATS if each.matches(path)), None)
    return format.parse(text) if format is not None else Manifest()


def catalog_entry(file: str, catalog: str, name: str) -> Pointer:
    """The entry called *name* of a *catalog* in *file*."""

    def find(text: str) -> Iterator[Passage]:
        for each in parsed(file, text).dependencies:
            if each.display_name == name and is_entry(each, catalog):
                yield Passage(each.span, each.name_span)

    return Pointer(path=file, find=find)


def is_entry(dependency: Dependency, catalog: str) -> bool:
    """Whether *dependency* is an entry of that *catalog*; of :data:`UNNAMED`, Yarn's without a
    name, those of one called ``default`` are none.
    """
    if catalog == UNNAMED:
        return dependency.section.endswith("catalog")
    return catalog_of(dependency) == catalog


def package_at(link: str) -> Pointer:
    """The package whose manifest, or whose archive, is at the path *link*."""
    is_manifest = FORMATS[0].matches(PurePosixPath(link))
    find: Find = own_name if is_manifest else beginning
    return Pointer(path=link, find=find)


def own_name(text: str) -> Iterator[Passage]:
    """The name that a package.json gives itself, else its beginning."""
    root = scan_json(text)
    name = root.get("name") if isinstance(root, TableNode) else None
    if isinstance(name, StringNode):
        yield Passage(name.span, name.inner)
    else:
        yield from beginning(text)
