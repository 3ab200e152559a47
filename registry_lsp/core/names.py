"""Names of packages, by the hundred thousand, and how near they are to each other. Pure."""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LETTERS = string.ascii_lowercase + string.digits + "-"
_SHORT = 5
_LONGEST = 60
"""Characters of a name that is short, and of one that nobody mistypes."""
_BEYOND = b"\xff"
"""No text has it in UTF-8, and so it sorts behind all that begins alike."""
_LOOKED_AT = 512 * 1024
"""Bytes of names that are sorted at each keystroke, in some five milliseconds: all but those that
begin with one certain letter."""


def is_near(name: str, other: str) -> bool:
    """Whether one may have been typed for the other: two slips apart at most, or one where *name*
    is short. A slip is a character too many, too few or another, or two that are the wrong way
    round.
    """
    most = 1 if len(name) < _SHORT else 2
    if name == other or abs(len(name) - len(other)) > most or len(name) > _LONGEST:
        return False
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, char in enumerate(name, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            best = min(last[column] + 1, line[-1] + 1, last[column - 1] + (char != against))
            is_turned = row > 1 and column > 1 and name[row - 2] == against
            if is_turned and char == other[column - 2]:
                best = min(best, before[column - 2] + 1)
            line.append(best)
        before, last = last, line
    return last[-1] <= most


def _slips(name: str) -> Iterator[str]:
    """What *name* may have been meant to be, one slip away."""
    for at in range(len(name)):
        yield name[:at] + name[at + 1 :]
        yield name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
        yield from (name[:at] + letter + name[at + 1 :] for letter in _LETTERS)
    for at in range(len(name) + 1):
        yield from (name[:at] + letter + name[at:] for letter in _LETTERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameList:
    """The normalised names of packages, as one text that is quick to look through however long:
    ``packed`` are the names in the order of their bytes, in UTF-8, each between two line feeds.
    """

    packed: bytes

    @classmethod
    def of(cls, names: Iterable[str]) -> NameList:
        """The list of *names*, each once; those with a line feed are left out."""
        encoded = (each.encode("utf-8", "replace") for each in names if "\n" not in each)
        return cls.gathered((each,) for each in encoded)

    @classmethod
    def gathered(cls, pieces: Iterable[Iterable[bytes]]) -> NameList:
        """The list of the names in *pieces*, each in UTF-8 and without a line feed.

        They are kept by how they begin, as a text each: hundreds of thousands of objects would
        take ten times the memory, and hold the interpreter up while they are sorted.
        """
        groups: defaultdict[bytes, bytearray] = defaultdict(bytearray)
        for piece in pieces:
            for each in piece:
                groups[each[:3]] += each + b"\n"
        packed = bytearray(b"\n")
        for beginning in sorted(groups):
            names = sorted(set(bytes(groups.pop(beginning)).split(b"\n")) - {b""})
            packed += b"".join(name + b"\n" for name in names)
        return cls(packed=bytes(packed))

    def beginning(self, start: str, most: int) -> tuple[str, ...]:
        """Up to *most* names that begin with *start*, the shortest first and those of one length
        in order. Of many thousands not all are looked at.
        """
        sought = start.encode("utf-8", "replace")
        at = self._place(sought)
        end = min(self._place(sought + _BEYOND), at + _LOOKED_AT)
        found = self.packed[at : self.packed.rfind(b"\n", at, end) + 1].split(b"\n")
        names = sorted(filter(None, found), key=len)
        return tuple(each.decode("utf-8", "replace") for each in names[:most])

    def near(self, name: str) -> tuple[str, ...]:
        """Those that are one slip away from *name*."""
        if len(name) > _LONGEST:
            return ()
        meant = {each for each in _slips(name) if each not in ("", name)}
        return tuple(each for each in sorted(meant) if each in self)

    def __contains__(self, name: str) -> bool:
        return self.packed.startswith(name.encode() + b"\n", self._place(name.encode()))

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
