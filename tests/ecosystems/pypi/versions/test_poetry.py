import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.packages import Release
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.versions.poetry import PoetryScheme
from support.toy import package

SCHEME = PoetryScheme()


def parse(constraint):
    return SCHEME.parse(constraint)


def wanted(constraint, *releases):
    found = SCHEME.wanted(parse(constraint), package("one", *releases), None)
    return found and found.version


@pytest.mark.parametrize(
    ("constraint", "admitted", "refused"),
    [
        ("", ["1.0"], ["1.0a1", "latest"]),
        ("*", ["1.0"], ["1.0a1"]),
        ("^1.2.3", ["1.2.3", "1.9"], ["1.2.2", "2.0", "2.0a1"]),
        ("^0.0.3", ["0.0.3", "0.0.3.post1"], ["0.0.4"]),
        ("^0.2", ["0.2", "0.2.9"], ["0.3"]),
        ("^2.0a1", ["2.0a1", "2.0a2", "2.5"], ["3.0a1"]),
        ("~1.2", ["1.2", "1.2.9"], ["1.3"]),
        ("~1", ["1.9"], ["2.0"]),
        ("~=1.4.2", ["1.4.2", "1.4.9"], ["1.5"]),
        ("1.2", ["1.2", "1.2.0", "1.2+cpu"], ["1.2.1", "1.2.post1"]),
        ("1.2.*", ["1.2", "1.2.9"], ["1.3"]),
        ("!=1.2.*", ["1.1", "1.3"], ["1.2.9"]),
        (">=1 <2", ["1.0", "1.9"], ["2.0"]),
        ("^1 || ^3", ["1.5", "3.5"], ["2.5"]),
        ("^1|^3", ["1.5", "3.5"], ["2.5"]),
        (">=1,!=1.5", ["1.4"], ["1.5", "1.5.post1"]),
        ("!=1.5", ["1.5.post1"], ["1.5", "1.5+cpu"]),
        ("1.0, 2.0", [], ["1.0", "2.0"]),
    ],
)
def test_versions_are_admitted(constraint, admitted, refused):
    requirement = parse(constraint)
    assert [each for each in [*admitted, *refused] if requirement.admits(each)] == admitted


@pytest.mark.parametrize(
    ("constraint", "pinned", "named"),
    [
        ("", None, ()),
        ("1.2", "1.2", ("1.2",)),
        ("=1.2", "1.2", ("1.2",)),
        ("== v1.2", "v1.2", ("v1.2",)),
        ("^1.2", None, ("1.2",)),
        ("1.2.*", None, ("1.2",)),
        (">=1,!=1.5,<2", None, ("1",)),
        ("<2", None, ()),
        (">1,<=2", None, ("1", "2")),
        ("1.0 || 2.0", None, ("1.0", "2.0")),
        (">=1.2,<=1.2.0", "1.2", ("1.2", "1.2.0")),
        ("*", None, ()),
    ],
)
def test_what_a_constraint_pins_and_names(constraint, pinned, named):
    requirement = parse(constraint)
    assert requirement.pinned == pinned
    assert requirement.named == named


@pytest.mark.parametrize(
    ("constraint", "sentence"),
    [
        ("latest", "'latest' is not a version constraint."),
        ("^", "'^' is not a version constraint."),
        ("===1.0", "'===1.0' is not a version constraint."),
        ("> =1.0", "'> =1.0' is not a version constraint."),
        ("1.0 - 2.0", "'- 2.0' is not a version constraint."),
        ("^1.*", "'.*' cannot follow '^1'."),
        (">=1.*.*", "'.*' cannot follow '>=1'."),
        ("^1 ||", "A version constraint is missing beside '||'."),
        (">=1,,<2", "',<2' is not a version constraint."),
        (">=" + "1" * 300, f"'>={'1' * 37}…' is not a version constraint."),
        ("1 " * 2_000, "The version constraint is too long to be read."),
    ],
)
def test_what_poetry_refuses_gets_a_sentence(constraint, sentence):
    with pytest.raises(InvalidRequirementError) as caught:
        parse(constraint)
    assert str(caught.value) == sentence


