"""Manifests that are TOML files of one name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from registry_lsp.core.manifests import Manifest, Problem
from registry_lsp.core.ports.manifest import IgnoreSyntax
from registry_lsp.core.text import Span, utf8
from registry_lsp.core.words import Words
from registry_lsp.ecosystems.pypi.manifests.vocabulary import groups_at
from registry_lsp.syntax.faults import toml_fault
from registry_lsp.syntax.half_typed import with_toml_value
from registry_lsp.syntax.keys import Vocabulary, keys_at
from registry_lsp.syntax.quoting import Writer, in_toml
from registry_lsp.syntax.remarks import REMARKS, outside, remarks
from registry_lsp.syntax.toml.scanner import scan_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlFile:
    """The format of files that are called ``name``, and of no others; ``read`` reads them.
    ``vocabulary`` are the keys that are read; it ``has_groups`` where groups may include others.

    What is still being typed (a key without a value, an empty string) is passed over in silence.
    """

    name: str
    read: Callable[[str], Manifest]
    vocabulary: Vocabulary = field(default_factory=dict, hash=False)
    has_groups: bool = False
    decode: Callable[[bytes], str] = utf8
    completed: Callable[[str, int, str], str] = with_toml_value
    quoting: Callable[[str, Span], Writer] = in_toml
    ignoring: IgnoreSyntax = REMARKS

    @property
    def patterns(self) -> Sequence[str]:
        """A file of that name in any folder."""
        return (f"**/{self.name}",)

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path is one."""
        return path.name == self.name

    def holds(self, _text: str) -> bool:
        """Every file of that name is one."""
        return True

    def parse(self, text: str) -> Manifest:
        """Read it, tolerantly: never raises, and loses only what is broken."""
        return replace(self.read(text), ignores=remarks(text, outside(scan_toml, text)))

    def words_at(self, text: str, offset: int) -> Words | None:
        """Its tables and keys, and the groups that it has."""
        found = groups_at(text, offset) if self.has_groups else None
        return found or keys_at(text, offset, scan_toml, self.vocabulary, is_once=False)

    def fault(self, text: str) -> Problem | None:
        """Why it is no TOML."""
        return toml_fault(text)
