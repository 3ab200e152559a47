import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from registry_lsp.ecosystems.pypi.versions.markers import floor, narrow, runs_on

PYTHONS = tuple(
    Version(f"{major}.{minor}.{micro}")
    for major, minors in ((2, range(6, 8)), (3, range(15)))
    for minor in minors
    for micro in (0, 1, 2, 9)
)


@pytest.mark.parametrize(
    ("specifier", "lowest"),
    [
        (">=3.8", "3.8"),
        (">=3.8,<4", "3.8"),
        (">=3.8,>=3.9", "3.9"),
        (">3.6", "3.6.1"),
        (">3.6.5", "3.6.6"),
        (">3", "3.0.1"),
        ("~=3.8", "3.8"),
        ("==3.8.*", "3.8"),
        ("==3.8.1", "3.8.1"),
        ("===3.8", "3.8"),
        (">=2.7,!=3.0.*,!=3.1.*", "2.7"),
        (">=3.0,!=3.0.*,!=3.1.*", "3.2"),
        (">=3.0,!=3.1.*,!=3.0.*", "3.2"),
        (">= 3.8 , < 4", "3.8"),
        ("^3.9", "3.9"),
        ("~3.9", "3.9"),
        ("3.9.*", "3.9"),
        ("^2.7 || ^3.6", "2.7"),
        (">=3.6|>=3.4", "3.4"),
    ],
)
def test_the_floor_is_the_lowest_python_by_the_lower_bounds(specifier, lowest):
    assert floor(specifier) == Version(lowest)


@pytest.mark.parametrize(
    "specifier",
    [
        *("", "*", "<4", "!=3.8", "<=3.9", ">=3.6.", "three", ">=3.8;", "<3 || >=3.8"),
        *("x" * 9_000, ">=" + "9" * 5_000, ">=3.8" + "," * 3_000),
    ],
)
def test_what_says_nothing_or_cannot_be_read_has_no_floor(specifier):
    assert floor(specifier) is None


@pytest.mark.parametrize(
    "specifier", [">=3.8", ">3.6", "~=3.8.2", "==3.8.*", ">=3.7,!=3.7.*,<3.12", ">2.7", ">=3.8.1"]
)
def test_no_python_below_the_floor_is_admitted_and_the_floor_is(specifier):
    admitted = [each for each in PYTHONS if each in SpecifierSet(specifier)]
    assert floor(specifier) == admitted[0]


@pytest.mark.parametrize(
    ("runtime", "marker", "narrowed"),
    [
        (None, "python_version >= '3.9'", None),
        (">=3.8", "python_version >= '3.9'", ">=3.9"),
        (">=3.8,<4", "python_version >= '3.9'", ">=3.9,<4"),
        (">=3.8, !=3.9.1", "python_version > '3.8'", ">=3.9,!=3.9.1"),
        (">=3.10", "python_version >= '3.9'", ">=3.10"),
        (">=3.8", "'3.9' <= python_version", ">=3.9"),
        (">=3.8", "python_version == '3.9'", ">=3.9"),
        (">=3.8", "python_version ~= '3.9'", ">=3.9"),
        (">=3.8", "python_version >= '3.9.1'", ">=3.10"),
        (">=3.8", "python_full_version >= '3.9.1'", ">=3.9.1"),
        (">=3.8", "python_full_version > '3.9.1'", ">=3.9.2"),
        (">=3.8", "python_version < '3.9'", ">=3.8"),
        (">=3.8", "python_version != '3.9'", ">=3.8"),
        (">=3.8", "python_version not in '3.8'", ">=3.8"),
        (">=3.8", "os_name == 'nt'", ">=3.8"),
        (">=3.8", "os_name == 'nt' and python_version >= '3.9'", ">=3.9"),
        (">=3.8", "os_name == 'nt' or python_version >= '3.9'", ">=3.8"),
        (">=3.8", "python_version >= '3.10' or python_version == '3.9'", ">=3.9"),
        (
            ">=3.8",
            "(python_version >= '3.10' or python_version >= '3.11') and os_name == 'nt'",
            ">=3.10",
        ),
        (
            ">=3.8",
            "python_version >= '3.9' and (os_name == 'nt' or python_version >= '3.12')",
            ">=3.9",
        ),
        ("^3.8", "python_version >= '3.9'", ">=3.9"),
        ("^2.7 || ^3.8", "python_version >= '3.9'", ">=3.9"),
        (None, "os_name == 'nt'", None),
        (None, "python_version >= 'three'", None),
        (None, "python_version >=", None),
        (None, "python_version", None),
        (None, "", None),
    ],
)
def test_a_marker_narrows_the_runtime_by_its_lower_bounds(runtime, marker, narrowed):
    assert narrow(runtime, marker) == narrowed


