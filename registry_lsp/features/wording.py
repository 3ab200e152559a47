"""The words: what each finding says to a person. The only place that says them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from registry_lsp.core.advisories import Advisory
from registry_lsp.core.findings import Assessment, Code, Finding
from registry_lsp.core.ignores import Unused
from registry_lsp.core.manifests import Dependency, Entry, Problem, Source
from registry_lsp.core.packages import (
    SECURITY_HOLDING,
    Found,
    Release,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.text import LineIndex, printable
from registry_lsp.features import times, troubles

_ELSEWHERE: Mapping[Source, str] = MappingProxyType(
    {
        Source.GIT: "comes from a Git repository",
        Source.URL: "comes from an address of its own",
        Source.PATH: "comes from a local path",
        Source.WORKSPACE: "comes from this workspace",
        Source.CATALOG: "takes its version from a catalog",
        Source.REFERENCE: "is settled elsewhere in this project",
        Source.FOREIGN: "comes from a registry of another kind",
    }
)
_OUTDATED = frozenset({Code.OUTDATED_PATCH, Code.OUTDATED_MINOR, Code.OUTDATED_MAJOR})
_BY_ITS_FORM = frozenset({Source.WORKSPACE, Source.CATALOG})
"""Sources whose target says little without the word that stands before it."""
IGNORED = "the settings leave it out (ignore)"
_USER_INFORMATION = re.compile(r"(?<=://)[^/?#\s]*@")


def message(finding: Finding, assessment: Assessment) -> str:
    """What *finding* says, in one line without a full stop."""
    return _SENTENCES[finding.code](finding, assessment)


def problem(problem: Problem) -> str:
    """What is wrong with a part of the manifest, in one line without a full stop."""
    return printable(problem.reason).rstrip(".")


def runtime(misfit: Code) -> str:
    """What a release does not run on by a finding of this code."""
    return "Python" if misfit is Code.INCOMPATIBLE_PYTHON else "Node.js"


def elsewhere(dependency: Dependency) -> str | None:
    """Where a dependency comes from that no registry serves, as the end of a sentence."""
    return _ELSEWHERE.get(dependency.source)


def place(dependency: Dependency) -> str:
    """What it names there, without the password that it may hold; empty where nothing."""
    is_told_by_its_form = dependency.source in _BY_ITS_FORM and dependency.target
    return shown(dependency.written if is_told_by_its_form else dependency.target)


def shown(text: str) -> str:
    """A name or an address of the manifest's, without the password that it may hold."""
    return _USER_INFORMATION.sub("", text)


def as_known(assessment: Assessment, now: float) -> str | None:
    """How old what is said is, or what it lacks, and why no better can be had; None where it is
    fresh and whole.
    """
    lookup = assessment.lookup
    if not isinstance(lookup, Found) or lookup.trouble is None:
        return None
    if lookup.is_partial:
        return f"without what another index may have: {troubles.why(lookup.trouble)}"
    age = times.duration(max(0.0, now - lookup.asked_at))
    return f"as known {age} ago: {troubles.why(lookup.trouble)}"


def whence(assessment: Assessment) -> str | None:
    """Which of several registries have the package, and what is the newest of each; None where
    there is only one that could.
    """
    lookup, id = assessment.lookup, assessment.id
    if not isinstance(lookup, Found) or id is None or id.registry.otherwise is None:
        return None
    package = lookup.package
    if not package.places:
        return f"from {printable(package.id.registry.host, 100)}"
    return "from " + " and ".join(
        f"{printable(place.registry.host, 100)} (up to {printable(place.versions[0], 80)})"
        if place.versions
        else f"{printable(place.registry.host, 100)} (no releases)"
        for place in package.places
    )


def _outdated(finding: Finding, assessment: Assessment) -> str:
    update = finding.code.value.removeprefix("outdated-")
    text = f"{_name(assessment)} {_arg(finding, 'latest')} is available ({update} update)"
    if finding.arg("wanted") is None:
        return text
    requirement = printable(assessment.dependency.specifier, 80)
    return f"{text}; {requirement} gives {_arg(finding, 'wanted')}"


