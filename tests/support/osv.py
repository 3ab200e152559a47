"""A scripted stub of the Open Source Vulnerabilities database, on one loopback server.

The public one may not be asked by tests, and no other server answers like it. What it says is
written by hand in the documented shapes of its API v1 (``querybatch`` with pages, ``vulns``) and of
the OSV schema. As the database does, it refuses a whole batch for one malformed query, says nothing
of records that were withdrawn, and leaves out what is empty.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from support.loopback import Act, Reply, Request, as_json

MOST_QUERIES = 1000
MODIFIED = "2026-01-02T03:04:05Z"


@dataclass(kw_only=True)
class Osv:
    """The stub, for a :class:`support.loopback.LoopbackServer`.

    ``records`` are OSV records by id; ``about`` says which of them are about which release, by
    ecosystem, name and version. A page of matches has ``page`` of them. ``faults`` are acts that
    stand in for whatever path begins so, and ``modified`` is every record's moment of change.
    ``refused`` are names that it takes for malformed.
    """

    records: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    about: Mapping[tuple[str, str, str], Sequence[str]] = field(default_factory=dict)
    page: int = 1000
    faults: Mapping[str, Act] = field(default_factory=dict)
    modified: str = MODIFIED
    refused: frozenset[str] = frozenset()
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    async def __call__(self, request: Request) -> Act:
        """Answer one request."""
        path = unquote(urlsplit(request.path).path).lstrip("/")
        fault = next((act for start, act in self.faults.items() if path.startswith(start)), None)
        if path == "v1/querybatch" and request.method == "POST":
            answer = self._batch(json.loads(request.body))
            return fault or answer
        if fault is not None:
            return fault
        record = self.records.get(path.removeprefix("v1/vulns/"))
        if record is None or request.method != "GET":
            return as_json({"code": 5, "message": "Bug not found."}, status=404)
        return as_json({"modified": self.modified, **record})

    def _batch(self, document: Mapping[str, Any]) -> Reply:
        queries = document["queries"]
        if len(queries) > MOST_QUERIES:
            return as_json({"code": 3, "message": "Too many queries."}, status=400)
        asked = [
            (it["package"]["ecosystem"], it["package"]["name"], it["version"]) for it in queries
        ]
        self.asked += asked
        for at, (_, name, version) in enumerate(asked):
            if not name or not version or name in self.refused:
                return as_json({"code": 3, "message": f"error in query at index {at}"}, status=400)
        return as_json(
            {
                "results": [
                    self._result(release, query.get("page_token"))
                    for release, query in zip(asked, queries, strict=True)
                ]
            }
        )

    def _result(self, release: tuple[str, str, str], token: str | None) -> dict[str, Any]:
        ids = [
            id for id in self.about.get(release, ()) if "withdrawn" not in self.records.get(id, {})
        ]
        start = int(token or 0)
        shown = ids[start : start + self.page]
        result: dict[str, Any] = {}
        if shown:
            result["vulns"] = [{"id": id, "modified": self.modified} for id in shown]
        if len(ids) > start + self.page:
            result["next_page_token"] = str(start + self.page)
        return result


def record(
    id: str,
    ecosystem: str,
    name: str,
    *,
    fixed: str | None = None,
    introduced: str = "0",
    aliases: Sequence[str] = (),
    **fields: Any,
) -> dict[str, Any]:
    """An OSV record on one package, from *introduced* until *fixed*."""
    kind = "SEMVER" if ecosystem == "npm" else "ECOSYSTEM"
    events = [{"introduced": introduced}, *([{"fixed": fixed}] if fixed else [])]
    return {
        "schema_version": "1.6.0",
        "id": id,
        "aliases": list(aliases),
        "published": "2025-01-02T03:04:05Z",
        "affected": [
            {
                "package": {"ecosystem": ecosystem, "name": name},
                "ranges": [{"type": kind, "events": events}],
            }
        ],
        **fields,
    }
