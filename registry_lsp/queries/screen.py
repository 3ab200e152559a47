"""The records of queries as panels and tables, for people.

What comes from registries is made printable, and none of it is read as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from registry_lsp.core.packages import ACTIVE
from registry_lsp.core.text import printable
from registry_lsp.features.times import duration
from registry_lsp.queries.records import Record

_FIELDS = (
    ("licence", "license"),
    ("published", "published_at"),
    ("created", "created_at"),
    ("releases", "release_count"),
    ("runs on", "requires"),
    ("keywords", "keywords"),
    ("homepage", "homepage"),
    ("repository", "repository"),
    ("documentation", "documentation"),
    ("changelog", "changelog"),
    ("issues", "issues"),
    ("funding", "funding"),
    ("page", "page"),
    ("registry", "registry_url"),
)
_MOMENTS = frozenset({"published_at", "created_at"})
_PERIODS = ("last_day", "last_week", "last_month", "last_year")
_KINDS = ("runtime", "development", "peer", "optional")
_LONGEST = 400


def draw(operation: str, record: Record, console: Console, *, runtime_name: str) -> None:
    """Print the answer to a query; *runtime_name* is what the ecosystem's packages run on."""
    needs = {"requires": f"{runtime_name} {record['requires']}"} if record.get("requires") else {}
    shown = _SHOWN[operation]({**record, **needs, "runtime_name": runtime_name})
    if isinstance(shown, Panel) and not console.is_terminal:  # a frame is in a program's way
        shown = Group(shown.title or "", Text(), shown.renderable)
    console.print(shown)
    if record.get("age_seconds") is not None:
        said = f"as known {duration(record['age_seconds'])} ago: its registry could not be asked"
        console.print(Text(said, "dim"))


def _package(record: Record) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, name in _FIELDS:
        value = record.get(name)
        if (text := _text(value[:10] if name in _MOMENTS and value else value)) is not None:
            grid.add_row(label, text)
    for label, people in _by_role(record).items():
        grid.add_row(label, _plain(", ".join(people)))
    if record.get("dist_tags"):
        tags = ", ".join(f"{tag} {version}" for tag, version in record["dist_tags"].items())
        grid.add_row("dist-tags", _plain(tags))
    parts: list[RenderableType] = []
    if record.get("description"):
        parts += [_plain(record["description"]), Text()]
    parts += [Text(f"⚠ {each}", "yellow") for each in _warnings(record)]
    title = Text(printable(f"{record['name']} {record.get('version') or ''}".strip(), 200), "bold")
    return Panel(Group(*parts, grid), title=title, title_align="left", padding=(1, 2), expand=False)


def _warnings(record: Record) -> list[str]:
    """What is grave, a line each."""
    said = []
    if record.get("status") not in (None, ACTIVE):
        said.append(_with(f"this project is {record['status']}", record.get("status_reason")))
    if record.get("yanked"):
        said.append(_with(f"{record['version']} was yanked", record.get("yanked_reason")))
    if record.get("deprecated") is not None:
        said.append(_with(f"{record['version']} is deprecated", record["deprecated"]))
    return [printable(each, _LONGEST) for each in said]


def _with(text: str, reason: str | None) -> str:
    return f"{text}: {reason}" if reason else text


def _versions(record: Record) -> RenderableType:
    rows = [
        (
            each["version"],
            (each["published_at"] or "")[:10],
            each["requires"] or "",
            ", ".join(_marks(each)),
        )
        for each in record["versions"]
    ]
    table = _table(("version", "published", f"runs on {record['runtime_name']}", ""), rows)
    footer = _footer(record, "release", "releases")
    return Group(table, footer) if rows else footer


def _marks(release: Mapping[str, Any]) -> list[str]:
    marks = ["prerelease"] if release["prerelease"] else []
    marks += [_with("yanked", release["yanked_reason"])] if release["yanked"] else []
    if release["deprecated"] is not None:
        marks.append(_with("deprecated", release["deprecated"]))
    return marks


def _dependencies(record: Record) -> RenderableType:
    rows = [
        (kind, each["name"], each["specifier"], each["marker"] or "")
        for kind in _KINDS
        for each in record[kind] or ()
    ]
    title = printable(f"{record['name']} {record['version']}", 200)
    if all(record[kind] is None for kind in _KINDS):
        return Text(f"{title}: its registry does not tell what it depends on")
    if not rows:
        return Text(f"{title} depends on nothing else")
    return Group(Text(title, "bold"), _table(("kind", "name", "requirement", "where"), rows))


def _downloads(record: Record) -> RenderableType:
    rows = [
        (name.replace("_", " "), f"{record[name]:,}")
        for name in _PERIODS
        if record[name] is not None
    ]
    title = Text(printable(record["name"], 200), "bold")
    if not rows:
        return Group(title, Text("no downloads are known"))
    return Group(title, _table(("period", "downloads"), rows))


def _maintainer(record: Record) -> RenderableType:
    title = Text(printable(record["name"], 200), "bold")
    if not record["people"]:
        return Group(title, Text("its registry names nobody"))
    rows = [
        (each["role"], each["name"] or "", each["email"] or "", each["url"] or "")
        for each in record["people"]
    ]
    return Group(title, _table(("role", "name", "email", "address"), rows))


def _search(record: Record) -> RenderableType:
    if not record["packages"] and not record["total"]:
        more = "nothing" if record["page"] == 1 else "nothing more"
        return Text(f"{more} matches {printable(record['query'], 100)}")
    rows = [
        (each["name"], each["version"] or "", each["description"] or "")
        for each in record["packages"]
    ]
    table = _table(("name", "version", "description"), rows)
    footer = _footer(record, "package", "packages")
    return Group(table, footer) if rows else footer


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table of the columns that say anything, for a narrow terminal has no room for others."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    said = [index for index in range(len(headings)) if any(row[index] for row in rows)]
    for index in said:
        table.add_column(headings[index], overflow="fold")
    for row in rows:
        table.add_row(*(_plain(row[index]) for index in said))
    return table


def _footer(record: Record, one: str, many: str) -> Text:
    total = record["total"]
    counted = f"{total:,} {one if total == 1 else many}"
    if record["page"] > max(record["pages"], 1):
        last = f"the last is page {record['pages']}" if record["pages"] > 1 else "there is one"
        return Text(f"there is no page {record['page']:,}, {last}: {counted}", "dim")
    pages = f"page {record['page']} of {record['pages']}, " if record["pages"] > 1 else ""
    return Text(f"{pages}{counted}", "dim")


def _by_role(record: Record) -> dict[str, list[str]]:
    """The names of the people of each role, each once."""
    found: dict[str, list[str]] = {}
    for label, name in (("by", "authors"), ("maintained by", "maintainers")):
        names = (each["name"] or each["email"] for each in record.get(name) or ())
        people = list(dict.fromkeys(each for each in names if each))
        if people:
            found[label] = people
    return found


def _text(value: object) -> Text | None:
    if isinstance(value, list):
        value = ", ".join(str(each) for each in value)
    return _plain(str(value)) if value not in (None, "") else None


def _plain(text: str) -> Text:
    return Text(printable(text, _LONGEST))


_SHOWN: Mapping[str, Callable[[Record], RenderableType]] = MappingProxyType(
    {
        "package": _package,
        "versions": _versions,
        "version": _package,
        "dependencies": _dependencies,
        "downloads": _downloads,
        "maintainer": _maintainer,
        "search": _search,
    }
)
