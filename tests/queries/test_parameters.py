import pytest

from registry_lsp.core.operations import OPERATIONS
from registry_lsp.ecosystems import discover
from registry_lsp.queries.errors import QueryError
from registry_lsp.queries.parameters import read

ECOSYSTEMS = discover()


def query(operation, **parameters):
    return read(operation, parameters, ECOSYSTEMS)


def refusal(operation, **parameters):
    with pytest.raises(QueryError) as caught:
        query(operation, **parameters)
    return caught.value


@pytest.mark.parametrize("name", ["npm", "node", "nodejs", "NPM", "Node"])
def test_npm_has_synonyms(name):
    assert query("package", registry=name, name="react").ecosystem.name == "npm"


@pytest.mark.parametrize("name", ["pypi", "python", "pip", "PyPI"])
def test_pypi_has_synonyms(name):
    assert query("package", registry=name, name="flask").ecosystem.name == "pypi"


def test_what_is_left_out_has_a_default():
    asked = query("versions", registry="npm", name="react", page=None)
    assert (asked.page, asked.page_size) == (1, 50)
    assert query("downloads", registry="npm", name="react").period == "last-month"
    assert query("dependencies", registry="npm", name="react").version == ""


@pytest.mark.parametrize(("given", "taken"), [(1, 1), (250, 250), (251, 250), (10**9, 250)])
def test_a_larger_page_is_clamped(given, taken):
    assert query("versions", registry="npm", name="react", page_size=given).page_size == taken


@pytest.mark.parametrize("name", ["page", "page_size"])
@pytest.mark.parametrize("value", [0, -1, "2", 1.5, True, [1]])
def test_a_page_is_a_number_from_one(name, value):
    error = refusal("versions", registry="npm", name="react", **{name: value})
    assert error.code == "invalid-parameter"
    assert f"'{name}'" in error.message


@pytest.mark.parametrize(
    ("operation", "parameters", "code"),
    [
        ("package", {"registry": "cargo", "name": "serde"}, "unknown-registry"),
        ("package", {"registry": "npm"}, "invalid-parameter"),
        ("package", {"name": "react"}, "invalid-parameter"),
        ("package", {"registry": "npm", "name": "  "}, "invalid-parameter"),
        ("package", {"registry": "npm", "name": "x" * 501}, "invalid-parameter"),
        ("package", {"registry": "npm", "name": 3}, "invalid-parameter"),
        ("package", {"registry": "npm", "name": "react", "page": 1}, "invalid-parameter"),
        ("version", {"registry": "npm", "name": "react"}, "invalid-parameter"),
        ("downloads", {"registry": "npm", "name": "react", "period": "week"}, "unknown-period"),
        ("search", {"registry": "npm", "name": "react"}, "invalid-parameter"),
        ("nonsense", {"registry": "npm", "name": "react"}, "invalid-parameter"),
    ],
)
def test_what_makes_no_sense_is_refused_by_a_code_of_its_own(operation, parameters, code):
    error = refusal(operation, **parameters)
    assert error.code == code
    assert not error.retryable
    assert error.message.endswith((".", "?"))


def test_parameters_that_are_no_object_are_refused():
    with pytest.raises(QueryError, match="one object"):
        read("package", ["npm", "react"], ECOSYSTEMS)


def test_a_near_period_is_proposed():
    assert refusal("downloads", registry="npm", name="react", period="last_week").message.endswith(
        "Did you mean last-week?"
    )


def test_control_characters_are_not_said_again():
    assert "\x1b" not in refusal("package", registry="\x1b[31m", name="x").message


def test_each_operation_takes_what_it_needs():
    values = {"registry": "npm", "name": "react", "version": "1.0.0", "query": "x"}
    for operation in OPERATIONS:
        given = {name: values[name] for name in operation.needed}
        assert query(operation.name, **given).operation is operation
