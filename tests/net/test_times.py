"""When HTTP headers say something happens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.net.times import FOREVER, delta_seconds, http_date, retry_after

NOON = 784_111_777.0


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 -0000",
    ],
)
def test_reads_the_three_forms_of_a_date(text: str):
    assert http_date(text) == NOON


@pytest.mark.parametrize("text", ["", "0", "-1", "soon", "Sun, 99 Nov 1994 08:49:37 GMT", "x" * 99])
def test_a_date_that_is_none(text: str):
    assert http_date(text) is None


@given(st.text())
def test_no_text_breaks_the_readers(text: str):
    assert http_date(text) is None or isinstance(http_date(text), float)
    seconds = delta_seconds(text)
    assert seconds is None or 0 <= seconds <= FOREVER


@given(st.integers(min_value=0))
def test_reads_any_number_of_seconds(number: int):
    assert delta_seconds(str(number)) == min(number, FOREVER)


def test_a_million_digits_are_forever():
    assert delta_seconds("9" * 1_000_000) == FOREVER


def test_digits_are_those_of_ascii():
    assert delta_seconds("\u0663") is None
    assert delta_seconds("\u00b2") is None
    assert delta_seconds("-1") is None
    assert delta_seconds("1.5") is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": " 17 "}, 17.0),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:47 GMT"}, 10.0),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:07 GMT"}, 0.0),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None):
    assert retry_after(headers, NOON) == seconds


def test_retry_after_is_measured_by_the_senders_clock():
    headers = {
        "date": "Sun, 06 Nov 1994 08:00:00 GMT",
        "retry-after": "Sun, 06 Nov 1994 08:00:30 GMT",
    }
    assert retry_after(headers, NOON) == 30.0
