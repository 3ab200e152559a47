"""The versions that a hover tells of: current, wanted, latest, and what is newer."""

from __future__ import annotations

from registry_lsp.core.findings import Assessment, Code, Verdict
from registry_lsp.core.packages import Found, Package, Release
from registry_lsp.features import times, wording
from registry_lsp.features.markup import Markup
from registry_lsp.session.documents import Document

_MOST_LOCKED = 6


def versions(document: Document, assessment: Assessment, markup: Markup, now: float) -> str:
    """The versions, a line each. *now* is epoch seconds."""
    verdict, lookup = assessment.verdict, assessment.lookup
    package = lookup.package if isinstance(lookup, Found) else None
    rows = [
        *_current(assessment, package, markup),
        ("wanted", verdict.wanted, ""),
        ("latest", verdict.latest, ""),
        ("newer", verdict.newer, _why_out(document, assessment, markup)),
        ("waiting", verdict.waiting, _until(verdict, markup, now)),
    ]
    lines = []
    warned = {
        finding.arg("version")
        for finding in verdict.findings
        if finding.code in (Code.YANKED, Code.DEPRECATED)
    }
    is_one = len(assessment.locked) == 1 and not assessment.locked[0].marker
    for names, release, note in _together(rows, with_note=is_one):
        parts = [f"{_listed(names)} {markup.code(release.version)}"]
        if release.published is not None:
            parts.append(f"{times.day(release.published)} ({_ago(release.published, now)})")
        if release.version not in warned:  # which says why
            parts += ["yanked"] if release.yanked else []
            parts += ["deprecated"] if release.deprecated is not None else []
        parts += [note] if note else []
        lines.append(markup.item(" · ".join(parts)))
    constraint = assessment.dependency.constraint
    if constraint is not None:
        said = "overridden by" if constraint.is_override else "constrained to"
        by = markup.text(constraint.by, 200)
        lines.append(markup.item(f"{said} {markup.code(constraint.specifier)} in {by}"))
    return "\n".join(lines)


def _together(
    rows: list[tuple[str, Release | None, str]], *, with_note: bool
) -> list[tuple[list[str], Release, str]]:
    """The rows that there are, those of one release as one; where the first has a note, only
    *with_note*.
    """
    found: list[tuple[list[str], Release, str]] = []
    for name, release, note in rows:
        if release is None:
            continue
        last = found[-1] if found else None
        if last and last[1] == release and not note and (with_note or not last[2]):
            last[0].append(name)
        else:
            found.append(([name], release, note))
    return found


def _listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _current(
    assessment: Assessment, package: Package | None, markup: Markup
) -> list[tuple[str, Release | None, str]]:
    """The versions that are locked, with who says so and where that depends on; else the pin."""

    def release(version: str) -> Release:
        listed = package.release(version) if package is not None else None
        return listed or Release(version=version)

    rows: list[tuple[str, Release | None, str]] = []
    for each in assessment.locked[:_MOST_LOCKED]:
        by = markup.text(each.by, 60)
        note = f"{by}, where {markup.code(each.marker)}" if each.marker else by
        rows.append(("current", release(each.version), note))
    current = assessment.current
    return rows or ([("current", release(current), "")] if current is not None else [])


def _why_out(document: Document, assessment: Assessment, markup: Markup) -> str:
    if assessment.verdict.is_bound:
        return "what follows rules it out"
    return wording.ruled_out(assessment, document.ecosystem.runtime_name, markup.code)


def _until(verdict: Verdict, markup: Markup, now: float) -> str:
    """Until when the project's gate holds the waiting release back, and which gate it is."""
    release, gate = verdict.waiting, verdict.gate
    if release is None or gate is None:
        return ""
    by = markup.text(gate.by, 100)
    if release.published is None:
        return f"held back by {by}, as nobody tells its age"
    opens = gate.opens_at(release.published)
    if opens is None:
        return f"held back by {by}"
    if opens <= now:
        return f"held back by {by}, as nobody tells the age of another release"
    return f"held back until {times.day(opens)} (in {times.duration(opens - now)}) by {by}"


def _ago(epoch: float, now: float) -> str:
    return f"{times.duration(now - epoch)} ago" if now >= epoch else "in the future"
