"""Where what a dependency stands for is said, in other files of an npm project. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

from registry_lsp.core.manifests import Dependency, Manifest, Source
from registry_lsp.core.pointers import Find, Mentions, Passage, Pointer, beginning
from registry_lsp.ecosystems.npm.manifests.catalog_sections import CATALOG, catalog_of
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PnpmWorkspace
from registry_lsp.ecosystems.npm.manifests.specifier import classify, normalise
from registry_lsp.ecosystems.npm.manifests.yarn_settings import YARN_SETTINGS, YarnSettings
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
            if each.display_name == name and entry_catalog(each, file) == catalog:
                yield Passage(each.span, each.name_span)

    return Pointer(path=file, find=find)


def catalog_mentions(file: str, catalog: str, name: str, manifests: Iterable[str]) -> Mentions:
    """The entry called *name* of a *catalog* in *file*, and who asks for it in these *manifests*
    and in the file itself.
    """
    is_yarns = _is_yarns(file)

    def is_use(each: Dependency) -> bool:
        asked = asked_catalog(each.written, is_yarns=is_yarns)
        return asked == catalog and each.display_name == name

    places = dict.fromkeys((*manifests, file))
    return Mentions(
        declared=(catalog_entry(file, catalog, name),),
        used=tuple(_uses(each, name, is_use) for each in places),
    )


def package_mentions(
    name: str, declared: tuple[Pointer, ...], manifests: Iterable[str]
) -> Mentions:
    """The package of the workspace that is normally called *name*, and who asks for it in these
    *manifests*.
    """

    def is_use(each: Dependency) -> bool:
        return bool(name) and name in (each.name, normalise(each.display_name))

    return Mentions(declared=declared, used=tuple(_uses(each, name, is_use) for each in manifests))


def asked_catalog(written: str, *, is_yarns: bool) -> str | None:
    """The name of the catalog that is asked for by what is *written* in a version's place, None
    where none is.
    """
    means = classify(written)
    if means.source is not Source.CATALOG:
        return None
    is_named = bool(written.partition(":")[2].strip())
    return UNNAMED if is_yarns and not is_named else means.target


def entry_catalog(dependency: Dependency, file: str) -> str | None:
    """The name of the catalog in *file* that *dependency* is an entry of, None where of none."""
    if _is_yarns(file) and dependency.section == CATALOG:
        return UNNAMED
    return catalog_of(dependency)


def _uses(file: str, name: str, is_use: Callable[[Dependency], bool]) -> Pointer:
    """Those dependencies in *file* that are uses of what goes by *name*."""

    def find(text: str) -> Iterator[Passage]:
        if name not in text and "\\" not in text:
            return  # as in most manifests of a workspace
        for each in parsed(file, text).dependencies:
            if is_use(each):
                yield Passage(each.span, each.name_span)

    return Pointer(path=file, find=find)


def _is_yarns(file: str) -> bool:
    return PurePosixPath(file).name == YARN_SETTINGS


def entry_of(file: str, name: str) -> Pointer:
    """What *file* says of *name*, else the file itself."""

    def find(text: str) -> Iterator[Passage]:
        entries = [each for each in parsed(file, text).dependencies if each.display_name == name]
        for each in entries:
            yield Passage(each.span, each.name_span)
        if not entries:
            yield from beginning(text)

    return Pointer(path=file, find=find)


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
