"""How long an answer is fresh, and what to ask again with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.ports.http import Validators
from registry_lsp.net.caching import LONGEST, freshness, validators

NOON = 784_111_777.0
LATER = "Sun, 06 Nov 1994 08:59:37 GMT"  # ten minutes


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 60.0),
        ({"cache-control": "public"}, 60.0),
        ({"cache-control": "max-age=600, public"}, 600.0),
        ({"cache-control": "PUBLIC,Max-Age=600"}, 600.0),
        ({"cache-control": 'max-age="600"'}, 600.0),
        ({"cache-control": "max-age = 600"}, 600.0),
        ({"cache-control": "max-age=600, max-age=1"}, 600.0),
        ({"cache-control": "max-age=600", "age": "100"}, 500.0),
        ({"cache-control": "max-age=600", "age": "old"}, 600.0),
        ({"cache-control": "max-age=600", "age": "900"}, 0.0),
        ({"cache-control": "max-age=0"}, 0.0),
        ({"cache-control": "max-age=ten"}, 0.0),
        ({"cache-control": "max-age=-1"}, 0.0),
        ({"cache-control": "max-age"}, 0.0),
        ({"cache-control": "max-age=" + "9" * 5000}, LONGEST),
        ({"cache-control": "s-maxage=600"}, 60.0),
        ({"cache-control": "no-cache"}, 0.0),
        ({"cache-control": 'no-cache="set-cookie", max-age=5'}, 0.0),
        ({"cache-control": "no-store, max-age=600"}, 0.0),
        ({"cache-control": 'private="x, no-store", max-age=600'}, 600.0),
        ({"expires": LATER}, 600.0),
        ({"expires": LATER, "age": "60"}, 540.0),
        ({"expires": LATER, "date": "Sun, 06 Nov 1994 08:59:07 GMT"}, 30.0),
        ({"expires": LATER, "date": "Sun, 06 Nov 1994 09:59:07 GMT"}, 0.0),
        ({"expires": "0"}, 0.0),
        ({"expires": LATER, "cache-control": "max-age=5"}, 5.0),
        ({"expires": "Sun, 06 Nov 2094 08:59:37 GMT"}, LONGEST),
    ],
)
def test_freshness(headers: dict[str, str], seconds: float):
    assert freshness(headers, 60.0, now=NOON) == seconds


def test_freshness_has_the_callers_bound():
    assert freshness({"cache-control": "max-age=600"}, 60.0, at_most=30.0) == 30.0
    assert freshness({}, 60.0, at_most=30.0) == 30.0


@given(
    st.dictionaries(
        st.sampled_from(["cache-control", "age", "expires", "date"]),
        st.text(alphabet='maxge=-0123456789,"no cachestr\xb2\x00', max_size=60),
    )
)
def test_whatever_is_sent_freshness_stays_in_its_bounds(headers: dict[str, str]):
    assert 0.0 <= freshness(headers, 60.0) <= LONGEST


def test_validators_are_verbatim():
    headers = {"etag": 'W/"abc"', "last-modified": LATER}
    assert validators(headers) == Validators(etag='W/"abc"', last_modified=LATER)
    assert validators({}) == Validators()


@pytest.mark.parametrize("etag", ["", '"\xe9"', '"\x00"', '"a\r\nb: c"', '"' + "x" * 5000 + '"'])
def test_a_validator_that_no_header_could_carry_is_left_out(etag: str):
    assert validators({"etag": etag}) == Validators()
