"""Where people can look at what a specifier names, if no registry serves it. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.npm.manifests.hosted import repository_page
from registry_lsp.endpoints import JSR_WEBSITE
from registry_lsp.net.addresses import source_page, web_link

MANIFEST = "package.json"

_ARCHIVE = re.compile(r"\.(?:tgz|tar\.gz|tar)\Z", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z]{2,}:", re.IGNORECASE)
_SLASHES = re.compile(r"//+")
_STEPS_FROM_ROOT = re.compile(r"/+(?=\.\.?(?:/|\Z))")
_BUILT_IN = re.compile(r"~?builtin<")
_JSR = re.compile(r"jsr:(?:(@[^@/]+/[^@/]+)(?:@.*)?|[^@]*)", re.IGNORECASE | re.DOTALL)


def link(source: Source, target: str, name: str) -> str:
    """The address or the path of what *target* names, for the dependency called *name*.

    *target* is a specifier's; a path is relative to the manifest's folder and written with
    ``/``; empty where there is nothing to look at, or nobody can say where it is.
    """
    if source is Source.GIT:
        return repository_page(target) or source_page(target)
    if source is Source.URL:
        return source_page(target)
    if source is Source.PATH:
        return _path_link(target)
    if source is Source.WORKSPACE:
        return package_link(target) if "/" in target and "@" not in target else ""
    if source is Source.FOREIGN:
        return _jsr_link(target, name)
    return ""


def _path_link(target: str) -> str:
    scheme = _SCHEME.match(target)
    protocol = scheme[0].lower() if scheme else ""
    rest = target[len(protocol) :]
    if protocol == "patch:":
        return _patch_link(rest)
    if protocol == "exec:":
        return _clean(rest)
    if protocol in {"", "file:"} and _ARCHIVE.search(rest):
        return _clean(rest)
    return package_link(rest)


def package_link(folder: str) -> str:
    """The manifest of the package in a folder: a folder itself is nothing to look at."""
    path = _clean(folder)
    return f"{path.rstrip('/')}/{MANIFEST}" if path else ""


def _clean(path: str) -> str:
    """A path with single slashes, those before ``..`` dropped as npm drops them; what begins
    in the home folder is nobody's to link to.
    """
    path = _SLASHES.sub("/", path.replace("\\", "/"))
    path = _STEPS_FROM_ROOT.sub("", path, count=1) if path.startswith("/") else path
    return "" if path.startswith("~") else path


def _patch_link(rest: str) -> str:
    """The first patch file of Yarn's ``name@npm%3A1.0#./one.patch&./two.patch::version=1``.

    ``~/`` is the root of the project there, where such entries mostly stand; a patch that Yarn
    has built in (``builtin<…>``) is no file.
    """
    files = rest.partition("#")[2].partition("::")[0]
    first = files.partition("&")[0].removeprefix("optional!")
    return "" if _BUILT_IN.match(first) else _clean(first.removeprefix("~/"))


def _jsr_link(target: str, name: str) -> str:
    found = _JSR.fullmatch(target)
    package = (found[1] or name) if found else ""
    if not package.startswith("@") or "/" not in package:
        return ""
    return web_link(f"{JSR_WEBSITE}{quote(package, safe='@/', errors='replace')}") or ""
