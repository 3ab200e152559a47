"""The key of ``package.json`` that says which findings are not to be told, for JSON has no
comments: ``"registry-lsp": {"ignore": {"left-pad": ["deprecated"], "@ours/*": true}}``. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from registry_lsp.core.manifests import Ignore
from registry_lsp.syntax.nodes import ArrayNode, Node, ScalarNode, StringNode, TableNode

_PATH = ("registry-lsp", "ignore")
_NO_TABLE = "'ignore' must be an object of names and codes"
_NO_CODES = "a name needs a list of codes behind it, or true for all"


def ignores(root: TableNode) -> Iterator[Ignore]:
    """What *root* leaves unsaid, by patterns of names."""
    outer = root.table(_PATH[0])
    said = outer.get(_PATH[1]) if outer is not None else None
    if not isinstance(said, TableNode):
        if said is not None:
            yield Ignore(span=said.span, fault=_NO_TABLE)
        return
    for key, value in said.members:
        if key.value and value is not None:
            yield _ignore(key, value)


def _ignore(key: StringNode, value: Node) -> Ignore:
    span = key.inner
    if isinstance(value, ScalarNode) and value.text == "true":
        return Ignore(span=span, pattern=key.value)
    items = value.items if isinstance(value, ArrayNode) else ()
    codes = tuple((each.value, each.inner) for each in items if isinstance(each, StringNode))
    if not codes or len(codes) < len(items):
        return Ignore(span=span, pattern=key.value, fault=_NO_CODES)
    return Ignore(span=span, pattern=key.value, codes=codes)
