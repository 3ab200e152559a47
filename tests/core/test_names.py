from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.names import NameList

NAMES = st.text(alphabet="ab-é\n", min_size=0, max_size=5)


@given(names=st.lists(NAMES, max_size=20), start=NAMES, most=st.integers(0, 5))
def test_it_finds_the_first_that_begin_so(names, start, most):
    kept = {each for each in names if each and "\n" not in each}
    begun = sorted((each for each in kept if each.startswith(start)), key=str.encode)
    found = NameList.of(names).beginning(start, most)
    assert found == (tuple(begun[:most]) if "\n" not in start else ())


def test_what_is_no_list_of_names_has_none():
    for packed in (b"", b"\n", b"one", b"\n\n\n", b"\xff"):
        assert all(NameList(packed=packed).beginning(start, 3) in ((), ("",) * 2) for start in "xy")
