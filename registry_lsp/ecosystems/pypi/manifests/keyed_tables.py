"""Tables whose keys are the names of packages: Poetry's, Pipenv's, and PDM's overrides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from registry_lsp.core.manifests import Dependency
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.manifests.origins import ANYWHERE, Origin
from registry_lsp.ecosystems.pypi.manifests.reading import trimmed
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.syntax.nodes import StringNode


class Details(NamedTuple):
    """What is said of a package besides its version, as in
    :class:`~registry_lsp.core.manifests.Dependency`. (A tuple: it is made for each of thousands.)
    """

    origin: Origin = ANYWHERE
    extras: tuple[str, ...] = ()
    extra_spans: tuple[Span, ...] = ()
    marker: str = ""
    is_optional: bool = False
    prereleases: bool | None = None
    runtime: str | None = None
    runtime_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedTable:
    """Makes the dependencies of one table of the text. ``section`` is its name for people."""

    text: str
    section: str
    dialect: str

    def dependency(
        self,
        key: StringNode,
        version: StringNode | None,
        details: Details,
        *,
        start: int | None = None,
        end: int = 0,
    ) -> Dependency:
        """What *key* names, with a *version* if one is written. It is given the text from the
        offset *start* on (else from the key on) to at least *end*.
        """
        origin = details.origin
        specifier, specifier_span = "", None
        if version is not None:
            specifier, specifier_span = trimmed(self.text, version)
            end = max(end, version.end)
        written, written_span = specifier, specifier_span
        if origin.place is not None:
            written, written_span = origin.place.value, origin.place.inner
            end = max(end, origin.place.end)
        return Dependency(
            name=normalise(key.value),
            display_name=key.value,
            name_span=Span(key.inner_start, key.inner_end),
            specifier=specifier,
            specifier_span=specifier_span,
            span=Span(key.start if start is None else start, max(key.end, end)),
            section=self.section,
            dialect=self.dialect,
            source=origin.source,
            extras=details.extras,
            extra_spans=details.extra_spans,
            marker=details.marker,
            target=origin.target,
            index=origin.index,
            optional=details.is_optional,
            runtime=details.runtime,
            runtime_by=details.runtime_by,
            prereleases=details.prereleases,
            written=written,
            written_span=written_span if written else None,
            link=origin.link,
        )
