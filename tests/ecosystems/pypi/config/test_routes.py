"""Which index a Python project's installer would ask, and what must never be asked of another."""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Index, Manifest
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.config.routes import routes
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import REQUIREMENTS
from registry_lsp.endpoints import PYPI_INDEX
from support.pypi_configs import addresses, dependency, machine, referred
from support.pypi_configs import index as index_at

PRIVATE = "https://registry.example/simple/"
OTHER = "https://other.example/simple/"
THIRD = "https://third.example/simple/"
SETTING = "https://set.example/simple/"


def index(url=PRIVATE, **fields):
    return index_at(url, **fields)


def route(*indexes, tools=("pip",), to=None, environ=None, name="left", **fields):
    """Where a dependency goes that is bound to the index *to*, by a manifest's *indexes*, which
    *tools* install from.
    """
    around = machine(environ, **fields)
    return referred(*indexes, tools=tools, around=around, to=to, name=name)


def asked(*indexes, **fields):
    return addresses(route(*indexes, **fields))


# --- pip --------------------------------------------------------------------------------------


@pytest.mark.parametrize("tools", [("pip",), ("uv",), ("poetry",), ("pdm",), ("pipenv",), ()])
def test_without_any_word_the_public_index_is_asked(tools):
    assert route(tools=tools) == RegistryRef(url=PYPI_INDEX)


def test_pip_takes_the_best_of_all_its_indexes_and_tells_every_one_every_name():
    environ = {"PIP_INDEX_URL": PRIVATE, "PIP_EXTRA_INDEX_URL": f"{OTHER}\n{PYPI_INDEX}"}
    found = route(environ=environ)
    assert addresses(found) == [[PRIVATE, OTHER, PYPI_INDEX]]
    assert [each.is_bound for each in found.in_turn()] == [False, True, False]


def test_a_files_own_default_index_stands_in_the_place_of_all_that_pip_is_set_to():
    environ = {"PIP_INDEX_URL": OTHER, "PIP_EXTRA_INDEX_URL": THIRD}
    assert asked(index(), environ=environ) == [[PRIVATE]]


def test_a_files_own_extra_index_is_asked_beside_all_that_pip_is_set_to():
    environ = {"PIP_INDEX_URL": OTHER, "PIP_EXTRA_INDEX_URL": THIRD}
    assert asked(index(role="extra"), environ=environ) == [[OTHER, THIRD, PRIVATE]]


@pytest.mark.parametrize("no_index", ["1", "true", "YES", "on"])
def test_pip_that_is_set_to_no_index_asks_none_that_a_file_names(no_index):
    environ = {"PIP_NO_INDEX": no_index}
    assert asked(environ=environ) is None
    assert asked(index(), index(OTHER, role="extra"), environ=environ) is None
    assert asked(environ=environ, registry_url=SETTING) == [[SETTING]]


@pytest.mark.parametrize("no_index", ["0", "false", ""])
def test_a_switch_that_is_off(no_index):
    assert asked(environ={"PIP_NO_INDEX": no_index}) == [[PYPI_INDEX]]


def test_what_is_named_twice_is_asked_once():
    assert asked(environ={"PIP_EXTRA_INDEX_URL": f"{PRIVATE} {PRIVATE}"}) == [[PYPI_INDEX, PRIVATE]]


def test_no_other_tool_heeds_pips_word():
    environ = {"PIP_INDEX_URL": PRIVATE, "PIP_EXTRA_INDEX_URL": OTHER}
    for tool in ("uv", "poetry", "pdm"):
        assert asked(environ=environ, tools=(tool,)) == [[PYPI_INDEX]]


