"""The composition root: the one module that knows every room.

The rooms behind the language server's door are imported once it has answered ``initialize``:
what is not needed for that answer does not delay it.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from registry_lsp import __version__
from registry_lsp.core.home import home
from registry_lsp.core.setting_sources import load
from registry_lsp.core.settings import Settings

if TYPE_CHECKING:
    from registry_lsp.checking.checked import CheckedFile
    from registry_lsp.core.findings import Assessment
    from registry_lsp.core.ports.ecosystem import Ecosystem
    from registry_lsp.core.ports.manifest import ManifestFormat
    from registry_lsp.core.ports.routes import Routes
    from registry_lsp.net.cache import DiskCache
    from registry_lsp.net.http import HttpClient
    from registry_lsp.queries.desk import Desk
    from registry_lsp.queries.records import Record
    from registry_lsp.server import RegistryServer
    from registry_lsp.server.sessions import Workplace
    from registry_lsp.session.audience import Audience
    from registry_lsp.session.documents import Document
    from registry_lsp.session.session import Session

USER_AGENT = f"registry-lsp/{__version__}"

_SWITCH = 0.001
"""Seconds that a thread may go on while another waits for its turn."""
_LAST_WRITES = 5.0
"""Seconds that the end waits for the cache's file, which another process may hold."""
_SERVICE_PATIENCE = 10.0
_SERVICE_CONCURRENCY = 4
_SERVICE_BODY = 4 * 2**20
"""Bounds on the connections to services, which are others than those to registries: a service that
is slow takes no place from them. Seconds, requests at once and bytes.
"""


def serve() -> NoReturn:
    """Serve one client over standard input and output, and end the process with the exit status
    that LSP asks for. It waits for the cache's file and for no other thread: an editor that
    restarts its server waits for all that one waits for.
    """
    from registry_lsp.features import every
    from registry_lsp.server import RegistryServer

    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(levelname)s: %(message)s"
    )
    # Its records hold whole documents and traces of what was only refused: the server tells itself
    # of what has gone wrong.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    environ = dict(os.environ)
    caches: list[DiskCache] = []
    ls = RegistryServer(
        load=lambda options: _load(options, environ),
        start=lambda ls, settings: _begin(ls, settings, environ, caches),
    )
    every.register(ls)
    # What is read in threads lets whoever waits for an answer come in between: with the usual five
    # milliseconds for each turn a dozen packages' documents hold it up for a tenth of a second.
    sys.setswitchinterval(_SWITCH)
    ls.start_io()
    for cache in caches:
        cache.finish(_LAST_WRITES)
    logging.shutdown()
    os._exit(0 if ls.was_shut_down else 1)


def _load(options: object, environ: Mapping[str, str]) -> tuple[Settings, tuple[str, ...]]:
    from registry_lsp.ecosystems import discover

    return load(options, environ, ecosystems=[each.name for each in discover()])


def _begin(
    ls: RegistryServer,
    settings: Settings,
    environ: Mapping[str, str],
    caches: list[DiskCache],
) -> Workplace:
    from registry_lsp.features.audience import Client
    from registry_lsp.server.places import path_of
    from registry_lsp.server.sessions import Workplace
    from registry_lsp.server.tidying import leave_to_tidiers

    def folders() -> list[Path]:
        paths = (path_of(uri) for uri in ls.folders)
        return [Path(each) for each in paths if each.is_absolute()]

    beyond = _Beyond(folders=folders, open=lambda: ls.documents, settings_at=ls.settings_at)
    rooms = _open(settings, environ, Client(ls), is_patient=True, beyond=beyond)
    caches.append(rooms.cache)
    if not gc.get_freeze_count():
        # What was imported stays for good: looking through it for garbage takes 50 ms each time,
        # and now there is next to none in it. Only the first time: of what was learned since, much
        # is garbage one day.
        gc.freeze()
        leave_to_tidiers()
    return Workplace(settings=settings, session=rooms.session, answer=rooms.desk.respond)


