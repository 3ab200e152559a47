import pytest

from registry_lsp.core.gates import Gates
from registry_lsp.ecosystems.npm.config.age_gates import (
    bun_gates,
    npm_gates,
    pnpm_gates,
    yarn_gates,
)

DAY = 86_400.0
NEW_YEAR = 1_704_067_200.0


def test_npm_counts_in_days():
    gate = npm_gates("7", None, [], ".npmrc").of("one")
    assert (gate.age, gate.before, gate.by) == (7 * DAY, None, "min-release-age (.npmrc)")


@pytest.mark.parametrize("before", ["2024-01-01", "2024-01-01T00:00:00Z", "2024-01-01T01:00+01:00"])
def test_npm_takes_a_date(before):
    gate = npm_gates(None, before, [], ".npmrc").of("one")
    assert (gate.age, gate.before, gate.by) == (None, NEW_YEAR, "before (.npmrc)")


def test_npm_frees_packages_of_the_age_alone():
    gates = npm_gates("7", "2024-01-01", ["@team/*"], ".npmrc")
    assert (gates.of("one").age, gates.of("one").before) == (7 * DAY, NEW_YEAR)
    freed = gates.of("@team/one")
    assert (freed.age, freed.before) == (None, NEW_YEAR)
    assert npm_gates("7", None, ["@team/*"], ".npmrc").of("@team/one") is None


@pytest.mark.parametrize("said", [None, "", "0", "soon", "-1", "inf", "nan"])
def test_what_is_no_age_is_no_gate(said):
    assert npm_gates(said, said, [], ".npmrc") == Gates()
    assert pnpm_gates(said, [], "x") == Gates()
    assert bun_gates(said, [], "x") == Gates()
    assert yarn_gates(said, [], {}, "x") == Gates()


def test_pnpm_counts_in_minutes():
    gate = pnpm_gates(1440, [], "pnpm-workspace.yaml", is_lenient=True).of("one")
    assert (gate.age, gate.is_lenient) == (DAY, True)
    assert gate.by == "minimumReleaseAge (pnpm-workspace.yaml)"
    assert not pnpm_gates("1440", [], "x").of("one").is_lenient


def test_pnpm_frees_names_patterns_and_versions():
    excluded = ["webpack", "@team/*", "@x/nx@21.6.5 || 21.6.6", "@x/nx@22.0.0", "webpack@1.0.0"]
    gates = pnpm_gates(1440, excluded, "x")
    assert gates.of("webpack") is gates.of("@team/tool") is None
    assert gates.of("@x/nx").exempt == ("21.6.5", "21.6.6", "22.0.0")
    assert gates.of("@x/nx").age == DAY
    assert gates.of("other").exempt == ()


@pytest.mark.parametrize("said", [4320, "4320", "3d", "72h"])
def test_yarn_takes_minutes_or_a_unit(said):
    assert yarn_gates(said, [], {}, ".yarnrc.yml").of("one").age == 3 * DAY


def test_yarn_has_scopes_and_frees_packages():
    gates = yarn_gates("1d", ["@team/*", "one", "two@^1.0.0"], {"corp": 0, "late": "7d"}, "x")
    assert gates.of("@team/a") is gates.of("one") is gates.of("@corp/a") is None
    assert gates.of("two").age == DAY
    assert gates.of("@late/a").age == 7 * DAY


def test_bun_counts_in_seconds_and_frees_whole_names():
    gates = bun_gates(604_800, ["@team/one"], "bunfig.toml")
    assert gates.of("one").age == 7 * DAY
    assert gates.of("@team/one") is None


def test_what_each_makes_of_a_release_whose_date_nobody_tells():
    gates = (
        npm_gates("7", None, [], "x"),
        pnpm_gates(1440, [], "x", is_strict=True, is_whole=True),
        yarn_gates("1d", [], {}, "x"),
        bun_gates(604_800, [], "x"),
    )
    found = [(each.general.is_strict, each.general.is_whole) for each in gates]
    assert found == [(False, False), (True, True), (True, False), (False, False)]
