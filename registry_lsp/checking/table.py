"""The report as tables, for people.

Nothing of it is cut: a long finding goes on in the next line. What comes from manifests and
registries is made printable first, and none of it is read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registry_lsp.checking.report import FileReport, Report, Row, Statement
from registry_lsp.core.findings import Severity
from registry_lsp.core.text import printable

_STYLES = MappingProxyType(
    {
        Severity.ERROR: "bold red",
        Severity.WARNING: "yellow",
        Severity.INFORMATION: "cyan",
        Severity.HINT: "dim",
    }
)
_WORDS = MappingProxyType({Severity.INFORMATION: "info"})
_PLURALS = MappingProxyType({Severity.INFORMATION: "information"})
_NAME_WIDTH = 28
_VERSION_WIDTH = 12
_UNKNOWN = "-"


def draw(report: Report, console: Console) -> None:
    """Print *report*: a table for each file, then one line that sums it up."""
    for file in report.files:
        console.print(_title(file))
        for fault in file.faults:
            place = f"  line {fault.line}, column {fault.column}: "
            console.print(Text(place) + _said(fault.statement))
        if file.rows:
            console.print(_table(file.rows))
        else:
            console.print()
    console.print(_summary(report))


def _title(file: FileReport) -> Text:
    title = Text(printable(file.path.as_posix(), 4096), "bold")
    if file.unreadable is not None:
        return title + Text(f": {printable(file.unreadable)}", _STYLES[Severity.ERROR])
    return title + Text(
        f" ({file.ecosystem}, {_count(len(file.rows), 'dependency', 'dependencies')})"
    )


def _table(rows: Iterable[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=False, pad_edge=False)
    table.add_column("name", overflow="fold", max_width=_NAME_WIDTH)
    for name in ("current", "wanted", "latest"):
        table.add_column(name, overflow="fold", max_width=_VERSION_WIDTH)
    table.add_column("findings", overflow="fold", min_width=20)
    for row in rows:
        versions = (row.current, row.wanted, row.latest)
        table.add_row(
            Text(printable(row.name)),
            *(Text(printable(version) if version else _UNKNOWN) for version in versions),
            Text("\n").join(_said(statement) for statement in row.findings),
        )
    return table


def _said(statement: Statement) -> Text:
    """The finding behind its severity's word: colour only repeats what the word says."""
    word = _WORDS.get(statement.severity, statement.severity.name.lower())
    return Text(f"{word}: ", _STYLES[statement.severity]) + Text(statement.message)


def _summary(report: Report) -> Text:
    files = _count(len(report.files), "file", "files")
    dependencies = _count(report.dependencies, "dependency", "dependencies")
    parts = []
    for severity, count in report.counts.items():
        if count:
            one = severity.name.lower()
            words = _count(count, one, _PLURALS.get(severity, one + "s"))
            parts.append(Text(words, _STYLES[severity]))
    if report.unreadable:
        parts.append(Text(f"{report.unreadable} not readable", _STYLES[Severity.ERROR]))
    if report.unknown:
        parts.append(Text(f"{report.unknown} not known", _STYLES[Severity.ERROR]))
    said = Text(", ").join(parts) if parts else Text("nothing to report", "green")
    return Text(f"{dependencies} in {files}: ") + said


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