@pytest.mark.parametrize("tools", [("pip",), ()])
def test_where_uv_has_indexes_of_the_users_no_name_goes_where_it_would_not_send_it(tools):
    environ = {"UV_DEFAULT_INDEX": PRIVATE}
    assert asked(environ=environ, tools=tools) == [[PRIVATE]]
    assert asked(environ={"UV_INDEX": OTHER}, tools=tools) == [[OTHER], [PYPI_INDEX]]
    assert asked(environ={**environ, "PIP_INDEX_URL": PRIVATE}, tools=tools) == [[PRIVATE]]


@pytest.mark.parametrize(("tool", "variable"), [("pip", "PIP_FIND_LINKS"), ("uv", "UV_FIND_LINKS")])
def test_what_is_in_a_folder_of_archives_as_well_need_not_be_in_an_index(tool, variable, tmp_path):
    for name in ("left_lib-1.0.tar.gz", "Left.Lib-2.0rc1-py3-none-any.whl", "old-1.0.tar.bz2"):
        (tmp_path / name).touch()
    (tmp_path / "left_lib-1.0-cp39-cp39-win32.whl").touch()

    def beside(links, name):
        found = route(environ={variable: links}, name=name, tools=(tool,))
        return found.is_partial, sorted(found.archives)

    for folder in (str(tmp_path), tmp_path.as_uri()):
        assert beside(folder, "left-lib") == (False, ["1.0", "2.0rc1"])
        assert beside(folder, "right") == (False, [])
        assert beside(folder, "old") == (True, [])
    assert beside(str(tmp_path / "none"), "left-lib") == (False, [])
    assert beside("https://pages.example/", "left-lib") == (True, [])
    assert beside(f"https://pages.example/ {tmp_path}", "left-lib") == (True, ["1.0", "2.0rc1"])


def test_a_file_may_name_a_folder_of_archives_itself(tmp_path):
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "left-1.0-py3-none-any.whl").touch()
    manifest = REQUIREMENTS.parse("-f wheels\n-i https://registry.example/simple\nleft\nright\n")
    found = routes(machine(folder=tmp_path))
    refs = [found.registry_for(each, manifest) for each in manifest.dependencies]
    assert [(each.url, each.archives) for each in refs] == [(PRIVATE, ("1.0",)), (PRIVATE, ())]
    assert not any(each.is_partial for each in refs)
    manifest = REQUIREMENTS.parse("-f https://pages.example/\nleft\n")
    assert found.registry_for(manifest.dependencies[0], manifest).is_partial


# --- uv ---------------------------------------------------------------------------------------


def test_uv_takes_a_name_from_the_first_index_that_has_it_the_default_one_last():
    found = route(index(), index(OTHER, role="extra", name="o"), tools=("uv",))
    assert addresses(found) == [[OTHER], [PRIVATE]]
    assert [each.is_bound for each in found.in_turn()] == [True, False]
    assert asked(index(role="extra"), tools=("uv",)) == [[PRIVATE], [PYPI_INDEX]]


def test_the_variables_of_uv_stand_over_the_project():
    environ = {"UV_INDEX": f"x={OTHER}", "UV_DEFAULT_INDEX": f"mine={THIRD}"}
    own = (index(), index("https://a.example/simple/", role="extra", name="x"))
    assert asked(*own, tools=("uv",), environ=environ) == [[OTHER], [THIRD]]
    old = {"UV_EXTRA_INDEX_URL": OTHER, "UV_INDEX_URL": THIRD}
    assert asked(tools=("uv",), environ=old) == [[OTHER], [THIRD]]


def test_uv_takes_the_best_of_all_where_it_is_told_to():
    environ = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    own = index(role="extra", overlooked=(403,))
    found = route(own, tools=("uv",), environ=environ)
    assert addresses(found) == [[PRIVATE, PYPI_INDEX]]
    assert found.overlooked == (403,)


def test_uv_that_is_set_to_no_index_asks_none():
    assert asked(index(), tools=("uv",), environ={"UV_NO_INDEX": "1"}) is None


# --- Poetry, PDM, Pipenv ----------------------------------------------------------------------


