import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from registry_lsp.core.packages import Release
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from support.toy import ToyScheme, package

SCHEME = Pep440Scheme()


def parse(specifier):
    return SCHEME.parse(specifier)


def wanted(specifier, *releases, runtime=None):
    found = SCHEME.wanted(parse(specifier), package("one", *releases), runtime)
    return found and found.version


def latest(specifier, *releases, runtime=None):
    found = SCHEME.latest(parse(specifier), package("one", *releases), runtime)
    return found and found.version


def yanked(version):
    return Release(version=version, yanked=True)


@pytest.mark.parametrize(
    ("specifier", "sentence"),
    [
        ("=>1.0", "'=>' is not an operator: did you mean '>='?"),
        ("=1.0", "'=' is not an operator: did you mean '=='?"),
        ("<>1.0", "'<>' is not an operator: did you mean '!='?"),
        (
            "1.0",
            "'1.0' has no operator: '==1.0' admits only that version, '>=1.0' newer ones too.",
        ),
        (">=1.0,,<2", "A version specifier is missing before a comma."),
        (",>=1.0", "A version specifier is missing before a comma."),
        (">=1.0 <2", "A comma is missing before '<2'."),
        ("> =1.0", "The operator '> =' must not contain a space."),
        ("==", "No version follows '=='."),
        ("~=1", "'~=' needs at least two numbers, as in '~=1.0'."),
        (">=1.*", "'.*' can be used only with '==' and '!=', not with '>='."),
        ("==1.0a1.*", "'.*' can follow only release numbers."),
        (">=1.0+cpu", "A local version, '+cpu', can be used only with '==' and '!='."),
        ("==1.0.x", "'1.0.x' is not a version."),
        ("==1.0 foo", "'1.0 foo' is not a version."),
        ("*", "'*' is not a version specifier: leave it out to admit every version."),
        ("latest", "'latest' is not a version specifier."),
        ("=!=1", "'=!=' is not an operator."),
        (
            "===1.0, <2",
            "A comma right after '===' and its version is read as part of that version.",
        ),
        (">=" + "1" * 300, f"'>={'1' * 37}…' is too long to be a version."),
        ("," * 5_000, "The version specifier is too long to be read."),
    ],
)
def test_what_pip_refuses_gets_a_sentence_that_says_why(specifier, sentence):
    with pytest.raises(InvalidRequirementError) as caught:
        parse(specifier)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("operator", ["^", "~"])
def test_the_operators_of_others_are_told_apart(operator):
    with pytest.raises(InvalidRequirementError, match="not an operator of Python's"):
        parse(f"{operator}1.4")


@pytest.mark.parametrize(
    ("specifier", "pinned", "named"),
    [
        ("", None, ()),
        ("==1.0", "1.0", ("1.0",)),
        (" == 1.0 ", "1.0", ("1.0",)),
        ("===1.0", "1.0", ("1.0",)),
        ("===any", "any", ()),
        ("==1.*", None, ("1",)),
        (">=1.0,!=1.5,<2", None, ("1.0",)),
        ("<2", None, ()),
        ("!=2.*", None, ()),
        (">1,<=2", None, ("1", "2")),
        (">=1.0,", None, ("1.0",)),
        (">=1,==1.2", "1.2", ("1", "1.2")),
    ],
)
def test_what_a_specifier_pins_and_names(specifier, pinned, named):
    requirement = parse(specifier)
    assert requirement.pinned == pinned
    assert requirement.named == named
    assert requirement.tag is None


@pytest.mark.parametrize(
    ("specifier", "admitted", "refused"),
    [
        ("", ["1.0", "0"], ["1.0a1", "latest", ""]),
        (">=1.0", ["1.0", "1.0+cpu", "1!0"], ["2.0a1", "0.9"]),
        (">=2.0a1", ["2.0a1", "3.0b1", "2.0"], ["1.9", "2.0.dev1"]),
        ("==1.0", ["1.0", "1.0.0", "v1.0", "1.0+cpu"], ["1.0.post1", "1.0a1"]),
        ("==1.0+cpu", ["1.0+cpu"], ["1.0", "1.0+gpu"]),
        ("==1.*", ["1", "1.9.post1"], ["1.0a1", "2.0"]),
        ("~=1.4", ["1.4", "1.9"], ["2.0", "1.3"]),
        ("!=1.5", ["1.4", "1.5.post1"], ["1.5", "1.5+cpu"]),
        ("===1.0", ["1.0", "v1.0"], ["1.0.0", "1.0+cpu"]),
        ("<2", ["1.9"], ["2.0a1", "2"]),
        (">1.0", ["1.1"], ["1.0.post1", "1.0+cpu"]),
    ],
)
def test_versions_are_admitted(specifier, admitted, refused):
    requirement = parse(specifier)
    assert [each for each in [*admitted, *refused] if requirement.admits(each)] == admitted


