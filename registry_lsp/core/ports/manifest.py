"""The seam to the files that people write: one kind of manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from registry_lsp.core.edits import Edit
from registry_lsp.core.ignores import Ignoring, Unused
from registry_lsp.core.manifests import Dependency, Manifest, Problem
from registry_lsp.core.text import Span
from registry_lsp.core.words import Words


class IgnoreSyntax(Protocol):
    """How a manifest says that a finding is to be left unsaid."""

    def add(
        self, text: str, manifest: Manifest, dependency: Dependency, code: str
    ) -> Ignoring | None:
        """What leaves findings of *code* unsaid of *dependency* in *text*, which *manifest* was
        read from; None where that cannot be said there.
        """
        ...

    def remove(self, text: str, manifest: Manifest, unused: Unused) -> Iterable[Edit]:
        """The edits of *text*, which *manifest* was read from, that may take *unused* away, the
        neatest first: what is left after each is still to be read.
        """
        ...


class ManifestFormat(Protocol):
    """One kind of manifest."""

    @property
    def name(self) -> str:
        """Its name for people, such as ``package.json``."""
        ...

    @property
    def patterns(self) -> Sequence[str]:
        """Glob patterns of its files, as LSP document selectors write them."""
        ...

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path is one."""
        ...

    def holds(self, text: str) -> bool:
        """Whether a file of such a path is one by its *text*: of most formats every file is."""
        ...

    @property
    def decode(self) -> Callable[[bytes], str]:
        """Makes the text of a file of its bytes, as its installer decodes it. Raises
        :class:`UnicodeDecodeError`.
        """
        ...

    def parse(self, text: str) -> Manifest:
        """Read it, tolerantly: never raises, and loses only what is broken."""
        ...

    @property
    def completed(self) -> Callable[[str, int, str], str]:
        """Of a text, an offset and a fill makes the text as it would be if the name that is typed
        at the offset named a dependency: with the fill typed there, which makes a name of what is
        none yet, and with a version where one must follow. Nothing before the offset differs.
        """
        ...

    @property
    def quoting(self) -> Callable[[str, Span], Callable[[str], str | None]]:
        """Of a text and a span in it makes what writes a name or a specifier in its place: with
        quotes around it where it would not be read without them; None where it cannot stand there.
        """
        ...

    @property
    def ignoring(self) -> IgnoreSyntax:
        """How it is said in it that a finding is to be left unsaid."""
        ...

    def words_at(self, text: str, offset: int) -> Words | None:
        """The words of the format's own that may stand at *offset*; None where there are none."""
        ...

    def fault(self, text: str) -> Problem | None:
        """Why no installer could read it at all; None for what is well-formed.

        While it is typed a file is often in this state, and an editor need not be told so.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameless:
    """What a text is that has no name yet: its ``format``, and the ``file`` that it would be."""

    format: ManifestFormat
    file: str
