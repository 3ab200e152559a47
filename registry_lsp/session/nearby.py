"""Near names among the packages that are known: nobody is asked for their sake."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import islice

from registry_lsp.core.meant import ranked
from registry_lsp.core.names import is_near
from registry_lsp.core.packages import Lookup, PackageId

_REMEMBERED = 1024


class Nearby:
    """Looks at each package once for each name that was not found, however often that is judged.

    *ids* are those that are known, the latest last; *peek* says what is known of one.
    """

    def __init__(
        self,
        ids: Callable[[], Collection[PackageId]],
        peek: Callable[[PackageId], Lookup | None],
    ) -> None:
        self._ids = ids
        self._peek = peek
        self._seen: dict[PackageId, tuple[int, tuple[PackageId, ...]]] = {}

    def of(self, id: PackageId) -> tuple[str, ...]:
        """The names that may be meant by that of *id*, of packages in the same registry, the
        likeliest first.
        """
        ids = self._ids()
        start, found = self._seen.get(id, (0, ()))
        if start > len(ids):  # some were forgotten
            start, found = 0, ()
        if start < len(ids):
            found = tuple(dict.fromkeys((*found, *_near(id, islice(ids, start, None)))))
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            self._seen[id] = (len(ids), found)
        return ranked({each.name: self._peek(each) for each in found})


def _near(id: PackageId, others: Iterable[PackageId]) -> Iterable[PackageId]:
    return (
        each
        for each in others
        if each.ecosystem == id.ecosystem
        and each.registry == id.registry
        and is_near(id.name, each.name)
    )
