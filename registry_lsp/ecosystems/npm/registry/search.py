"""What an npm registry's search answers. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from registry_lsp.core.packages import SearchHit, SearchPage
from registry_lsp.net.addresses import web_link
from registry_lsp.net.decoding import (
    GarbageError,
    as_mapping,
    as_text,
    as_texts,
    as_timestamp,
    decode,
)


class _Answer(msgspec.Struct):
    objects: list[Any] | None = None
    total: Any = None


_ANSWER = msgspec.json.Decoder(_Answer)


def read_search(body: bytes) -> SearchPage:
    """One page of hits. Raises GarbageError where it is no answer of a search.

    verdaccio gives no ``version``, but the dist-tags; what has no name is left out.
    """
    answer = decode(body, _ANSWER)
    if answer.objects is None:
        raise GarbageError("a search's answer has objects")
    found = (_hit(as_mapping(as_mapping(each).get("package"))) for each in answer.objects)
    hits = tuple(hit for hit in found if hit is not None)
    total = answer.total if isinstance(answer.total, int) else len(hits)
    return SearchPage(hits=hits, total=max(total, len(hits)))


def _hit(said: Any) -> SearchHit | None:
    name = as_text(said.get("name"))
    if name is None:
        return None
    links = as_mapping(said.get("links"))
    tags = as_mapping(said.get("dist-tags"))
    return SearchHit(
        name=name,
        version=as_text(said.get("version")) or as_text(tags.get("latest")),
        summary=as_text(said.get("description")),
        keywords=as_texts(said.get("keywords")),
        published=as_timestamp(said.get("date")),
        homepage=web_link(links.get("homepage")),
        repository=web_link(links.get("repository")),
    )
