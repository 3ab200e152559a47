"""The session and the files around its documents."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from registry_lsp.core.manifests import Locked, Problem, Source
from registry_lsp.core.ports.http import Validators
from registry_lsp.core.text import Snapshot, Span
from registry_lsp.net.cache import DiskCache
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.session import Session
from registry_lsp.session.surveys import Surveyor
from support import documents, toy
from support.events import until


def lines(raw: bytes) -> tuple[tuple[str, str], ...]:
    """The pairs of name and version of a toy lock file."""
    return tuple(tuple(line.split()) for line in raw.decode().splitlines())


@dataclass(frozen=True)
class ToyProject:
    """A toy lock file, and a catalog that gives each ``!catalog`` dependency its specifier."""

    pairs: tuple[tuple[str, str], ...]
    catalog: tuple[tuple[str, str], ...]

    def resolve(self, manifest):
        catalog = dict(self.catalog)
        dependencies, problems = [], list(manifest.problems)
        for dependency in manifest.dependencies:
            each = dependency
            if each.source is Source.CATALOG and each.name in catalog:
                specifier = catalog[each.name]
                each = replace(each, source=Source.REGISTRY, specifier=specifier, via="catalog")
            elif each.source is Source.CATALOG:
                problems.append(Problem(span=Span(0, 1), reason="Not in the catalog."))
            dependencies.append(each)
        return replace(manifest, dependencies=tuple(dependencies), problems=tuple(problems))

    def locked(self, dependency):
        return tuple(
            Locked(version=version, by="toy.lock")
            for name, version in self.pairs
            if name == dependency.name
        )


def survey(path, manifest, files):
    pairs = files.read(path.parent / "toy.lock", lines) or ()
    return ToyProject(pairs=pairs, catalog=files.read(path.parent / "catalog", lines) or ())


class Recorder:
    def __init__(self):
        self.published = []

    def publish(self, document, assessments):
        self.published.append(
            {
                each.dependency.name: (
                    each.verdict.current,
                    [finding.code.value for finding in each.verdict.findings],
                )
                for each in assessments
            }
        )

    def retract(self, uri):
        pass

    def loading(self, document, done, total):
        pass


class Stage:
    def __init__(self, folder: Path, *, look=survey, **options):
        names = {"one": toy.fetched(toy.package("one", "2.0", "1.1", "1.0"))}
        self.registry = toy.ToyRegistry(names)
        self.ecosystem = replace(toy.ecosystem(self.registry), survey=look)
        self.audience = Recorder()
        self.routes = toy.ToyRoutes()
        self.path = folder / "toy.txt"
        self.uri = self.path.as_uri()
        cache = DiskCache(None)
        self.session = Session(
            ecosystems=(self.ecosystem,),
            packages=PackageIndex({"toy": self.registry}, cache),
            audience=self.audience,
            routes=lambda ecosystem, folder: self.routes,
            resources=(cache.close,),
            **options,
        )

    async def open(self, text):
        self.session.open(Snapshot(uri=self.uri, version=1, text=text), self.path)
        await self.session.settled(self.uri)
        return self.audience.published[-1]


@pytest.fixture
async def stage(tmp_path):
    stages = []

    def make(**options):
        stages.append(Stage(tmp_path, **options))
        return stages[-1]

    yield make
    for each in stages:
        await each.session.aclose()


async def test_the_lock_file_says_what_is_current(stage, tmp_path):
    (tmp_path / "toy.lock").write_text("one 1.0\n")
    assert await stage().open("one>=1\n") == {"one": ("1.0", [])}


async def test_the_newest_of_several_is_current_and_all_are_judged(stage, tmp_path):
    (tmp_path / "toy.lock").write_text("one 1.0\none 1.1\n")
    it = stage()
    assert await it.open("one>=1\n") == {"one": ("1.1", [])}
    document = it.session.document(it.uri)
    assert [each.version for each in document.locked(document.manifest.dependencies[0])] == [
        "1.0",
        "1.1",
    ]


async def test_what_stands_in_another_file_is_put_in_before_anybody_is_asked(stage, tmp_path):
    (tmp_path / "catalog").write_text("one ==1.0\n")
    it = stage()
    assert await it.open("one !catalog\ntwo !catalog\n") == {
        "one": ("1.0", ["outdated-major"]),
        "two": (None, []),
    }
    assert it.registry.asked == ["one"]
    assert len(it.session.document(it.uri).manifest.problems) == 1


async def test_a_lock_file_that_changes_is_read_again(stage, tmp_path):
    it = stage(is_patient=True, watch=0.01)
    assert await it.open("one>=1\n") == {"one": (None, [])}
    (tmp_path / "toy.lock").write_text("one 1.0\n")
    await until(lambda: it.audience.published[-1] == {"one": ("1.0", [])})
    assert it.registry.asked == ["one"]


async def test_who_tells_of_a_change_has_it_read_at_once(stage, tmp_path):
    it = stage(is_patient=True, watch=3600)
    assert await it.open("one>=1\n") == {"one": (None, [])}
    (tmp_path / "toy.lock").write_text("one 1.0\n")
    it.session.look_at_files()
    await until(lambda: it.audience.published[-1] == {"one": ("1.0", [])})


async def test_a_change_of_the_text_reads_it_again_too(stage, tmp_path):
    it = stage()
    await it.open("one>=1\n")
    (tmp_path / "toy.lock").write_text("one 1.0\n")
    it.session.update(Snapshot(uri=it.uri, version=2, text="one>=1.0\n"))
    await it.session.settled(it.uri)
    assert it.audience.published[-1] == {"one": ("1.0", [])}


async def test_nobody_is_asked_where_the_survey_fails(stage, caplog):
    def broken(path, manifest, files):
        raise RuntimeError("broken")

    it = stage(look=broken)
    assert await it.open("one==1.0\n") == {"one": ("1.0", ["registry-unavailable"])}
    assert it.registry.asked == []
    assert "looking around" in caplog.text


async def test_the_configuration_is_read_anew_with_what_lies_around(stage):
    it = stage()
    await it.open("one>=1\n")
    it.routes = toy.ToyRoutes(url="https://other.example/")
    it.session.update(Snapshot(uri=it.uri, version=2, text="one>=1\ntwo>=1\n"))
    await it.session.settled(it.uri)
    hosts = [id.registry.host for id in it.session.document(it.uri).ids]
    assert hosts == ["other.example", "other.example"]


async def test_a_configuration_that_changes_is_heeded_without_a_change_of_the_text(stage):
    it = stage(is_patient=True, watch=0.01)
    await it.open("one>=1\n")
    it.routes = toy.ToyRoutes(url="https://other.example/")
    await until(lambda: it.session.document(it.uri).ids[0].registry.host == "other.example")


async def test_a_text_that_is_on_disk_is_saved_whether_anybody_has_said_so(stage, tmp_path):
    it = stage()
    (tmp_path / "toy.txt").write_text("one !path\n")
    await it.open("one !path\n")
    (tmp_path / "toy.txt").write_bytes(b"\xef\xbb\xbfone==1.0\r\n")  # another branch
    it.session.update(Snapshot(uri=it.uri, version=2, text="one==1.0\n"))
    await it.session.settled(it.uri)
    assert it.registry.asked == ["one"]


async def test_a_text_that_is_opened_unsaved_is_held_against_its_file(stage, tmp_path):
    it = stage()
    (tmp_path / "toy.txt").write_text("one>=1 @mine\n")
    await it.open("one>=1\ntwo>=1\n")
    assert it.registry.asked == ["two"]
    it.session.saved(it.uri)
    await it.session.settled(it.uri)
    assert it.registry.asked == ["two"]  # the file says otherwise still
    (tmp_path / "toy.txt").write_text("one>=1\ntwo>=1\n")
    it.session.saved(it.uri)
    await it.session.settled(it.uri)
    assert it.registry.asked == ["two", "one"]


async def test_nobody_hears_a_name_before_the_survey_has_ended(stage):
    are_read = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(path, manifest, files):
        asyncio.run_coroutine_threadsafe(are_read.wait(), loop).result()
        return survey(path, manifest, files)

    it = stage(look=slow)
    it.session.open(Snapshot(uri=it.uri, version=1, text="one==1.0\n"), it.path)
    ready = asyncio.create_task(it.session.surveyed(it.uri))
    document = it.session.document(it.uri)
    assert document.ids == (None,)
    assert not ready.done()
    are_read.set()
    assert (await ready).ids[0].name == "one"


async def test_a_document_that_is_opened_again_is_waited_for_again(stage):
    it = stage()
    await it.open("one>=1\n")
    it.session.open(Snapshot(uri=it.uri, version=2, text="one==1.0\n"), it.path)
    assert it.session.document(it.uri).project is None
    document = await it.session.surveyed(it.uri)
    assert document.snapshot.version == 2


async def test_what_becomes_a_manifest_is_asked_for_once_it_is_surveyed(stage):
    it = stage()
    it.session.open(Snapshot(uri=it.uri, version=1, text="# no toy\n"), it.path)
    await it.session.settled(it.uri)
    it.session.update(Snapshot(uri=it.uri, version=2, text="one==1.0\n"))
    assert it.session.document(it.uri).ids == (None,)
    assert (await it.session.surveyed(it.uri)).ids[0].name == "one"


async def test_closing_in_the_midst_of_a_survey_ends_the_waiting(stage):
    are_read = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(path, manifest, files):
        asyncio.run_coroutine_threadsafe(are_read.wait(), loop).result()
        return survey(path, manifest, files)

    it = stage(look=slow)
    it.session.open(Snapshot(uri=it.uri, version=1, text="one==1.0\n"), it.path)
    ready = asyncio.create_task(it.session.surveyed(it.uri))
    await asyncio.sleep(0)
    it.session.close(it.uri)
    assert await ready is None
    are_read.set()


async def test_a_neighbour_that_changes_has_no_half_typed_name_asked_for(stage, tmp_path):
    it = stage(is_patient=True, watch=0.005)
    await it.open("one>=1\n")
    for version in range(2, 8):
        it.session.update(
            Snapshot(uri=it.uri, version=version, text="one>=1\n" + "twofold"[: version - 1])
        )
        (tmp_path / "toy.lock").write_text(f"one 1.{version}\n")
        await until(lambda: it.audience.published[-1]["one"][0] == f"1.{version}")  # noqa: B023 - waited for
    assert it.registry.asked == ["one"]


async def test_what_nobody_could_read_is_told_once_the_typing_rests(stage):
    it = stage()
    await it.open("one>=1\n")
    it.session.update(Snapshot(uri=it.uri, version=2, text="one>=1\n?\n"))
    document = it.session.document(it.uri)
    assert [each.reason for each in document.problems] == ["Odd."]  # the line's own
    it.session.update(Snapshot(uri=it.uri, version=3, text="one>=?1\n"))
    assert it.session.document(it.uri).problems == ()
    await it.session.settled(it.uri)
    assert [each.reason for each in it.session.document(it.uri).problems] == ["Odd."]


async def test_what_is_no_manifest_yet_is_neither_surveyed_nor_told_of(stage):
    looked = []

    def look(path, manifest, files):
        looked.append(path)
        return survey(path, manifest, files)

    it = stage(look=look)
    it.session.open(Snapshot(uri=it.uri, version=1, text="# no toy\n"), it.path)
    await it.session.settled(it.uri)
    assert looked == it.audience.published == []
    it.session.update(Snapshot(uri=it.uri, version=2, text="one==1.0\n"))
    await it.session.settled(it.uri)
    assert looked == [it.path]
    assert it.audience.published[-1] == {"one": ("1.0", ["outdated-major"])}


async def test_what_somebody_has_open_counts_as_he_last_paused(stage, tmp_path):
    seen = []

    def look(path, manifest, files):
        seen.append(files.shown(tmp_path / "other" / "toy.txt"))
        return survey(path, manifest, files)

    it = stage(look=look, is_patient=True, watch=0.01)
    await it.open("one==1.0\n")
    assert seen == [None]
    path = tmp_path / "other" / "toy.txt"
    it.session.open(Snapshot(uri=path.as_uri(), version=1, text="one==1.1\n"), path)
    await until(lambda: seen.count("one==1.1\n") == 2)  # by itself, too
    it.session.update(Snapshot(uri=path.as_uri(), version=2, text="one==1.1\none\n"))
    git = path.as_uri().replace("file:", "git:")
    it.session.open(Snapshot(uri=git, version=1, text="one==1.0\n"), path)
    await it.session.settled(git)
    assert seen[-1] == "one==1.1\n"  # somebody is typing
    it.session.saved(path.as_uri())
    await until(lambda: seen[-1] == "one==1.1\none\n")
    it.session.close(path.as_uri())
    await until(lambda: seen[-1] is None)


async def test_what_nobody_could_read_is_told_on_opening(stage):
    it = stage()
    await it.open("one>=?1\n")
    assert [each.reason for each in it.session.document(it.uri).problems] == ["Odd."]


async def test_nobody_is_asked_where_the_configuration_cannot_be_read(caplog):
    def broken(ecosystem, path):
        raise RuntimeError("broken")

    document = await Surveyor(broken).look_around(documents.document("one==1.0\n"))
    assert document.ids == (None,)
    assert "reading the configuration" in caplog.text


async def test_verdicts_are_the_same_ones_until_something_else_is_known(stage):
    it = stage()
    await it.open("one>=1\n")
    document = it.session.document(it.uri)
    first = it.session.assessments(document)
    assert it.session.assessments(document) is first
    it.registry.answers["one"] = replace(
        toy.fetched(toy.package("one", "3.0", "1.0")), validators=Validators(etag="new")
    )
    it.session.refresh(it.uri)
    await it.session.settled(it.uri)
    (found,) = it.session.assessments(it.session.document(it.uri))
    assert found.verdict.wanted.version == "3.0"


async def test_what_arrives_while_the_typing_comes_to_rest_is_shown(stage):
    it = stage()
    it.registry.gate.clear()
    it.session.open(Snapshot(uri=it.uri, version=1, text="one==1.0\n"), it.path)
    await until(lambda: it.registry.asked)
    it.session.update(Snapshot(uri=it.uri, version=2, text="one==1.0\n\n"))
    published = len(it.audience.published)
    await until(lambda: len(it.audience.published) > published)  # what is known, and then the rest
    it.registry.gate.set()
    await it.session.settled(it.uri)
    assert it.audience.published[-1] == {"one": ("1.0", ["outdated-major"])}
    assert it.registry.asked == ["one"]