def _yanked(finding: Finding, assessment: Assessment) -> str:
    return _with_reason(
        f"{_name(assessment)} {_arg(finding, 'version')} was yanked", finding.arg("reason")
    )


def _deprecated(finding: Finding, assessment: Assessment) -> str:
    version = f" {_arg(finding, 'version')}" if finding.arg("version") else ""
    return _with_reason(f"{_name(assessment)}{version} is deprecated", finding.arg("reason"))


def _project_archived(finding: Finding, assessment: Assessment) -> str:
    text = f"{_name(assessment)} is archived: no further release is to be expected"
    return _with_reason(text, finding.arg("reason"))


def _project_quarantined(finding: Finding, assessment: Assessment) -> str:
    if finding.arg("status") == SECURITY_HOLDING:
        return (
            f"{_name(assessment)} was taken away for security reasons: "
            "what the registry has under this name is its own empty placeholder"
        )
    text = f"{_name(assessment)} is quarantined by its registry as unsafe"
    if finding.arg("empty"):
        text += ", and cannot be installed"
    return _with_reason(text, finding.arg("reason"))


def _no_matching_version(finding: Finding, assessment: Assessment) -> str:
    name = _name(assessment)
    requirement = printable(assessment.dependency.specifier, 80)
    if finding.arg("empty"):
        return f"{name} has no releases"
    if finding.arg("tag"):
        return f"{name} has no dist-tag {requirement}"
    if finding.arg("withdrawn"):
        matching = f" match {requirement}" if requirement else " are there"
        return f"only yanked releases of {name}{matching}"
    if finding.arg("held"):
        gate = _arg(finding, "gate")
        if finding.arg("undated"):
            return f"nobody tells how old the releases of {name} are, as {gate} asks"
        return f"every release of {name} that matches {requirement} is too new for {gate}"
    latest, newer = assessment.verdict.latest, assessment.verdict.newer
    usable = "the latest that this project can use is" if newer else "the latest is"
    is_told = any(each.code in _OUTDATED for each in assessment.verdict.findings)
    rest = f"; {usable} {printable(latest.version, 80)}" if latest and not is_told else ""
    if finding.arg("unpublished"):
        return f"{_unpublished(finding, assessment)}{rest}"
    if finding.arg("constrained"):
        return f"no release of {name} matches {requirement} and is {constrained(assessment)}"
    return f"no release of {name} matches {requirement}{rest}"


def constrained(assessment: Assessment) -> str:
    """What else the project says of its version, and where, as the end of a sentence."""
    constraint = assessment.dependency.constraint
    if constraint is None:
        return ""
    specifier, by = printable(constraint.specifier, 80), printable(constraint.by, 200)
    if constraint.is_override:
        return f"overridden by {specifier} in {by}"
    return f"within {specifier}, the constraint in {by}"


def _unpublished(finding: Finding, assessment: Assessment) -> str:
    version = str(finding.arg("unpublished"))
    requirement = printable(assessment.dependency.specifier, 80)
    text = f"{_name(assessment)} {printable(version, 80)}"
    if requirement.lstrip("=v ") != version:
        text = f"no release of {_name(assessment)} matches {requirement}; {printable(version, 80)}"
    package = assessment.lookup.package if isinstance(assessment.lookup, Found) else None
    return f"{text} {gone(package.gone(version) if package else None)}"


def gone(release: Release | None) -> str:
    """That a release was unpublished, and of when it was, as the end of a sentence."""
    if release is None or release.published is None:
        return "was unpublished"
    return f"was unpublished (it was published on {times.day(release.published)})"


def _misfit(finding: Finding, assessment: Assessment) -> str:
    needs = f"{runtime(finding.code)} {_arg(finding, 'needs')}"
    return (
        f"{_name(assessment)} {_arg(finding, 'version')} needs {needs}, "
        f"and {_supported(assessment.dependency, _short)}"
    )


