"""One session for each tree of settings, and documents that move between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from registry_lsp.core.settings import Network, Settings
from registry_lsp.server.sessions import Sessions, Workplace

OFFLINE = Settings(network=Network(offline=True))
IGNORING = Settings(ignore=("x",))
OUTER, INNER = "file:///work%20place", "file:///work%20place/inner"


@dataclass(eq=False)
class Held:
    """A session that only holds documents."""

    documents: dict[str, str] = field(default_factory=dict)

    def adopt(self, document: str) -> None:
        self.documents[document] = document

    def release(self, uri: str) -> str:
        return self.documents.pop(uri)


def sessions() -> Sessions:
    return Sessions(lambda settings: Workplace(settings=settings, session=Held(), answer=None))


def test_the_innermost_folder_counts():
    it = sessions()
    assert it.configure({OUTER: OFFLINE, INNER: IGNORING}) == []
    assert it.of(f"{OUTER}/package.json").settings == OFFLINE
    assert it.of(f"{INNER}/deep/package.json").settings == IGNORING
    assert it.of(f"{OUTER}/innermost/package.json").settings == OFFLINE
    assert it.of("file:///elsewhere/package.json").settings == Settings()
    assert it.of("untitled:Untitled-1").settings == Settings()


def test_folders_of_the_same_settings_share_a_session():
    it = sessions()
    it.configure({OUTER: OFFLINE, "file:///b": OFFLINE})
    assert it.of(f"{OUTER}/a").session is it.of("file:///b/a").session
    assert len(list(it)) == 1


def test_documents_move_and_what_nobody_needs_is_handed_back():
    it = sessions()
    it.configure({OUTER: OFFLINE})
    moved, stays = f"{INNER}/package.json", f"{OUTER}/package.json"
    first = it.of(stays).session
    first.documents.update({moved: moved, stays: stays})
    assert it.configure({OUTER: OFFLINE, INNER: IGNORING}) == []
    assert list(first.documents) == [stays]
    assert list(it.of(moved).session.documents) == [moved]
    assert it.configure({OUTER: IGNORING}) == [first]
    assert sorted(it.of(moved).session.documents) == sorted([moved, stays])


def test_settings_that_come_back_make_a_new_session():
    it = sessions()
    it.configure({OUTER: OFFLINE})
    first = it.of(OUTER).session
    it.configure({OUTER: IGNORING})
    it.configure({OUTER: OFFLINE})
    assert it.of(OUTER).session is not first
