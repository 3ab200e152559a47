from __future__ import annotations

import pytest

from registry_lsp.core.packages import Package, PackageId, RegistryRef, Release
from registry_lsp.core.ports.versions import InvalidRequirementError, VersionScheme
from registry_lsp.ecosystems.npm.versions.scheme import NpmScheme

SCHEME: VersionScheme = NpmScheme()


def package(*releases: str | Release, **tags: str) -> Package:
    """A package with *releases*, newest first, and dist-tags."""
    return Package(
        id=PackageId(
            ecosystem="npm", name="pkg", registry=RegistryRef(url="https://registry.example/")
        ),
        display_name="pkg",
        releases=tuple(
            each if isinstance(each, Release) else Release(version=each) for each in releases
        ),
        dist_tags=tuple(tags.items()),
    )


def wanted(specifier: str, package: Package, runtime: str | None = None) -> str | None:
    release = SCHEME.wanted(SCHEME.parse(specifier), package, runtime)
    return release.version if release else None


def latest(package: Package, runtime: str | None = None) -> str | None:
    release = SCHEME.latest(SCHEME.parse("^1.0.0"), package, runtime)
    return release.version if release else None


class TestRequirements:
    @pytest.mark.parametrize("specifier", ["1.2.3", "=1.2.3", "v1.2.3", " = v1.2.3 ", "1.2.3+b"])
    def test_an_exact_version_is_pinned(self, specifier: str):
        requirement = SCHEME.parse(specifier)

        assert requirement.pinned == "1.2.3"
        assert requirement.admits("1.2.3")
        assert not requirement.admits("1.2.4")

    @pytest.mark.parametrize(
        "specifier", ["^1.2.3", "1.2", ">=1.2.3 <=1.2.3", "1.2.3 || 2.0.0", ""]
    )
    def test_a_range_is_not_pinned(self, specifier: str):
        requirement = SCHEME.parse(specifier)

        assert requirement.pinned is None
        assert requirement.tag is None

    @pytest.mark.parametrize("specifier", ["latest", "next-11", " beta "])
    def test_what_is_no_range_is_a_tag(self, specifier: str):
        requirement = SCHEME.parse(specifier)

        assert requirement.tag == specifier.strip()
        assert requirement.named == ()
        assert not requirement.admits("1.2.3")

    @pytest.mark.parametrize(
        ("specifier", "says"),
        [
            ("a b", "'a b' is neither"),
            ("a,b", "separated by spaces, not by commas."),
            ("~=a b", "no operator '~='."),
            ("npm:@s@1", "npm:<name>@<range>"),
            ("1" * 3000, "longer than"),
            ("\ud800", "neither"),
        ],
    )
    def test_what_npm_refuses_is_refused_in_a_sentence(self, specifier: str, says: str):
        with pytest.raises(InvalidRequirementError) as refused:
            SCHEME.parse(specifier)

        assert says in str(refused.value)
        assert str(refused.value).isprintable()

    @pytest.mark.parametrize(
        ("specifier", "named"),
        [
            ("^3.1", ["3.1.0"]),
            (">=1.2 <2", ["1.2.0"]),
            ("1.2.3 || ~4", ["1.2.3", "4.0.0"]),
            ("1 - 2.3.4", ["1.0.0", "2.3.4"]),
            ("*", []),
        ],
    )
    def test_the_versions_that_a_text_names(self, specifier: str, named: list[str]):
        assert list(SCHEME.parse(specifier).named) == named

    def test_prereleases_are_judged_as_written(self):
        requirement = SCHEME.parse("^2.0.0-beta.1")

        assert requirement.admits("2.0.0-beta.2")
        assert requirement.admits("2.1.0")
        assert not requirement.admits("2.1.0-beta.1")
        assert not requirement.admits("no version")


class TestVersions:
    def test_keys_sort_and_compare(self):
        key = SCHEME.key

        assert key("1.10.0") > key("1.9.0") > key("1.9.0-rc.10") > key("1.9.0-rc.9")
        assert key("1.2.3+build") == key("1.2.3")
        assert key("no version") is None

    def test_segments_begin_with_no_epoch(self):
        assert SCHEME.segments("1.2.3-beta") == (0, 1, 2, 3)

    def test_prereleases_are_told(self):
        assert SCHEME.is_prerelease("1.2.3-beta")
        assert not SCHEME.is_prerelease("1.2.3+beta")

    def test_the_keys_of_a_package_with_many_releases_are_read_once(self):
        versions = [f"{each}.0.0" for each in range(3000)]
        keys = [SCHEME.key(version) for version in versions]

        assert all(SCHEME.key(version) is key for version, key in zip(versions, keys, strict=True))


