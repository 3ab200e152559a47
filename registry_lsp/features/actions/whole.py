"""What all dependencies of a section or a file could be updated to at once. Pure.

Left out is what an installer would bring without an edit (the requirement admits it already), and
what is pinned by hashes, which only its own tool can write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from registry_lsp.core.findings import Assessment, Code, Verdict
from registry_lsp.core.gates import GATES_OPEN
from registry_lsp.core.packages import Found
from registry_lsp.core.ports.versions import VersionScheme
from registry_lsp.core.remembering import ByIdentity
from registry_lsp.core.updates import replacement, updates
from registry_lsp.features.actions.offers import OUTDATED, Step, repair_step, update_step

_SAFE_CODES = frozenset({Code.OUTDATED_PATCH, Code.OUTDATED_MINOR, Code.YANKED})
UPDATED = OUTDATED | {Code.YANKED}
"""What is said of a version that an update could settle."""
SECURED = frozenset({Code.VULNERABLE})
"""What is said of a version that is to be replaced for it."""
A_LOOK = 5
"""Dependencies that are looked at closely where an action is offered that nobody has asked for."""


class Reach(Enum):
    """How far updates go."""

    SAFE = "safe"
    """What breaks nothing by Semantic Versioning's rules, and what replaces yanked releases."""
    ALL = "all"
    """The newest that the project could use."""
    SECURE = "secure"
    """The lowest that is neither vulnerable nor yanked, in the place of what is vulnerable."""


def step_for(
    assessment: Assessment, scheme: VersionScheme, reach: Reach, now: float
) -> Step | None:
    """What brings one dependency as far as *reach* lets it go; None where there is nothing to do,
    or nothing that can be done without looking.
    """
    if not _is_touched(assessment, reach):
        return None
    if reach is Reach.SECURE:
        return _without_hashes(_instead(assessment, scheme, now))
    found = [each for each in updates(assessment, scheme, now) if not each.is_admitted]
    if reach is Reach.SAFE:
        found = [each for each in found if each.is_safe]
    step = update_step(assessment, found[-1]) if found else None
    return _without_hashes(step or _instead(assessment, scheme, now, is_yanked=True))


def _without_hashes(step: Step | None) -> Step | None:
    """*step*, unless it outdates hashes."""
    return step if step is not None and not step.edit.stale else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a dependency would get of all updates: ``is_safe`` and ``is_any`` where the safe ones,
    or any, are about it, ``may_break`` where it would be taken beyond what is safe, and
    ``is_secured`` where a vulnerable version of it would be replaced.
    """

    is_safe: bool = False
    is_any: bool = False
    may_break: bool = False
    is_secured: bool = False


_NOTHING = Outlook()
_OUTLOOKS: ByIdentity[Verdict, Outlook] = ByIdentity(most=4096)


def outlook(assessment: Assessment, scheme: VersionScheme, now: float) -> Outlook:
    """What all updates come to for one dependency: the same, as long as its verdict stands."""
    if not any(_is_touched(assessment, reach) for reach in Reach):
        return _NOTHING
    dependency = assessment.dependency
    has_place = dependency.specifier_span is not None
    way = (scheme, now // GATES_OPEN, has_place, bool(dependency.hashes), dependency.specifier)

    def look() -> Outlook:
        safe, newest, secure = (step_for(assessment, scheme, reach, now) for reach in Reach)
        return Outlook(
            is_safe=safe is not None,
            is_any=newest is not None,
            may_break=newest is not None and newest != safe,
            is_secured=secure is not None,
        )

    return _OUTLOOKS.get(assessment.verdict, way, look)


_SECTIONS: ByIdentity[Sequence[Assessment], Sequence[Assessment]] = ByIdentity(most=64)
_PROMISES: ByIdentity[Sequence[Assessment], bool] = ByIdentity(most=256)


def within(assessments: Sequence[Assessment], section: str) -> Sequence[Assessment]:
    """Those of *section*, or all where that is empty: the same ones, as long as they are of the
    same *assessments*.
    """
    if not section:
        return assessments

    def some() -> Sequence[Assessment]:
        return tuple(each for each in assessments if each.dependency.section == section)

    return _SECTIONS.get(assessments, section, some)


def promises(
    assessments: Sequence[Assessment],
    schemes: Mapping[str, VersionScheme],
    reach: Reach,
    now: float,
    *,
    most: int | None = None,
) -> bool:
    """Whether there is something to do about any of them that a nearer reach leaves undone; *most*
    of them are looked at, those first that promise most and are looked at soonest, or all. It is
    worked out once for the same *assessments*.
    """
    way = (id(schemes), reach, now // GATES_OPEN, most)
    return _PROMISES.get(
        assessments, way, lambda: _promises(assessments, schemes, reach, now, most=most)
    )


def _promises(
    assessments: Sequence[Assessment],
    schemes: Mapping[str, VersionScheme],
    reach: Reach,
    now: float,
    *,
    most: int | None,
) -> bool:
    touched = [each for each in assessments if _is_touched(each, reach)]
    is_safe = reach is Reach.SAFE
    touched.sort(key=lambda each: (_is_promising(each) is not is_safe, _size(each)))
    for each in touched[:most]:
        scheme = schemes[each.dependency.dialect]
        step = step_for(each, scheme, reach, now)
        if step is None:
            continue
        if reach is not Reach.ALL or step != step_for(each, scheme, Reach.SAFE, now):
            return True
    return False


def _instead(
    assessment: Assessment, scheme: VersionScheme, now: float, *, is_yanked: bool = False
) -> Step | None:
    """What replaces a release that is vulnerable or yanked, the lowest that does; only of one that
    *is_yanked*, where that is said.
    """
    found = replacement(assessment, scheme, now)
    if found is None or (is_yanked and not found.is_yanked):
        return None
    return repair_step(assessment, found)


def _is_touched(assessment: Assessment, reach: Reach) -> bool:
    """Whether anything is said of the version that *reach* could settle."""
    settled = SECURED if reach is Reach.SECURE else UPDATED
    for each in assessment.verdict.findings:  # noqa: SIM110 - it is asked of thousands
        if each.code in settled:
            return True
    return False


def _size(assessment: Assessment) -> int:
    """How many releases there are to look at."""
    lookup = assessment.lookup
    return len(lookup.package.releases) if isinstance(lookup, Found) else 0


def _is_promising(assessment: Assessment) -> bool:
    """Whether a safe update is to be expected."""
    return any(each.code in _SAFE_CODES for each in assessment.verdict.findings)
