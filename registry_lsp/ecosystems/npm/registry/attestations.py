"""Who has published a version, by the attestations that an npm registry keeps of it. Pure.

npm's document holds Sigstore bundles: each an envelope (DSSE) around a statement (in-toto), of
which one describes the build (SLSA). The registry has verified them when the version was
published; nothing is verified here.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from registry_lsp.core.services import Provenance
from registry_lsp.endpoints import CODE_HOSTS
from registry_lsp.net.addresses import source_page
from registry_lsp.net.decoding import GarbageError, as_mapping, as_text, decode

_SLSA = "https://slsa.dev/provenance/"
_SOURCE = re.compile(r"(git\+)?(?P<address>[^@]+)(@.*)?", re.DOTALL)
_PUBLISHERS = {
    urlsplit(CODE_HOSTS["github"]).hostname: "GitHub",
    urlsplit(CODE_HOSTS["gitlab"]).hostname: "GitLab",
}


class _Document(msgspec.Struct):
    attestations: list[Any] | None = None


_DOCUMENT = msgspec.json.Decoder(_Document)
_STATEMENT = msgspec.json.Decoder(dict[str, Any])


def read_attestations(body: bytes) -> Provenance | None:
    """Who has built and published it, None where no attestation describes a build.

    Raises GarbageError where it is no such document.
    """
    document = decode(body, _DOCUMENT)
    if document.attestations is None:
        raise GarbageError("a document of attestations has some")
    for each in document.attestations:
        said = as_mapping(each)
        if (as_text(said.get("predicateType")) or "").startswith(_SLSA):
            predicate = as_mapping(_statement(said).get("predicate"))
            found = next(filter(None, (read(predicate) for read in (_of_v1, _of_v02))), None)
            if found is not None:
                return found
    return None


def _statement(attestation: Mapping[str, Any]) -> Mapping[str, Any]:
    """The statement in an attestation's envelope. Raises GarbageError where it is none."""
    envelope = as_mapping(as_mapping(attestation.get("bundle")).get("dsseEnvelope"))
    try:
        payload = base64.b64decode(as_text(envelope.get("payload")) or "", validate=True)
    except (binascii.Error, ValueError):
        raise GarbageError("an envelope's payload is base64") from None
    return decode(payload, _STATEMENT)


def _of_v1(predicate: Mapping[str, Any]) -> Provenance | None:
    """SLSA 1: where the workflow is among the build's external parameters."""
    build = as_mapping(predicate.get("buildDefinition"))
    parameters = as_mapping(build.get("externalParameters"))
    workflow = as_mapping(parameters.get("workflow"))
    source = as_text(workflow.get("repository")) or as_text(parameters.get("source"))
    entry = as_text(workflow.get("path")) or as_text(parameters.get("entryPoint"))
    return _provenance(source, entry)


def _of_v02(predicate: Mapping[str, Any]) -> Provenance | None:
    """SLSA 0.2: where the source of the build's configuration is."""
    invocation = as_mapping(predicate.get("invocation"))
    source = as_mapping(invocation.get("configSource"))
    return _provenance(as_text(source.get("uri")), as_text(source.get("entryPoint")))


def _provenance(source: str | None, entry: str | None) -> Provenance | None:
    match = _SOURCE.fullmatch(source or "")
    page = source_page(match["address"]) if match is not None else ""
    if not page:
        return None
    host = urlsplit(page).hostname or ""
    workflow = (entry or "").rpartition("/")[2] or None
    return Provenance(publisher=_PUBLISHERS.get(host, host), repository=page, workflow=workflow)
