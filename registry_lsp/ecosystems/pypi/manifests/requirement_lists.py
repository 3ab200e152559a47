"""Lists of requirements in TOML: strings that PEP 508 reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.manifests.bindings import Bindings
from registry_lsp.ecosystems.pypi.manifests.origins import Origin, address_origin
from registry_lsp.ecosystems.pypi.manifests.reading import Reading
from registry_lsp.ecosystems.pypi.manifests.scopes import Scope, scope_of
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.versions.markers import narrowed
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode
from registry_lsp.syntax.requirements.specifier import (
    NO_BLANK,
    RequirementText,
    marker_complaint,
    scan_requirement,
)
from registry_lsp.syntax.toml.strings import escapes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementReader:
    """Reads the requirements of one text into ``reading``.

    ``project`` is the normalised name of the text's own project, which its extras and groups may
    name: no registry is asked for that. ``runtime`` is the requirement on Python that holds for
    the requirements, ``bindings`` say where they come from, and ``prereleases`` is as in
    :class:`~registry_lsp.core.manifests.Dependency`; ``settled`` is what other tables say of that,
    for a part of the project and a normalised name.
    """

    text: str
    reading: Reading
    project: str = ""
    runtime: str | None = None
    bindings: Bindings
    prereleases: bool | None = None
    settled: Mapping[tuple[Scope, str], bool] = field(default_factory=dict)

    def read(self, section: str, value: Node | None) -> None:
        """Take in the list of requirements *value*."""
        for string in self.strings(section, value):
            self.requirement(section, string)

    def strings(
        self, section: str, value: Node | None, other: Callable[[Node], None] | None = None
    ) -> Iterator[StringNode]:
        """The strings of the list *value* that have anything in them; the rest of it is given to
        *other*, or else complained of. None is still being typed.
        """
        if value is None:
            return
        if not isinstance(value, ArrayNode):
            self.reading.complain(value.span, f"'{section}' must be a list of requirements.")
            return
        for item in value.items:
            if isinstance(item, StringNode):
                if item.value:
                    yield item
            elif other is not None:
                other(item)
            else:
                self.reading.complain(item.span, "A requirement must be a string.")

    def requirement(
        self, section: str, string: StringNode, *, hashes: tuple[Span, ...] = ()
    ) -> RequirementText | None:
        """Take in the requirement that *string* is, pinned by *hashes*; None where no name can be
        read in it.
        """
        scanned, extra_spans = self._scan(string)
        if scanned is None:
            reason = "A requirement begins with the name of a project, which this does not."
            self.reading.complain(string.inner, reason)
            return None
        if scanned.complaint is not None:
            self.reading.complain(scanned.complaint_span or string.inner, scanned.complaint)
        elif _has_marker(scanned.url):
            self.reading.complain(scanned.url_span or string.inner, NO_BLANK)
        name = normalise(scanned.name)
        marker = scanned.marker
        origin = self.bindings.of(name, section, marker=marker, runtime=self.runtime)
        written, written_span = scanned.specifier, scanned.specifier_span
        specifier_span: Span | None = written_span
        if scanned.url_span is not None:
            origin = address_origin(scanned.url)
            written, written_span, specifier_span = scanned.url, scanned.url_span, None
        elif name == self.project:
            origin = _own(scanned.extras)
        runtime, runtime_by = narrowed(self.runtime, marker)
        self.reading.dependencies.append(
            Dependency(
                name=name,
                display_name=scanned.name,
                name_span=scanned.name_span,
                specifier=scanned.specifier,
                specifier_span=specifier_span,
                span=Span(string.start, string.end),
                section=section,
                dialect="pep440",
                source=origin.source,
                extras=scanned.extras,
                extra_spans=extra_spans,
                marker=marker,
                target=origin.target,
                index=origin.index,
                runtime=runtime,
                runtime_by=runtime_by,
                prereleases=self._prereleases(section, name),
                hashes=hashes,
                written=written,
                written_span=written_span if written else None,
                link=origin.link,
            )
        )
        return scanned

    def _prereleases(self, section: str, name: str) -> bool | None:
        scope = scope_of(section) if self.settled else None
        if scope is None:
            return self.prereleases
        # what an extra takes in Poetry has among the project's own dependencies
        return self.settled.get((scope._replace(extra=""), name), self.prereleases)

    def _scan(self, string: StringNode) -> tuple[RequirementText | None, tuple[Span, ...]]:
        """The requirement in *string*, its spans being those of the text, and those of its extras:
        what an escape means is scanned, and where it is written is told.
        """
        if string.is_verbatim:
            scanned = scan_requirement(self.text, string.inner_start, string.inner_end)
            return scanned, scanned.extra_spans(self.text) if scanned is not None else ()
        scanned = scan_requirement(string.value, 0, len(string.value))
        if scanned is None:
            return None, ()
        escapes = escapes_of(self.text, string)

        def place(span: Span) -> Span:
            return escapes.locate(self.text, string, span.start, span.end)

        url, complained = scanned.url_span, scanned.complaint_span
        told = scanned._replace(
            name_span=place(scanned.name_span),
            specifier_span=place(scanned.specifier_span),
            url_span=place(url) if url is not None else None,
            complaint_span=place(complained) if complained is not None else None,
        )
        return told, tuple(place(each) for each in scanned.extra_spans(string.value))


def _has_marker(url: str) -> bool:
    """Whether a marker follows the address without a blank, and so is a part of it to all tools:
    what looks like one that is meant for the server is let pass.
    """
    _, semicolon, rest = url.partition(";")
    return bool(semicolon) and marker_complaint(rest) is None


def _own(extras: tuple[str, ...]) -> Origin:
    """What the project's own name stands for: its extras, or else all that it depends on."""
    sections = [f"project.optional-dependencies.{extra}" for extra in extras]
    return Origin(source=Source.REFERENCE, target=", ".join(sections) or "project.dependencies")
