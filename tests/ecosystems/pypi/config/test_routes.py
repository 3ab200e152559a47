"""Which index a Python project's installer would ask, and what must never be asked of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_lsp.core.manifests import Dependency, Index, Manifest
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports import Surroundings
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.config.routes import routes
from registry_lsp.endpoints import PYPI_INDEX

PRIVATE = "https://registry.example/simple/"
OTHER = "https://other.example/simple/"
SETTING = "https://set.example/simple/"
PLACE = Span(0, 0)
PUBLIC = RegistryRef(url=PYPI_INDEX)


def index(url=PRIVATE, *, name=None, role="default"):
    return Index(name=name, url=url, role=role, span=PLACE)


def route(*indexes, to=None, environ=None, **fields):
    """Where a dependency goes that is bound to the index *to*, by a manifest's *indexes*."""
    dependency = Dependency(
        name="left",
        display_name="left",
        name_span=PLACE,
        specifier="",
        specifier_span=PLACE,
        span=PLACE,
        section="dependencies",
        dialect="pep440",
        index=to,
    )
    around = Surroundings(folder=None, home=Path("nowhere"), environ=environ or {}, **fields)
    return routes(around).registry_for(dependency, Manifest(indexes=indexes))


def url(ref):
    return None if ref is None else ref.url


# --- the order --------------------------------------------------------------------------------


def test_without_any_word_the_public_index_is_asked():
    assert route() == PUBLIC


def test_every_source_stands_over_those_below_it():
    environ = {"UV_INDEX_URL": "https://old.example/simple"}
    assert url(route(environ=environ)) == "https://old.example/simple/"
    environ["UV_DEFAULT_INDEX"] = "https://uv.example/simple"
    assert url(route(environ=environ)) == "https://uv.example/simple/"
    environ["PIP_INDEX_URL"] = "https://pip.example/simple"
    assert url(route(environ=environ)) == "https://pip.example/simple/"
    assert url(route(index(), environ=environ)) == PRIVATE
    assert url(route(index(), environ=environ, registry_url=SETTING)) == SETTING


def test_an_empty_word_is_none():
    assert route(environ={"PIP_INDEX_URL": " ", "UV_DEFAULT_INDEX": ""}) == PUBLIC


def test_an_explicit_index_does_not_replace_the_default_one():
    assert route(index(role="explicit", name="mine")) == PUBLIC


def places(ref):
    return [each.url for each in ref.in_turn()]


def test_extra_indexes_are_asked_before_the_default_one_and_supplemental_ones_behind_it():
    mine = index(role="extra", name="mine")
    last = index("https://last.example/simple/", role="supplemental")
    assert places(route(last, mine)) == [PRIVATE, PUBLIC.url, "https://last.example/simple/"]
    environ = {"PIP_EXTRA_INDEX_URL": "https://a.example/simple\nhttps://b.example/simple"}
    extras = ["https://a.example/simple/", "https://b.example/simple/"]
    assert places(route(environ=environ)) == [*extras, PUBLIC.url]
    assert places(route(mine, environ=environ)) == [PRIVATE, *extras, PUBLIC.url]
    assert places(route(environ={"UV_INDEX": "a=https://a.example/simple"})) == [
        "https://a.example/simple/",
        PUBLIC.url,
    ]


def test_without_a_default_index_only_the_others_are_asked():
    none = index("", role="default")
    assert places(route(none, index(role="extra"))) == [PRIVATE]
    assert route(none) is None


@pytest.mark.parametrize("variable", ["PIP_EXTRA_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL"])
def test_without_a_default_index_the_environments_are_not_asked_either(variable):
    environ, none = {variable: OTHER}, index("")
    assert route(none, environ=environ) is None
    assert places(route(none, index(role="extra"), environ=environ)) == [PRIVATE]


def test_one_index_that_cannot_be_read_keeps_every_name_at_home():
    assert route(index("${HIDDEN}/simple", role="extra")) is None
    assert route(environ={"PIP_EXTRA_INDEX_URL": "nonsense"}) is None


def test_the_setting_stands_for_all_of_them():
    environ = {"PIP_EXTRA_INDEX_URL": "https://a.example/simple"}
    found = route(index(role="extra"), environ=environ, registry_url=SETTING)
    assert places(found) == [SETTING]


def test_the_first_of_several_defaults_answers():
    assert url(route(index(), index(OTHER))) == PRIVATE


@pytest.mark.parametrize("no_index", ["1", "true", "YES", "on"])
def test_no_index_at_all(no_index):
    assert route(environ={"PIP_NO_INDEX": no_index}) is None
    assert url(route(environ={"PIP_NO_INDEX": no_index}, registry_url=SETTING)) == SETTING


