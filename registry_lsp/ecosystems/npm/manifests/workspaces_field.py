"""``workspaces`` of ``package.json``: the members that it names one by one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry_lsp.core.manifests import Link, Problem, Role
from registry_lsp.ecosystems.npm.manifests.links import package_link
from registry_lsp.syntax.nodes import ArrayNode, Node, StringNode, TableNode

_PLAIN = re.compile(r"[^*?\[\](){}!+@]+")
_NO_LIST = "'workspaces' must be a list of paths, or an object with such a list as 'packages'."

_NO_PACKAGES = "npm refuses 'workspaces' without a list of paths, here as 'packages'."


def members(value: Node, *, is_npms: bool = False) -> Iterator[Link | Problem]:
    """The members that are named without a pattern, each a link to its own manifest; and what
    npm and Yarn refuse (``@npmcli/map-workspaces``). An object without a list only npm refuses:
    it is told where the manifest *is_npms*.
    """
    listed = value.get("packages") if isinstance(value, TableNode) else value
    if listed is None:
        if is_npms:
            yield Problem(span=value.span, reason=_NO_PACKAGES)
        return
    if not isinstance(listed, ArrayNode):
        yield Problem(span=listed.span, reason=_NO_LIST)
        return
    for item in listed.items:
        if not isinstance(item, StringNode):
            yield Problem(span=item.span, reason="A workspace must be the path of one, a string.")
        elif _PLAIN.fullmatch(item.value) and (target := package_link(item.value)):
            yield Link(span=item.inner, target=target.lstrip("/"), role=Role.PAGE)