def test_a_final_release_is_wanted_even_where_a_prerelease_is_named():
    assert wanted(">=2.0a1", "3.0a1", "2.0") == "2.0"
    assert wanted("^2.0a1", "2.0a2", "2.0a1", "1.0") == "2.0a2"
    assert wanted("^1", "1.5a1", "1.0") == "1.0"


def test_a_yanked_release_is_wanted_only_where_it_is_pinned():
    yanked = Release(version="1.0", yanked=True)
    assert wanted("^1", yanked) is None
    assert wanted("1.0", yanked) == "1.0"


@pytest.mark.parametrize(
    ("constraint", "version", "replaced"),
    [
        ("", "2.1.0", "^2.1.0"),
        ("^1.2", "2.1.3", "^2.1"),
        ("^1.2.3", "2.1.3", "^2.1.3"),
        ("^1", "2.1.3", "^2"),
        ("^ 1.2", "2.1.3", "^ 2.1"),
        ("^1.2", "2.1a1", "^2.1a1"),
        ("~1.2", "2.1.3", "~2.1"),
        ("~=1.4.2", "2.1.3", "~=2.1.3"),
        ("1.2.3", "2.1.3", "2.1.3"),
        ("=1.2.3", "2.1.3", "=2.1.3"),
        ("1.2.*", "2.1.3", "2.1.*"),
        ("*", "2.1.3", "*"),
        (">=1.0,<2", "2.1", ">=2.1,<3"),
        (">=1.0 <2.0", "2.1", ">=2.1 <3.0"),
        ("^1 || ^2", "3.1", "^1 || ^2 || ^3"),
        ("^1 || ^2", "2.5", "^1 || ^2"),
        ("!=3.* || !=3.*", "3.1", "!=3.* || !=3.* || ^3.1"),
        ("^0 || >1", "1.post1", "^1.post1"),
        ("^1 || ^2", "latest", "^1 || ^2"),
        ("^1 || nonsense", "3.1", "^3.1"),
        ("nonsense", "3.1", "^3.1"),
    ],
)
def test_a_constraint_is_rewritten_in_its_own_style(constraint, version, replaced):
    assert SCHEME.replace(constraint, version) == replaced


RELEASES = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(
    lambda numbers: ".".join(map(str, numbers))
)
VERSIONS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "", "1!"]),
    RELEASES,
    st.sampled_from(["", "", "", "a1", "rc2", ".post1", ".dev3"]),
    st.sampled_from(["", "", "", "+cpu"]),
)
CLAUSES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["^", "~", "==", "=", "", ">=", ">", "<", "<=", "~=", "!="]),
    st.sampled_from(["", " "]),
    st.one_of(VERSIONS, RELEASES.map("{}.*".format)),
)
CONSTRAINTS = st.lists(st.lists(CLAUSES, min_size=1, max_size=3), min_size=1, max_size=3).map(
    lambda groups: " || ".join(", ".join(group) for group in groups)
)


@given(CONSTRAINTS, VERSIONS)
def test_what_is_rewritten_admits_the_version(constraint, version):
    assert parse(SCHEME.replace(constraint, version)).admits(version)


@given(st.text(max_size=40))
def test_any_constraint_is_read_or_refused(text):
    assert parse(SCHEME.replace(text, "1.2.3")).admits("1.2.3")


@pytest.mark.parametrize(
    ("constraint", "wider"),
    [
        ("^1.2", "^1.2 || ^3.4"),
        ("~1.2", "~1.2 || ~3.4"),
        ("1.2.*", "1.2.* || 3.4.*"),
        ("^1 || ^2", "^1 || ^2 || ^3"),
        (">=1,<2", ">=1,<4"),
        ("<2", "<4"),
        ("1.2", None),
        ("==1.2", None),
        ("*", None),
        ("", None),
    ],
)
def test_a_constraint_is_widened_with_an_alternative_or_by_its_ceiling(constraint, wider):
    assert SCHEME.widen(constraint, "3.4.5") == wider
