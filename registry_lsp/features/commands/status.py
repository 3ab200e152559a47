"""``registry-lsp.status``: what the server has open, whom it asks, and what has gone wrong."""

from __future__ import annotations

import math
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry_lsp import __version__
from registry_lsp.core.packages import Found, Missing, PackageId, RegistryRef
from registry_lsp.features import times, troubles, wording
from registry_lsp.features.markup import Markdown
from registry_lsp.server import RegistryServer

if TYPE_CHECKING:
    from registry_lsp.net.entries import Statistics
    from registry_lsp.session.documents import Document
    from registry_lsp.session.session import Session

_MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one session keeps on disk, and why that is nothing although it should be something."""

    entries: int
    bytes: int
    trouble: str | None

    @classmethod
    def of(cls, statistics: Statistics, trouble: str | None) -> Kept:
        """What a cache says of itself."""
        return cls(entries=statistics.entries, bytes=statistics.bytes, trouble=trouble)


def register(ls: RegistryServer) -> None:
    """Offer the command."""

    @ls.command("registry-lsp.status")
    async def status(ls: RegistryServer, *_: Any) -> dict[str, Any]:
        """One object; its ``text`` says the same in Markdown."""
        await ls.configured()
        sessions = [place.session for place in ls.places]
        kept = [
            Kept.of(await each.packages.statistics(), each.packages.cache_trouble)
            for each in sessions
        ]
        return build(
            sessions, kept, offline=any(each.settings.network.offline for each in ls.places)
        )


def build(
    sessions: Sequence[Session], kept: Iterable[Kept], *, offline: bool = False
) -> dict[str, Any]:
    """What is open in *sessions* and whom they ask, without a secret; *offline* is whether any of
    them may ask nobody.
    """
    documents = [(session, each) for session in sessions for each in session.documents.values()]
    record: dict[str, Any] = {
        "version": __version__,
        "python": platform.python_version(),
        "documents": [_document(each) for _, each in documents],
        "registries": _registries(documents),
        "services": _services(sessions),
        "offline": offline,
        "paused": _paused(sessions),
        "cache": [
            {"entries": each.entries, "bytes": each.bytes, "trouble": each.trouble} for each in kept
        ],
    }
    return {**record, "text": "\n".join(_text(record))}


def _document(document: Document) -> dict[str, Any]:
    return {
        "uri": document.snapshot.uri,
        "ecosystem": document.ecosystem.name,
        "dependencies": len(document.manifest.dependencies),
    }


def _registries(documents: Iterable[tuple[Session, Document]]) -> list[dict[str, Any]]:
    """Every registry that is asked, with the number of its packages and its newest error."""
    asked: dict[tuple[str, str], dict[PackageId, Session]] = {}
    for session, document in documents:
        for id in filter(None, document.ids):
            for ref in id.registry.in_turn():
                asked.setdefault((id.ecosystem, ref.url), {})[id] = session
    return [
        {
            "ecosystem": ecosystem,
            "url": wording.shown(url),
            "packages": len(ids),
            "missing": sum(_is_missing(session, id) for id, session in ids.items()),
            "trouble": next(_troubles(ids, url), None),
        }
        for (ecosystem, url), ids in sorted(asked.items())
    ]


def _services(sessions: Iterable[Session]) -> list[dict[str, Any]]:
    """Everybody who is asked beside the registries, with why he did not answer the last time."""
    asked: dict[tuple[str, str], str | None] = {}
    for each in (service for session in sessions for service in session.reach.beside):
        key = (each.name, wording.shown(each.url))
        trouble = troubles.why(each.trouble) if each.trouble is not None else None
        asked[key] = asked.get(key) or trouble
    return [
        {"name": name, "url": url, "trouble": trouble}
        for (name, url), trouble in sorted(asked.items())
    ]


def _paused(sessions: Iterable[Session]) -> list[dict[str, Any]]:
    """The hosts that nobody asks now, each with why and for how many seconds yet."""
    longest: dict[str, tuple[float, str]] = {}
    for each in (pause for session in sessions for pause in session.reach.paused):
        found = (each.seconds, troubles.why(each.reason))
        host = each.reason.host
        longest[host] = max(longest.get(host, found), found)
    return [
        {"host": host, "seconds": math.ceil(seconds), "trouble": trouble}
        for host, (seconds, trouble) in sorted(longest.items())
    ]


def _is_missing(session: Session, id: PackageId) -> bool:
    return isinstance(session.packages.peek(id), Missing)


def _troubles(ids: dict[PackageId, Session], url: str) -> Iterator[str]:
    """Why packages of the registry at *url* could not be asked for, in words."""
    for id, session in ids.items():
        lookup = session.packages.peek(id)
        trouble = lookup.trouble if isinstance(lookup, Found) else lookup
        if trouble is None or isinstance(trouble, Missing):
            continue
        if trouble.host in ("", RegistryRef(url=url).host):
            yield troubles.why(trouble, id.registry)


def _text(record: dict[str, Any]) -> Iterator[str]:
    escape = Markdown().text
    yield f"## registry-lsp {record['version']}"
    yield ""
    yield f"Python {record['python']}, {_counted(len(record['documents']), 'manifest')} open."
    if record["registries"]:
        yield ""
    for each in record["registries"]:
        text = (
            f"- {each['ecosystem']}: {escape(each['url'])}, {_counted(each['packages'], 'package')}"
        )
        if each["missing"]:
            text += f", {each['missing']} not found"
        yield text + (f". **{escape(each['trouble'])}**" if each["trouble"] else "")
    if record["services"]:
        yield ""
    for each in record["services"]:
        text = f"- {each['name']}: {escape(each['url'])}"
        yield text + (f". **{escape(each['trouble'])}**" if each["trouble"] else "")
    if record["offline"] or record["paused"]:
        yield ""
    if record["offline"]:
        yield "Offline: nobody is asked where the setting network.offline is on."
    for each in record["paused"]:
        yield f"Not asked for {times.duration(each['seconds'])}: {escape(each['trouble'])}."
    yield ""
    lines: dict[str, None] = {}  # sessions share what is kept
    for each in record["cache"]:
        size = f"{_counted(each['entries'], 'answer')}, {each['bytes'] / _MIB:.1f} MiB"
        lines[f"Kept on disk: {size}."] = None
        if each["trouble"]:
            lines[f"Nothing more is kept: {escape(each['trouble'])}."] = None
    yield from lines


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