def ruled_out(
    assessment: Assessment, runtime_name: str, shown: Callable[[str], str] | None = None
) -> str:
    """Why the newer release is not the latest, as the end of a sentence; empty where there is none.
    *shown* writes what is a registry's, a manifest's or a file's own word.
    """
    newer, shown = assessment.verdict.newer, shown or _short
    constraint = assessment.dependency.constraint
    if assessment.verdict.is_bound and constraint is not None:
        return f"is ruled out by {shown(constraint.specifier)} in {printable(constraint.by, 200)}"
    if newer is None or newer.runtime is None or assessment.dependency.runtime is None:
        return ""
    needs = f"{runtime_name} {shown(newer.runtime)}"
    return f"needs {needs}, and {_supported(assessment.dependency, shown)}"


def _short(text: str) -> str:
    return printable(text, 80)


def _supported(dependency: Dependency, shown: Callable[[str], str]) -> str:
    """What *dependency* has to run on, and who says so."""
    by = dependency.runtime_by
    if not by:
        return f"this project supports {shown(dependency.runtime or '')}"
    if by == dependency.marker:
        return f"this is for {shown(by)}"
    return f"{shown(by)} has {shown(version_of(dependency))}"


def version_of(dependency: Dependency) -> str:
    """What a dependency has to run on, as people say it: a version where it is only one."""
    runtime = dependency.runtime or ""
    alone = runtime.removeprefix("==").removesuffix(".*")
    return alone if alone.replace(".", "").isdigit() else runtime


def _package_not_found(finding: Finding, assessment: Assessment) -> str:
    where = f" in {troubles.hosts(assessment.id.registry)}" if assessment.id else ""
    detail = finding.arg("detail")
    if finding.arg("or_no_access"):
        text = f"{_name(assessment)} was not found{where}, or you have no access to it"
    else:
        text = f"{_name(assessment)} was not found{where}"
    text = _with_reason(text, detail)
    meant = " or ".join(printable(each, 100) for each in assessment.near)
    return f"{text}; did you mean {meant}?" if meant else text


def _invalid_requirement(finding: Finding, assessment: Assessment) -> str:
    reason = printable(str(finding.arg("reason"))).rstrip(".")
    return f"{_name(assessment)}: {reason}"


def _confused(finding: Finding, assessment: Assessment) -> str:
    private, public = _arg(finding, "private"), _arg(finding, "public")
    return (
        f"{_name(assessment)} is in {private} (up to {_arg(finding, 'held')}) and in {public} too "
        f"(up to {_arg(finding, 'higher')}), and the higher version is taken, whoever has "
        f"published it: have {private} serve both, or bind the name to it"
    )


def _duplicate(finding: Finding, assessment: Assessment) -> str:
    name, section = _name(assessment), finding.arg("section")
    if finding.arg("other") == section:
        return f"{name} stands in {_arg(finding, 'section')} twice: keep one of the entries"
    return f"{name} stands in {_arg(finding, 'other')} too: keep one of the entries"


def _unknown_extra(finding: Finding, assessment: Assessment) -> str:
    text = f"{_name(assessment)} {_arg(finding, 'version')} has no extra {_arg(finding, 'extra')}"
    provided = finding.arg("provided")
    said = printable(provided, 200) if isinstance(provided, str) else ""
    return f"{text}; its extras are {said}" if said else text


def twin(dependency: Dependency) -> str:
    """What the other entry of a package is, for who is led there."""
    return f"{printable(dependency.display_name, 100)} in {printable(dependency.section, 80)}"


def entry(dependency: Dependency) -> str:
    """What the entry of a catalog is, for who is led there from *dependency*."""
    return f"the entry of {printable(dependency.display_name, 100)}"


def standing(entry: Entry, lines: LineIndex) -> str:
    """Where the *entry* stands that has a version, as the end of a sentence. *lines* are those of
    the manifest, which may have it itself.
    """
    number = (entry.lines or lines).line_of(entry.span.start) + 1
    place = f"line {number} of {printable(entry.path, 200)}" if entry.path else f"line {number}"
    return f"its version stands in {place}"


