"""Which packages may have been meant by a name that nobody has, by what is known of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from registry_lsp.core.packages import QUARANTINED, SECURITY_HOLDING, Found, Lookup

MOST = 3
"""How many names are offered for one."""
_FEWER = 10
"""Times as many releases as others has the package that is meant: what imitates it has few."""
_WITHDRAWN = frozenset({QUARANTINED, SECURITY_HOLDING})


def ranked(lookups: Mapping[str, Lookup | None]) -> tuple[str, ...]:
    """The names of packages that there are, the one with the most releases first; what has far
    fewer may only imitate it, and what has been withdrawn is meant by nobody.
    """
    counts = {
        name: len(lookup.package.releases)
        for name, lookup in lookups.items()
        if isinstance(lookup, Found) and lookup.package.status not in _WITHDRAWN
    }
    most = max(counts.values(), default=0)
    likely = [name for name, count in counts.items() if count and count * _FEWER >= most]
    return tuple(sorted(likely, key=lambda name: (-counts[name], name))[:MOST])
