"""The hover of a section's heading: how its dependencies stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from registry_lsp.core.tallies import Tally
from registry_lsp.features.markup import Markup


def build(section: str, counts: Tally, markup: Markup) -> str:
    """What the *counts* of a *section* come to, a line for each number that is not 0."""
    number = counts.dependencies
    title = f"{markup.strong(section)} · {number} {'dependency' if number == 1 else 'dependencies'}"
    lines = [markup.item(each) for each in _lines(counts)]
    if not lines:
        lines = ["nothing to report"] if number else []
    return "\n\n".join(filter(None, (title, "\n".join(lines))))


def _lines(counts: Tally) -> Iterator[str]:
    if counts.outdated:
        tiers = (("patch", counts.patch), ("minor", counts.minor), ("major", counts.major))
        listed = ", ".join(f"{count} {tier}" for tier, count in tiers if count)
        yield f"{counts.outdated} outdated: {listed}"
    if counts.vulnerable:
        yield f"{counts.vulnerable} vulnerable"
    if counts.faulty:
        other = "other " if counts.outdated or counts.vulnerable else ""
        yield f"{counts.faulty} with {other}problems"
    if counts.unknown:
        yield f"{counts.unknown} without an answer yet"