def test_versions_sort_as_pep_440_says():
    ordered = ["1.0.dev1", "1.0a1", "1.0rc1", "1.0", "1.0+local", "1.0.post1", "1.1", "1!0.1"]
    backwards = ordered[::-1]
    assert sorted(backwards, key=SCHEME.key) == ordered


@pytest.mark.parametrize("text", ["", "latest", "1.0-x", "1" * 5_000, "1." * 10_000, "\ud800"])
def test_what_is_no_version_has_no_key(text):
    assert SCHEME.key(text) is None
    assert not SCHEME.is_prerelease(text)
    assert SCHEME.segments(text) == ()


def test_prereleases_and_segments():
    assert SCHEME.is_prerelease("1.0a1")
    assert SCHEME.is_prerelease("1.0.dev1")
    assert not SCHEME.is_prerelease("1.0.post1")
    assert SCHEME.segments("2!1.0.3rc1") == (2, 1, 0, 3)


class TestWanted:
    def test_is_the_newest_that_the_specifier_admits(self):
        assert wanted("<3", "3.1", "2.9", "2.8") == "2.9"
        assert wanted("", "3.1", "2.9") == "3.1"
        assert wanted(">4", "3.1") is None
        assert wanted("") is None

    def test_is_a_prerelease_only_where_one_is_named_or_nothing_else_matches(self):
        assert wanted("", "2.0a1", "1.0") == "1.0"
        assert wanted(">=2.0a1", "2.0a2", "1.0") == "2.0a2"
        assert wanted(">=2.0a1", "3.0a1", "2.0") == "3.0a1"
        assert wanted(">=1.5", "2.0a2", "2.0a1", "1.0") == "2.0a2"
        assert wanted("", "2.0a1") == "2.0a1"

    def test_is_yanked_only_where_it_is_pinned(self):
        assert wanted("", yanked("2.0"), "1.0") == "1.0"
        assert wanted(">=2.0", yanked("2.0"), "1.0") is None
        assert wanted("==2.*", yanked("2.0")) is None
        assert wanted("==2.0", yanked("2.0"), "1.0") == "2.0"
        assert wanted("===2.0", yanked("2.0"), "1.0") == "2.0"
        assert wanted("==2.0a1", yanked("2.0a1")) == "2.0a1"

    def test_a_yanked_final_release_keeps_prereleases_out(self):
        assert wanted("", "2.0a1", yanked("1.0")) is None

    def test_passes_over_what_the_runtime_rules_out(self):
        releases = (
            Release(version="3.0", runtime=">=3.12"),
            Release(version="2.0", runtime=">=3.8"),
            Release(version="1.0"),
        )
        assert wanted("", *releases, runtime=">=3.8") == "2.0"
        assert wanted("", *releases, runtime=">=3.12") == "3.0"
        assert wanted("", *releases, runtime=">=2.7") == "1.0"
        assert wanted("", *releases, runtime="<4") == "3.0"
        assert wanted(">=2", *releases, runtime=">=3.7") == "3.0"
        assert wanted(">=4", *releases, runtime=">=3.7") is None

    def test_takes_no_requirement_of_another_scheme(self):
        with pytest.raises(TypeError):
            SCHEME.wanted(ToyScheme().parse(">=1"), package("one", "1"), None)


class TestLatest:
    def test_is_the_newest_stable_release_that_is_not_yanked(self):
        assert latest("==1.0", "4.0a1", yanked("3.0"), "2.0", "1.0") == "2.0"
        assert latest("==1.0", yanked("1.0")) is None

    def test_is_a_prerelease_where_one_is_admitted_or_nothing_else_exists(self):
        assert latest("==1.0", "2.0a1", "1.0a1") == "2.0a1"
        assert latest(">=1.0a1", "2.0a1", "1.0") == "2.0a1"

    def test_is_one_that_the_floor_can_run(self):
        releases = (Release(version="3.0", runtime=">=3.12"), Release(version="2.0"))
        assert latest("==1.0", *releases, runtime=">=3.8") == "2.0"
        assert latest("==1.0", *releases) == "3.0"
        assert latest("==1.0", releases[0], runtime=">=3.8") is None


