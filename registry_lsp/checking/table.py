"""The report as tables, for people.

Nothing of it is cut: a long finding goes on in the next line. What comes from manifests and
registries is made printable first, and none of it is read as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registry_lsp.checking.report import FileReport, Report, Row, Statement
from registry_lsp.core.findings import Code, Severity
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
_UNKNOWN = "-"
_MISFITS = frozenset({Code.INCOMPATIBLE_PYTHON, Code.INCOMPATIBLE_ENGINE})

_HEADINGS = ("name", "current", "wanted", "latest")
_GAP = 2


def draw(report: Report, console: Console) -> None:
    """Print *report*: a table for each file, then one line that sums it up."""
    for file in report.files:
        console.print(_title(file))
        for fault in file.faults:
            place = f"  line {fault.line}, column {fault.column}: "
            console.print(Text.assemble(place, _said(fault.statement)))
        if file.rows:
            console.print(_table(file.rows, console.width))
        console.print()
    console.print(_summary(report))


def _title(file: FileReport) -> Text:
    path = (printable(file.path.as_posix(), 4096), "bold")
    if file.unreadable is not None:
        return Text.assemble(path, (f": {printable(file.unreadable)}", _STYLES[Severity.ERROR]))
    dependencies = _count(len(file.rows), "dependency", "dependencies")
    return Text.assemble(path, f" ({file.ecosystem}, {dependencies})")


def _table(rows: Sequence[Row], width: int) -> Table:
    """The table of *rows*, no wider than *width* columns. The findings get all the room that
    names and versions leave; those take a quarter and three eighths of it at most.
    """
    cells = [
        (row.name, *(version or _UNKNOWN for version in (_current(row), row.wanted, row.latest)))
        for row in rows
    ]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, _GAP - 1, 0, 0))
    room = width
    limits = (width // 4, width // 8, width // 8, width // 8)
    for at, (heading, limit) in enumerate(zip(_HEADINGS, limits, strict=True)):
        longest = max(cell_len(printable(each[at])) for each in cells)
        column = max(len(heading), min(longest, limit))
        table.add_column(heading, overflow="fold", width=column)
        room -= column + _GAP
    table.add_column("findings", overflow="fold", max_width=room)
    for row, texts in zip(rows, cells, strict=True):
        told = (_forked(row), _ruled_out(row), row.as_known, row.unasked)
        asides = (Text(printable(each), "dim") for each in told if each)
        findings = Text("\n").join([*(_said(statement) for statement in row.findings), *asides])
        table.add_row(*(Text(printable(text)) for text in texts), findings)
    return table


def _current(row: Row) -> str | None:
    """Every version that is in use, where markers decide which."""
    return ", ".join(dict.fromkeys(each.version for each in row.locked)) or row.current


def _forked(row: Row) -> str | None:
    """Where which version is locked, where markers decide that."""
    if len(row.locked) < 2 or not any(each.marker for each in row.locked):
        return None
    return "; ".join(
        f"{each.version} where {each.marker}" if each.marker else f"{each.version} elsewhere"
        for each in row.locked
    )


def _ruled_out(row: Row) -> str | None:
    """Why what is newer is not the latest, where no finding says it."""
    if not row.ruled_out or any(each.code in _MISFITS for each in row.findings):
        return None
    return f"{row.newer} {row.ruled_out}"


def _said(statement: Statement) -> Text:
    """The finding behind its severity's word: colour only repeats what the word says."""
    word = _WORDS.get(statement.severity, statement.severity.name.lower())
    said = statement.brief or statement.message
    return Text.assemble((f"{word}: ", _STYLES[statement.severity]), said)


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
    if report.untold:
        parts.append(Text(f"advisories on {report.untold} not known", _STYLES[Severity.WARNING]))
    if report.old:
        parts.append(Text(f"{report.old} not asked anew", _STYLES[Severity.ERROR]))
    said = Text(", ").join(parts) if parts else Text("nothing to report", "green")
    return Text.assemble(f"{dependencies} in {files}: ", said)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
