"""Text for a hover: Markdown that holds no surprises, or plain text where that is all there is.

What a registry says is hostile: it is made printable and escaped, and of its links only those to
http(s) addresses without user information survive.
"""

from __future__ import annotations

import re
from typing import Protocol
from urllib.parse import quote, urlsplit

from registry_lsp.core.text import printable

_SPECIAL = re.compile(
    r"([\\`~$]"
    r"|(?<! )\*|\*(?! )"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|<(?=[A-Za-z/!?]|\Z)"
    r"|&(?=[A-Za-z#]|\Z)"
    r"|!\Z)"
)
"""What may mean something anywhere. Some editors (Neovim, Emacs) show the escapes, so that there
are none where nothing could be meant: of ``*`` between spaces, of ``_`` within a word, of ``<`` and
``&`` that begin no tag, no address and no entity, of ``!`` but at the end, where a link may follow,
of ``>`` but at a line's beginning.
"""
_BRACKET = re.compile(r"([\[\]])")
_LINKING = re.compile(r"\][(\[:]|\]\Z|\[\^|\A\[[ xX]\]")
"""What makes brackets a link, a definition of one, a footnote or a box to tick; others are nothing
where nothing is defined, as in a hover.
"""
_LINE_START = re.compile(r"^(\d+)([.)])|^([-+#=:>])")
_RULE = re.compile(r"[-:| \t]*")
"""What the second line of a table consists of: without one a ``|`` makes none."""


class Markup(Protocol):
    """How the parts of a hover are written."""

    def text(self, text: str, limit: int = 300) -> str:
        """Words of a stranger, at most *limit* code points of them."""
        ...

    def strong(self, text: str) -> str:
        """A stranger's words, in bold."""
        ...

    def quiet(self, text: str) -> str:
        """A stranger's words, aside."""
        ...

    def code(self, text: str) -> str:
        """A version or a requirement."""
        ...

    def link(self, label: str, url: str | None) -> str:
        """A link that *label* names; empty where *url* leads nowhere decent."""
        ...

    def item(self, text: str) -> str:
        """An entry of a list; *text* is markup already."""
        ...


class Markdown:
    """CommonMark, as editors render it."""

    def text(self, text: str, limit: int = 300) -> str:
        plain = printable(text, limit)
        return _escaped(plain, has_links=_LINKING.search(plain) is not None)

    def strong(self, text: str) -> str:
        return f"**{self.text(text)}**"

    def quiet(self, text: str) -> str:
        return f"*{self.text(text)}*"

    def code(self, text: str) -> str:
        return f"`{printable(text, 100).replace('`', chr(39))}`"

    def link(self, label: str, url: str | None) -> str:
        address = decent_link(url)
        if not address:
            return ""
        return f"[{_escaped(printable(label, 60), has_links=True)}]({address})"

    def item(self, text: str) -> str:
        return f"- {text}"


def _escaped(plain: str, *, has_links: bool) -> str:
    escaped = _SPECIAL.sub(r"\\\1", plain)
    if has_links:
        escaped = _BRACKET.sub(r"\\\1", escaped)
    if _RULE.fullmatch(escaped):
        escaped = escaped.replace("|", "\\|")
    return _LINE_START.sub(lambda m: f"{m[1] or ''}\\{m[2] or m[3]}", escaped)


class Plain:
    """Plain text, for clients that render nothing."""

    def text(self, text: str, limit: int = 300) -> str:
        return printable(text, limit)

    def strong(self, text: str) -> str:
        return printable(text)

    def quiet(self, text: str) -> str:
        return printable(text)

    def code(self, text: str) -> str:
        return printable(text, 100)

    def link(self, label: str, url: str | None) -> str:
        address = decent_link(url)
        if not address or address.partition("://")[2].rstrip("/") == label:
            return address or ""
        return f"{printable(label, 60)}: {address}"

    def item(self, text: str) -> str:
        return f"  {text}"


def decent_link(url: str | None) -> str | None:
    """*url* as it may stand in Markdown, None unless it is http(s) and hides nobody's name."""
    if not url or len(url) > 2000:
        return None
    try:
        parts = urlsplit(url.strip())
        named = parts.hostname and not parts.username and not parts.password
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not named:
        return None
    return quote(parts.geturl(), safe="/:?#@!$&'*+,;=%~-._")
