"""Several registries' packages as one, as pip takes the best of all indexes."""

from __future__ import annotations

from dataclasses import replace

from registry_lsp.core.merging import merged
from registry_lsp.core.packages import Metadata, RegistryRef, Release
from support import toy

KEY = toy.ToyScheme().key
ID = toy.package("one").id


def at(host, *versions, **fields):
    """A package as the registry at *host* lists it."""
    id = replace(ID, registry=RegistryRef(url=f"https://{host}.example/"))
    return replace(toy.package("one", *versions), id=id, **fields)


def test_the_releases_of_all_are_there_the_newest_first():
    package = merged(ID, [at("a", "3.0", "1.0"), at("b", "2.0", "1.0")], KEY)
    assert [each.version for each in package.releases] == ["3.0", "2.0", "1.0"]
    assert package.id == ID


def test_of_one_version_the_first_registrys_release_counts_however_it_is_spelled():
    first, second = Release(version="1.0", published=1.0), Release(version="1", published=2.0)
    package = merged(ID, [at("a", first), at("b", second)], KEY)
    assert package.releases == (first,)


def test_a_yanked_release_gives_way_to_one_that_is_not():
    yanked, sound = Release(version="1.0", yanked=True), Release(version="1.0")
    assert merged(ID, [at("a", yanked), at("b", sound)], KEY).releases == (sound,)
    assert merged(ID, [at("a", sound), at("b", yanked)], KEY).releases == (sound,)


def test_what_is_no_version_is_left_out():
    assert merged(ID, [at("a", "odd"), at("b", "1.0")], KEY).releases == (Release(version="1.0"),)


def test_every_place_keeps_its_versions_and_a_version_knows_its_place():
    package = merged(ID, [at("a", "1.0"), at("b", "2.0", "1.0")], KEY)
    hosts = [(each.registry.host, each.versions) for each in package.places]
    assert hosts == [("a.example", ("1.0",)), ("b.example", ("2.0", "1.0"))]
    assert package.id_of("2.0").registry.host == "b.example"
    assert package.id_of("1.0").registry.host == "a.example"
    assert package.id_of("9.0") == ID


def test_the_registry_with_the_newest_version_describes_the_package():
    old, new = Metadata(version="1.0", summary="old"), Metadata(version="2.0", summary="new")
    first = at("a", "1.0", metadata=old, status="archived")
    package = merged(ID, [first, at("b", "2.0", metadata=new)], KEY)
    assert (package.metadata, package.status) == (new, None)
    package = merged(ID, [first, at("b", "2.0")], KEY)
    assert package.metadata == old  # better than nothing
