import os
import sys
import threading
from pathlib import Path, PureWindowsPath

import pytest

from registry_lsp.core.ports.project import Files
from registry_lsp.session.files import LARGEST, FileStore, Sight, has_changed, stamp


@pytest.fixture
def store() -> FileStore:
    return FileStore()


class Counting:
    """A reader that counts how often it reads."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, raw: bytes) -> str:
        self.times += 1
        if raw == b"bad":
            raise ValueError("not to be read")
        return raw.decode()


def write(path: Path, text: str, *, at: int = 1) -> None:
    """Write a file whose time is *at*, in seconds: clocks are too coarse for a test."""
    path.write_text(text)
    os.utime(path, (at, at))


def test_a_file_is_read_once_while_it_is_the_same(tmp_path: Path, store: FileStore):
    reader, path = Counting(), tmp_path / "a"
    write(path, "one")
    assert [Sight(store).read(path, reader) for _ in range(3)] == ["one"] * 3
    assert reader.times == 1
    write(path, "two", at=2)
    assert Sight(store).read(path, reader) == "two"
    assert reader.times == 2


def test_each_reader_makes_its_own(tmp_path: Path, store: FileStore):
    write(tmp_path / "a", "one")
    sight = Sight(store)
    assert sight.read(tmp_path / "a", len) == 3
    assert sight.read(tmp_path / "a", bytes.decode) == "one"


def test_a_reader_that_refuses_is_not_asked_again(tmp_path: Path, store: FileStore):
    reader = Counting()
    write(tmp_path / "a", "bad")
    assert [Sight(store).read(tmp_path / "a", reader) for _ in range(2)] == [None, None]
    assert reader.times == 1


def test_what_is_not_there_is_nothing(tmp_path: Path, store: FileStore):
    reader = Counting()
    (tmp_path / "folder").mkdir()
    sight = Sight(store)
    for path in (tmp_path / "gone", tmp_path / "folder", tmp_path / "a\0b", tmp_path / "a" / "b"):
        assert sight.read(path, reader) is None
    assert sight.names(tmp_path / "gone") == ()
    assert reader.times == 0


def test_a_huge_file_is_not_read(tmp_path: Path, store: FileStore):
    reader = Counting()
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert Sight(store).read(tmp_path / "huge", reader) is None
    assert reader.times == 0


def test_the_names_in_a_folder_are_sorted(tmp_path: Path, store: FileStore):
    for name in ("b", "a", "c"):
        write(tmp_path / name, "")
    assert Sight(store).names(tmp_path) == ("a", "b", "c")


@pytest.mark.skipif(sys.platform == "win32", reason="here a share is only a name")
def test_nobody_looks_at_another_machine_for_a_project_that_is_not_there(
    tmp_path: Path, store: FileStore, monkeypatch: pytest.MonkeyPatch
):
    """A folder that is called what is a share on Windows stands for that."""
    share = PureWindowsPath("//evil.example/share/folder")
    (tmp_path / str(share)).mkdir()
    write(tmp_path / str(share) / "a", "")
    monkeypatch.chdir(tmp_path)
    sight = Sight(store, PureWindowsPath("C:/project/requirements.txt"))
    assert sight.names(share) == ()
    assert sight.gathered(share, lambda folder, files: files.names(folder)) == ()
    assert sight.seen == {}
    assert not has_changed(sight.seen)
    there = Sight(store, PureWindowsPath("//EVIL.example/share/requirements.txt"))
    assert there.names(share) == ("a",)


@pytest.mark.parametrize("change", ["write", "add", "remove", "appear"])
def test_what_was_seen_tells_when_it_has_changed(tmp_path: Path, store: FileStore, change: str):
    os.utime(tmp_path, (1, 1))
    write(tmp_path / "a", "one")
    os.utime(tmp_path, (1, 1))
    sight = Sight(store)
    sight.read(tmp_path / "a", len)
    sight.read(tmp_path / "gone", len)
    sight.names(tmp_path)
    assert not has_changed(sight.seen)
    if change == "write":
        write(tmp_path / "a", "two", at=2)
    elif change == "remove":
        (tmp_path / "a").unlink()
    else:
        write(tmp_path / ("gone" if change == "appear" else "new"), "")
    assert has_changed(sight.seen)


def test_many_threads_read_a_file_once(tmp_path: Path, store: FileStore):
    write(tmp_path / "a", "one")
    under_way, go_on = threading.Event(), threading.Event()
    times = []

    def reader(raw: bytes) -> str:
        times.append(raw)
        under_way.set()
        go_on.wait()
        return raw.decode()

    found: list[str | None] = []
    threads = [
        threading.Thread(target=lambda: found.append(Sight(store).read(tmp_path / "a", reader)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    under_way.wait()
    go_on.set()
    for thread in threads:
        thread.join()
    assert found == ["one"] * 4
    assert times == [b"one"]


def test_a_stamp_of_nothing_is_none(tmp_path: Path):
    assert stamp(tmp_path / "gone") is None
    assert stamp(tmp_path) is not None


def test_a_file_that_sets_its_time_back_has_changed_all_the_same(tmp_path: Path, store: FileStore):
    reader, path = Counting(), tmp_path / "a"
    write(path, "one")
    sight = Sight(store)
    assert sight.read(path, reader) == "one"
    write(path, "two")  # as long as it was, in the same file and at the same time
    assert has_changed(sight.seen)
    assert Sight(store).read(path, reader) == "two"


class Gathering:
    """Gathers the texts of all files in a folder, and counts how often it does."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, folder: Path, files: Files) -> tuple[str | None, ...]:
        self.times += 1
        return tuple(files.read(folder / name, bytes.decode) for name in files.names(folder))


