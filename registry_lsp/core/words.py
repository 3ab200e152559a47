"""The words of a manifest's own that may stand where somebody types. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from registry_lsp.core.text import Span


class Sort(Enum):
    """What the words name."""

    KEY = "key"
    """A section, or a key of one."""
    GROUP = "group"
    """A group of the same manifest."""
    FILE = "file"
    """A file that is read along, by its path from the manifest's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Which ``words`` may stand in the place of what ``span`` covers. Of files the folder tells."""

    sort: Sort
    span: Span
    words: tuple[str, ...] = ()
