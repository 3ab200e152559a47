"""What the text behind a dependency's name in ``package.json`` means: where it comes from.

It is told as npm's ``npm-package-arg`` tells it, and for the protocols that npm does not know as
pnpm, Yarn and Bun do. Where npm goes by the machine it runs on, this goes by the text alone: a
backslash makes a path. A web address that ends in ``.git`` is a Git repository, as Yarn has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from registry_lsp.core.manifests import Source
from registry_lsp.ecosystems.npm.manifests.hosted import repository_page
from registry_lsp.ecosystems.npm.versions.ranges import parse_range
from registry_lsp.ecosystems.npm.versions.semver import SPACES

LONGEST_NAME = 214
"""The most characters of a package's name (npm's ``package.json`` documentation)."""

_FRIENDLY = r"[0-9A-Za-z._!~*'()-]"  # what encodeURIComponent leaves as it is
_RESERVED = r"(?i:node_modules|favicon\.ico)\Z"
_NAME = re.compile(rf"(?![._-]|{_RESERVED}){_FRIENDLY}+|@{_FRIENDLY}+/(?!\.){_FRIENDLY}+")

_PATH = re.compile(r"(?:file|link|portal|patch|exec):|\.|~/|[/\\]|[a-z]:", re.IGNORECASE)
_PROTOCOL = re.compile(r"([a-z][a-z0-9+-]*):", re.IGNORECASE)
_GIT_PROTOCOLS = frozenset({"git", "ssh", "github", "gitlab", "bitbucket", "gist", "sourcehut"})
_REVISIONS = MappingProxyType({"semver": "revision", "path": "path"})
"""What may stand once behind the ``#`` of a Git address, and what people call it."""
_WEB_PROTOCOLS = frozenset({"http", "https"})
_GIT_PAGE = re.compile(r"https?://[^?#]*\.git/?(?:#|\Z)", re.IGNORECASE)
_SCP = re.compile(r"[^@/\\:\s]+@[^:/\\\s]+:(?!//)\S+")
_TARBALL = re.compile(r"\.(?:tgz|tar\.gz|tar)\Z", re.IGNORECASE)
_HALF_NAME = re.compile(rf"(?:@(?:{_FRIENDLY}+/?)?)?")
_RANGE_START = re.compile(r"[0-9^~<>=*]")
_LONGEST_REMEMBERED = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Specifier:
    """What stands behind a dependency's name, taken apart.

    ``name`` is the real package's name where the specifier gives one (an alias's), and empty for
    an alias that names none: its own name is nobody's to ask for. ``specifier`` is the version
    text, which stands at the code-point ``offset`` of the whole; ``offset`` is
    None where there is no place for one. The real name, or what is typed of one, are the ``length``
    code points at ``name_offset``, None where there is no place for it. ``target`` is what a
    source other than a registry names: an address (which may hold user information), a path, a
    package of another kind of registry, each with its protocol; the range or the path of a
    workspace package (pnpm has ``name@range`` there for one of another name); or a catalog's
    name. ``refusal`` is a sentence for what no installer could use, where no version scheme would
    say so.
    """

    source: Source
    specifier: str = ""
    offset: int | None = None
    name: str | None = None
    name_offset: int | None = None
    length: int = 0
    target: str = ""
    refusal: str = ""


def classify(text: str) -> Specifier:
    """Take a specifier apart. Never fails.

    What nobody could install is left as a registry's or an alias's specifier: the version scheme
    says what is wrong with it. A protocol that is not known here is an address if it looks like
    one, as a package manager's plugin may know it; else it names a registry, as pnpm's
    ``work:^1`` does.
    """
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _classify(text)


def is_valid_name(name: str) -> bool:
    """Whether a registry may be asked for *name*: npm's rule for names of any age."""
    return len(name) <= LONGEST_NAME and _NAME.fullmatch(name) is not None


def normalise(name: str) -> str:
    """*name* as its registry knows it: npm tells ``JSONStream`` from ``jsonstream``."""
    return name


