"""The keys of overrides: which package, of which versions, required by whom. Pure.

Each package manager has a notation of its own. What counts here is the package that is replaced
and where its name stands in the key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry_lsp.ecosystems.npm.manifests.specifier import is_valid_name

_LONGEST = 4096
"""Characters of a key; nobody writes one of this length."""
_PNPM_PARENT = re.compile(r"[^ |@]>")
_PNPM_IN_YARN = re.compile(r"[^ |@:]>")  # 'npm:>1' is a range of Yarn's
_YARN_NAME = r"(?:@[^/@]+/)?[^/@]+"
_YARN = re.compile(rf"((?:{_YARN_NAME}(?:@[^/]+)?/)*)({_YARN_NAME})(?:@([^/]*))?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """What the key of an override selects.

    ``name`` stands at the code-point ``offset`` of the key. ``range`` is what the replaced
    versions must match, empty for all; ``is_nested`` where only what certain packages require is
    replaced.
    """

    name: str
    offset: int = 0
    range: str = ""
    is_nested: bool = False


def npm_selector(key: str) -> Selector | None:
    """``name`` or ``name@range``, as npm reads the keys of ``overrides``; None for what it
    refuses to read.
    """
    return _name_and_range(key, 0) if len(key) <= _LONGEST else None


def pnpm_selector(key: str) -> Selector | None:
    """The same, or ``parent>name`` with or without a range behind each; None for what pnpm
    refuses to read.

    A ``>`` behind a space, ``|`` or ``@`` belongs to a range (pnpm's ``parse-overrides``).
    """
    if len(key) > _LONGEST:
        return None
    found = _PNPM_PARENT.search(key)
    if found is None:
        return _name_and_range(key, 0)
    if _name_and_range(key[: found.start() + 1], 0) is None:
        return None
    return _name_and_range(key[found.end() :], found.end(), is_nested=True)


def resolution_selector(key: str) -> Selector | None:
    """A key of ``resolutions``: Yarn's ``name``, ``name@npm:range``, ``parent/name`` and the
    older ``**/name`` and ``a/**/b``; or pnpm's, which reads them too. None for what names
    no package.
    """
    if len(key) > _LONGEST:
        return None
    found = _YARN.fullmatch(key)
    if found is None or not is_valid_name(found[2]) or _PNPM_IN_YARN.search(key):
        return pnpm_selector(key)
    parents = found[1].replace("*", "").strip("/")
    return Selector(
        name=found[2],
        offset=found.start(2),
        range=found[3] or "",
        is_nested=bool(parents),
    )


def _name_and_range(text: str, offset: int, *, is_nested: bool = False) -> Selector | None:
    at = text.find("@", 1)
    name, range = (text[:at], text[at + 1 :]) if at > 0 else (text, "")
    if not is_valid_name(name):
        return None
    return Selector(name=name, offset=offset, range=range, is_nested=is_nested)
