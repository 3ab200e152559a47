"""The report as JSON, for other programs.

The document is an object: ``version`` (1), ``files`` and ``summary``. Of each file come its
``path`` (with forward slashes), its ``dependencies``, its ``problems`` (what is wrong with the
manifest and lies on no dependency; what lies on one is among that one's findings) and ``error``,
the reason why it could not be read, else null. ``line`` and ``column`` count from 1, in code
points, and are of a dependency's name; ``related`` has those of another place that a finding has to
do with, else it is null: the other entry of a package that has two, or the entry of a catalog that
has a dependency's version, and then the ``path`` of its file, which is null where that is the same.
What is told of that entry too is a hint where its version is used (or an information, if it is an
error), and counts once. ``registry`` names the
ecosystem whose registry serves the dependency, null for one from elsewhere; ``current``, ``wanted``
and ``latest`` are null where they are not known; ``locked`` lists the versions that a lock file
names (or that are installed), each with who says so (``by``) and the ``marker`` that it is locked
under, else null; the newest of them is ``current``. ``advisories`` are all that are known against
the versions in use, the gravest first: ``version`` is the one that it is about, ``fixed_in`` the
lowest release above it that it is not about (null where there is none, or nobody knows);
``malware`` says that the release was made to do harm; ``rating`` is low, moderate, high, critical
or null, and ``score`` that of its CVSS vector, or null. ``advisories_error`` says why they could
not be asked for, so that those listed are from before and an empty list says nothing; else it is
null. ``age_seconds`` is how long ago the registry said what is shown, where it was due to be asked
again and could not be, else null. ``ignored`` lists the codes of the findings that the manifest
itself wants not to be told. Severities are words. The summary counts files, dependencies, the
dependencies of which nothing is known, those whose advisories could not be asked for (``untold``),
and findings by severity.
"""

from __future__ import annotations

from typing import Any

from registry_lsp.checking.report import Fault, FileReport, Related, Report, Row, Statement
from registry_lsp.core.advisories import Exposure
from registry_lsp.core.text import printable
from registry_lsp.terminal.output import json_text

VERSION = 1
"""Raised when a reader of the earlier document would misread the new one."""


def document(report: Report) -> dict[str, Any]:
    """The report as JSON's own types."""
    return {
        "version": VERSION,
        "files": [_file(file) for file in report.files],
        "summary": {
            "files": len(report.files),
            "dependencies": report.dependencies,
            "unknown": report.unknown,
            "untold": report.untold,
            "findings": {severity.name.lower(): count for severity, count in report.counts.items()},
        },
    }


def render(report: Report) -> str:
    """The document's text."""
    return json_text(document(report))


def _file(file: FileReport) -> dict[str, Any]:
    return {
        "path": file.path.as_posix(),
        "error": file.unreadable,
        "dependencies": [_row(row) for row in file.rows],
        "problems": [_fault(fault) for fault in file.faults],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "registry": row.registry,
        "section": row.section,
        "line": row.line,
        "column": row.column,
        "requirement": row.requirement,
        "current": row.current,
        "locked": [
            {"version": each.version, "by": each.by, "marker": each.marker or None}
            for each in row.locked
        ],
        "wanted": row.wanted,
        "latest": row.latest,
        "newer": {"version": row.newer, "reason": row.ruled_out} if row.newer else None,
        "age_seconds": row.age_seconds,
        "advisories": [
            _advisory(some.version, each) for some in row.exposed for each in some.exposures
        ],
        "advisories_error": row.untold,
        "findings": [_statement(statement) for statement in row.findings],
        "ignored": [code.value for code in row.ignored],
    }


def _advisory(version: str, exposure: Exposure) -> dict[str, Any]:
    advisory = exposure.advisory
    return {
        "id": printable(advisory.id),
        "aliases": [printable(each) for each in advisory.aliases],
        "version": version,
        "rating": advisory.rating.name.lower() if advisory.rating else None,
        "score": advisory.score,
        "malware": advisory.is_malware,
        "summary": printable(advisory.summary) if advisory.summary else None,
        "url": advisory.url,
        "fixed_in": exposure.fixed,
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {"line": fault.line, "column": fault.column, **_statement(fault.statement)}


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "code": statement.code.value,
        "severity": statement.severity.name.lower(),
        "message": statement.message,
        "related": _related(statement.related) if statement.related is not None else None,
    }


def _related(related: Related) -> dict[str, Any]:
    path = related.path.as_posix() if related.path is not None else None
    return {"path": path, "line": related.line, "column": related.column}
