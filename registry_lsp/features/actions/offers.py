"""What can be done about one dependency. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registry_lsp.core.edits import Edit
from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.manifests import Manifest, Source
from registry_lsp.core.order import Tier
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.ports.versions import VersionScheme
from registry_lsp.core.removal import removal
from registry_lsp.core.reshaping import pinned, widened
from registry_lsp.core.text import Span, printable
from registry_lsp.core.updates import Replacement, Update, replacement, updates

OUTDATED = frozenset({Code.OUTDATED_PATCH, Code.OUTDATED_MINOR, Code.OUTDATED_MAJOR})
_OF_THE_VERSION = frozenset(
    {
        Code.YANKED,
        Code.VULNERABLE,
        Code.NO_MATCHING_VERSION,
        Code.INCOMPATIBLE_PYTHON,
        Code.INCOMPATIBLE_ENGINE,
    }
)
"""What is said of the version in use, and is no longer true of any that is offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An edit, and what is to be confirmed about it; None where nothing is."""

    edit: Edit
    doubt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something to be done about a dependency: ``title`` says it to people, ``name`` tells it from
    the others and holds the versions that it speaks of.

    ``settles`` are the codes of what is no longer to be said then, in ``extent`` where that is not
    all of the dependency. One ``is_preferred`` at most; it ``is_fix`` where it is for something
    that is wrong or could be better, and all else is another way to write it.
    """

    name: str
    title: str
    step: Step
    settles: frozenset[Code] = frozenset()
    extent: Span | None = None
    is_preferred: bool = False
    is_fix: bool = True


def offers(assessment: Assessment, scheme: VersionScheme, now: float) -> tuple[Offer, ...]:
    """What is offered for a dependency, in the order in which it is to be shown; *scheme* is that
    of its dialect, and *now* epoch seconds.
    """
    told = frozenset(each.code for each in assessment.verdict.findings)
    repair = replacement(assessment, scheme, now)
    steps = updates(assessment, scheme, now)
    found: list[Offer] = []
    if repair is not None:
        found.append(_repair(assessment, repair, told))
    else:
        steps = _best_first(steps)
    best = next((each for each in steps if each.is_safe), None) if repair is None else None
    found += (_update(assessment, each, told, is_preferred=each is best) for each in steps)
    found += _reshaped(assessment, scheme, told)
    return tuple(_once(found))


def _best_first(steps: tuple[Update, ...]) -> tuple[Update, ...]:
    """The safe ones first, the largest of them before the others; then those that may break."""
    safe = [each for each in steps if each.is_safe]
    return (*reversed(safe), *(each for each in steps if not each.is_safe))


def _once(found: list[Offer]) -> Iterator[Offer]:
    """Each edit once, by its first title."""
    seen = set()
    for each in found:
        if each.step.edit not in seen:
            seen.add(each.step.edit)
            yield each


def _update(
    assessment: Assessment, update: Update, told: frozenset[Code], *, is_preferred: bool
) -> Offer:
    step = update_step(assessment, update)
    return Offer(
        name=f"update {update.tier.value} {update.release.version}",
        title=_update_title(assessment, update),
        step=step,
        settles=settled(assessment, told, update.release.version),
        is_preferred=is_preferred,
    )


def update_step(assessment: Assessment, update: Update) -> Step:
    """The step that *update* is: one that may break something is doubtful."""
    doubt = None if update.is_safe else _update_title(assessment, update)
    return Step(edit=update.edit, doubt=doubt)


def _update_title(assessment: Assessment, update: Update) -> str:
    notes = [update.tier.value]
    if update.is_admitted:
        notes.append(f"{printable(assessment.dependency.specifier, 40)} admits it already")
    version = printable(update.release.version, 80)
    return f"Update {named(assessment)} to {version} ({noted(notes, update.edit)})"


def _repair(assessment: Assessment, repair: Replacement, told: frozenset[Code]) -> Offer:
    return Offer(
        name=f"replace {repair.release.version}",
        title=_repair_title(assessment, repair),
        step=repair_step(assessment, repair),
        settles=settled(assessment, told, repair.taken.version),
        is_preferred=True,
    )


def repair_step(assessment: Assessment, repair: Replacement) -> Step:
    """The step that *repair* is: one to another major version is doubtful."""
    doubt = _repair_title(assessment, repair) if repair.tier is Tier.MAJOR else None
    return Step(edit=repair.edit, doubt=doubt)


