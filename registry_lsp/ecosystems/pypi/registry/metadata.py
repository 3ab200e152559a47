"""What one release of a Python project says of itself: core metadata, by whatever way it comes.

The fields have the same names in the JSON API's ``info`` and in what packaging reads of a
``METADATA`` file.
"""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from email.utils import getaddresses
from hmac import compare_digest
from types import MappingProxyType
from typing import Any

import msgspec
from packaging.metadata import parse_email
from packaging.requirements import InvalidRequirement, Requirement

from registry_lsp.core.packages import Metadata, Person, Requires
from registry_lsp.net.addresses import web_link
from registry_lsp.net.decoding import GarbageError, as_mapping, as_text, as_texts

_LONGEST_LICENSE = 100
_LONGEST_LIST = 10_000
_NOT_SAID = frozenset({"UNKNOWN", "NONE", "N/A"})
_EXTRA = re.compile(r"\bextra\b")

_LABELS = MappingProxyType(
    {
        "homepage": ("homepage",),
        "repository": ("source", "repository", "sourcecode", "github"),
        "documentation": ("documentation", "docs"),
        "changelog": ("changelog", "changes", "whatsnew", "history", "releasenotes"),
        "issues": ("issues", "bugs", "issue", "tracker", "issuetracker", "bugtracker"),
        "funding": ("funding", "sponsor", "donate", "donation"),
    }
)
"""The labels of *Well-known project URLs in metadata*, normalised, the first one preferred."""

_DROPPED = str.maketrans("", "", string.punctuation + string.whitespace)


class Info(msgspec.Struct):
    """The fields that are read; each may be missing, null or of another type."""

    version: Any = None
    name: Any = None
    summary: Any = None
    license: Any = None
    license_expression: Any = None
    classifiers: Any = None
    home_page: Any = None
    docs_url: Any = None
    project_urls: Any = None
    keywords: Any = None
    author: Any = None
    author_email: Any = None
    maintainer: Any = None
    maintainer_email: Any = None
    requires_dist: Any = None
    requires_python: Any = None
    provides_extra: Any = None


def read_core_metadata(body: bytes, hash: tuple[str, str] | None = None) -> Metadata:
    """What a ``METADATA`` file says (PEP 658). Raises GarbageError where it is none, or not the
    one of that *hash*: an algorithm of hashlib's and hexadecimal digits.
    """
    if hash is not None and not compare_digest(hashlib.new(hash[0], body).hexdigest(), hash[1]):
        raise GarbageError("a metadata file with another hash")
    said, _ = parse_email(body)
    info = Info(**{name: value for name, value in said.items() if name in Info.__struct_fields__})
    return metadata_of(info)


def metadata_of(info: Info, ownership: object = None) -> Metadata:
    """What *info* says, with the project's owners and maintainers as *ownership* names them.

    Raises GarbageError where it does not even say its version.
    """
    version = as_text(info.version)
    if version is None:
        raise GarbageError("a release's metadata names its version")
    links = _links(info)
    return Metadata(
        version=version,
        summary=_said(info.summary),
        license=_license(info),
        keywords=_keywords(info.keywords),
        authors=_people(info.author, info.author_email, "author"),
        maintainers=(
            *_people(info.maintainer, info.maintainer_email, "maintainer"),
            *_roles(ownership),
        ),
        requires=tuple(_requires(as_texts(info.requires_dist))),
        extras=as_texts(info.provides_extra),
        runtime=_said(info.requires_python),
        classifiers=as_texts(info.classifiers),
        **links,
    )


def _said(value: object) -> str | None:
    """A text, unless it is what old tools wrote for nothing."""
    text = as_text(value)
    return None if text is None or text.upper() in _NOT_SAID else text


def _links(info: Info) -> dict[str, str | None]:
    labelled: dict[str, str] = {}
    for label, address in as_mapping(info.project_urls).items():
        link = web_link(address)
        if link is not None:
            labelled.setdefault(str(label).translate(_DROPPED).lower(), link)
    links = {field: _first(labelled, labels) for field, labels in _LABELS.items()}
    links["homepage"] = links["homepage"] or web_link(info.home_page)
    links["documentation"] = links["documentation"] or web_link(info.docs_url)
    return links


def _first(labelled: Mapping[str, str], labels: Iterable[str]) -> str | None:
    return next((labelled[label] for label in labels if label in labelled), None)


def _license(info: Info) -> str | None:
    """The expression (PEP 639), or a name; many projects put the whole text there, of which the
    classifiers are the better account.
    """
    expression, said = _said(info.license_expression), _said(info.license)
    if expression is not None:
        return expression
    if said is not None and len(said) <= _LONGEST_LICENSE and "\n" not in said:
        return said
    names = [
        steps[-1]
        for classifier in as_texts(info.classifiers)
        if (steps := classifier.split(" :: "))[0] == "License" and steps[-1] != "OSI Approved"
    ]
    if names:
        return ", ".join(names)
    return said.splitlines()[0][:_LONGEST_LICENSE].strip() if said is not None else None


def _keywords(value: object) -> tuple[str, ...]:
    """Core metadata wants commas, and many write spaces."""
    if not isinstance(value, str):
        return as_texts(value)
    return as_texts(value.split(",") if "," in value else value.split())


def _people(name: object, email: object, role: str) -> tuple[Person, ...]:
    """One person, or a list of ``Name <mail>`` in the field for the address."""
    listed = [
        Person(name=as_text(each), email=as_text(address), role=role)
        for each, address in _addresses(_said(email) or "")
        if each or address
    ]
    own = _said(name)
    if own is None or any(person.name == own for person in listed):
        return tuple(listed)
    if len(listed) == 1 and listed[0].name is None:
        return (Person(name=own, email=listed[0].email, role=role),)
    return (Person(name=own, role=role), *listed)


def _addresses(text: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([text[:_LONGEST_LIST]])
    except RecursionError:  # it reads nested comments by recursion
        return []


def _roles(ownership: object) -> Iterator[Person]:
    """The people of the JSON API's ``ownership``: 'Owner' and 'Maintainer' are all its roles."""
    roles = as_mapping(ownership).get("roles")
    for each in roles if isinstance(roles, list) else ():
        user, role = as_text(as_mapping(each).get("user")), as_text(as_mapping(each).get("role"))
        if user is not None and role is not None:
            yield Person(name=user, role="owner" if role == "Owner" else "maintainer")


def _requires(texts: Iterable[str]) -> Iterator[Requires]:
    """What each Requires-Dist says; one that is no requirement says nothing.

    What is needed only for an extra is optional.
    """
    for text in texts:
        try:
            read = Requirement(text)
        except (InvalidRequirement, RecursionError):
            continue
        marker = str(read.marker) if read.marker is not None else None
        yield Requires(
            name=read.name,
            specifier=str(read.specifier),
            kind="optional" if marker is not None and _EXTRA.search(marker) else "runtime",
            marker=marker,
        )
