"""What one version of an npm package says of itself, in the many shapes that were ever allowed.

The fields are those of ``package.json``. Registries hold releases from years when nothing was
checked, so every field may be of any type.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import msgspec

from registry_lsp.core.packages import Metadata, Person, Requires
from registry_lsp.endpoints import CODE_HOSTS
from registry_lsp.net.addresses import web_link
from registry_lsp.net.decoding import as_mapping, as_text, as_texts

_PERSON = re.compile(r"([^<(]*)(?:<([^>]*)>)?[^(]*(?:\(([^)]*)\))?")
_SHORTHAND = re.compile(r"(?:(github|gitlab|bitbucket|gist):)?([\w.-]+(?:/[\w.-]+)?)(?:#.*)?")
_SCP = re.compile(r"(?:ssh://)?(?:[\w.-]+@)?([\w.-]+):(?!//|\d+/)(.*)")
_HOSTS = {urlsplit(address).hostname: address for address in CODE_HOSTS.values()}


class Manifest(msgspec.Struct, rename="camel"):
    """The fields that are read of a version, and of a whole document: they have the same names."""

    version: Any = None
    description: Any = None
    license: Any = None
    licenses: Any = None
    homepage: Any = None
    repository: Any = None
    bugs: Any = None
    funding: Any = None
    keywords: Any = None
    author: Any = None
    maintainers: Any = None
    engines: Any = None
    dependencies: Any = None
    dev_dependencies: Any = None
    peer_dependencies: Any = None
    optional_dependencies: Any = None


_OF_THE_PACKAGE = (
    "description",
    "license",
    "licenses",
    "homepage",
    "repository",
    "bugs",
    "keywords",
    "author",
    "maintainers",
)


def completed(manifest: Manifest, document: Manifest) -> Manifest:
    """The newest version's *manifest* with what only the whole *document* says.

    The document's maintainers stand over the manifest's: those were right when it was published.
    """
    said = {name: getattr(document, name) for name in _OF_THE_PACKAGE}
    kept = {
        name: value
        for name, value in said.items()
        if value and (name == "maintainers" or not getattr(manifest, name))
    }
    return msgspec.structs.replace(manifest, **kept)


def metadata_of(manifest: Manifest, version: str) -> Metadata:
    """What *manifest*, that of *version*, says; None for what it does not."""
    author = _person(manifest.author, "author")
    people = manifest.maintainers if isinstance(manifest.maintainers, list) else []
    return Metadata(
        version=version,
        summary=as_text(manifest.description),
        license=_license(manifest.license) or _license(manifest.licenses),
        homepage=_link(manifest.homepage),
        repository=_repository(manifest.repository),
        issues=_link(manifest.bugs),
        funding=_link(manifest.funding),
        keywords=_keywords(manifest.keywords),
        authors=(author,) if author else (),
        maintainers=tuple(
            person for each in people if (person := _person(each, "maintainer")) is not None
        ),
        requires=_requires(manifest),
        runtime=node_of(manifest.engines),
    )


def node_of(engines: object) -> str | None:
    """The range of ``engines.node``.

    Ancient manifests have a list or a text for ``engines``; npm heeds neither
    (npm-install-checks), and so it says nothing here.
    """
    return as_text(as_mapping(engines).get("node"))


def _requires(manifest: Manifest) -> tuple[Requires, ...]:
    """Npm writes optional dependencies among the runtime ones too; each is named once."""
    optional = as_mapping(manifest.optional_dependencies)
    runtime = {
        name: specifier
        for name, specifier in as_mapping(manifest.dependencies).items()
        if name not in optional
    }
    kinds = {
        "runtime": runtime,
        "development": as_mapping(manifest.dev_dependencies),
        "peer": as_mapping(manifest.peer_dependencies),
        "optional": optional,
    }
    return tuple(
        Requires(name=name, specifier=specifier, kind=kind)
        for kind, specifiers in kinds.items()
        for name, specifier in specifiers.items()
        if isinstance(specifier, str)
    )


def _license(value: object) -> str | None:
    """A text, an object with a ``type``, or a list of either: npm's forms, old and new."""
    if isinstance(value, list):
        names = [name for each in value if (name := _license(each)) is not None]
        return " OR ".join(names) or None
    said = as_mapping(value)
    name = as_text(value) or as_text(said.get("type")) or as_text(said.get("name"))
    return name.splitlines()[0] if name else None


def _link(value: object) -> str | None:
    """The first address of a text, an object with a ``url``, or a list of either."""
    if isinstance(value, list):
        return next((link for each in value if (link := _link(each)) is not None), None)
    return web_link(as_mapping(value).get("url", value))


def _keywords(value: object) -> tuple[str, ...]:
    return as_texts(re.split(r"[,\s]+", value) if isinstance(value, str) else value)


def _person(value: object, role: str) -> Person | None:
    """Somebody, written as an object or as ``Name <mail> (address)``."""
    said = as_mapping(value)
    name, email, url = said.get("name"), said.get("email"), said.get("url")
    if isinstance(value, str) and (match := _PERSON.match(value)) is not None:
        name, email, url = match.groups()
    if not as_text(name) and not as_text(email):
        return None
    return Person(name=as_text(name), email=as_text(email), url=web_link(url), role=role)


def _repository(value: object) -> str | None:
    """Where people read the source: what names a repository as git does leads to its page,
    where its host is known to have one.
    """
    address = as_text(as_mapping(value).get("url", value))
    if address is None:
        return None
    if (short := _SHORTHAND.fullmatch(address)) and (short[1] or "/" in short[2]):
        return CODE_HOSTS[short[1] or "github"] + short[2].removesuffix(".git")
    if (scp := _SCP.fullmatch(address)) and scp[1] in _HOSTS:
        return web_link(_HOSTS[scp[1]] + scp[2].removesuffix(".git"))
    plain = address.removeprefix("git+")
    try:
        parts = urlsplit(plain)
        host = parts.hostname
    except ValueError:
        return None
    if host not in _HOSTS:
        return web_link(plain)
    return web_link(_HOSTS[host] + parts.path.lstrip("/").removesuffix(".git"))
