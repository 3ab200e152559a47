from datetime import datetime, timezone

import pytest

from registry_lsp.core.gates import Gates
from registry_lsp.core.manifests import Manifest
from registry_lsp.core.packages import Release
from registry_lsp.ecosystems.pypi.config.age_gates import (
    pdm_gates,
    pip_gates,
    poetry_gates,
    uv_gates,
)
from registry_lsp.ecosystems.pypi.config.routes import routes
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT
from registry_lsp.endpoints import PYPI_INDEX
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


@pytest.mark.parametrize(("said", "age"), [("7d", 7 * DAY), ("36h", 1.5 * DAY), ("2w", 14 * DAY)])
def test_pdm_takes_a_length_of_time(said, age):
    assert pdm_gates(said, {}, "pdm.toml").of("one").age == age


@pytest.mark.parametrize(
    "said",
    ["2024-01-01", "2024-01-01T00:00:00", "2024-01-01t00:00:00z", "2024-01-01T02:00:00+02:00"],
)
def test_pdm_takes_a_moment_which_is_utcs(said):
    gates = pdm_gates("7d", {"My_Own": False, "two": said}, "pdm.toml")
    assert gates.of("my-own") is None
    assert gates.of("two").before == NEW_YEAR


@pytest.mark.parametrize("said", ["", None, "soon", "7 days", "P7D", 7])
def test_what_pdm_refuses_is_no_gate(said):
    assert pdm_gates(said, {}, "x") == Gates()


def test_all_but_poetry_take_nothing_whose_age_nobody_tells():
    strict = (pip_gates("P7D", "x"), uv_gates("7 days", {}, "x"), pdm_gates("7d", {}, "x"))
    assert all(each.general.is_strict for each in strict)
    assert not poetry_gates(7, [], "x").general.is_strict


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


def test_a_project_may_let_all_pass_that_the_users_word_on_uv_holds_back(tmp_path):
    project = tmp_path / "project"
    arrange(tmp_path, _DOT_config__uv__uv_DOT_toml='exclude-newer = "9 days"\n')
    arrange(project, pyproject_DOT_toml="[tool.uv]\nexclude-newer = false\n")
    fields = {"home": tmp_path, "folder": project}
    assert gate("uv", **fields) is None
    assert gate("uv", environ={"UV_EXCLUDE_NEWER": "1 day"}, **fields).age == DAY
    arrange(project, pyproject_DOT_toml='[tool.uv]\nexclude-newer = "2 days"\n')
    assert gate("uv", environ={"UV_EXCLUDE_NEWER": "false"}, **fields) is None


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


def test_pdms_files_and_its_table(tmp_path):
    project = tmp_path / "project"
    arrange(tmp_path, _DOT_config__pdm__config_DOT_toml='[strategy]\nexclude-newer = "9d"\n')
    arrange(project, pyproject_DOT_toml="")
    fields = {"home": tmp_path, "folder": project}
    assert gate("pdm", **fields).age == 9 * DAY
    arrange(project, pdm_DOT_toml='[strategy]\nexclude-newer = "5d"\n')
    assert gate("pdm", **fields).age == 5 * DAY
    said = 'exclude-newer = "7d"\nexclude-newer-override = { mine = false, two = "1d" }\n'
    arrange(project, pyproject_DOT_toml=f"[tool.pdm.resolution]\n{said}")
    assert gate("pdm", **fields).age == 7 * DAY
    assert gate("pdm", name="mine", **fields) is None
    assert gate("pdm", name="two", **fields).age == DAY


OWN, OTHER = "https://own.example/simple/", "https://other.example/simple/"


def test_an_index_of_uvs_may_have_a_gate_of_its_own(tmp_path):
    text = (
        f'[[tool.uv.index]]\nurl = "{OWN}"\nexclude-newer = "1 day"\n'
        f'[[tool.uv.index]]\nurl = "{OTHER.rstrip("/")}"\nexclude-newer = false\n'
        '[tool.uv]\nexclude-newer = "7 days"\nexclude-newer-package = { mine = "3 days" }\n'
    )
    arrange(tmp_path, pyproject_DOT_toml=text)
    manifest = PYPROJECT.parse(text)
    found = routes(machine(folder=tmp_path))
    general = found.gate_for(dependency("one"), manifest)
    assert general.age == 7 * DAY
    assert (general.of(OWN).age, general.of(OTHER)) == (DAY, None)
    assert general.of(PYPI_INDEX) is general
    assert found.gate_for(dependency("mine"), manifest).of(OWN).age == 3 * DAY


def test_an_index_of_uvs_may_be_the_only_one_with_a_gate():
    manifest = PYPROJECT.parse(f'[[tool.uv.index]]\nurl = "{OWN}"\nexclude-newer = "1 day"\n')
    found = routes(machine()).gate_for(dependency("one"), manifest)
    assert found.of(OWN).age == DAY
    assert found.of(OTHER).passes(Release(version="1"), 0.0)
    assert routes(machine()).gate_for(dependency("one"), Manifest(installers=("pip",))) is None


@pytest.mark.parametrize("said", ["own", "OWN", OWN, OWN.rstrip("/")])
def test_poetry_takes_releases_of_any_age_from_some_sources(said):
    environ = {
        "POETRY_SOLVER_MIN_RELEASE_AGE": "7",
        "POETRY_SOLVER_MIN_RELEASE_AGE_EXCLUDE_SOURCE": f"{said},pypi",
    }
    text = f'[[tool.poetry.source]]\nname = "own"\nurl = "{OWN}"\n'
    manifest = PYPROJECT.parse(text)
    found = routes(machine(environ)).gate_for(dependency("one"), manifest)
    assert (found.of(OWN), found.of(PYPI_INDEX)) == (None, None)
    assert found.of(OTHER).age == 7 * DAY