@pytest.mark.parametrize(
    ("specifier", "version", "replaced"),
    [
        ("", "2.1.0", ">=2.1.0"),
        ("  ", "2.1.0", ">=2.1.0"),
        ("==1.0", "2.1.0", "==2.1.0"),
        ("== 1.0 ", "2.1.0", "== 2.1.0 "),
        ("===1.0", "2.1.0", "===2.1.0"),
        ("==1.0", "2.1.0+cpu", "==2.1.0+cpu"),
        (">=1.0", "2.1", ">=2.1"),
        (">=1.0", "2.1+cpu", ">=2.1"),
        (">1.0", "2.1", ">=2.1"),
        (">=1.0,<2", "2.1", ">=2.1,<3"),
        (">= 1.0, < 2.0.0", "2.1.3", ">= 2.1.3, < 3.0.0"),
        (">=1.0,<1.5", "2.1.3", ">=2.1.3,<2.2"),
        (">=1.0,<3", "2.1.3", ">=2.1.3,<3"),
        ("<2", "2.1.3", "<3"),
        ("<=2", "2.1.3", "<=2.1.3"),
        ("<0.24", "0.25.1", "<0.26"),
        ("<2", "1!1.5", "<1!2"),
        ("~=1.4", "2.1.3", "~=2.1"),
        ("~=1.4.2", "2.1.3", "~=2.1.3"),
        ("~=1.4.2", "2.1", "~=2.1.0"),
        ("~=1.4", "2.1a1", "~=2.1a1"),
        ("==1.*", "2.1.3", "==2.*"),
        ("==1.2.*", "2.1.3", "==2.1.*"),
        ("==1.*", "2.0a1", "==2.0a1"),
        (">=1,!=2.1,<2", "2.1", ">=2.1,<3"),
        ("!=2.1, >=1", "2.1", ">=2.1"),
        (">=1,!=1.5", "2.1", ">=2.1,!=1.5"),
        ("!=2.1", "2.1", ">=2.1"),
        ("<2", "1.5a1", ">=1.5a1"),
        ("=>1.0", "2.1", ">=2.1"),
        ("nonsense", "2.1", ">=2.1"),
        ("==1.0", "latest", "==1.0"),
    ],
)
def test_a_specifier_is_rewritten_in_its_own_style(specifier, version, replaced):
    assert SCHEME.replace(specifier, version) == replaced


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
    st.sampled_from(["==", ">=", ">", "<", "<=", "~=", "!=", "==="]),
    st.sampled_from(["", " "]),
    st.one_of(VERSIONS, RELEASES.map("{}.*".format)),
)
SPECIFIERS = st.builds(
    lambda comma, clauses: comma.join(clauses),
    st.sampled_from([",", ", ", " ,"]),
    st.lists(CLAUSES, max_size=4),
)


@given(SPECIFIERS, VERSIONS)
def test_what_is_rewritten_admits_the_version(specifier, version):
    replaced = SCHEME.replace(specifier, version)
    assert parse(replaced).admits(version)


def refusal(text):
    try:
        parse(text)
    except InvalidRequirementError as error:
        return str(error)
    return "."


@given(st.text(max_size=40))
def test_any_specifier_is_read_or_refused_with_a_sentence(text):
    assert refusal(text).endswith((".", "?"))
    assert parse(SCHEME.replace(text, "1.2.3")).admits("1.2.3")


@given(st.lists(VERSIONS, min_size=1, max_size=12), SPECIFIERS)
def test_what_is_wanted_is_the_newest_admitted(versions, specifier):
    try:
        requirement = parse(specifier)
    except InvalidRequirementError:
        return
    newest_first = sorted(versions, key=Version, reverse=True)
    admitted = [each for each in newest_first if requirement.admits(each)]
    found = wanted(specifier, *newest_first)
    if admitted:
        assert found == admitted[0]
    else:
        assert found is None or SCHEME.is_prerelease(found)


@pytest.mark.parametrize(
    ("specifier", "wider"),
    [
        ("~=1.4", ">=1.4,<4"),
        ("~=1.4.2", ">=1.4.2,<3.5"),
        ("~= 1.4", ">= 1.4,< 4"),
        ("==1.4.*", ">=1.4,<3.5"),
        (">=1,<2", ">=1,<4"),
        (">=1.0, <2.0", ">=1.0, <4.0"),
        ("~=1.4,!=1.5", ">=1.4,<4,!=1.5"),
        ("<2", "<4"),
        ("<=2.1", "<=3.4.5"),
        ("==1.0", None),
        ("===1.0", None),
        (">=1", None),
        (">=1,!=3.4.5", None),
        ("", None),
    ],
)
def test_a_range_is_widened_by_its_ceiling(specifier, wider):
    assert SCHEME.widen(specifier, "3.4.5") == wider


def test_a_pin_is_an_equality():
    assert SCHEME.pin("1.2.3") == "==1.2.3"
