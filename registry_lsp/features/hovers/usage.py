"""How much a package is used, and how it is kept: what services count and list."""

from __future__ import annotations

from registry_lsp.core.services import Downloads, Extras, Listing, Page
from registry_lsp.features import times
from registry_lsp.features.markup import Markup

_WEEKS = 4  # in one bar: a year of them fits a line
_BARS = "▁▂▃▄▅▆▇█"


def downloads(counts: Downloads | None) -> str:
    """How often it was downloaded last week, or in the shortest period that is known."""
    if counts is None:
        return ""
    periods = (
        ("last week", counts.last_week),
        ("last month", counts.last_month),
        ("last year", counts.last_year),
        ("yesterday", counts.last_day),
    )
    known = next(((name, count) for name, count in periods if count is not None), None)
    return "" if known is None else f"{counted(known[1], 'download')} {known[0]}"


def listing(extras: Extras, markup: Markup) -> str:
    """What a directory of packages says, with links to its pages."""
    found = extras.listing
    if found is None:
        return ""
    numbers = (
        counted(found.stars, "star"),
        counted(found.forks, "fork"),
        counted(found.participants, "participant"),
        _commits(found.commits, markup),
        f"last commit {times.day(found.updated)}" if found.updated is not None else "",
        _places(found, markup),
    )
    directory = markup.link(found.directory, found.page.url) or markup.text(found.directory)
    said = " · ".join(filter(None, numbers))
    return f"{directory}: {said}" if said else directory


def _commits(weeks: tuple[int, ...], markup: Markup) -> str:
    """A year's commits, and their course."""
    total = sum(weeks)
    if not total:
        return "no commits in a year" if weeks else ""
    return f"{counted(total, 'commit')} in a year {markup.code(sparkline(weeks))}"


def sparkline(weeks: tuple[int, ...]) -> str:
    """A bar for every four *weeks*, the last ones whole; the lowest bar is for none at all."""
    first = len(weeks) % _WEEKS
    starts = [*([0] if first else []), *range(first, len(weeks), _WEEKS)]
    sums = [
        sum(weeks[start : (first if first and start == 0 else start + _WEEKS)]) for start in starts
    ]
    top = max(sums, default=0)
    return "".join(_BARS[-(-each * (len(_BARS) - 1) // top) if top else 0] for each in sums)


def _places(found: Listing, markup: Markup) -> str:
    """The category and the grids that it is in."""
    category = found.category
    parts = [f"category {_named(category, markup)}"] if category is not None else []
    if found.grids:
        names = ", ".join(_named(grid, markup) for grid in found.grids)
        others = found.grids_in_all - len(found.grids)
        more = f" and {counted(others, 'other')}" if others > 0 else ""
        parts.append(f"compared in {names}{more}")
    return " · ".join(parts)


def _named(page: Page, markup: Markup) -> str:
    return markup.link(page.title, page.url) or markup.text(page.title, 60)


def counted(count: int | None, what: str) -> str:
    """*count* of *what*, such as '1.2M downloads'; empty where it is not known."""
    if count is None:
        return ""
    if count == 0:
        return f"no {what}s"
    return f"{_short(count)} {what}{'s' if count != 1 else ''}"


def _short(count: int) -> str:
    """A number in two or three digits, as people say it: '980', '1.2k', '45M'."""
    for size, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if count >= size:
            tenths = count * 10 // size
            whole, tenth = divmod(tenths, 10)
            return f"{whole}.{tenth}{unit}" if whole < 10 and tenth else f"{whole}{unit}"
    return str(count)