def test_poetry_takes_the_best_of_its_primary_sources_and_asks_others_for_what_these_lack():
    last = index(THIRD, role="supplemental", name="last")
    own = (index(), index(OTHER, role="extra", name="o"), last)
    assert asked(*own, tools=("poetry",)) == [[PRIVATE, OTHER], [THIRD]]
    assert asked(last, tools=("poetry",)) == [[PYPI_INDEX], [THIRD]]


def test_pdm_takes_the_best_of_all_its_sources():
    own = index(role="extra", name="own")
    assert asked(own, tools=("pdm",)) == [[PYPI_INDEX, PRIVATE]]
    environ = {"PDM_PYPI_URL": OTHER}
    assert asked(own, tools=("pdm",), environ=environ) == [[OTHER, PRIVATE]]
    assert asked(index(name="pypi"), own, tools=("pdm",), environ=environ) == [[PRIVATE]]
    environ = {"PDM_IGNORE_STORED_INDEX": "1"}
    assert asked(own, tools=("pdm",), environ=environ) == [[PRIVATE]]


def test_pipenv_asks_the_first_source_or_what_pip_would():
    assert asked(index(), index(OTHER, role="explicit"), tools=("pipenv",)) == [[PRIVATE]]
    environ = {"PIP_INDEX_URL": OTHER, "PIP_EXTRA_INDEX_URL": THIRD}
    assert asked(tools=("pipenv",), environ=environ) == [[OTHER]]


def test_pipenv_has_a_mirror_of_the_public_index_only():
    environ = {"PIPENV_PYPI_MIRROR": OTHER}
    assert asked(index(PYPI_INDEX), tools=("pipenv",), environ=environ) == [[OTHER]]
    assert asked(tools=("pipenv",), environ=environ) == [[OTHER]]
    assert asked(index(), tools=("pipenv",), environ=environ) == [[PRIVATE]]
    public = index(PYPI_INDEX, name="pypi")
    assert asked(public, tools=("pipenv",), to="pypi", environ=environ) == [[OTHER]]


# --- whose manifest it is ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "default"),
    [
        ("uv.lock", "uv"),
        ("uv.toml", "uv"),
        ("poetry.lock", "public"),
        ("pdm.lock", "pdm"),
        ("README", "pip"),
    ],
)
def test_a_manifest_that_names_no_tool_is_of_the_one_that_the_project_uses(file, default, tmp_path):
    (tmp_path / file).touch()
    words = {"PIP_INDEX_URL": "pip", "UV_DEFAULT_INDEX": "uv", "PDM_PYPI_URL": "pdm"}
    if default == "pip":
        words = {"PIP_INDEX_URL": "pip"}
    environ = {name: f"https://{tool}.example/" for name, tool in words.items()}
    expected = PYPI_INDEX if default == "public" else f"https://{default}.example/"
    assert asked(tools=(), environ=environ, folder=tmp_path) == [[expected]]


def test_a_requirements_file_is_uvs_as_well_where_the_project_is(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.uv]\n")
    folder = tmp_path / "deep"
    environ = {"PIP_EXTRA_INDEX_URL": OTHER}
    assert asked(environ=environ, folder=folder) == [[OTHER], [PYPI_INDEX]]
    environ = {"PIP_INDEX_URL": OTHER}
    assert asked(environ=environ, folder=folder) == [[OTHER]]  # uv would send it to the public one
    environ = {"PIP_INDEX_URL": OTHER, "UV_DEFAULT_INDEX": OTHER}
    assert asked(environ=environ, folder=folder) == [[OTHER]]


def test_of_several_tools_the_one_that_locks_installs(tmp_path):
    own, environ = index(role="extra"), {"PDM_PYPI_URL": OTHER}
    both = {"tools": ("uv", "pdm"), "environ": environ, "folder": tmp_path}
    assert asked(own, **both) == [[PRIVATE], [OTHER]]
    (tmp_path / "pdm.lock").touch()
    assert asked(own, **both) == [[OTHER, PRIVATE]]