async def check(
    files: Sequence[tuple[Path, Ecosystem, ManifestFormat]],
    settings: Settings,
    *,
    environ: Mapping[str, str],
    progress: Callable[[int, int], None],
) -> list[CheckedFile]:
    """Judge *files* as an editor would show them.

    *progress* is told how many packages have answered, and of how many.
    """
    from registry_lsp.checking.checked import CheckedFile
    from registry_lsp.core.text import Snapshot
    from registry_lsp.core.threads import in_thread
    from registry_lsp.session.heeding import unused_ignores
    from registry_lsp.session.recollecting import recollect

    session = _open(settings, environ, _Terminal(progress)).session
    checked = []
    try:
        texts = [await in_thread(_read, path, format) for path, _, format in files]
        for (path, ecosystem, format), (text, complaint) in zip(files, texts, strict=True):
            if complaint is None:
                snapshot = Snapshot(uri=_uri(path), version=0, text=text)
                session.open(snapshot, path.absolute(), (ecosystem, format))
        for path, _, _ in files:  # what one has learned another may be told with
            await session.settled(_uri(path))
            await recollect(session, _uri(path))
        for (path, ecosystem, _), (text, complaint) in zip(files, texts, strict=True):
            document = session.document(_uri(path))
            assessments = session.assessments(document) if document else ()
            checked.append(
                CheckedFile(
                    path=path,
                    ecosystem=ecosystem.name,
                    runtime_name=ecosystem.runtime_name,
                    text=text,
                    problems=document.problems if document else (),
                    unused=unused_ignores(document, assessments) if document else (),
                    assessments=assessments,
                    untold=tuple(session.advisories.untold(each) for each in assessments),
                    unreadable=complaint,
                )
            )
    finally:
        await session.aclose()
    return checked


async def ask(
    operation: str,
    parameters: Mapping[str, object],
    settings: Settings,
    *,
    environ: Mapping[str, str],
) -> Record:
    """The record that answers a package query, for the project of the current folder.

    Raises :class:`registry_lsp.queries.errors.QueryError`.
    """
    rooms = _open(settings, environ, _Terminal())
    try:
        return await rooms.desk.answer(operation, parameters, Path.cwd())
    finally:
        await rooms.session.aclose()