def _classify(text: str) -> Specifier:
    start = len(text) - len(text.lstrip(SPACES))
    spec = text.strip(SPACES)
    scheme = _scheme(spec)
    rest = spec[len(scheme) + 1 :]
    if scheme == "npm":
        return _alias(spec, rest, start)
    if scheme == "workspace":
        return Specifier(source=Source.WORKSPACE, target=rest)
    if scheme == "catalog":
        return Specifier(source=Source.CATALOG, target=rest.strip(SPACES) or "default")
    source = _elsewhere(spec)
    if source is not None:
        refusal = _git_refusal(spec) if source is Source.GIT else ""
        return Specifier(source=source, target=spec, refusal=refusal)
    return Specifier(source=Source.REGISTRY, specifier=spec, offset=start)


# A manifest is read anew at every keystroke, and nearly all of its specifiers are the same.
_remembered = lru_cache(maxsize=8192)(_classify)


def _scheme(spec: str) -> str:
    """The protocol in lower case; empty where there is none."""
    protocol = _PROTOCOL.match(spec)
    return protocol[1].lower() if protocol else ""


def _is_git(scheme: str) -> bool:
    return scheme.startswith("git+") or scheme in _GIT_PROTOCOLS


def _elsewhere(spec: str) -> Source | None:
    """Where *spec* comes from, if from no registry."""
    if _PATH.match(spec):
        return Source.PATH
    scheme = _scheme(spec)
    if _is_git(scheme):
        return Source.GIT
    if scheme in _WEB_PROTOCOLS:
        return Source.GIT if _GIT_PAGE.match(spec) or repository_page(spec) else Source.URL
    if scheme:
        return Source.URL if spec.startswith("//", len(scheme) + 1) else Source.FOREIGN
    if _SCP.fullmatch(spec) or _is_shortcut(spec):
        return Source.GIT
    if "/" in spec or "\\" in spec or _TARBALL.search(spec):
        return Source.PATH
    return None


def _is_shortcut(spec: str) -> bool:
    """Whether it is ``owner/repository``, which npm takes for a Git repository of GitHub's."""
    page = spec.partition("#")[0]
    return (
        "/" in spec[1:]
        and page.count("/") <= 1
        and not page.endswith("/")
        and not any(char in "@:" or char in SPACES for char in page)
    )


def _git_refusal(spec: str) -> str:
    """What npm says of a fragment that names two revisions. A part with a colon in it is
    ``semver:<range>``, ``path:<folder>``, or something that npm passes over.
    """
    place, _, fragment = spec.partition("#")
    scheme = _scheme(place)
    if not (_is_git(scheme) or _is_shortcut(place) or repository_page(place)):
        return ""  # a repository for Yarn alone, which has rules of its own
    said: set[str] = set()
    for part in fragment.split("::"):
        key, colon, value = part.partition(":")
        kind = key if colon else "semver"
        if kind not in _REVISIONS or not (value if colon else part):
            continue
        if kind in said:
            return f"More than one {_REVISIONS[kind]} is named behind '#'."
        said.add(kind)
    return ""


def _alias(spec: str, rest: str, start: int) -> Specifier:
    """``npm:name@range``, or Yarn's ``npm:range`` for the dependency's own name.

    Of a name that is still being typed nothing is wrong yet; the range will stand behind it.
    """
    before = start + len(spec) - len(rest)
    bare, at, version = rest[1:].partition("@")
    name = rest[:1] + bare
    is_name = is_valid_name(name)
    range = rest.lstrip(SPACES)  # as Yarn and pnpm 12 take it
    if not at and _RANGE_START.match(range) and (not is_name or parse_range(range, loose=True)):
        offset = before + len(rest) - len(range)
        return Specifier(source=Source.REGISTRY, specifier=range, offset=offset)
    named = Specifier(source=Source.ALIAS, name=name, name_offset=before, length=len(name))
    if _HALF_NAME.fullmatch(rest):
        return replace(named, name="", offset=start + len(spec))
    is_tarball = not name.startswith("@") and _TARBALL.search(name) is not None
    if not is_name or is_tarball or _elsewhere(version):
        return Specifier(source=Source.ALIAS, name="", specifier=spec, offset=start)
    if not at:
        return named
    wanted = version.lstrip(SPACES)
    offset = start + len(spec) - len(wanted)
    return replace(named, specifier=wanted, offset=offset)
