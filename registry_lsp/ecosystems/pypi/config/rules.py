"""Each tool's own rule of which indexes are asked for a name that is bound to none, and in which
order.

- pip asks all of them and takes the best (``--index-url`` in a requirements file stands in the
  place of all that its configuration names, ``--extra-index-url`` beside them). So does PDM, but
  where ``respect-source-order`` is set.
- uv takes a name from the first index that has it, the default one last, unless its
  ``index-strategy`` is ``unsafe-best-match``.
- Poetry takes the best of its primary sources, and asks the supplemental ones for what these lack.
- Pipenv asks the first source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from registry_lsp.core.manifests import Index
from registry_lsp.core.packages import RegistryRef
from registry_lsp.ecosystems.pypi.config.pdm import PUBLIC, PdmSource
from registry_lsp.ecosystems.pypi.config.references import Referrer
from registry_lsp.ecosystems.pypi.config.settings import PDM, PIP, PIPENV, POETRY, UV
from registry_lsp.ecosystems.pypi.config.uv import indexes_of
from registry_lsp.endpoints import PYPI_INDEX

Plan: TypeAlias = tuple[tuple[RegistryRef, ...], ...]
"""Those that are asked at the same time, one group after the other."""

Asked: TypeAlias = "tuple[RegistryRef | None, ...]"
"""Indexes, of which one that is None cannot be asked: no name may go beyond it."""


def plan(tool: str, indexes: Sequence[Index], refer: Referrer) -> Plan | None:
    """The indexes that *tool* asks for any name, *indexes* being the manifest's own; None where one
    of them cannot be asked, or where nobody knows them.
    """
    if tool in refer.settings.broken:
        return None
    groups = _PLANS[tool](indexes, refer)
    if any(ref is None for group in groups for ref in group):
        return None
    plans = (tuple(_once(ref for ref in group if ref is not None)) for group in groups)
    return tuple(group for group in plans if group) or None


def why_none(tool: str, indexes: Sequence[Index], refer: Referrer) -> str | None:
    """Why :func:`plan` has none for *tool*, as the end of a sentence; None where it has one."""
    if plan(tool, indexes, refer) is not None:
        return None
    if any(ref is None for group in _PLANS[tool](indexes, refer) for ref in group):
        return f"the address of an index that {tool} would ask, as configured, cannot be read"
    return f"{tool} is told to ask no index (no-index, or none that has all names)"


def strung(groups: Plan) -> RegistryRef:
    """One reference that asks *groups* in their order: there is one at least."""
    *others, first = (
        replace(ref, is_merged=at < len(group))
        for group in groups
        for at, ref in enumerate(group, 1)
    )
    for ref in reversed(others):
        first = replace(ref, otherwise=first)
    return first


def agreed(plans: Sequence[Plan]) -> Plan | None:
    """What may be asked where any of several tools may install, each with a plan of its own.

    The indexes beside the default ones are asked first, each for what those before it lack; the
    public index is asked only where every tool would ask it.
    """
    if all(each == plans[0] for each in plans):
        return plans[0]
    every = [ref for groups in plans for group in groups for ref in group]
    told = [{ref.url for group in groups for ref in group} for groups in plans]
    beside = [ref for ref in every if ref.is_bound]
    rest = [ref for ref in every if not ref.is_bound]
    left = [
        ref
        for ref in _once((*beside, *rest))
        if not ref.is_public or all(ref.url in urls for urls in told)
    ]
    return tuple((ref,) for ref in left) or None


def bound(ref: RegistryRef | None) -> RegistryRef | None:
    """*ref* as an index that serves only a part of the names; the public one serves them all."""
    return ref if ref is None or ref.is_public else replace(ref, is_bound=True)


def _pip(indexes: Sequence[Index], refer: Referrer) -> Sequence[Asked]:
    pip = refer.settings.pip
    if pip.is_without_index:
        return ()
    own, extras = _own(PIP, indexes, refer)
    if own is None:
        own = (_of_pip("index-url", pip.said.get("index-url", PYPI_INDEX), PIP, refer),)
        written = pip.values("extra-index-url")
        of_pip = (bound(_of_pip("extra-index-url", each, PIP, refer)) for each in written)
        extras = (*of_pip, *extras)
    return (tuple(_sharing((*own, *extras))),)


def _sharing(refs: Asked) -> Iterator[RegistryRef | None]:
    """*refs*, of which one below another one that has a credential has that as well, the nearest
    one's: pip takes it for all on the host, and here it goes no further than it was written for.
    """
    having = [each for each in refs if each is not None and each.authorization is not None]
    for ref in refs:
        above = [each for each in having if ref is not None and ref.url.startswith(each.url)]
        if ref is None or ref.authorization is not None or not above:
            yield ref
        else:
            nearest = max(above, key=lambda each: len(each.url))
            yield replace(ref, authorization=nearest.authorization, is_withheld=False)


def _of_pip(option: str, address: str, tool: str, refer: Referrer) -> RegistryRef | None:
    is_ours = option not in refer.settings.pip.strangers
    return refer.of_address(tool, address.strip(), is_ours=is_ours)


def _uv(indexes: Sequence[Index], refer: Referrer) -> Sequence[Asked]:
    uv = refer.settings.uv
    if uv.is_without_index:
        return ()
    asked: list[RegistryRef | None] = []
    own = {*(uv.named), *(uv.others)}
    every = indexes_of(uv, indexes)
    for each in every:
        if each.role == "default" and not each.url:
            continue
        ref = refer.of_index(UV, each, is_ours=each in own)
        asked.append(ref if each.role == "default" else bound(ref))
    if all(each.role != "default" for each in every):
        asked.append(refer.of_address(UV, PYPI_INDEX, is_ours=True))
    return (tuple(asked),) if uv.is_best_taken else tuple((each,) for each in asked)


def _poetry(indexes: Sequence[Index], refer: Referrer) -> Sequence[Asked]:
    own, extras = _own(POETRY, indexes, refer)
    if own is None:
        own = (refer.of_address(POETRY, PYPI_INDEX, is_ours=True),)
    last = (
        bound(refer.of_index(POETRY, each, is_ours=False))
        for each in indexes
        if each.role == "supplemental"
    )
    return ((*own, *extras), *((each,) for each in last))


def _pdm(indexes: Sequence[Index], refer: Referrer) -> Sequence[Asked]:
    pdm = refer.settings.pdm
    stored = {**pdm.users, **{name: it for name, it in pdm.project.items() if it.url}}
    filled = [
        replace(each, url=stored[each.name].url)
        if not each.url and each.name in stored and each.name
        else each
        for each in indexes
    ]
    own, extras = _own(PDM, filled, refer)
    if not pdm.ignores_stored:
        if own is None:
            address = stored[PUBLIC].url if PUBLIC in stored else ""
            is_ours = PUBLIC not in pdm.project or not pdm.project[PUBLIC].url
            found = refer.of_address(PDM, address or PYPI_INDEX, name=PUBLIC, is_ours=is_ours)
            own = (found,)
        named = {PUBLIC, *(each.name for each in indexes)}
        extras = (
            *extras,
            *(
                bound(_stored(each, refer))
                for each in stored.values()
                if each.url and each.name not in named
            ),
        )
    asked = (*(own or ()), *extras)
    return tuple((each,) for each in asked) if pdm.is_ordered else (asked,)


def _stored(source: PdmSource, refer: Referrer) -> RegistryRef | None:
    is_ours = source in refer.settings.pdm.users.values()
    return refer.of_address(PDM, source.url, name=source.name, is_ours=is_ours)


def _pipenv(indexes: Sequence[Index], refer: Referrer) -> Sequence[Asked]:
    own, _ = _own(PIPENV, indexes, refer)
    if own is None:
        address = refer.settings.pip.said.get("index-url", PYPI_INDEX)
        own = (_of_pip("index-url", address, PIPENV, refer),)
    return (tuple(mirrored(each, refer) for each in own[:1]),)


def mirrored(ref: RegistryRef | None, refer: Referrer) -> RegistryRef | None:
    """What Pipenv asks in the place of *ref*, where that is the public index and has a mirror."""
    mirror = refer.settings.around.environ.get("PIPENV_PYPI_MIRROR", "").strip()
    if not mirror or ref is None or not ref.is_public:
        return ref
    return refer.of_address(PIPENV, mirror, is_ours=True)


_PLANS = {PIP: _pip, UV: _uv, POETRY: _poetry, PDM: _pdm, PIPENV: _pipenv}


def _own(
    tool: str, indexes: Sequence[Index], refer: Referrer
) -> tuple[Asked | None, tuple[RegistryRef | None, ...]]:
    """The manifest's own default index, None where it names none, nobody where it says that there
    is none; and those beside it.
    """
    defaults = [each for each in indexes if each.role == "default"]
    extras = tuple(
        bound(refer.of_index(tool, each, is_ours=False)) for each in indexes if each.role == "extra"
    )
    if any(not each.url for each in defaults):
        return (), extras
    if not defaults:
        return None, extras
    return (refer.of_index(tool, defaults[0], is_ours=False),), extras


def _once(refs: Iterable[RegistryRef]) -> Iterator[RegistryRef]:
    """*refs* without those at an address that was there before."""
    seen: set[str] = set()
    for ref in refs:
        if ref.url not in seen:
            seen.add(ref.url)
            yield ref
