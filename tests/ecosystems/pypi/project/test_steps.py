"""Steps that are left out make no difference, whatever stands in the place of the file."""

from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.manifests import Index
from registry_lsp.ecosystems.pypi.project.steps import HERE, MOST_STEPS, filled, reduced
from registry_lsp.ecosystems.pypi.requirements.release_control import ReleaseOption, control_of
from registry_lsp.ecosystems.pypi.requirements.search_scope import ELSEWHERE, UNKNOWN, searched

NAMES = ("acme", "other", "third")
VALUES = ("acme", "other", ":all:", ":none:", "acme,:none:,other", ":all:,:none:,acme")

extras = st.sampled_from(
    [Index(name=None, url=f"e{at}", role="extra", span=ELSEWHERE) for at in range(4)]
)
defaults = st.sampled_from(
    [Index(name=None, url=f"d{at}", role="default", span=ELSEWHERE) for at in range(2)]
)
others = st.sampled_from([UNKNOWN, Index(name=None, url="", role="default", span=ELSEWHERE)])
options = st.builds(
    ReleaseOption,
    name=st.sampled_from(("--all-releases", "--only-final")),
    value=st.sampled_from(VALUES),
    at=st.integers(0, 9),
) | st.just(ReleaseOption(name="--pre", value="", at=0))
OWN = st.lists(extras | options | defaults, max_size=6) | st.lists(extras | others, max_size=4)
STEPS = st.lists(
    st.one_of(extras, extras, options, st.just(HERE), defaults), max_size=14
) | st.lists(st.one_of(extras, options, st.just(HERE), defaults, others), max_size=14)


def come_to(steps):
    indexes = searched(each for each in steps if isinstance(each, Index))
    control = control_of(each for each in steps if isinstance(each, ReleaseOption))
    return indexes, [control.prereleases_of(each) for each in NAMES]


@given(steps=STEPS, own=OWN)
def test_what_is_left_comes_to_the_same(steps, own):
    left = reduced(steps)
    assert come_to(list(filled(left, own))) == come_to(list(filled(steps, own)))


@given(parts=st.lists(STEPS, max_size=4), own=OWN)
def test_parts_may_be_reduced_before_the_whole(parts, own):
    whole = [step for part in parts for step in part]
    left = reduced([step for part in parts for step in reduced(part)])
    assert come_to(list(filled(left, own))) == come_to(list(filled(whole, own)))


@given(steps=STEPS)
def test_a_file_has_two_places_at_most(steps):
    assert reduced(steps).count(HERE) <= 2


def test_more_than_anybody_has_is_unknown():
    many = [
        Index(name=None, url=f"e{at}", role="extra", span=ELSEWHERE) for at in range(MOST_STEPS + 1)
    ]
    assert reduced(many) == (UNKNOWN,)
    assert reduced([*many, HERE]) == (UNKNOWN, HERE)
    assert reduced(many * 3 + many[:1]) == (UNKNOWN,)
    assert reduced(many[1:] * 3) == tuple(many[1:])
