"""One line of a ``.gitignore``, read as gitignore(5) and git's own matching have it.

Matching never goes back further than to the last star, so that no pattern and no name, whoever
made them, can hold it for long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

_MAX_LENGTH = 4096
"""Code points: no path is longer on the systems that there are."""
_MAX_STARS = 90
"""In one name; each is a group of a regular expression."""

_CLASSES = MappingProxyType(
    {
        "alnum": "0-9A-Za-z",
        "alpha": "A-Za-z",
        "blank": r"\t ",
        "cntrl": r"\x00-\x1f\x7f",
        "digit": "0-9",
        "graph": r"\x21-\x7e",
        "lower": "a-z",
        "print": r"\x20-\x7e",
        "punct": r"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
        "space": r"\t-\r ",
        "upper": "A-Z",
        "xdigit": "0-9A-Fa-f",
    }
)
_TOKEN = re.compile(
    r"(?P<stars>\*+)"
    r"|(?P<any>\?)"
    r"|\[(?P<not>[!^]?)(?P<members>\]?(?:\[:[a-z]*:\]|\\.|[^\]\\])*)\]"
    r"|\\(?P<escaped>.)"
    r"|(?P<plain>[^\\\[])",
    re.DOTALL,
)
_MEMBER = re.compile(r"\[:(?P<name>[a-z]*):\]|\\?(?P<first>.)(?:-\\?(?P<last>.))?", re.DOTALL)
_ANY_NAME = re.compile(".+", re.DOTALL)
_NO_NAME = re.compile("(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A line that can match; ``negated`` takes what it matches out of what is ignored.

    ``names`` are the patterns of a path's names, None among them for any number of folders.
    """

    names: tuple[re.Pattern[str] | None, ...]
    negated: bool
    folders_only: bool
    anchored: bool

    def matches(self, parts: Sequence[str], *, is_folder: bool) -> bool:
        """Whether it matches the path whose names are *parts*, counted from the folder that the
        line's file lies in. What lies in a folder that matches does not match for that.
        """
        if self.folders_only and not is_folder:
            return False
        return _match(self.names, parts if self.anchored else parts[-1:])


def parse(line: str) -> Pattern | None:
    """The pattern that *line* is; None for a blank one, a comment, and one that never matches."""
    text = _without_trailing_spaces(line)
    if text.startswith("#") or len(text) > _MAX_LENGTH:
        return None
    negated = text.startswith("!")
    text = text[negated:]
    path = text.removesuffix("/")
    anchored = "/" in path
    names: list[re.Pattern[str] | None] = []
    for name in path.removeprefix("/").split("/"):
        if name == "**" and anchored:
            names.append(None)
            continue
        compiled = _compiled(name)
        if compiled is None:
            return None
        names.append(compiled)
    if names[-1] is None:
        names.append(_ANY_NAME)
    return Pattern(
        names=tuple(names), negated=negated, folders_only=path != text, anchored=anchored
    )


def _without_trailing_spaces(line: str) -> str:
    text = line.rstrip(" ")
    backslashes = len(text) - len(text.rstrip("\\"))
    return text + " " if text != line and backslashes % 2 else text


def _compiled(name: str) -> re.Pattern[str] | None:
    """The pattern of one name; None where git matches it with nothing."""
    runs, at = [""], 0
    while at < len(name):
        token = _TOKEN.match(name, at)
        if token is None:
            return None
        at = token.end()
        if token["stars"]:
            runs.append("")
        elif token["members"] is None:
            runs[-1] += "." if token["any"] else re.escape(token["escaped"] or token["plain"])
        else:
            members = _members(token["members"])
            if members is None:
                return None
            runs[-1] += f"(?!{members})." if token["not"] else members
    if not name or len(runs) > _MAX_STARS:
        return None
    if len(runs) == 1:
        return re.compile(runs[0], re.DOTALL)
    first, *middle, last = runs
    # What a lookahead has matched stays matched: the first place where a run fits is as good
    # as any later one.
    held = (f"(?=(?P<_{at}>.*?{run}))(?P=_{at})" for at, run in enumerate(middle) if run)
    return re.compile(f"{first}{''.join(held)}.*{last}", re.DOTALL)


def _members(text: str) -> str | None:
    """What stands between brackets, as an expression; None for a class that there is not."""
    found = []
    for member in _MEMBER.finditer(text):
        if member["name"] is not None:
            if member["name"] not in _CLASSES:
                return None
            found.append(_CLASSES[member["name"]])
            continue
        first, last = member["first"], member["last"] or member["first"]
        if first <= last:
            found.append(f"{re.escape(first)}-{re.escape(last)}")
    return f"[{''.join(found)}]" if found else "(?!)"


def _match(names: Sequence[re.Pattern[str] | None], parts: Sequence[str]) -> bool:
    at = part = 0
    back: tuple[int, int] | None = None
    while part < len(parts):
        name = names[at] if at < len(names) else _NO_NAME
        if name is None:
            at += 1
            back = (at, part)
        elif name.fullmatch(parts[part]):
            at, part = at + 1, part + 1
        elif back is not None:
            at, part = back[0], back[1] + 1
            back = (at, part)
        else:
            return False
    return at == len(names)
