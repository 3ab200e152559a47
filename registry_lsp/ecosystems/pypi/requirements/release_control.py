"""Whether pip takes prereleases of a project: ``--pre``, ``--all-releases``, ``--only-final``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from registry_lsp.ecosystems.pypi.names import normalise

_ALL = ":all:"
_NONE = ":none:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOption:
    """One of the options as a file gives it: ``name`` is the long form, ``value`` is empty for
    ``--pre``; ``at`` is the offset of its line in the file.
    """

    name: str
    value: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseControl:
    """What all the options together say: normalised names, or ``:all:``."""

    all_releases: frozenset[str] = frozenset()
    only_final: frozenset[str] = frozenset()

    def prereleases_of(self, name: str) -> bool | None:
        """Whether prereleases of the normalised *name* are taken, None where nothing is said.

        A name stands over ``:all:``, and what admits over what refuses.
        """
        for key in (name, _ALL):
            if key in self.all_releases:
                return True
            if key in self.only_final:
                return False
        return None


ANY_CONTROL = ReleaseControl()
"""Nothing is said of any project."""


def control_of(options: Iterable[ReleaseOption]) -> ReleaseControl:
    """What *options*, in reading order, come to. The last word on a name counts; ``--pre`` admits
    all, and leaves what is said of names.
    """
    all_releases: set[str] = set()
    only_final: set[str] = set()
    for option in options:
        if option.name == "--pre":
            all_releases.add(_ALL)
        elif option.name == "--all-releases":
            _take(option.value, all_releases, only_final)
        else:
            _take(option.value, only_final, all_releases)
    if not all_releases and not only_final:
        return ANY_CONTROL
    return ReleaseControl(all_releases=frozenset(all_releases), only_final=frozenset(only_final))


def _take(value: str, wanted: set[str], other: set[str]) -> None:
    """A list of names, separated by commas; ``:none:`` takes back those before it."""
    names = value.split(",")
    last_none = max((at for at, name in enumerate(names) if name == _NONE), default=-1)
    for at, name in enumerate(names):
        if name == _ALL:
            other.clear()
            wanted.clear()
            wanted.add(_ALL)
            if at > last_none:
                return
        elif name == _NONE:
            wanted.clear()
        else:
            other.discard(normalise(name))
            wanted.add(normalise(name))
