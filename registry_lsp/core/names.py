"""Names of packages by the hundred thousand. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NameList:
    """The normalised names of packages, as one text that is quick to look through however long:
    ``packed`` are the names in the order of their bytes, in UTF-8, each between two line feeds.
    """

    packed: bytes

    @classmethod
    def of(cls, names: Iterable[str]) -> NameList:
        """The list of *names*, each once; those with a line feed are left out."""
        groups: dict[bytes, set[bytes]] = {}
        for each in names:
            if each and "\n" not in each:
                encoded = each.encode("utf-8", "replace")
                groups.setdefault(encoded[:3], set()).add(encoded)
        # Sorted and let go in parts: hundreds of thousands at once would hold the interpreter up.
        parts = (b"\n".join(sorted(groups.pop(each))) for each in sorted(groups))
        return cls(packed=b"\n" + b"".join(part + b"\n" for part in parts))

    def beginning(self, start: str, most: int) -> tuple[str, ...]:
        """The first *most* names that begin with *start*."""
        sought = start.encode("utf-8", "replace")
        at = self._place(sought)
        found: list[str] = []
        while len(found) < most and self.packed.startswith(sought, at):
            end = self.packed.find(b"\n", at)
            if end < 0:
                break
            found.append(self.packed[at:end].decode("utf-8", "replace"))
            at = end + 1
        return tuple(found)

    def _place(self, sought: bytes) -> int:
        """Where the first name begins that does not sort before *sought*."""
        low, high = 1, len(self.packed)
        while low < high:
            start = self.packed.rfind(b"\n", 0, (low + high) // 2 + 1) + 1
            end = self.packed.find(b"\n", start)
            if end >= 0 and self.packed[start:end] < sought:
                low = end + 1
            else:
                high = min(start, high - 1)
        return low
