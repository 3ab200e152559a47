from datetime import datetime, timezone

import pytest

from registry_lsp.core.gates import Gates
from registry_lsp.core.manifests import Manifest
from registry_lsp.ecosystems.pypi.config.age_gates import pip_gates, poetry_gates, uv_gates
from registry_lsp.ecosystems.pypi.config.routes import routes
from support.pypi_configs import arrange, dependency, machine

DAY = 86_400.0
NEW_YEAR = datetime(2024, 1, 1, tzinfo=timezone.utc).timestamp()


def test_pip_takes_days_or_a_moment():
    gate = pip_gates("P7D", "pip.conf").of("one")
    assert (gate.age, gate.by) == (7 * DAY, "uploaded-prior-to (pip.conf)")
    assert pip_gates("2024-01-01T00:00:00Z", "x").of("one").before == NEW_YEAR
    local = datetime(2024, 1, 1).astimezone().timestamp()
    assert pip_gates("2024-01-01", "x").of("one").before == local


@pytest.mark.parametrize("said", [None, "", "7 days", "PT7H", "soon"])
def test_what_pip_refuses_is_no_gate(said):
    assert pip_gates(said, "x") == Gates()


@pytest.mark.parametrize("said", ["7 days", "1 week", "P7D"])
def test_uv_takes_a_length_of_time(said):
    assert uv_gates(said, {}, "uv.toml").of("one").age == 7 * DAY


def test_uv_takes_a_moment_and_the_whole_of_a_day():
    assert uv_gates("2024-01-01T00:00:00Z", {}, "x").of("one").before == NEW_YEAR
    following = datetime(2024, 1, 2).astimezone().timestamp()
    assert uv_gates("2024-01-01", {}, "x").of("one").before == following


def test_uv_has_packages_of_their_own():
    gates = uv_gates("7 days", {"My_Own": False, "two": "1 day"}, "uv.toml")
    assert gates.of("my-own") is None
    assert gates.of("two").by == "exclude-newer-package (uv.toml)"
    assert gates.of("two").age == DAY


@pytest.mark.parametrize("said", [None, 7, "soon", "2024-13-01", "9999-12-31", {}])
def test_what_uv_refuses_is_no_gate(said):
    assert uv_gates(said, {}, "x").of("one") is None


def test_poetry_counts_in_days():
    gates = poetry_gates(7, ["My_Own"], "poetry.toml")
    assert gates.of("one").age == 7 * DAY
    assert gates.of("my-own") is None
    assert poetry_gates("7", [], "x").of("one").age == 7 * DAY


@pytest.mark.parametrize("said", [None, 0, -1, "soon", "nan", [], 1e9])
def test_what_poetry_refuses_is_no_gate(said):
    assert poetry_gates(said, [], "x") == Gates()


# --- where they are set -----------------------------------------------------------------------


def gate(*tools, name="one", **fields):
    """The gate for a package, in a manifest that *tools* install from."""
    manifest = Manifest(installers=tools)
    return routes(machine(**fields)).gate_for(dependency(name), manifest)


def test_pips_configuration_and_its_variable(tmp_path):
    arrange(tmp_path, _DOT_config__pip__pip_DOT_conf="[global]\nuploaded-prior-to = P7D\n")
    assert gate("pip", home=tmp_path).age == 7 * DAY
    environ = {"PIP_UPLOADED_PRIOR_TO": "P3D"}
    assert gate("pip", home=tmp_path, environ=environ).age == 3 * DAY
    assert gate("poetry", home=tmp_path) is None


def test_uvs_files_and_its_variable(tmp_path):
    project = tmp_path / "project"
    arrange(tmp_path, _DOT_config__uv__uv_DOT_toml='exclude-newer = "9 days"\n')
    arrange(
        project,
        pyproject_DOT_toml=(
            '[tool.uv]\nexclude-newer = "7 days"\nexclude-newer-package = { mine = false }\n'
        ),
    )
    fields = {"home": tmp_path, "folder": project}
    assert gate("uv", **fields).age == 7 * DAY
    assert gate("uv", name="mine", **fields) is None
    assert gate("uv", environ={"UV_EXCLUDE_NEWER": "1 day"}, **fields).age == DAY
    arrange(project, uv_DOT_toml='exclude-newer = "5 days"\n')
    assert gate("uv", **fields).age == 5 * DAY
    assert gate("uv", home=tmp_path).age == 9 * DAY


def test_poetrys_files_and_its_variables(tmp_path):
    project = tmp_path / "project"
    config = "[solver]\nmin-release-age = 9\n"
    arrange(tmp_path, _DOT_config__pypoetry__config_DOT_toml=config)
    arrange(
        project,
        pyproject_DOT_toml="",
        poetry_DOT_toml='[solver]\nmin-release-age = 7\nmin-release-age-exclude = "mine, other"\n',
    )
    fields = {"home": tmp_path, "folder": project}
    assert gate("poetry", **fields).age == 7 * DAY
    assert gate("poetry", name="mine", **fields) is None
    environ = {"POETRY_SOLVER_MIN_RELEASE_AGE": "1"}
    assert gate("poetry", environ=environ, **fields).age == DAY
    assert gate("poetry", home=tmp_path).age == 9 * DAY


def test_where_several_tools_may_install_the_stricter_gate_holds(tmp_path):
    project = tmp_path / "project"
    arrange(tmp_path, _DOT_config__pip__pip_DOT_conf="[global]\nuploaded-prior-to = P9D\n")
    arrange(project, uv_DOT_toml='exclude-newer = "7 days"\n')
    found = gate("pip", home=tmp_path, folder=project)
    assert (found.age, found.by) == (9 * DAY, "uploaded-prior-to (pip's configuration)")
