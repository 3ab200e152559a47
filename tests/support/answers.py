"""A peer of the HTTP client that answers from a table, for what asks registries.

It keeps the promises of the port ``Http``: a 304 comes only where validators were given, and
what is 429 or 500 and above comes as Unavailable. An authorization is noted where it would be
sent. An address that is not in the table gets a 404 with a body in JSON, as the public registries
answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry_lsp.core.packages import Secret, Unavailable
from registry_lsp.core.ports.http import Response, Validators
from registry_lsp.net.requests import request

NOT_FOUND = {"error": "Not found"}


@dataclass(frozen=True)
class Asked:
    """One question as it came."""

    url: str
    accept: str
    authorization: Secret | None
    validators: Validators | None


@dataclass
class Answers:
    """The table, by address or, where one address answers differently, by address and Accept."""

    table: Mapping[str | tuple[str, str], Response | Unavailable]
    asked: list[Asked] = field(default_factory=list)

    @property
    def urls(self) -> list[str]:
        return [each.url for each in self.asked]

    async def get(
        self, url, *, accept, authorization=None, within=None, validators=None, transport=None
    ):
        made = request(
            url, accept=accept, authorization=authorization, within=within, validators=validators
        )
        sent = made.authorization if made is not None else None
        self.asked.append(Asked(url, accept, sent, validators))
        answer = self.table.get((url, accept), self.table.get(url))
        if answer is None:
            answer = says(NOT_FOUND, status=404)
        if isinstance(answer, Unavailable):
            return answer
        assert answer.status < 500, "the port gives no such answer"
        if validators and validators.etag and validators.etag == answer.headers.get("etag"):
            return Response(status=304, url=url, headers=answer.headers, body=b"")
        return Response(status=answer.status, url=url, headers=answer.headers, body=answer.body)


def says(
    document: Any,
    *,
    status: int = 200,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer: a *document* as JSON, or text or bytes as they are."""
    match document:
        case bytes():
            body = document
        case str():
            body = document.encode()
        case _:
            body = json.dumps(document).encode()
    typed = {"content-type": content_type} if content_type else {}
    return Response(status=status, url="", headers={**typed, **(headers or {})}, body=body)
