import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.names import NameList, is_near

NAMES = st.text(alphabet="ab-é\n", min_size=0, max_size=5)


@given(names=st.lists(NAMES, max_size=20), start=NAMES, most=st.integers(0, 5))
def test_it_finds_the_shortest_that_begin_so(names, start, most):
    kept = {each for each in names if each and "\n" not in each}
    begun = [each.encode() for each in kept if each.startswith(start)]
    begun = [each.decode() for each in sorted(begun, key=lambda it: (len(it), it))]
    found = NameList.of(names).beginning(start, most)
    assert found == (tuple(begun[:most]) if "\n" not in start else ())


def test_of_very_many_some_are_found():
    names = [f"a{number:07}" for number in range(100_000)]
    assert NameList.of([*names, "b"]).beginning("a", 2) == ("a0000000", "a0000001")


def test_what_is_no_list_of_names_has_none():
    for packed in (b"", b"\n", b"one", b"\n\n\n", b"\xff"):
        assert all(NameList(packed=packed).beginning(start, 3) in ((), ("",) * 2) for start in "xy")


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("reqeusts", "requests", True),
        ("requets", "requests", True),
        ("requestss", "requests", True),
        ("reqests", "request", True),
        ("raect", "react", True),
        ("vue", "vite", False),
        ("vu", "vue", True),
        ("react", "react", False),
        ("react", "redux", False),
        ("abcdef", "abcxyz", False),
        ("", "a", True),
        ("x" * 100, "x" * 99, False),
    ],
)
def test_names_are_near_that_are_few_slips_apart(name, other, expected):
    assert is_near(name, other) is expected


def test_the_near_names_of_a_list_are_one_slip_away():
    known = NameList.of(["requests", "request", "reqests", "requests2", "flask", "a"])
    assert known.near("reqeusts") == ("reqests", "requests")
    assert known.near("requests") == ("reqests", "request", "requests2")
    assert known.near("flaks") == ("flask",)
    assert known.near("b") == ("a",)
    assert known.near("x" * 1000) == ()
    assert "flask" in known
    assert "flas" not in known


@given(st.lists(st.text("abc-", min_size=1, max_size=5)), st.text("abc-", min_size=1, max_size=5))
def test_what_is_near_in_a_list_is_near_by_itself(names, name):
    found = set(NameList.of(names).near(name))
    assert found <= set(names) - {name}
    assert all(is_near(name, each) for each in found)