class _Terminal:
    """The command line as the session's audience: it waits for the end, and counts."""

    def __init__(self, progress: Callable[[int, int], None] = lambda *_: None) -> None:
        self._progress = progress
        self._counts: dict[str, tuple[int, int]] = {}

    def publish(self, document: Document, assessments: Sequence[Assessment]) -> None:
        """Nothing: what counts is what is known at the end."""

    def retract(self, uri: str) -> None:
        """Nothing: no document is closed before the end."""

    def loading(self, document: Document, done: int, total: int) -> None:
        """Tell the sum over all files."""
        self._counts[document.snapshot.uri] = (done, total)
        sums = [sum(column) for column in zip(*self._counts.values(), strict=True)]
        self._progress(sums[0], sums[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rooms:
    """What stands on one network and one cache. The session closes both."""

    session: Session
    desk: Desk
    cache: DiskCache


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beyond:
    """What a workspace has beyond one session: its folders, what is open in any session, and the
    settings that hold for a path (None where it lies in no folder of the workspace).
    """

    folders: Callable[[], Sequence[Path]] = tuple
    open: Callable[[], Iterable[Document]] = tuple
    settings_at: Callable[[Path], Settings | None] = lambda _: None


def _open(
    settings: Settings,
    environ: Mapping[str, str],
    audience: Audience,
    *,
    is_patient: bool = False,
    beyond: _Beyond = _Beyond(),
) -> _Rooms:
    """A session and a desk with everything behind them: ecosystems, network, cache."""
    from registry_lsp.core.ports.routes import Surroundings
    from registry_lsp.ecosystems import discover
    from registry_lsp.net.cache import DiskCache
    from registry_lsp.queries.desk import Desk
    from registry_lsp.queries.whereabouts import Whereabouts
    from registry_lsp.services.advisories import osv
    from registry_lsp.services.companions import companions
    from registry_lsp.session.advisories import COMMAND_PATIENCE, PATIENCE, AdvisoryIndex
    from registry_lsp.session.answers import Answers
    from registry_lsp.session.packages import PackageIndex
    from registry_lsp.session.services import Services
    from registry_lsp.session.session import Session

    ecosystems = discover()
    http = _connections(settings, concurrency=settings.network.concurrency)
    cache = DiskCache(_cache_folder(settings))
    http.prepare()
    cache.prepare()
    registries = {ecosystem.name: ecosystem.registry(http) for ecosystem in ecosystems}

    def routes(ecosystem: Ecosystem, folder: Path | None, holding: Settings = settings) -> Routes:
        return ecosystem.routes(
            Surroundings(
                folder=folder,
                home=home(),
                environ=environ,
                registry_url=holding.registry_url(ecosystem.name),
                trusted=holding.workspace.trusted,
            )
        )

    def routes_anywhere(ecosystem: Ecosystem, folder: Path | None) -> Routes:
        """By the settings of the folder: another one may be less trusted, or have a registry."""
        return routes(ecosystem, folder, (folder and beyond.settings_at(folder)) or settings)

    keys = {each.name: each.key for each in ecosystems}
    packages = PackageIndex(registries, cache, keys=keys)
    beside = _connections(
        settings,
        timeout=min(_SERVICE_PATIENCE, settings.network.timeout_seconds),
        concurrency=_SERVICE_CONCURRENCY,
        max_body=_SERVICE_BODY,
        retries=0,
    )
    aside = _connections(settings, concurrency=osv.AT_ONCE, retries=1)
    own = settings.services.osv
    patience = PATIENCE if is_patient else COMMAND_PATIENCE
    # The rest is for telling by their ids those whose records are late.
    records = 0.8 * patience
    advisories = AdvisoryIndex(
        registries,
        cache,
        service=osv.Osv(aside, own.url, ecosystems=ecosystems, cache=cache, patience=records)
        if own.enabled
        else None,
        patience=patience,
    )
    services = Services(
        Answers(cache),
        registries=registries,
        companions={
            each.name: companions(each.services, settings.services, beside, each.normalise)
            for each in ecosystems
        },
    )
    session = Session(
        ecosystems=ecosystems,
        packages=packages,
        advisories=advisories,
        audience=audience,
        routes=routes,
        is_ignored=settings.ignores,
        services=services,
        is_patient=is_patient,
        hosts=(http, beside, aside),
        resources=(http.aclose, beside.aclose, aside.aclose, cache.close),
    )

    desk = Desk(
        ecosystems=ecosystems,
        packages=packages,
        registries=registries,
        whereabouts=Whereabouts(
            routes=routes_anywhere,
            home=home(),
            environ=environ,
            open=beyond.open,
            folders=beyond.folders,
        ),
        counts=services,
    )
    return _Rooms(session=session, desk=desk, cache=cache)


def _connections(settings: Settings, **bounds: Any) -> HttpClient:
    """A client of its own, for those who may take no places from others."""
    from registry_lsp.net.http import HttpClient

    return HttpClient(
        user_agent=USER_AGENT,
        offline=settings.network.offline,
        **{"timeout": settings.network.timeout_seconds, **bounds},
    )


def _cache_folder(settings: Settings) -> Path | None:
    from platformdirs import user_cache_path

    if not settings.cache.enabled:
        return None
    if settings.cache.directory is not None:
        return settings.cache.directory
    try:
        path = user_cache_path("registry-lsp", appauthor=False)
    except RuntimeError:  # there is no home
        return None
    return path if path.is_absolute() else None  # as older versions say that: '~/.cache'


def _uri(path: Path) -> str:
    return path.absolute().as_uri()


def _read(path: Path, format: ManifestFormat) -> tuple[str, str | None]:
    """The text of a manifest, and why it could not be read."""
    try:
        return format.decode(path.read_bytes()), None
    except OSError as error:
        return "", error.strerror or str(error)
    except UnicodeDecodeError as error:
        return "", f"it is not {error.encoding.upper()} text (byte {error.start}: {error.reason})"
