"""YAML 1.2 as package managers write it and people edit it: positioned, and whole even where the
text is not.

A first reading trusts quotes and brackets. Where it meets damage (a quote that is missing, a key
without a colon, a line that stands nowhere) a second one believes the layout instead: a quoted
scalar ends with its line, a bracket before a line that stands too far left, and a line that is
indented wrong belongs to the collection it is nearest to.

Both readings are linear in the text, and neither recurses over it. On a valid document the tree
says what a YAML library says with the core schema. What is not kept: tags (but for ``!!str``),
and collections as keys, which become their text. An alias of a string stands where the alias
does, one of a collection is that collection itself.
"""

from __future__ import annotations

from registry_lsp.core.manifests import Problem
from registry_lsp.core.text import Span
from registry_lsp.syntax.nodes import Node
from registry_lsp.syntax.reading import read_twice
from registry_lsp.syntax.yaml.lines import LineScanner
from registry_lsp.syntax.yaml.mending import LineMender
from registry_lsp.syntax.yaml.values import YamlDamageError


def scan_yaml(text: str) -> Node | None:
    """The tree of a YAML text, of its first document where it has several; None where nothing is
    in it. Never raises.
    """
    return scan_yaml_documents(text)[0]


def scan_yaml_documents(text: str) -> tuple[Node | None, ...]:
    """The trees of all documents of a YAML text, one at least. Never raises."""
    return read_twice(
        lambda *, trusting: (LineScanner(text) if trusting else LineMender(text)).scan()
    )


def yaml_fault(text: str, *, is_single: bool = False) -> Problem | None:
    """Why *text* is no YAML, or where it *is_single* no single document; None also where that is
    not sure.
    """
    scanner = LineScanner(text)
    try:
        scanner.scan()
    except YamlDamageError as damage:
        at = min(damage.at, len(text))
        reason = f"It is not valid YAML: {damage.reason}"
        return Problem(span=Span(at, at), reason=reason) if damage.reason else None
    end = scanner.first_end
    if not is_single or end is None:
        return None
    return Problem(span=Span(end, end + 3), reason="Only one document may stand in the file.")
