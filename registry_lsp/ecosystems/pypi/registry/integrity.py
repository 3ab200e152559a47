"""Who has published a file, by the attestations that an index keeps of it (PEP 740). Pure.

The index has verified them when the file was uploaded; nothing is verified here.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from registry_lsp.core.services import Provenance
from registry_lsp.endpoints import CODE_HOSTS
from registry_lsp.net.addresses import web_link
from registry_lsp.net.decoding import GarbageError, as_mapping, as_text, decode

ACCEPT = "application/vnd.pypi.integrity.v1+json, application/json; q=0.5"
"""What the Integrity API answers with."""

_STEP = r"(?!\.{1,2}(?:/|$))[\w.-]+"
_SLUG = re.compile(rf"{_STEP}(?:/{_STEP})+")


class _Document(msgspec.Struct):
    version: Any = None
    attestation_bundles: list[Any] | None = None


_DOCUMENT = msgspec.json.Decoder(_Document)


def read_provenance(body: bytes) -> Provenance | None:
    """The first publisher that the document names, None where it names none.

    Raises GarbageError where it is no such document.
    """
    document = decode(body, _DOCUMENT)
    if document.attestation_bundles is None:
        raise GarbageError("a provenance object has bundles of attestations")
    for bundle in document.attestation_bundles:
        publisher = as_mapping(as_mapping(bundle).get("publisher"))
        kind = as_text(publisher.get("kind"))
        if kind is not None:
            path = as_text(publisher.get("workflow")) or as_text(publisher.get("workflow_filepath"))
            return Provenance(
                publisher=kind,
                repository=_repository(kind, as_text(publisher.get("repository"))),
                workflow=path.rpartition("/")[2] or None if path else None,
            )
    return None


def _repository(kind: str, slug: str | None) -> str | None:
    """Where people read the source: publishers name it as their service does."""
    host = CODE_HOSTS.get(kind.lower())
    if host is None or slug is None or _SLUG.fullmatch(slug) is None:
        return None
    return web_link(host + slug)
