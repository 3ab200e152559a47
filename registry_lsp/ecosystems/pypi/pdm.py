"""PDM's own tables: development dependencies (also editable ones), plugins and overrides."""

from __future__ import annotations

from dataclasses import replace

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.direct import is_path, is_url, read_direct
from registry_lsp.ecosystems.pypi.keyed_tables import Details, KeyedTable
from registry_lsp.ecosystems.pypi.markers import narrow
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise
from registry_lsp.ecosystems.pypi.origins import address_origin
from registry_lsp.ecosystems.pypi.reading import entries
from registry_lsp.ecosystems.pypi.requirement_lists import RequirementReader
from registry_lsp.syntax.nodes import Node, StringNode, TableNode
from registry_lsp.syntax.requirements import marker_complaint, scan_requirement
from registry_lsp.syntax.toml_strings import escapes_of

_EDITABLE = "-e "


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
        if is_direct or (is_path(text) and scan_requirement(text, 0, len(text)) is None):
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

    named = scan_requirement(text, start, end)
    if named is not None and named.url_span is not None:
        name, name_span, target = named.name, named.name_span, named.url
        written_span, extras = named.url_span, named.extras
    else:
        direct = read_direct(text, start, end)
        if direct.complaint is not None:
            reader.reading.complain(place(Span(start, end)), direct.complaint)
        name, name_span, target = direct.name, direct.name_span, direct.target
        written_span, extras = Span(start, end), direct.extras
    origin = address_origin(target)
    if start and origin.source is Source.URL and "+" not in target.partition(":")[0]:
        reason = "Only a folder or a repository can be editable."
        reader.reading.complain(place(written_span), reason)
    reader.reading.dependencies.append(
        Dependency(
            name=normalise(name),
            display_name=name or target,
            name_span=place(name_span),
            specifier="",
            specifier_span=None,
            span=string.span,
            section=section,
            dialect="pep440",
            source=origin.source,
            extras=extras,
            marker=marker,
            target=target,
            runtime=narrow(reader.runtime, marker) if marker else reader.runtime,
            written=target,
            written_span=place(written_span),
            link=origin.link,
        )
    )


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
        origin, version = reader.bindings.of(normalise(key.value)), value
    details = Details(origin=origin, runtime=reader.runtime, prereleases=reader.prereleases)
    keyed = KeyedTable(text=reader.text, section="tool.pdm.resolution.overrides", dialect="pipenv")
    found = keyed.dependency(key, version, details, end=value.end)
    reader.reading.dependencies.append(found)
