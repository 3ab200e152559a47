"""An npm registry and a Python package index on one loopback server, from a small table.

They answer in the documented shapes of the public services: npm's abbreviated and full documents,
one version, and dist-tags; the Simple API as JSON (PEP 691, 700, 792) and as HTML (PEP 503), and
the JSON API's project and release. ETags are strong and If-None-Match gives 304. What a test wants
broken is said by name in ``faults``, whose acts stand in for every answer about that package.

Below the server's address, npm is at ``npm/``, the index at ``simple/`` and its JSON API at
``pypi/``.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from support.loopback import Act, Reply, Request

ABBREVIATED = "application/vnd.npm.install-v1+json"
SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"

_ABBREVIATED_FIELDS = frozenset(
    {
        "name",
        "version",
        "deprecated",
        "dependencies",
        "optionalDependencies",
        "devDependencies",
        "peerDependencies",
        "peerDependenciesMeta",
        "bin",
        "dist",
        "engines",
        "os",
        "cpu",
    }
)


@dataclass(frozen=True, kw_only=True)
class NpmPackage:
    """A package of the npm registry. ``versions`` maps versions to what their manifests say
    beside their names; ``times`` to ISO 8601 dates; ``document`` is added to the full document.
    """

    versions: Mapping[str, Mapping[str, Any]]
    tags: Mapping[str, str] | None = None
    times: Mapping[str, str] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PypiRelease:
    """A release of a Python project: one wheel."""

    yanked: bool | str = False
    requires_python: str | None = None
    uploaded: str = "2024-01-02T03:04:05.678901Z"
    requires: tuple[str, ...] = ()
    vulnerabilities: tuple[Mapping[str, Any], ...] = ()
    provenance: str | None = None


@dataclass(frozen=True, kw_only=True)
class PypiProject:
    """A project of the index. ``info`` is added to the JSON API's; ``status`` and its ``reason``
    are PEP 792's.
    """

    releases: Mapping[str, PypiRelease]
    info: Mapping[str, Any] = field(default_factory=dict)
    status: str | None = None
    reason: str | None = None


@dataclass(kw_only=True)
class Registries:
    """The table and its handler, for a :class:`support.loopback.LoopbackServer`.

    ``has_json_api``, ``describes_releases`` and ``speaks_json`` make of the index one that gives
    less.
    """

    npm: Mapping[str, NpmPackage] = field(default_factory=dict)
    pypi: Mapping[str, PypiProject] = field(default_factory=dict)
    faults: Mapping[str, Act] = field(default_factory=dict)
    has_json_api: bool = True
    describes_releases: bool = True
    speaks_json: bool = True

    async def __call__(self, request: Request) -> Act:
        """Answer one request."""
        path = unquote(urlsplit(request.path).path)
        fault = next((act for name, act in self.faults.items() if f"/{name}" in path), None)
        if fault is not None:
            return fault
        if path.endswith("/-/v1/search"):
            return _reply(self._found(parse_qs(urlsplit(request.path).query)))
        answer = self._answer(path, request.headers.get("accept", ""))
        if answer is None:
            return _reply({"error": "Not found"}, status=404)
        return _validated(answer, request)

    def _answer(self, path: str, accept: str) -> Reply | None:
        room, _, rest = path.lstrip("/").partition("/")
        if room == "npm":
            return self._npm(rest, accept)
        if room == "simple" and not rest:
            return self._projects(accept)
        if room == "simple":
            return self._simple(rest.rstrip("/"), accept)
        if room == "pypi" and self.has_json_api:
            return self._legacy(rest)
        return None

    # --- npm ----------------------------------------------------------------------------------

    def _found(self, query: Mapping[str, list[str]]) -> dict[str, Any]:
        """The packages that have the text in their names."""
        text, size = query["text"][0], int(query["size"][0])
        names = [each for each in self.npm if text in each]
        hits = [
            {"name": each, "description": self.npm[each].document.get("description")}
            for each in names[:size]
        ]
        return {"objects": [{"package": each} for each in hits], "total": len(names)}

    def _npm(self, rest: str, accept: str) -> Reply | None:
        tags = re.fullmatch(r"-/package/(?P<name>.+)/dist-tags", rest)
        if tags:
            package = self.npm.get(tags["name"])
            return _reply(_tags(package)) if package else None
        match = re.fullmatch(r"(?P<name>(?:@[^/]+/)?[^/]+)(?:/(?P<version>[^/]+))?", rest)
        package = self.npm.get(match["name"]) if match else None
        if match is None or package is None:
            return None
        if match["version"]:
            version = _tags(package).get(match["version"], match["version"])
            if version not in package.versions:
                return None
            return _reply(_npm_version(match["name"], version, package))
        if accept.startswith(ABBREVIATED):
            document = _abbreviated(match["name"], package)
            return _reply(document, headers={"content-type": ABBREVIATED})
        return _reply(_full(match["name"], package))

    # --- the index ----------------------------------------------------------------------------

    def _projects(self, accept: str) -> Reply:
        """The list of all projects."""
        if SIMPLE_JSON in accept and self.speaks_json:
            projects = [{"name": each} for each in self.pypi]
            return _reply(
                {"meta": {"api-version": "1.4"}, "projects": projects},
                headers={"content-type": SIMPLE_JSON},
            )
        anchors = "".join(f'<a href="/simple/{each}/">{each}</a>' for each in self.pypi)
        body = f"<!DOCTYPE html><html><body>{anchors}</body></html>".encode()
        return Reply(headers={"content-type": "text/html"}, body=body)

    def _simple(self, name: str, accept: str) -> Reply | None:
        project = self.pypi.get(name)
        if project is None:
            return None
        if SIMPLE_JSON in accept and self.speaks_json:
            return _reply(_simple_json(name, project), headers={"content-type": SIMPLE_JSON})
        body = _simple_html(name, project).encode()
        return Reply(headers={"content-type": "text/html; charset=UTF-8"}, body=body)

    def _legacy(self, rest: str) -> Reply | None:
        match = re.fullmatch(r"(?P<name>[^/]+)(?:/(?P<version>[^/]+))?/json", rest)
        project = self.pypi.get(match["name"]) if match else None
        if match is None or project is None:
            return None
        if match["version"] and not self.describes_releases:
            return None
        version = match["version"] or _latest(project)
        if version not in project.releases:
            return None
        document = {
            "info": _info(match["name"], version, project),
            "last_serial": 1,
            "urls": [_legacy_file(match["name"], version, project)],
            "vulnerabilities": list(project.releases[version].vulnerabilities),
            "ownership": {"roles": [{"role": "Owner", "user": "ada"}], "organization": None},
        }
        if not match["version"]:
            document["releases"] = {
                each: [_legacy_file(match["name"], each, project)] for each in project.releases
            }
        return _reply(document)


def _tags(package: NpmPackage) -> dict[str, str]:
    if package.tags is not None:
        return dict(package.tags)
    return {"latest": list(package.versions)[-1]} if package.versions else {}


def _npm_version(name: str, version: str, package: NpmPackage) -> dict[str, Any]:
    tarball = f"https://registry.example/{name}/-/{name.rsplit('/', maxsplit=1)[-1]}-{version}.tgz"
    return {
        "name": name,
        "version": version,
        "dist": {"tarball": tarball, "shasum": "0" * 40},
        **package.versions[version],
    }


def _abbreviated(name: str, package: NpmPackage) -> dict[str, Any]:
    manifests = (_npm_version(name, version, package) for version in package.versions)
    return {
        "name": name,
        "modified": "2024-01-02T03:04:05.678Z",
        "dist-tags": _tags(package),
        "versions": {
            each["version"]: {
                key: value for key, value in each.items() if key in _ABBREVIATED_FIELDS
            }
            for each in manifests
        },
    }


def _full(name: str, package: NpmPackage) -> dict[str, Any]:
    return {
        "_id": name,
        "name": name,
        "dist-tags": _tags(package),
        "versions": {version: _npm_version(name, version, package) for version in package.versions},
        "time": {
            "created": "2020-01-01T00:00:00.000Z",
            "modified": "2024-01-02T03:04:05.678Z",
            **dict.fromkeys(package.versions, "2024-01-02T03:04:05.678Z"),
            **package.times,
        },
        "readme": "# " + name,
        **package.document,
    }


def _latest(project: PypiProject) -> str:
    return list(project.releases)[-1]


def _filename(name: str, version: str) -> str:
    return f"{name.replace('-', '_')}-{version}-py3-none-any.whl"


def _simple_json(name: str, project: PypiProject) -> dict[str, Any]:
    document = {
        "meta": {"api-version": "1.4", "_last-serial": 1},
        "name": name,
        "versions": list(project.releases),
        "files": [
            {
                "filename": _filename(name, version),
                "url": f"https://files.example/{_filename(name, version)}",
                "hashes": {},
                "requires-python": release.requires_python,
                "size": 1,
                "upload-time": release.uploaded,
                "yanked": release.yanked,
                "provenance": release.provenance,
            }
            for version, release in project.releases.items()
        ],
    }
    if project.status is not None:
        said = {"status": project.status, "reason": project.reason}
        document["project-status"] = {key: each for key, each in said.items() if each is not None}
    return document


def _simple_html(name: str, project: PypiProject) -> str:
    lines = ["<!DOCTYPE html><html><head>"]
    lines.append('<meta name="pypi:repository-version" content="1.4">')
    if project.status is not None:
        lines.append(f'<meta name="pypi:project-status" content="{project.status}">')
    if project.reason is not None:
        lines.append(f'<meta name="pypi:project-status-reason" content="{project.reason}">')
    lines.append(f"<title>Links for {name}</title></head><body>")
    for version, release in project.releases.items():
        attributes = f'href="../../files/{_filename(name, version)}#sha256={"0" * 64}"'
        if release.requires_python:
            attributes += f' data-requires-python="{html.escape(release.requires_python)}"'
        if release.yanked:
            reason = release.yanked if isinstance(release.yanked, str) else ""
            attributes += f' data-yanked="{html.escape(reason)}"'
        lines.append(f"<a {attributes}>{_filename(name, version)}</a><br />")
    return "\n".join([*lines, "</body></html>"])


def _info(name: str, version: str, project: PypiProject) -> dict[str, Any]:
    release = project.releases[version]
    return {
        "name": name,
        "version": version,
        "summary": f"fixture {name}",
        "license": None,
        "license_expression": "MIT",
        "author": "Ada",
        "author_email": "Ada <ada@people.example>",
        "maintainer": None,
        "maintainer_email": None,
        "classifiers": [],
        "home_page": None,
        "project_urls": {"Source": f"https://code.example/{name}"},
        "requires_python": release.requires_python,
        "requires_dist": list(release.requires) or None,
        "provides_extra": None,
        "yanked": bool(release.yanked),
        "yanked_reason": release.yanked if isinstance(release.yanked, str) else None,
        "keywords": None,
        **project.info,
    }


def _legacy_file(name: str, version: str, project: PypiProject) -> dict[str, Any]:
    release = project.releases[version]
    return {
        "filename": _filename(name, version),
        "url": f"https://files.example/{_filename(name, version)}",
        "packagetype": "bdist_wheel",
        "requires_python": release.requires_python,
        "upload_time_iso_8601": release.uploaded,
        "upload_time": release.uploaded.partition(".")[0],
        "yanked": bool(release.yanked),
        "yanked_reason": release.yanked if isinstance(release.yanked, str) else None,
    }


def _reply(document: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    body = json.dumps(document).encode()
    return Reply(
        status=status, headers={"content-type": "application/json", **(headers or {})}, body=body
    )


def _validated(reply: Reply, request: Request) -> Reply:
    assert isinstance(reply.body, bytes)
    etag = f'"{hashlib.md5(reply.body).hexdigest()}"'
    freshness = {"etag": etag, "cache-control": "max-age=300, public"}
    if request.headers.get("if-none-match") == etag:
        return Reply(status=304, headers=freshness)
    return Reply(status=reply.status, headers={**reply.headers, **freshness}, body=reply.body)