@pytest.mark.parametrize(
    ("runtime", "marker", "narrowed"),
    [
        (None, "python_full_version < '3.10'", "==3.9.*"),
        (None, "python_version < '3.10'", "==3.9.*"),
        (None, "'3.10' > python_version", "==3.9.*"),
        (None, "python_version <= '3.10'", "==3.10.*"),
        (None, "python_full_version < '3.10.2'", "==3.10.*"),
        (None, "python_full_version <= '3.10.2'", "==3.10.*"),
        (None, "python_version < '3'", "==2.7.*"),
        (None, "python_version < '3.0'", "==2.7.*"),
        (None, "python_version < '2'", None),
        (None, "python_version < '4'", None),
        (None, "python_version <= '3'", None),
        (None, "python_version < 'three'", None),
        (None, "python_version < '3.10' and os_name == 'nt'", "==3.9.*"),
        (None, "python_version < '3.10' and python_version < '3.8'", "==3.7.*"),
        (None, "python_version < '3.10' or python_version < '3.8'", "==3.9.*"),
        (None, "python_version < '3.8' or python_version == '3.9'", "==3.9.*"),
        (None, "python_version < '3.10' or os_name == 'nt'", None),
        (None, "python_version < '3.8' or python_version >= '3.12'", None),
        (None, "python_version >= '3.8' and python_version < '3.10'", "==3.9.*"),
        (None, "python_version == '3.9'", "==3.9.*"),
        (
            None,
            "(python_version < '3.9' or os_name == 'nt') and python_version < '3.12'",
            "==3.11.*",
        ),
        ("<4", "python_version < '3.10'", "==3.9.*"),
        (">=3.8", "python_version < '3.10'", ">=3.8"),
    ],
)
def test_without_a_lower_bound_a_marker_narrows_to_the_newest_below_its_upper_one(
    runtime, marker, narrowed
):
    assert narrow(runtime, marker) == narrowed


@pytest.mark.parametrize("op", ["<", "<="])
@pytest.mark.parametrize("bound", ["3.1", "3.8", "3.10", "3.14", "3.9.2", "3.0"])
def test_the_newest_minor_below_a_bound_is_the_newest_that_the_marker_admits(op, bound):
    marker = f"python_full_version {op} '{bound}'"
    holds = Marker(marker).evaluate
    newest = [each for each in PYTHONS if holds({"python_full_version": str(each)})][-1]
    assert narrow(None, marker) == f"=={newest.major}.{newest.minor}.*"


@pytest.mark.parametrize(
    ("requires_python", "runs"),
    [
        (None, True),
        ("", True),
        (">=3.8", True),
        (">=3.9", False),
        (">=3.8.1", False),
        ("<3.8", False),
        (">=2.7.*", True),
        (">=3.6.", True),
        ("nonsense", True),
        (">=" + "9" * 5_000, True),
        ("x" * 9_000, True),
    ],
)
def test_a_release_runs_where_its_requirement_on_python_admits_the_floor(requires_python, runs):
    assert runs_on(requires_python, Version("3.8")) is runs


def test_without_a_floor_every_release_runs():
    assert runs_on(">=3.99", None)


def test_the_floor_may_be_a_prerelease():
    assert runs_on(">=3.8", Version("3.15.0a1"))


@given(st.text(alphabet="python_version()<>=!~'\"39. andor,|^*", max_size=60))
def test_any_text_is_read(text):
    floor(text)
    narrow(">=3.8", f"python{text}")
    narrow(text, "python_version >= '3.9'")


def test_deep_nesting_is_read_without_recursion():
    depth = 900
    marker = "(" * depth + "python_version >= '3.9'" + ")" * depth
    assert narrow(">=3", marker) == ">=3.9"