def unused(unused: Unused) -> str:
    """What is to be said of an ignore that leaves nothing unsaid."""
    if unused.fault:
        return f"this ignores nothing: {printable(unused.fault, 200)}"
    code = printable(unused.code, 60) if unused.code is not None else None
    if unused.is_unknown:
        return f"no finding has the code {code}, so that it ignores nothing"
    if code is not None:
        return f"there is no {code} here: take the code away"
    return "there is nothing to ignore here: take this away"


def rated(advisory: Advisory) -> str | None:
    """How grave an advisory is, with its score where it has one; None where nobody has said."""
    if advisory.is_malware:
        return "malicious"
    if advisory.rating is None:
        return None
    word = advisory.rating.name.lower()
    return word if advisory.score is None else f"{word} ({advisory.score:.1f})"


def _vulnerable(finding: Finding, assessment: Assessment) -> str:
    subject = f"{_name(assessment)} {_arg(finding, 'version')}"
    rating = finding.arg("rating")
    if finding.arg("more"):
        text = f"{subject} has {_arg(finding, 'more')} more known vulnerabilities"
        return f"{text}, rated {rating} at most" if rating else text
    id, summary = _arg(finding, "id"), finding.arg("summary")
    if finding.arg("is_malware"):
        return _with_reason(f"{subject} is malicious software ({id}), do not install it", summary)
    named = f"{id}, {rating}" if rating else id
    text = _with_reason(f"{subject} is vulnerable ({named})", summary)
    return text + _fixed(finding)


def _fixed(finding: Finding) -> str:
    """The release that fixes all that is known against this one, else what fixes this alone."""
    if finding.arg("fix") is None:
        if finding.arg("fixed") is None:
            return "; no release is known that fixes it" if finding.arg("is_endless") else ""
        return f"; fixed in {_arg(finding, 'fixed')}"
    held = f", which is too new for {_arg(finding, 'held_by')}" if finding.arg("held_by") else ""
    return f"; fixed in {_arg(finding, 'fix')}{held}"


def _not_asked(finding: Finding, assessment: Assessment) -> str:
    cause = finding.arg("trouble")
    asked = assessment.id.registry if assessment.id is not None else None
    why = "no answer"
    if isinstance(cause, Unauthorized | Unavailable):
        why = troubles.why(cause, asked)
    return f"nothing is known of {_name(assessment)}: {why}"


def _name(assessment: Assessment) -> str:
    dependency = assessment.dependency
    name = printable(dependency.display_name, 100)
    real = printable(dependency.name, 100)
    is_alias = dependency.source is Source.ALIAS and real not in ("", name)
    return f"{name} ({real})" if is_alias else name


def _arg(finding: Finding, name: str) -> str:
    return printable(str(finding.arg(name)), 80)


def _with_reason(text: str, reason: object) -> str:
    said = printable(reason).rstrip(".") if isinstance(reason, str) else ""
    return f"{text}: {said}" if said else text


_SENTENCES = MappingProxyType(
    {
        Code.OUTDATED_PATCH: _outdated,
        Code.OUTDATED_MINOR: _outdated,
        Code.OUTDATED_MAJOR: _outdated,
        Code.YANKED: _yanked,
        Code.DEPRECATED: _deprecated,
        Code.NO_MATCHING_VERSION: _no_matching_version,
        Code.PACKAGE_NOT_FOUND: _package_not_found,
        Code.INVALID_REQUIREMENT: _invalid_requirement,
        Code.INCOMPATIBLE_PYTHON: _misfit,
        Code.INCOMPATIBLE_ENGINE: _misfit,
        Code.PROJECT_ARCHIVED: _project_archived,
        Code.PROJECT_QUARANTINED: _project_quarantined,
        Code.REGISTRY_UNAVAILABLE: _not_asked,
        Code.UNAUTHORIZED: _not_asked,
        Code.DEPENDENCY_CONFUSION: _confused,
        Code.VULNERABLE: _vulnerable,
        Code.DUPLICATE_DEPENDENCY: _duplicate,
        Code.UNKNOWN_EXTRA: _unknown_extra,
    }
)
