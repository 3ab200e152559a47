"""Whether two markers can hold at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker

from registry_lsp.ecosystems.pypi.versions.marker_overlap import do_meet, is_covered, may_meet


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("python_version < '3.9'", "python_version >= '3.9'"),
        ("python_version < '3.9'", "python_full_version >= '3.10'"),
        ("python_full_version < '3.9.7'", "python_full_version >= '3.9.7'"),
        ("sys_platform == 'win32'", "sys_platform != 'win32' and python_version > '3'"),
        ("sys_platform == 'win32'", "os_name == 'posix'"),
        ("platform_system == 'Darwin'", "sys_platform == 'linux'"),
        ("platform_machine == 'arm64'", "platform_machine == 'x86_64'"),
        ("implementation_name == 'pypy'", "platform_python_implementation == 'CPython'"),
    ],
)
def test_markers_that_exclude_each_other(one, other):
    assert not may_meet(one, other)
    assert not may_meet(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", ""),
        ("", "python_version < '3.9'"),
        ("python_version < '3.9'", "python_version < '3.8'"),
        ("python_version < '3.9'", "sys_platform == 'win32'"),
        ("python_full_version < '3.9.7'", "python_full_version >= '3.9.2'"),
        ("python_version < '3.9", "python_version >= '3.9'"),  # cannot be read
        ("banana == '1'", "python_version >= '3.9'"),
        ("python_version < '3.9' and " * 200 + "os_name == 'nt'", "python_version >= '3.9'"),
        ("(" * 500 + "os_name == 'nt'" + ")" * 500, "os_name == 'posix'"),
        ("platform_machine == 'riscv64'", "platform_machine == 'riscv64'"),  # not on the grid
        ("platform_release >= '6'", "python_version < '3.9'"),  # any machine has another
        ("os_name ~= 'nt'", "os_name == 'posix'"),  # undefined
        ("extra == 'a'", "extra == 'b'"),  # nobody knows what is installed
        (
            "python_full_version > '3.9.1' and platform_machine == 'arm64'",
            "platform_machine == 'x86_64' and os_name == 'nt' and implementation_name == 'pypy'",
        ),  # more than is tried
    ],
)
def test_markers_that_can_hold_together_or_cannot_be_judged(one, other):
    assert may_meet(one, other)
    assert may_meet(other, one)


@pytest.mark.parametrize(
    ("marker", "extra", "group", "expected"),
    [
        ("extra == 'fast'", "fast", "", True),
        ("extra == 'fast'", "", "", False),
        ("extra == 'fast'", "slow", "", False),
        ("'fast' in extras", "fast", "", True),
        ("'fast' in extras", "", "dev", False),
        ("'dev' in dependency_groups", "", "dev", True),
        ("'dev' in dependency_groups or 'default' in dependency_groups", "", "", True),
        ("'dev' in dependency_groups", "", "", False),
        ("python_version < '3.9'", "", "", True),
    ],
)
def test_what_is_installed_of_the_project_counts(marker, extra, group, expected):
    assert may_meet(marker, "", extra=extra, group=group) is expected
    assert may_meet("", marker, extra=extra, group=group) is expected
    assert may_meet(marker, "", extra=None, group=None)


VALUES = {
    "python_version": ["3.8", "3.9", "3.12"],
    "python_full_version": ["3.8", "3.9.5", "3.12"],
    "sys_platform": ["linux", "win32"],
    "platform_machine": ["x86_64", "arm64"],
}
COMPARISONS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.sampled_from(["==", "!=", "<", ">="] if "python" in name else ["==", "!="]),
        st.sampled_from(VALUES[name]),
    ).map(lambda parts: "{} {} '{}'".format(*parts))
)
MARKERS = st.lists(COMPARISONS, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" and ", " or "]).map(lambda word: word.join(parts))
)


@given(
    MARKERS,
    MARKERS,
    st.sampled_from(range(7, 14)),
    st.sampled_from([("linux", "Linux"), ("win32", "Windows"), ("darwin", "Darwin")]),
    st.sampled_from(["x86_64", "arm64"]),
)
def test_where_both_hold_they_meet(one, other, minor, platform, machine):
    place = {
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.5",
        "sys_platform": platform[0],
        "platform_system": platform[1],
        "platform_machine": machine,
    }
    if Marker(one).evaluate(place) and Marker(other).evaluate(place):
        assert may_meet(one, other)


@pytest.mark.parametrize(
    ("marker", "others", "expected"),
    [
        ("", [], False),
        ("", [""], True),
        ("", ["os_name == 'nt'"], False),
        ("", ["os_name == 'nt'", "os_name != 'nt'"], True),
        ("sys_platform == 'win32'", ["os_name == 'nt'"], True),
        ("os_name == 'posix'", ["sys_platform == 'linux'", "sys_platform == 'darwin'"], False),
        ("python_version >= '3.9'", ["python_version >= '3.8'"], True),
        ("python_version >= '3.8'", ["python_version >= '3.9'"], False),
        ("os_name == 'nt'", ["nonsense", "platform_release == 'x'"], False),
        ("nonsense", ["os_name == 'nt'"], False),
        ("nonsense", [""], True),
    ],
)
def test_what_holds_wherever_another_marker_can(marker, others, expected):
    assert is_covered(marker, others) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "", True),
        ("os_name == 'nt'", "sys_platform == 'win32'", True),
        ("os_name == 'nt'", "sys_platform == 'linux'", False),
        ("os_name == 'nt'", "nonsense", False),
        ("extra == 'a'", "extra == 'a'", False),
        ("platform_machine == 'riscv64'", "platform_machine == 'riscv64'", False),
    ],
)
def test_markers_that_are_known_to_hold_together(one, other, expected):
    assert do_meet(one, other) is do_meet(other, one) is expected