# --- the setting, and what an address means ---------------------------------------------------


def test_the_setting_stands_for_all_of_them():
    environ = {"PIP_EXTRA_INDEX_URL": OTHER}
    assert asked(index(role="extra"), environ=environ, registry_url=SETTING) == [[SETTING]]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("https://set.example", "https://set.example/simple/"),
        ("https://set.example/", "https://set.example/simple/"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/simple/"),
        ("https://set.example/simple", "https://set.example/simple/"),
        ("https://set.example/team/+simple/", "https://set.example/team/+simple/"),
    ],
)
def test_the_setting_of_a_bare_server_means_its_usual_index(setting, expected):
    assert asked(registry_url=setting) == [[expected]]


def test_a_bare_address_of_pips_is_taken_as_pip_takes_it():
    environ = {"PIP_INDEX_URL": "https://registry.example"}
    assert asked(environ=environ) == [["https://registry.example/"]]


@pytest.mark.parametrize(
    "address", ["https://u%40x:p%3Ass@set.example", "https://u%40x:p%3Ass@set.example/simple/"]
)
def test_user_information_becomes_a_credential_and_no_part_of_the_address(address):
    found = route(registry_url=address)
    assert found.url == "https://set.example/simple/"
    assert found.authorization.value == "Basic dUB4OnA6c3M="
    assert "p%3Ass" not in repr(found)


@pytest.mark.parametrize("tools", [("pip",), ("uv",), ("poetry",), ("pdm",), ("pipenv",)])
@pytest.mark.parametrize(
    "address", ["ftp://x.example/", "file:///srv/simple", "../wheels", "https://[", "x"]
)
def test_what_is_no_address_is_never_replaced_by_the_public_index(address, tools):
    assert route(index(address), tools=tools) is None
    if tools != ("pipenv",):
        assert route(index(address, role="extra"), tools=tools) is None
    assert route(registry_url=address) is None
    assert route(index(address, name="mine", role="explicit"), to="mine", tools=tools) is None


@pytest.mark.parametrize(
    ("variable", "tool"),
    [
        ("PIP_INDEX_URL", "pip"),
        ("PIP_EXTRA_INDEX_URL", "pip"),
        ("UV_INDEX", "uv"),
        ("UV_DEFAULT_INDEX", "uv"),
        ("PDM_PYPI_URL", "pdm"),
    ],
)
def test_what_the_environment_has_that_is_no_address_keeps_every_name_at_home(variable, tool):
    assert route(environ={variable: "nonsense"}, tools=(tool,)) is None


# --- bound dependencies -----------------------------------------------------------------------


@pytest.mark.parametrize("tools", [("uv",), ("poetry",), ("pdm",), ("pipenv",), ("uv", "poetry")])
@pytest.mark.parametrize("role", ["default", "extra", "explicit"])
def test_what_is_bound_to_an_index_goes_there_and_nowhere_else(role, tools):
    mine = index(name="Mine", role=role)
    environ = {"PIP_INDEX_URL": OTHER}
    fields = {"to": "mine", "tools": tools, "environ": environ, "registry_url": SETTING}
    found = route(index(OTHER), mine, **fields)
    assert addresses(found) == [[PRIVATE]]
    assert found.is_bound


@pytest.mark.parametrize("name", ["unknown", ""])
def test_an_index_that_nobody_has_defined_is_not_asked(name):
    environ = {"PIP_INDEX_URL": OTHER}
    indexes = (index(name="mine"), index(), index(name=""))
    assert route(*indexes, to=name, environ=environ, registry_url=SETTING) is None


@pytest.mark.parametrize("name", ["PyPI", "pypi"])
def test_the_public_index_has_a_name_of_its_own(name):
    found = route(index(name="mine"), to=name, tools=("poetry",))
    assert found == RegistryRef(url=PYPI_INDEX)
    assert asked(to=name, registry_url=SETTING) == [[SETTING]]
    assert asked(index(name="pypi"), to=name, tools=("pdm",)) == [[PRIVATE]]


