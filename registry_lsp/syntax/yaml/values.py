"""The values of YAML that stand on a line: scalars, aliases, and collections in brackets."""

from __future__ import annotations

import re
from typing import NamedTuple

from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode
from registry_lsp.syntax.reading import DamageError, end_of
from registry_lsp.syntax.yaml.scalars import (
    BREAK,
    IN_BLOCK,
    IN_FLOW,
    MARKER,
    Plain,
    block_node,
    length_unclosed,
    plain_node,
    quoted_end,
    quoted_node,
    shallow_line,
)

MOST_COPIED = 20_000
"""Nodes that all aliases of a text may stand for: a few lines could stand for a billion."""

_BLANKS = re.compile(r"[ \t]*")
_LINE = re.compile(r"[^\r\n]*")
_PROPERTY = re.compile(
    r"(?:&([^ \t\r\n,\[\]{}]+)|!(?:<[^>\r\n]*>|[^ \t\r\n,\[\]{}]*))(?=[ \t\r\n,\]}]|\Z)"
)
_ALIAS = re.compile(r"\*[^ \t\r\n,\[\]{}]+")
_EMPTY_LINES = re.compile(rf"(?:[ \t]*{BREAK}){{1,100}}")
_SPACES = re.compile(r" *")
_BEHIND_QUOTES = re.compile(r"[ \t]*(?:[\r\n,\]}:]|\Z)|[ \t]+#")
_LOOKS_LIKE_ENTRY = re.compile(r"-(?=[ \t\r\n]|\Z)|[^\r\n#]*?:(?=[ \t\r\n]|\Z)")
_LINE_BREAK = re.compile(r"[\r\n]")
_COLON = re.compile(r":(?=[ \t\r\n])")
_LAST_GAP = re.compile(r"[ \t]{2,}(?=[^ \t]+\Z)")


class YamlDamageError(DamageError):
    """What no valid YAML holds: the place, and why in a sentence, which is empty where it is not
    sure that everybody would refuse it.
    """

    def __init__(self, at: int, reason: str) -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason


class Properties(NamedTuple):
    """What may stand before a node: ``&anchor`` and ``!tag``."""

    anchor: str = ""
    is_string: bool = False
    is_any: bool = False