def _repair_title(assessment: Assessment, repair: Replacement) -> str:
    old, new = printable(repair.old, 80), printable(repair.release.version, 80)
    name, why = named(assessment), "yanked" if repair.is_yanked else "vulnerable"
    notes = noted([repair.tier.value], repair.edit)
    if repair.taken == repair.release:
        return f"Replace {why} {name} {old} by {new} ({notes})"
    return f"Ask for {name} {new} or newer, as {old} is {why} ({notes})"


def _reshaped(
    assessment: Assessment, scheme: VersionScheme, told: frozenset[Code]
) -> Iterator[Offer]:
    name = named(assessment)
    wide, pin = widened(assessment, scheme), pinned(assessment, scheme)
    if wide is not None:
        version = printable(wide.release.version, 80)
        title = f"Widen {name} to {printable(wide.specifier, 80)}, which admits {version}"
        yield Offer(
            name=f"widen {wide.release.version}",
            title=title,
            step=Step(edit=wide.edit),
            settles=settled(assessment, told, wide.release.version),
            is_fix=False,
        )
    if pin is not None:
        version = printable(pin.release.version, 80)
        yield Offer(
            name=f"pin {pin.release.version}",
            title=f"Pin {name} to {version}",
            step=Step(edit=pin.edit),
            is_fix=False,
        )


def settled(assessment: Assessment, told: frozenset[Code], version: str) -> frozenset[Code]:
    """What of all that is *told* is no longer to be said once *version* is in use."""
    latest = assessment.verdict.latest
    is_latest = latest is not None and latest.version == version
    gone = _OF_THE_VERSION | OUTDATED if is_latest else _OF_THE_VERSION
    if any(
        each.code is Code.DEPRECATED and each.arg("version") for each in assessment.verdict.findings
    ):
        gone |= {Code.DEPRECATED}
    return told & gone


def rename(
    assessment: Assessment, format: ManifestFormat, text: str, names: Sequence[str]
) -> Iterator[Offer]:
    """To have one of *names* in the place of a name of *text* that nobody has. It is preferred
    where it is the only one.
    """
    dependency = assessment.dependency
    span = dependency.name_span
    if span.slice(text) != dependency.display_name or dependency.source is not Source.REGISTRY:
        return  # an escape, or an alias
    write = format.quoting(text, span)
    for name in names:
        written = write(name)
        if written is None:
            continue
        yield Offer(
            name=f"rename {name}",
            title=f"Replace {named(assessment)} by {name}",
            step=Step(edit=Edit(span=span, text=written)),
            settles=frozenset({Code.PACKAGE_NOT_FOUND}),
            is_preferred=len(names) == 1,
        )


def remove(
    assessment: Assessment, format: ManifestFormat, text: str, manifest: Manifest
) -> Offer | None:
    """To take out a dependency that another entry asks for as well; None where none does, or it
    cannot be done without harm.
    """
    twin = assessment.twin
    edit = removal(format, text, manifest, assessment.dependency) if twin is not None else None
    if twin is None or edit is None:
        return None
    section, other = (printable(it.section, 80) for it in (assessment.dependency, twin))
    if section != other:
        title = f"Remove {named(assessment)} from {section}, as {other} has it"
    else:
        title = f"Remove this {named(assessment)}, as it stands above already"
    return Offer(
        name="remove",
        title=title,
        step=Step(edit=edit),
        settles=frozenset({Code.DUPLICATE_DEPENDENCY}),
    )


def ignore(
    assessment: Assessment, format: ManifestFormat, text: str, manifest: Manifest
) -> Iterator[Offer]:
    """To have each of its findings left unsaid, where the manifest can say so. What a comment says
    holds for all that stands in its line, and then the title tells so.
    """
    codes = dict.fromkeys(each.code for each in assessment.verdict.findings)
    for code in codes:
        ignoring = format.ignoring.add(text, manifest, assessment.dependency, code.value)
        if ignoring is not None:
            whose = "all in this line" if ignoring.is_shared else named(assessment)
            yield Offer(
                name=f"ignore {code.value}",
                title=f"Ignore {code.value} of {whose}",
                step=Step(edit=ignoring.edit),
                settles=frozenset({code}),
            )


def noted(notes: list[str], edit: Edit) -> str:
    """What stands in the brackets of a title."""
    return "; ".join([*notes, "removes its hashes"] if edit.stale else notes)


def named(assessment: Assessment) -> str:
    """The dependency's name in a title."""
    return printable(assessment.dependency.display_name, 100)