def test_the_environments_index_of_uv_stands_over_the_projects_of_that_name():
    environ = {"UV_INDEX": f"mine={OTHER}"}
    mine = index(name="mine", role="explicit")
    assert asked(mine, to="mine", tools=("uv",), environ=environ) == [[OTHER]]


# --- trust ------------------------------------------------------------------------------------

ENVIRON = {"TOKEN": "t0ken", "lower": "x", "EMPTY": ""}
HIDDEN = "https://u:${TOKEN}@registry.example/simple/"


@pytest.mark.parametrize("tools", [("pip",), ("uv",), ("poetry",), ("pdm",), ("pipenv",)])
def test_a_strangers_variables_are_not_expanded(tools):
    fields = {"environ": ENVIRON, "tools": tools}
    assert route(index(HIDDEN), **fields) is None
    assert route(index(HIDDEN, name="mine", role="explicit"), to="mine", **fields) is None


def test_a_trusted_projects_variables_are():
    found = route(index(HIDDEN), environ=ENVIRON, trusted=True)
    assert (found.url, found.authorization.value) == (PRIVATE, "Basic dTp0MGtlbg==")


@pytest.mark.parametrize("tools", [("pdm",), ("pipenv",)])
def test_pdm_and_pipenv_expand_names_in_any_case(tools):
    own = index("https://${lower}.example/simple/", name="pypi")
    found = asked(own, environ=ENVIRON, trusted=True, tools=tools)
    assert found == [["https://x.example/simple/"]]


@pytest.mark.parametrize("variable", ["${MISSING}", "${EMPTY}", "${lower}"])
def test_what_pip_leaves_as_it_is_makes_no_address(variable):
    address = f"https://{variable}.example/simple/"
    assert route(index(address), environ=ENVIRON, trusted=True) is None


def test_secrets_of_the_environment_are_not_shown():
    environ = {**ENVIRON, "PIP_INDEX_URL": "https://u:s3cret@x.example/", "PIP_PROXY": "s3cret"}
    environ["POETRY_HTTP_BASIC_X_PASSWORD"] = environ["PDM_PYPI_PASSWORD"] = "s3cret"
    environ["PDM_PYPI_USERNAME"] = "u"
    shown = repr(routes(machine(environ, trusted=True)))
    assert "t0ken" not in shown
    assert "s3cret" not in shown


def why(*indexes, tools, to=None, **fields):
    manifest = Manifest(indexes=indexes, installers=tools)
    found = routes(machine(**fields))
    assert found.registry_for(dependency("one", to), manifest) is None
    return found.why_unknown(dependency("one", to), manifest)


def test_why_nobody_is_asked(tmp_path):
    half = Index(name="Own", url="https://own.example:port/", role="explicit", span=Span(0, 0))
    assert why(tools=("uv",), to="own") == "no index is called 'own'"
    assert why(half, tools=("uv",), to="own") == "the address of the index 'own' cannot be read"
    assert "depends on the machine" in why(tools=("uv",), to="")
    assert why(tools=("pip",), registry_url="") == "the setting registries.pypi.url is no address"
    file = tmp_path / ".config" / "pip" / "pip.conf"
    file.parent.mkdir(parents=True)
    file.write_text("no section\n")
    assert why(tools=("pip",), home=tmp_path) == f"{file} cannot be read"


def test_why_no_index_is_asked_for_a_name_that_is_bound_to_none():
    half = Index(name="own", url="https://own.example:port/", role="extra", span=Span(0, 0))
    said = why(half, tools=("uv",))
    assert said == "the address of an index that uv would ask, as configured, cannot be read"
    none = Index(name=None, url="", role="default", span=Span(0, 0))
    assert why(none, tools=("pip",)).startswith("pip is told to ask no index")