class ValueReader:
    """One reading of one text, as far as values go; ``at`` is the offset that has been reached."""

    __slots__ = ("_anchors", "_copied", "_sizes", "at", "text", "trusting")

    def __init__(self, text: str, *, trusting: bool) -> None:
        self.text = text
        self.at = 0
        self.trusting = trusting
        self.forget()
        self._copied = 0

    def damage(self, at: int, reason: str) -> None:
        """Note that the text cannot be right at *at*. Raises in a trusting reading."""
        if self.trusting:
            raise YamlDamageError(at, reason)

    # --- anchors --------------------------------------------------------------------------------

    def forget(self) -> None:
        """Forget the anchors: another document begins."""
        self._anchors: dict[str, Node] = {}
        self._sizes: dict[str, int] = {}

    def remember(self, name: str, node: Node | None) -> None:
        """Let the anchor *name* stand for *node*."""
        if name and node is not None:
            self._anchors[name] = node
            self._sizes.pop(name, None)

    def alias(self) -> Node | None:
        """Read an alias: its anchor's value in the alias's place, or its anchor's collection.

        None where nobody knows the anchor, and where too much has been copied already.
        """
        start, self.at = self.at, end_of(_ALIAS, self.text, self.at)
        name, end = self.text[start + 1 : self.at], self.at
        match self._anchors.get(name):
            case StringNode(value=value):
                return StringNode(value, start, end, start, end)
            case ScalarNode(text=text):
                return ScalarNode(text, start, end)
            case ArrayNode() | TableNode() as node:
                if name not in self._sizes:
                    self._sizes[name] = size(node, MOST_COPIED - self._copied + 1)
                self._copied += self._sizes[name]
                return node if self._copied <= MOST_COPIED else None
        self.damage(start, "")  # it may be called that which it stands in
        return None

    def properties(self) -> Properties:
        """Read the anchor and the tag before a node, and the blanks behind them."""
        anchor, is_string, start = "", False, self.at
        while (match := _PROPERTY.match(self.text, self.at)) is not None:
            anchor = match[1] or anchor
            is_string = is_string or match.group() in {"!", "!!str"}
            self.at = end_of(_BLANKS, self.text, match.end())
        return Properties(anchor, is_string, self.at > start)

    def made(self, node: Node | None, properties: Properties) -> Node | None:
        """*node* with its *properties*."""
        if properties.is_string and isinstance(node, ScalarNode):
            start, end = node.start, node.end
            node = StringNode(node.text, start, end, start, end)
        self.remember(properties.anchor, node)
        return node

    # --- scalars --------------------------------------------------------------------------------

    def scalar(self, parent: int, plain: Plain) -> Node | None:
        """Read a scalar or an alias whose further lines stand deeper than *parent*."""
        char = self.text[self.at : self.at + 1]
        if char in {'"', "'"}:
            return self._quoted(parent)
        if char == "*" and _ALIAS.match(self.text, self.at):
            return self.alias()
        if char in {"|", ">"} and plain is IN_BLOCK:
            node = block_node(self.text, self.at, parent)
            if node is not None:
                self.at = node.end
                return node
        return self._plain(parent, plain)

    def _plain(self, parent: int, plain: Plain) -> Node | None:
        text, start = self.text, self.at
        if plain.start.match(text, start) is None:
            self.damage(start, _start_reason(text[start : start + 1]))
        end = plain.line_end(text, start + 1 if start < len(text) else start)
        while (line := self._next_line(end, parent, plain)) is not None:
            end = line
        if plain is IN_BLOCK:
            end = self._before_key(start, end)
        self.at = end
        return plain_node(text, start, end) if end > start else None

    def _next_line(self, end: int, parent: int, plain: Plain) -> int | None:
        """Where the plain scalar that stands up to *end* ends on its next line; None where that
        is no longer a part of it.
        """
        text = self.text
        begin = end
        while (further := end_of(_EMPTY_LINES, text, begin)) != begin:
            begin = further
        column = end_of(_SPACES, text, begin) - begin
        at = end_of(_BLANKS, text, begin)
        if begin == end or at == len(text) or column <= parent or text[at] == "#":
            return None
        if not column and MARKER.match(text, at):
            return None
        if plain is IN_FLOW and text[at] in ",[]{}:":
            return None
        if not self.trusting and (plain is IN_FLOW or _LOOKS_LIKE_ENTRY.match(text, at)):
            return None
        further = plain.line_end(text, at)
        return further if further > at else None

    def _before_key(self, start: int, end: int) -> int:
        """The end of a plain scalar, before the key of the next line where that has lost its
        line end.
        """
        text = self.text
        if not text.startswith(":", end_of(_BLANKS, text, end)):
            return end
        self.damage(end, "A ':' with a space behind it is no part of a value without quotes.")
        gap = _LAST_GAP.search(text[start:end])
        return end_of(_LINE, text, end) if gap is None else start + gap.start()

    def _quoted(self, parent: int) -> StringNode:
        text, start = self.text, self.at
        inner_end = quoted_end(text, start + 1, text[start])
        end = inner_end + 1
        if inner_end == len(text):
            self.damage(start, "The closing quote is missing.")
        elif _BEHIND_QUOTES.match(text, end) is None:
            self.damage(end, "Nothing but a comment may stand behind a closing quote.")
        elif parent >= 0 and shallow_line(parent).search(text, start, inner_end):
            self.damage(start, "The closing quote is missing, or its line is not indented.")
        else:
            self.at = end
            return quoted_node(text, start, inner_end, end)
        return self._unclosed(start, inner_end)

    def _unclosed(self, start: int, inner_end: int) -> StringNode:
        """A quoted scalar that cannot be right: it ends with its line, or before a colon there."""
        text = self.text
        line_break = _LINE_BREAK.search(text, start, inner_end)
        line_end = inner_end if line_break is None else line_break.start()
        colon = _COLON.search(text, start + 1, min(inner_end, line_end + 1))
        if colon is not None:
            self.at = start + 1 + len(text[start + 1 : colon.start()].rstrip())
        elif line_end == inner_end < len(text):  # something stands behind the closing quote
            self.at = inner_end + 1
            return quoted_node(text, start, inner_end, self.at)
        else:
            self.at = start + 1 + length_unclosed(text[start + 1 : line_end])
        return quoted_node(text, start, self.at, self.at)


def _start_reason(char: str) -> str:
    """Why no plain scalar begins with *char*; empty where it is not sure that none does."""
    if char == ":":
        return ""
    cure = "" if char in ",]}#" else ": it needs quotes"
    return f"No value begins with '{char}'{cure}."


def size(node: Node, limit: int) -> int:
    """How many nodes *node* consists of, as far as *limit*."""
    found, todo = 0, [node]
    while todo and found < limit:
        each = todo.pop()
        found += 1
        if isinstance(each, ArrayNode):
            todo += each.items[:limit]
        elif isinstance(each, TableNode):
            todo += [value for _, value in each.members[:limit] if value is not None]
    return found
