"""uv's own tables: what it requires, its indexes, and the sources of names."""

from __future__ import annotations

from registry_lsp.ecosystems.pypi.manifests.requirement_lists import RequirementReader
from registry_lsp.ecosystems.pypi.manifests.uv_indexes import check_indexes
from registry_lsp.ecosystems.pypi.manifests.uv_lists import read_uv_lists
from registry_lsp.ecosystems.pypi.manifests.uv_sources import check_sources
from registry_lsp.syntax.nodes import TableNode


def uv_prereleases(root: TableNode) -> bool | None:
    """Whether uv takes prereleases, None where its setting leaves that to the specifiers."""
    uv = root.section("tool", "uv")
    setting = uv.string("prerelease") if uv is not None else ""
    return {"allow": True, "disallow": False}.get(setting)


def read_uv(root: TableNode, reader: RequirementReader) -> None:
    """Take in ``tool.uv``."""
    uv = root.section("tool", "uv")
    if uv is None:
        return
    read_uv_lists(uv, reader)
    check_indexes(uv, reader.reading)
    sources = uv.section("sources")
    if sources is not None:
        check_sources(root, sources, reader.reading)
    reader.reading.check_table("tool.uv.sources", uv.get("sources"))
