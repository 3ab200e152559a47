"""PDM's own tables: development dependencies (also editable ones), plugins and overrides."""

from __future__ import annotations

from dataclasses import replace

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.manifests.keyed_tables import Details, KeyedTable
from registry_lsp.ecosystems.pypi.manifests.origins import address_origin, link_of
from registry_lsp.ecosystems.pypi.manifests.reading import entries
from registry_lsp.ecosystems.pypi.manifests.requirement_lists import RequirementReader
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.ecosystems.pypi.requirements.direct import (
    Direct,
    is_path,
    is_url,
    read_direct,
    source_of,
)
from registry_lsp.ecosystems.pypi.versions.markers import narrow
from registry_lsp.syntax.nodes import Node, StringNode, TableNode
from registry_lsp.syntax.requirements.specifier import marker_complaint, scan_requirement
from registry_lsp.syntax.toml.strings import escapes_of

_EDITABLE = "-e "
_NOT_EDITABLE = "Only a folder or a repository can be editable."
_OVERRIDES = "tool.pdm.resolution.overrides"


def pdm_prereleases(root: TableNode) -> bool | None:
    """Whether PDM takes prereleases, None where the specifiers decide."""
    resolution = root.section("tool", "pdm", "resolution")
    if resolution is None or resolution.get("allow-prereleases") is None:
        return None
    return resolution.is_true("allow-prereleases")


def read_pdm(root: TableNode, reader: RequirementReader) -> None:
    """Take in ``tool.pdm``."""
    pdm = root.section("tool", "pdm")
    if pdm is None:
        return
    for table in pdm.tables("source"):
        if table.members and table.get("name") is None:
            reader.reading.complain(table.span, "A source needs a 'name'.")
    for key, value in entries(pdm.section("dev-dependencies")):
        _lines(f"tool.pdm.dev-dependencies.{key.value}", value, reader)
    # Plugins are installed beside PDM, whatever the project runs on.
    _lines("tool.pdm.plugins", pdm.get("plugins"), replace(reader, runtime=None))
    for key, value in entries(pdm.section("resolution", "overrides")):
        _override(key, value, reader)


def _lines(section: str, value: Node | None, reader: RequirementReader) -> None:
    """Requirements as PDM's own command line takes them."""
    for string in reader.strings(section, value):
        text = string.value
        is_direct = text.startswith(_EDITABLE) or is_url(text)
        is_option = text.startswith("-")
        if is_direct or (
            not is_option and is_path(text) and scan_requirement(text, 0, len(text)) is None
        ):
            _direct(section, string, reader)
        else:
            reader.requirement(section, string)


def _direct(section: str, string: StringNode, reader: RequirementReader) -> None:
    """An address or a path without a name before it."""
    text = string.value
    start = len(text) - len(text.removeprefix(_EDITABLE).lstrip())
    body, _, marker = text.partition("; ") if is_url(text[start:]) else text.partition(";")
    marker, end = marker.strip(), len(body.rstrip())
    if marker and (complaint := marker_complaint(marker)) is not None:
        reader.reading.complain(string.inner, complaint)
    escapes = escapes_of(reader.text, string)

    def place(span: Span) -> Span:
        return escapes.locate(reader.text, string, span.start, span.end)

    direct, written = _reference(text, start, end)
    if direct.complaint is not None:
        reader.reading.complain(place(written), direct.complaint)
    elif start and not _is_editable(direct):
        reader.reading.complain(place(written), _NOT_EDITABLE)
    reader.reading.dependencies.append(
        Dependency(
            name=normalise(direct.name),
            display_name=direct.name or direct.target,
            name_span=place(direct.name_span),
            specifier="",
            specifier_span=None,
            span=string.span,
            section=section,
            dialect="pep440",
            source=direct.source,
            extras=direct.extras,
            marker=marker,
            target=direct.target,
            runtime=narrow(reader.runtime, marker),
            written=direct.target,
            written_span=place(written),
            link=link_of(direct.target),
        )
    )


def _is_editable(direct: Direct) -> bool:
    """Whether PDM takes it behind ``-e``: a repository, or a folder that is written as one."""
    if direct.source is Source.URL:
        return "+" in direct.target.partition(":")[0]
    return direct.source is not Source.PATH or is_url(direct.target) or is_path(direct.target)


def _reference(text: str, start: int, end: int) -> tuple[Direct, Span]:
    """The reference that ``text[start:end]`` is, with or without a name before an '@', and where
    its address stands.
    """
    named = scan_requirement(text, start, end)
    if named is None or named.url_span is None:
        return read_direct(text, start, end), Span(start, end)
    direct = Direct(
        source=source_of(named.url),
        target=named.url,
        name=named.name,
        name_span=named.name_span,
        extras=named.extras,
        complaint=named.complaint,
    )
    return direct, named.url_span


def _override(key: StringNode, value: Node, reader: RequirementReader) -> None:
    """The version or address that stands in for all that is asked of a project; a bare version
    is that one alone.
    """
    if not isinstance(value, StringNode):
        reader.reading.complain(value.span, "An override must be a version or an address.")
        return
    if not is_valid_name(key.value):
        reader.reading.complain(key.inner, "No Python project can have this name.")
        return
    written = value.value.strip()
    if is_url(written):
        origin, version = address_origin(written, value), None
    else:
        origin, version = reader.bindings.of(normalise(key.value), _OVERRIDES), value
        if written == "*":
            reader.reading.complain(value.inner, "PDM takes a version or a specifier here.")
    details = Details(origin=origin, runtime=reader.runtime, prereleases=reader.prereleases)
    keyed = KeyedTable(text=reader.text, section=_OVERRIDES, dialect="pipenv")
    found = keyed.dependency(key, version, details, end=value.end)
    reader.reading.dependencies.append(found)
