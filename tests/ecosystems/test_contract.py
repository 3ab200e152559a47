"""What every ecosystem must hold, whatever its files and versions look like.

It runs over all that are found: a new ecosystem gets these tests for nothing.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.manifests import Part
from registry_lsp.core.packages import Missing, PackageId, RegistryRef
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.core.sites import heading_at, site_at
from registry_lsp.ecosystems import discover
from registry_lsp.session.files import FileStore, Sight
from support.answers import Answers
from support.corpus import FOLDER, corpus, files

ECOSYSTEMS = discover()
SAMPLES = [
    pytest.param(ecosystem, name, text, id=f"{ecosystem.name}-{name}")
    for ecosystem in ECOSYSTEMS
    for name, text in ecosystem.samples.items()
]
INCLUDED = re.compile(r"^-[rc] ?(\S+)", re.MULTILINE)
MARKS = "\"'[]{},=:#\\\n\r \x00\ud800"
VERSIONS = ("0.1.0", "1.0.0", "1.2.3", "2.0.0", "10.4.0")
BY_NAME = pytest.mark.parametrize("ecosystem", ECOSYSTEMS, ids=lambda it: it.name)


def format_of(ecosystem, name):
    (found,) = [each for each in ecosystem.formats if each.matches(PurePath(name))]
    return found


def parse(ecosystem, name, text):
    return format_of(ecosystem, name).parse(text)


def written(manifest):
    """The dependencies, less where they stand."""
    return [
        (each.name, each.display_name, each.section, each.source, each.extras, each.index)
        for each in manifest.dependencies
    ]


# --- the record -------------------------------------------------------------------------------


def test_there_are_ecosystems_to_hold_to_it():
    assert {each.name for each in ECOSYSTEMS} >= {"npm", "pypi"}


def test_names_and_aliases_are_unique():
    names = [name for each in ECOSYSTEMS for name in (each.name, *each.aliases)]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() for name in names)


@BY_NAME
def test_every_format_has_a_sample_with_something_to_look_up(ecosystem):
    sampled = {format_of(ecosystem, name).name for name in ecosystem.samples}
    assert sampled == {each.name for each in ecosystem.formats}
    for name, text in ecosystem.samples.items():
        found = parse(ecosystem, name, text)
        assert any(each.source.is_looked_up for each in found.dependencies)


@BY_NAME
def test_a_configuration_that_is_the_same_reads_as_the_same(ecosystem, tmp_path):
    around = Surroundings(folder=tmp_path, home=tmp_path, environ={})
    assert ecosystem.routes(around) == ecosystem.routes(around)


# --- which files ------------------------------------------------------------------------------


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
@pytest.mark.parametrize("kind", [PurePosixPath, PureWindowsPath])
def test_a_format_takes_its_own_files_and_no_others(ecosystem, name, text, kind):
    own = format_of(ecosystem, name)
    assert own.matches(kind("folder", name))
    own_name = f"my-{name}".replace(".txt", ".text").replace(".py", ".pi").replace(".in", ".im")
    for other in (own_name, f"{name}.orig", f"{name}x", ""):
        assert not own.matches(kind("folder", other)), other
    assert not own.matches(kind(name, "other.cfg"))


def test_no_file_has_two_formats():
    for ecosystem in ECOSYSTEMS:
        for name in ecosystem.samples:
            found = [
                each.name
                for other in ECOSYSTEMS
                for each in other.formats
                if each.matches(PurePath("folder", name))
            ]
            assert len(found) == 1, (name, found)


def test_every_file_of_the_corpus_has_a_format():
    found = {case.id for case in corpus()}
    assert found == {path.relative_to(FOLDER).as_posix() for path in files()}


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
@given(data=st.data())
def test_a_text_is_completed_behind_the_place_alone(ecosystem, name, text, data):
    offset = data.draw(st.integers(0, len(text)))
    format = format_of(ecosystem, name)
    found = format.completed(text[:offset], offset, "x")
    assert found.startswith(text[:offset])
    format.parse(found)


# --- parsing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
def test_a_sample_is_valid(ecosystem, name, text):
    assert parse(ecosystem, name, text).problems == ()


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
def test_spans_slice_to_the_text_as_written(ecosystem, name, text):
    for each in parse(ecosystem, name, text).dependencies:
        inner = [each.name_span, *filter(None, [each.specifier_span])]
        for span in inner:
            assert each.span.start <= span.start <= span.end <= each.span.end
        shown = each.name_span.slice(text)
        assert shown, each
        if "\\" not in shown:
            assert shown == each.display_name or not each.name
        if each.specifier_span is not None and each.source.is_looked_up:
            assert each.specifier_span.slice(text) == each.specifier


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
def test_every_part_is_found_again_by_where_it_stands(ecosystem, name, text):
    manifest = parse(ecosystem, name, text)
    for each in manifest.dependencies:
        site = site_at(manifest, each.name_span.start)
        assert site is not None
        assert (site.dependency, site.part) == (each, Part.NAME)


@pytest.mark.parametrize("case", corpus(), ids=lambda case: case.id)
def test_every_section_has_its_heading_or_there_are_none(case):
    manifest = case.format.parse(case.text)
    sections = [each.section for each in manifest.dependencies]
    headed = [each.section for each in manifest.headings]
    assert set(headed) == set(sections) if headed else len(set(sections)) <= 1
    for each in manifest.dependencies:
        heading = next((it for it in manifest.headings if it.section == each.section), None)
        assert heading is None or heading.span.start < each.span.end
    for heading in manifest.headings:
        assert heading_at(manifest, heading.span.end) == heading
        assert heading.section.endswith(heading.span.slice(case.text))


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
def test_names_are_normalised_and_stay_so(ecosystem, name, text):
    for each in parse(ecosystem, name, text).dependencies:
        assert ecosystem.normalise(each.name) == each.name


@BY_NAME
@given(name=st.text(max_size=20) | st.text(alphabet="aB-_.@/", max_size=20))
def test_normalising_twice_is_normalising_once(ecosystem, name):
    once = ecosystem.normalise(name)
    assert ecosystem.normalise(once) == once


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
def test_every_dialect_has_its_scheme(ecosystem, name, text):
    for each in parse(ecosystem, name, text).dependencies:
        ecosystem.schemes[each.dialect].parse(each.specifier)


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
def test_every_beginning_of_a_file_parses(ecosystem, name, text):
    own = format_of(ecosystem, name)
    for end in range(len(text)):
        part = text[:end]
        for each in own.parse(part).dependencies:
            assert 0 <= each.span.start <= each.span.end <= end


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
@given(data=st.data())
def test_a_file_with_anything_in_it_parses(ecosystem, name, text, data):
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 30))
    typed = data.draw(st.text(max_size=10) | st.text(alphabet=MARKS, max_size=10))
    changed = text[:at] + typed + text[at + cut :]
    for each in parse(ecosystem, name, changed).dependencies:
        assert 0 <= each.span.start <= each.name_span.start <= each.span.end <= len(changed)


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
def test_line_ends_of_other_systems_change_nothing(ecosystem, name, text):
    plain = parse(ecosystem, name, text)
    other = parse(ecosystem, name, text.replace("\n", "\r\n"))
    assert written(other) == written(plain)
    assert other.problems == ()


# --- versions ---------------------------------------------------------------------------------

SCHEMES = [
    pytest.param(scheme, id=f"{ecosystem.name}-{dialect}")
    for ecosystem in ECOSYSTEMS
    for dialect, scheme in ecosystem.schemes.items()
]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_versions_are_ordered_by_their_keys(scheme):
    keys = [scheme.key(version) for version in VERSIONS]
    for older, newer in pairwise(keys):
        assert older < newer
        assert newer > older
    assert not any(scheme.is_prerelease(version) for version in VERSIONS)
    assert scheme.segments("1.2.3")[:4] == (0, 1, 2, 3)


@pytest.mark.parametrize("scheme", SCHEMES)
@given(specifier=st.text(max_size=20) | st.text(alphabet="^~=<>!*.,| -0123xabv", max_size=20))
def test_a_specifier_is_understood_or_refused_and_rewritten_either_way(scheme, specifier):
    try:
        assert scheme.parse(specifier).admits("1.2.3") in (True, False)
    except InvalidRequirementError as refusal:
        reason = str(refusal)
    else:
        reason = "none"
    assert reason.strip()
    assert scheme.parse(scheme.replace(specifier, "1.2.3")).admits("1.2.3")


@pytest.mark.parametrize("scheme", SCHEMES)
@given(
    operator=st.sampled_from(["", "^", "~", "~=", ">=", "==", "<", "<=", ">=1,<", ">=1 <", "1 - "]),
    number=st.sampled_from(["1", "1.2", "1.2.3", "0.9", "1.*", "1.2.*", "1.x", "2.0.0"]),
)
def test_a_wider_specifier_loses_nothing_and_a_pin_is_one_version(scheme, operator, number):
    assert scheme.parse(scheme.pin("1.2.3")).pinned == "1.2.3"
    specifier = operator + number
    try:
        narrow = scheme.parse(specifier)
    except InvalidRequirementError:
        return
    wider = scheme.widen(specifier, "3.4.5")
    if wider is None:
        return
    wide = scheme.parse(wider)
    assert wide.admits("3.4.5")
    assert not narrow.admits("3.4.5")
    versions = [f"{a}.{b}.{c}" for a in range(5) for b in range(11) for c in range(6)]
    assert all(wide.admits(each) for each in versions if narrow.admits(each))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_usual_ranges_ask_for_the_version(scheme, version):
    ranges = scheme.ranges(version)
    assert len(set(ranges)) == len(ranges) > 0
    assert all(scheme.parse(each).admits(version) for each in ranges)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_lies_below_its_ceilings(scheme, version):
    ceilings = scheme.ceilings(version)
    assert len(set(ceilings)) == len(ceilings)
    assert all(scheme.parse(f"<{each}").admits(version) for each in ceilings)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text", ["", "not a version", "9" * 100_000, "\x00", "\ud800", "." * 1000])
def test_what_is_no_version_has_no_key(scheme, text):
    assert scheme.key(text) is None
    assert scheme.is_prerelease(text) is False


# --- the registry -----------------------------------------------------------------------------


def surroundings(**fields):
    return Surroundings(**{"folder": None, "home": PurePath("nowhere"), "environ": {}, **fields})


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
def test_the_setting_stands_over_the_default(ecosystem, name, text, tmp_path):
    manifest = parse(ecosystem, name, text)
    address = "https://u:p@mirror.example/index"
    routes = ecosystem.routes(surroundings(home=tmp_path, registry_url=address))
    for each in manifest.dependencies:
        ref = routes.registry_for(each, manifest)
        assert ref.url == "https://mirror.example/index/"
        assert ref.authorization.value.startswith("Basic ")


@pytest.mark.parametrize("address", ["ftp://mirror.example", ""], ids=["other", "refused"])
@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
def test_an_address_that_cannot_be_read_is_never_replaced(ecosystem, name, text, address, tmp_path):
    manifest = parse(ecosystem, name, text)
    routes = ecosystem.routes(surroundings(home=tmp_path, registry_url=address))
    assert {routes.registry_for(each, manifest) for each in manifest.dependencies} == {None}


@BY_NAME
def test_people_read_about_public_packages_only(ecosystem, tmp_path):
    public = ecosystem.routes(surroundings(home=tmp_path))
    name, text = list(ecosystem.samples.items())[-1]
    manifest = parse(ecosystem, name, text)
    dependency = next(each for each in manifest.dependencies if each.source.is_looked_up)
    ref = public.registry_for(dependency, manifest)
    id = PackageId(ecosystem=ecosystem.name, name=dependency.name, registry=ref)
    page = ecosystem.package_page(id, None)
    assert page.startswith("https://")
    assert dependency.name in page
    assert ecosystem.package_page(id, "1.2.3").startswith(page.rstrip("/"))
    private = RegistryRef(url="https://registry.example/simple/")
    id = PackageId(ecosystem=ecosystem.name, name=dependency.name, registry=private)
    assert ecosystem.package_page(id, None) is None


@BY_NAME
@pytest.mark.parametrize("name", ["", "..", "a/../../b", "\x00", "\ud800", "a" * 10_000, "@", "?"])
async def test_a_name_that_cannot_be_is_missing(ecosystem, name):
    registry = ecosystem.registry(Answers({}))
    ref = RegistryRef(url="https://registry.example/simple/")
    id = PackageId(ecosystem=ecosystem.name, name=name, registry=ref)
    for full in (True, False):
        assert isinstance(await registry.package(id, full=full), Missing)
    assert isinstance(await registry.metadata(id, "1.0.0"), Missing)


@pytest.mark.parametrize(("ecosystem", "name", "text"), SAMPLES)
def test_what_is_looked_at_around_a_manifest_is_watched(ecosystem, name, text, tmp_path):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    sight = Sight(FileStore())
    ecosystem.survey(path, parse(ecosystem, name, text), sight)
    asked = {each.name for each in sight.seen if each.parent == tmp_path}
    named = {PurePosixPath(each.group(1)).name for each in INCLUDED.finditer(text)}
    named |= {PurePosixPath(each).with_suffix(".txt").name for each in {*named, name}}
    folders = {"node_modules", ".venv", "venv", ".git", "requirements"}
    unwatched = {each for each in asked if not is_watched(ecosystem, each)}
    assert unwatched <= folders | named, "what the text itself includes may have any name"


def is_watched(ecosystem, name):
    """Whether one of the globs that the ecosystem has watched matches a file of this name."""
    return any(
        fnmatchcase(name, alternative)
        for glob in ecosystem.beside
        for alternative in alternatives(glob.removeprefix("**/"))
    )


def alternatives(glob):
    """What a glob with braces stands for."""
    start, brace, rest = glob.partition("{")
    if not brace:
        return [glob]
    inside, _, end = rest.partition("}")
    return [start + each + other for each in inside.split(",") for other in alternatives(end)]
