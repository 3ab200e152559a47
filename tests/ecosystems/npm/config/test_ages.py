"""Where each manager is told how old a release must be."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Manifest
from support.npm_configs import Place, dependency

DAY = 86_400.0


def gate(place, name="left"):
    return place.routes().gate_for(dependency(name), Manifest())


def age(place, name="left"):
    found = gate(place, name)
    return None if found is None else found.age


def test_npms_files_and_its_variable(tmp_path):
    place = Place.below(tmp_path, "npm@11.12.0")
    assert gate(place) is None
    place.write("~/.npmrc", "min-release-age=9\n")
    assert age(place) == 9 * DAY
    place.write(".npmrc", "min-release-age=7\nmin-release-age-exclude[]=@team/*\n")
    assert age(place) == 7 * DAY
    assert gate(place, "@team/tool") is None
    assert gate(place).by == "min-release-age (.npmrc)"
    place.environ["npm_config_min_release_age"] = "1"
    assert age(place) == DAY


def test_older_pnpm_reads_its_workspace_and_npms_files(tmp_path):
    place = Place.below(tmp_path, "pnpm@10.20.0")
    assert gate(place) is None
    place.write(".npmrc", "minimum-release-age=60\nminimum-release-age-exclude[]=free\n")
    assert (age(place), age(place, "free")) == (3600.0, None)
    place.write(
        "pnpm-workspace.yaml", "minimumReleaseAge: 1440\nminimumReleaseAgeExclude:\n  - '@team/*'\n"
    )
    assert (age(place), age(place, "@team/tool")) == (DAY, None)
    assert not gate(place).is_lenient
    assert gate(place).is_strict


def test_newer_pnpm_holds_back_for_a_day_by_itself(tmp_path):
    place = Place.below(tmp_path, "pnpm@11.2.0")
    assert gate(place).by == "minimumReleaseAge (its default)"
    assert age(place) == DAY
    assert gate(place).is_lenient
    place.write("pnpm-workspace.yaml", "minimumReleaseAge: 0\n")
    assert gate(place) is None
    place.write("pnpm-workspace.yaml", "minimumReleaseAge: 60\nminimumReleaseAgeStrict: true\n")
    assert age(place) == 3600.0
    assert not gate(place).is_lenient
    place.write("~/.config/pnpm/config.yaml", "minimumReleaseAge: 120\n")
    assert age(place) == 3600.0
    place.write("pnpm-workspace.yaml", "{}\n")
    assert age(place) == 7200.0


@pytest.mark.parametrize(
    ("version", "said", "is_lenient", "is_strict"),
    [
        ("11.0.9", "", True, False),
        ("11.1.0", "", False, False),
        ("11.1.0", "minimumReleaseAgeStrict: false\n", True, False),
        ("11.0.9", "minimumReleaseAgeStrict: true\n", False, False),
        ("11.1.0", "minimumReleaseAgeIgnoreMissingTime: false\n", False, True),
    ],
)
def test_how_newer_pnpm_holds_to_an_age(tmp_path, version, said, is_lenient, is_strict):
    place = Place.below(tmp_path, f"pnpm@{version}")
    place.write("pnpm-workspace.yaml", f"minimumReleaseAge: 60\n{said}")
    found = gate(place)
    assert (found.is_lenient, found.is_strict, found.is_whole) == (is_lenient, is_strict, True)


def test_nothing_is_held_back_by_a_pnpm_of_no_known_version(tmp_path):
    place = Place.below(tmp_path)
    place.write("pnpm-lock.yaml", "lockfileVersion: '9.0'\n")
    assert gate(place) is None


def test_yarns_files_its_variable_and_its_default(tmp_path):
    place = Place.below(tmp_path, "yarn@4.10.0")
    assert gate(place) is None
    place.write(
        ".yarnrc.yml",
        "npmMinimalAgeGate: 3d\nnpmPreapprovedPackages:\n  - '@team/*'\n"
        "npmScopes:\n  corp:\n    npmMinimalAgeGate: 0\n",
    )
    assert (age(place), age(place, "@team/a"), age(place, "@corp/a")) == (3 * DAY, None, None)
    place.environ["YARN_NPM_MINIMAL_AGE_GATE"] = "60"
    assert age(place) == 3600.0
    newer = Place.below(tmp_path / "newer", "yarn@4.18.1")
    assert gate(newer).by == "npmMinimalAgeGate (its default)"
    assert age(newer) == DAY


def test_buns_files(tmp_path):
    place = Place.below(tmp_path, "bun@1.4.0")
    assert gate(place) is None
    place.write("~/.bunfig.toml", "[install]\nminimumReleaseAge = 60\n")
    assert age(place) == 60.0
    place.write(
        "bunfig.toml",
        '[install]\nminimumReleaseAge = 86400\nminimumReleaseAgeExcludes = ["free"]\n',
    )
    assert (age(place), age(place, "free")) == (DAY, None)


def test_yarn_1_knows_no_such_thing(tmp_path):
    place = Place.below(tmp_path, "yarn@1.22.0")
    place.write("~/.npmrc", "min-release-age=9\n")
    assert gate(place) is None


def test_where_any_manager_may_install_the_strictest_holds(tmp_path):
    place = Place.below(tmp_path)
    place.write("~/.npmrc", "min-release-age=9\n")
    place.write("~/.bunfig.toml", "[install]\nminimumReleaseAge = 60\n")
    assert gate(place).by == "min-release-age (.npmrc)"
    assert age(place) == 9 * DAY


@pytest.mark.parametrize(
    ("manager", "name"),
    [("pnpm@11.0.0", "pnpm-workspace.yaml"), ("yarn@4.18.0", ".yarnrc.yml")],
)
def test_a_broken_file_says_nothing(tmp_path, manager, name):
    place = Place.below(tmp_path, manager)
    place.write(name, "{{{: [\n")
    assert gate(place) is None