class TestWanted:
    def test_the_latest_tag_is_preferred_over_what_is_newer(self):
        tagged = package("1.5.0", "1.4.0", "1.3.0", latest="1.4.0")

        assert wanted("^1.0.0", tagged) == "1.4.0"
        assert wanted("^1.5.0", tagged) == "1.5.0"
        assert wanted("~1.3.0", tagged) == "1.3.0"

    def test_what_is_deprecated_comes_last(self):
        deprecated = Release(version="1.5.0", deprecated="use another")

        assert wanted("^1.0.0", package(deprecated, "1.4.0", latest="1.5.0")) == "1.4.0"
        assert wanted("^1.5.0", package(deprecated, "1.4.0")) == "1.5.0"

    @pytest.mark.parametrize("declared", [None, ">=18", ">=20", "who knows"])
    @pytest.mark.parametrize("tagged", [True, False])
    def test_it_is_not_held_back_by_what_the_project_declares(self, tagged, declared):
        modern = Release(version="1.5.0", runtime=">=20")
        known = package(modern, "1.4.0", **({"latest": "1.5.0"} if tagged else {}))

        assert wanted("^1.0.0", known, declared) == "1.5.0"

    def test_a_tag_is_the_version_that_it_names(self):
        tagged = package("2.0.0-beta.1", "1.4.0", latest="1.4.0", next="2.0.0-beta.1", gone="3.0.0")

        assert wanted("next", tagged) == "2.0.0-beta.1"
        assert wanted("gone", tagged) is None
        assert wanted("missing", tagged) is None

    def test_a_star_takes_even_a_prerelease_that_is_tagged_latest(self):
        tagged = package("2.0.0-beta.1", "1.4.0", latest="2.0.0-beta.1")

        assert wanted("*", tagged) == "2.0.0-beta.1"
        assert wanted("", tagged) == "2.0.0-beta.1"
        assert wanted("x", tagged) == "1.4.0"

    def test_a_bare_registry_gives_the_newest(self):
        assert wanted("^1.0.0", package("2.0.0", "1.5.0", "1.4.0")) == "1.5.0"
        assert wanted("^3.0.0", package("2.0.0")) is None
        assert wanted("*", package()) is None


class TestLatest:
    def test_it_is_the_tag(self):
        assert latest(package("2.0.0", "1.4.0", latest="1.4.0")) == "1.4.0"

    def test_without_tags_it_is_the_newest_stable_release(self):
        assert latest(package("2.0.0-beta.1", "1.4.0")) == "1.4.0"
        assert latest(package("2.0.0-beta.1", next="2.0.0-beta.1")) == "2.0.0-beta.1"
        assert latest(package("1.4.0", latest="9.9.9")) == "1.4.0"
        assert latest(package()) is None

    def test_it_steps_down_to_what_the_runtime_allows(self):
        known = package(
            Release(version="4.0.0"),
            Release(version="3.0.0", runtime=">=20"),
            Release(version="2.1.0-beta.1", runtime=">=18"),
            Release(version="2.0.0", runtime=">=18", deprecated="by mistake"),
            Release(version="1.9.0", runtime=">=18"),
            latest="3.0.0",
        )

        assert latest(known, "^18 || ^20") == "1.9.0"
        assert latest(known, ">=20") == "3.0.0"
        assert latest(known, ">=16") == "3.0.0"
        assert latest(known) == "3.0.0"

    @pytest.mark.parametrize("unreadable", ["who knows", ">=18 && <20", "node 18"])
    def test_an_unreadable_runtime_rules_nothing_out(self, unreadable: str):
        known = package(Release(version="1.5.0", runtime=unreadable), "1.4.0", latest="1.5.0")

        assert latest(known, ">=18") == "1.5.0"
        assert latest(package("1.5.0", "1.4.0", latest="1.5.0"), unreadable) == "1.5.0"

    def test_without_tags_it_steps_down_too(self):
        known = package(Release(version="3.0.0", runtime=">=20"), "2.0.0")

        assert latest(known, ">=18") == "2.0.0"


def test_what_begins_as_an_alias_is_replaced_as_a_whole():
    assert SCHEME.replace("npm:>=1 <2 || ^3.1.0-beta.2a@^1.2.3", "1.2.3") == "^1.2.3"