@pytest.mark.parametrize("no_index", ["0", "false", ""])
def test_a_switch_that_is_off(no_index):
    assert route(environ={"PIP_NO_INDEX": no_index}) == PUBLIC


def test_a_manifest_that_wants_no_index():
    assert route(index(""), environ={"PIP_INDEX_URL": OTHER}) is None
    assert route(index(), index("")) is None


def test_uv_gives_its_index_a_name():
    assert url(route(environ={"UV_DEFAULT_INDEX": f"mine={PRIVATE}"})) == PRIVATE


# --- what an address means --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "asked"),
    [
        ("https://set.example", "https://set.example/simple/"),
        ("https://set.example/", "https://set.example/simple/"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/simple/"),
        ("https://set.example/simple", "https://set.example/simple/"),
        ("https://set.example/team/+simple/", "https://set.example/team/+simple/"),
    ],
)
def test_the_setting_of_a_bare_server_means_its_usual_index(setting, asked):
    assert url(route(registry_url=setting)) == asked


def test_a_bare_address_of_pips_is_taken_as_pip_takes_it():
    assert url(route(environ={"PIP_INDEX_URL": "https://registry.example"})) == (
        "https://registry.example/"
    )


@pytest.mark.parametrize(
    "address", ["https://u%40x:p%3Ass@set.example", "https://u%40x:p%3Ass@set.example/simple/"]
)
def test_user_information_becomes_a_credential_and_no_part_of_the_address(address):
    found = route(registry_url=address)
    assert found.url == "https://set.example/simple/"
    assert found.authorization.value == "Basic dUB4OnA6c3M="
    assert "p%3Ass" not in repr(found)


@pytest.mark.parametrize(
    "address", ["ftp://x.example/", "file:///srv/simple", "../wheels", "https://[", "x"]
)
def test_what_is_no_address_is_never_replaced_by_the_public_index(address):
    assert route(index(address)) is None
    assert route(registry_url=address) is None
    assert route(environ={"PIP_INDEX_URL": address}) is None
    assert route(index(address, name="mine", role="explicit"), to="mine") is None


# --- bound dependencies -----------------------------------------------------------------------


@pytest.mark.parametrize("role", ["default", "extra", "explicit"])
def test_what_is_bound_to_an_index_goes_there_and_nowhere_else(role):
    mine = index(name="Mine", role=role)
    environ = {"PIP_INDEX_URL": OTHER}
    assert (
        url(route(index(OTHER), mine, to="mine", environ=environ, registry_url=SETTING)) == PRIVATE
    )


@pytest.mark.parametrize("name", ["unknown", ""])
def test_an_index_that_nobody_has_defined_is_not_asked(name):
    environ = {"PIP_INDEX_URL": OTHER}
    indexes = (index(name="mine"), index(), index(name=""))
    assert route(*indexes, to=name, environ=environ, registry_url=SETTING) is None


@pytest.mark.parametrize("name", ["PyPI", "pypi"])
def test_the_public_index_has_a_name_of_its_own(name):
    assert route(index(name="mine"), to=name, environ={"PIP_INDEX_URL": OTHER}) == PUBLIC
    assert url(route(to=name, registry_url=SETTING)) == SETTING
    assert url(route(index(name="pypi"), to=name)) == PRIVATE


# --- trust ------------------------------------------------------------------------------------

ENVIRON = {"TOKEN": "t0ken", "lower": "x", "EMPTY": ""}
HIDDEN = "https://u:${TOKEN}@registry.example/simple/"


def test_a_strangers_variables_are_not_expanded():
    assert route(index(HIDDEN), environ=ENVIRON) is None
    assert route(index(HIDDEN, name="mine", role="explicit"), to="mine", environ=ENVIRON) is None


def test_a_trusted_projects_variables_are():
    found = route(index(HIDDEN), environ=ENVIRON, trusted=True)
    assert (found.url, found.authorization.value) == (PRIVATE, "Basic dTp0MGtlbg==")


@pytest.mark.parametrize("variable", ["${MISSING}", "${EMPTY}", "${lower}"])
def test_what_pip_leaves_as_it_is_makes_no_address(variable):
    address = f"https://{variable}.example/simple/"
    assert route(index(address), environ=ENVIRON, trusted=True) is None


def test_secrets_of_the_environment_are_not_shown():
    around = Surroundings(folder=None, home=Path(), environ=ENVIRON, trusted=True)
    assert "t0ken" not in repr(routes(around))
