"""Versions that registries have, for tests that need any."""

from __future__ import annotations

from hypothesis import strategies as st

_NUMBERS = st.integers(0, 3) | st.integers(0, 2030)


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


def _release(least: int, most: int) -> st.SearchStrategy[str]:
    numbers = st.lists(_NUMBERS.map(str), min_size=least, max_size=most)
    return numbers.map(".".join)


NPM = _joined(
    _release(3, 3),
    st.sampled_from(["", "", "", "-0", "-beta.1", "-rc.2.x", "-next-7"]),
)
PYPI = _joined(
    st.sampled_from(["", "", "", "1!"]),
    _release(1, 4),
    st.sampled_from(["", "", "a0", "b2", "rc1"]),
    st.sampled_from(["", "", "", ".post1"]),
    st.sampled_from(["", "", "", ".dev3"]),
)

VERSIONS = {"npm": NPM, "pypi": PYPI}
"""By the ecosystem's name."""
