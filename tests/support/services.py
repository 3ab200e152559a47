"""A scripted stub of the services beside the registries, on one loopback server.

No server that could be run here answers like them: download counts of npm and of Python packages,
and Django Packages (API v4). What it says is written by hand, in the documented shapes. Below its
address lie the services' own paths; ``faults`` are acts that stand in for whatever begins so.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from support.loopback import Act, Reply, Request, as_json

NOT_COUNTED = Reply(status=404, headers={"content-type": "text/html"}, body=b"<h1>Not Found</h1>")


@dataclass(kw_only=True)
class Services:
    """The stub and its tables, for a :class:`support.loopback.LoopbackServer`.

    ``npm`` and ``pypi`` are downloads of a week by name; ``packages``, ``grids`` and
    ``categories`` what Django Packages has, by slug or id.
    """

    npm: Mapping[str, int] = field(default_factory=dict)
    pypi: Mapping[str, int] = field(default_factory=dict)
    packages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    grids: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    categories: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    faults: Mapping[str, Act] = field(default_factory=dict)

    async def __call__(self, request: Request) -> Act:
        """Answer one request."""
        parts = urlsplit(request.path)
        path = unquote(parts.path).lstrip("/")
        fault = next((act for start, act in self.faults.items() if path.startswith(start)), None)
        if fault is not None:
            return fault
        match path.split("/"):
            case ["downloads", "point", period, *name]:
                return self._point(period, "/".join(name))
            case ["api", "packages", name, "recent"]:
                return self._recent(name)
            case ["api", "v4", "search", ""]:
                return as_json(self._hits(parse_qs(parts.query).get("q", [""])[0]))
            case ["api", "v4", kind, key, ""]:
                entry = getattr(self, kind).get(key)
                not_found = as_json({"detail": "Not found."}, status=404)
                return as_json(dict(entry)) if entry is not None else not_found
        return NOT_COUNTED

    def _point(self, period: str, name: str) -> Reply:
        if name not in self.npm:
            return as_json({"error": f"package {name} not found"}, status=404)
        days = {"last-day": 1, "last-week": 7, "last-month": 30, "last-year": 365}[period]
        dates = {"start": "2026-11-16", "end": "2026-11-22"}
        return as_json({"downloads": self.npm[name] * days // 7, **dates, "package": name})

    def _recent(self, name: str) -> Reply:
        if name not in self.pypi:
            return NOT_COUNTED
        week = self.pypi[name]
        data = {"last_day": week // 7, "last_week": week, "last_month": week * 30 // 7}
        return as_json({"data": data, "package": name, "type": "recent_downloads"})

    def _hits(self, query: str) -> list[dict[str, Any]]:
        return [
            {
                "title": slug,
                "slug": slug,
                "item_type": kind,
                "description": "",
                "category": "Apps" if kind == "package" else None,
                "usage": 12,
                "score": 340,
                "weight": 70,
                "pypi_downloads": 0,
                "last_released": "2026-10-01T00:00:00Z",
                "last_updated": "2026-10-30T12:00:00Z",
            }
            for kind, table in (("grid", self.grids), ("package", self.packages))
            for slug in table
            if query.partition("-")[0] in slug
        ]


def entry(slug: str, project: str, url: str, **fields: Any) -> dict[str, Any]:
    """A package of Django Packages at *url* that is the Python *project*."""
    return {
        "id": 7,
        "title": slug.replace("-", " "),
        "slug": slug,
        "category": f"{url}api/v4/categories/1/",
        "grids": [f"{url}api/v4/grids/11/"],
        "last_updated": "2026-10-30T12:00:00Z",
        "last_fetched": "2026-11-01T12:00:00Z",
        "repo_url": f"https://code.example/{slug}",
        "pypi_version": "1.0",
        "created": "2012-01-01T00:00:00Z",
        "modified": "2026-11-01T12:00:00Z",
        "repo_forks": 340,
        "repo_description": "",
        "pypi_url": f"https://index.example/project/{project}/",
        "documentation_url": "",
        "repo_watchers": 1234,
        "commits_over_52": [0] * 48 + [1, 2, 3, 4],
        "participants": ["ada", "bob"],
        **fields,
    }


def attestations(repository: str, workflow: str) -> dict[str, Any]:
    """npm's document of attestations of a version that was built from *repository*.

    No signature is in it: none is looked at.
    """
    kind = "https://slsa.dev/provenance/v1"
    source = {"repository": repository, "path": f".github/workflows/{workflow}", "ref": "refs/x"}
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "predicateType": kind,
        "predicate": {"buildDefinition": {"externalParameters": {"workflow": source}}},
    }
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    envelope = {"payload": payload, "payloadType": "application/vnd.in-toto+json"}
    return {"attestations": [{"predicateType": kind, "bundle": {"dsseEnvelope": envelope}}]}


def provenance(repository: str, workflow: str) -> dict[str, Any]:
    """PyPI's provenance object of a file (PEP 740), its attestations left out."""
    publisher = {"kind": "GitHub", "repository": repository, "workflow": workflow}
    return {
        "version": 1,
        "attestation_bundles": [{"publisher": publisher, "attestations": []}],
    }
