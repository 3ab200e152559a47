"""Records what the public registries answer of ten packages, cut to what a hover tells.

Run by hand, where there is a network: ``python tests/goldens/record.py``. Of each package come a
few releases; the registries' own hosts become ``registry.example``, and those of the code hosts
``github.example`` and the like, as everywhere in the tests.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

sys.path.insert(0, str(Path(__file__).parents[2]))

from registry_lsp import endpoints

FOLDER = Path(__file__).parent / "documents"

NPM = {
    "react": ("17.0.2", "18.3.1"),
    "express": ("4.18.2", "4.21.2"),
    "request": ("2.88.0", "2.88.2"),
    "@babel/core": ("7.26.0", "7.27.1"),
    "typescript": ("5.8.3",),
}
"""Packages of npm's, and the versions that stay beside the latest."""
PYPI = {
    "requests": ("2.31.0", "2.32.0"),
    "django": ("4.2.16", "5.1.4"),
    "attrs": ("21.1.0", "24.2.0"),
    "numpy": ("1.26.4", "2.1.3"),
    "django-filter": ("24.3",),
}

_VERSION = (
    *("name", "version", "description", "license", "homepage", "repository", "bugs", "author"),
    *("engines", "dependencies", "peerDependencies", "optionalDependencies", "deprecated"),
    *("funding", "keywords"),
)
_DOCUMENT = (*_VERSION[2:8], "name", "maintainers", "dist-tags")
_INFO = (
    *("name", "version", "summary", "keywords", "license", "license_expression", "classifiers"),
    *("author", "author_email", "maintainer", "maintainer_email", "requires_python", "docs_url"),
    *("project_urls", "home_page", "requires_dist", "provides_extra", "yanked", "yanked_reason"),
)
_FILE = ("filename", "upload_time_iso_8601", "yanked", "yanked_reason", "requires_python")
_LISTED = (
    *("filename", "requires-python", "yanked", "upload-time", "core-metadata", "provenance"),
)
_EMAIL = re.compile(r"([\w.+-]+)@(?:[\w-]+\.)+[a-z]{2,}")
_MOST = 8  # of what is listed without end


def main() -> None:
    """Record all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name, versions in NPM.items():
        document = _fetch(endpoints.NPM_REGISTRY + quote(name, safe="@"), "application/json")
        _keep(f"npm-{name}", {f"npm/{_escaped(name)}": _npm(document, versions)})
    for name, versions in PYPI.items():
        root = endpoints.PYPI_INDEX.removesuffix("simple/")
        simple = "application/vnd.pypi.simple.v1+json"
        described = _fetch(f"{root}pypi/{name}/json", "application/json")
        listed = _fetch(f"{endpoints.PYPI_INDEX}{name}/", simple)
        kept = {*versions, described["info"]["version"]}
        answers = {
            f"pypi/{name}/json": _described(described, kept),
            f"simple/{name}/": _listed(listed, kept),
        }
        for version in versions:
            with suppress(HTTPError):  # mirrors have no such endpoint
                one = _fetch(f"{root}pypi/{name}/{version}/json", "application/json")
                answers[f"pypi/{name}/{version}/json"] = _described(one, kept)
        _keep(f"pypi-{name}", answers)


def _fetch(url: str, accept: str) -> Any:
    request = Request(url, headers={"Accept": accept, "User-Agent": "registry-lsp tests"})
    with urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def _npm(document: dict[str, Any], versions: tuple[str, ...]) -> dict[str, Any]:
    kept = {*versions, document["dist-tags"]["latest"]}
    return {
        **_part(document, _DOCUMENT),
        "dist-tags": {"latest": document["dist-tags"]["latest"]},
        "versions": {
            version: _part(manifest, _VERSION)
            for version, manifest in document["versions"].items()
            if version in kept
        },
        "time": _part(document.get("time", {}), sorted(kept)),
    }


def _described(document: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    info = _part(document["info"], _INFO)
    info["classifiers"] = [each for each in info["classifiers"] if "::" in each][:_MOST]
    answer = {"info": info, "ownership": document.get("ownership"), "vulnerabilities": []}
    if "releases" in document:
        answer["releases"] = {
            version: [_part(file, _FILE) for file in files[:1]]
            for version, files in document["releases"].items()
            if version in kept
        }
    return answer


def _listed(document: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    files = {}
    for file in document["files"]:
        version = next((each for each in kept if f"-{each}-py" in file["filename"]), None)
        version = version or next((v for v in kept if f"-{v}-cp312" in file["filename"]), None)
        if version is not None:
            files[version] = {**_part(file, _LISTED), "url": f"../../files/{file['filename']}"}
    return {
        **_part(document, ["meta", "name", "project-status"]),
        "versions": sorted(kept),
        "files": list(files.values()),
    }


def _part(said: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: said[name] for name in names if said.get(name) not in (None, "", [], {})}


def _escaped(name: str) -> str:
    return name.replace("/", "%2f")


def _keep(name: str, answers: dict[str, Any]) -> None:
    text = json.dumps(answers, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    for address in (endpoints.NPM_REGISTRY, endpoints.PYPI_WEBSITE, endpoints.NPM_WEBSITE):
        text = text.replace(urlsplit(address).netloc, "registry.example")
        text = text.replace(urlsplit(address).netloc.removeprefix("www."), "registry.example")
    for code_host, address in endpoints.CODE_HOSTS.items():
        text = text.replace(f"www.{urlsplit(address).netloc}", f"{code_host}.example")
        text = text.replace(urlsplit(address).netloc, f"{code_host}.example")
    text = _EMAIL.sub(r"\1@people.example", text)
    path = FOLDER / (name.replace("/", "-") + ".json")
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