def test_what_is_gathered_is_kept_for_all_while_it_is_the_same(tmp_path: Path, store: FileStore):
    gather = Gathering()
    write(tmp_path / "a", "one")
    write(tmp_path / "b", "two")
    sights = [Sight(store), Sight(store)]
    assert [each.gathered(tmp_path, gather) for each in sights] == [("one", "two")] * 2
    assert gather.times == 1
    assert not any(has_changed(each.seen) for each in sights)
    write(tmp_path / "b", "three", at=2)
    assert all(has_changed(each.seen) for each in sights)
    assert Sight(store).gathered(tmp_path, gather) == ("one", "three")
    write(tmp_path / "c", "four")
    assert Sight(store).gathered(tmp_path, gather) == ("one", "three", "four")
    assert gather.times == 3


def test_many_files_that_were_gathered_are_looked_at_once_a_second(tmp_path: Path):
    now, gather = [0.0], Gathering()
    store = FileStore(clock=lambda: now[0])
    for at in range(300):
        write(tmp_path / f"{at:03}", "one")
    sight = Sight(store)
    sight.gathered(tmp_path, gather)
    write(tmp_path / "000", "two", at=2)
    assert not has_changed(sight.seen)
    assert Sight(store).gathered(tmp_path, gather)[0] == "one"
    now[0] = 1.5
    assert has_changed(sight.seen)
    assert Sight(store).gathered(tmp_path, gather)[0] == "two"


def test_what_is_gathered_may_itself_be_gathered(tmp_path: Path, store: FileStore):
    gather = Gathering()

    def twice(folder: Path, files: Files) -> tuple[tuple[str | None, ...], ...]:
        return (files.gathered(folder, gather), files.gathered(folder / "inner", gather))

    (tmp_path / "inner").mkdir()
    write(tmp_path / "inner" / "a", "one")
    sight = Sight(store)
    assert sight.gathered(tmp_path, twice) == ((None,), ("one",))
    write(tmp_path / "inner" / "a", "two", at=2)
    assert has_changed(sight.seen)
    assert Sight(store).gathered(tmp_path, twice) == ((None,), ("two",))


def test_only_so_much_is_kept_of_what_was_gathered(tmp_path: Path, store: FileStore):
    gather = Gathering()
    for at in range(65):
        (tmp_path / str(at)).mkdir()
        Sight(store).gathered(tmp_path / str(at), gather)
    Sight(store).gathered(tmp_path / "64", gather)
    assert gather.times == 65
    Sight(store).gathered(tmp_path / "0", gather)
    assert gather.times == 66
