"""JSON as servers write it, and the readings of single values."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.net.decoding import (
    GarbageError,
    as_mapping,
    as_text,
    as_texts,
    as_timestamp,
    decode,
    decode_each,
)


class Thing(msgspec.Struct):
    name: Any = None
    parts: list[msgspec.Raw] | None = None


THING = msgspec.json.Decoder(Thing)
ANYTHING = msgspec.json.Decoder(Any)

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(_VALUES)
def test_json_reads_as_by_the_standard_library(value):
    body = json.dumps(value).encode()
    assert decode(body, ANYTHING) == value


@given(st.text(alphabet=st.characters(), max_size=10))
def test_lone_surrogates_are_replaced_and_lose_nothing_else(text):
    body = json.dumps({"name": text + "\ud800x"}).encode()
    assert decode(body, THING).name.endswith("?x")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"name": NaN, "other": [Infinity, -Infinity]}', None),
        (b'\xef\xbb\xbf{"name": "x"}', "x"),
        ('{"name": "x"}'.encode("utf-16"), "x"),
        (b'{"name": "a", "name": "b"}', "b"),
        (b'{"name": "caf\xe9"}', "caf\ufffd"),
        (b'{"name": "caf\xe9", "x": NaN}', "caf\ufffd"),
    ],
)
def test_what_servers_take_for_json(body, name):
    assert decode(body, THING).name == name


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<html>",
        b'{"parts": {}}',
        b"\xff",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"name": NaN, "x": ' + b"[" * 200_000,
        b'{"name": NaN, "x": ' + b"9" * 200_000 + b"}",
        b"\x00" * 1000,
    ],
)
def test_what_is_no_document(body):
    with pytest.raises(GarbageError):
        decode(body, THING)


def test_strange_parts_are_left_out():
    whole = decode(
        b'{"parts": [{"name": 1}, {"name": "\xff"}, 2, null, "x", {"parts": 3}, {"name": 4}]}',
        THING,
    )
    assert [part.name for part in decode_each(whole.parts, THING)] == [1, 4]


@pytest.mark.parametrize(
    ("value", "text"), [(" a ", "a"), ("", None), (" \n", None), (None, None), (3, None)]
)
def test_a_text_has_something_in_it(value, text):
    assert as_text(value) == text


def test_texts_are_those_of_a_list():
    assert as_texts(["a", " ", None, 3, " b "]) == ("a", "b")
    assert as_texts("ab") == as_texts(None) == as_texts({"a": 1}) == ()


def test_a_mapping_is_an_object():
    assert as_mapping({"a": 1}) == {"a": 1}
    assert as_mapping([1]) == as_mapping(None) == as_mapping("x") == {}


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2024-02-03T04:05:06.789Z", "2024-02-03T04:05:06.789+00:00"),
        ("2024-02-03T04:05:06.789123+02:00", "2024-02-03T04:05:06.789123+02:00"),
        ("2024-02-03T04:05:06", "2024-02-03T04:05:06+00:00"),
        ("2024-02-03 04:05:06", "2024-02-03T04:05:06+00:00"),
    ],
)
def test_a_moment_is_seconds_since_the_epoch(value, iso):
    assert as_timestamp(value) == datetime.fromisoformat(iso).timestamp()


@pytest.mark.parametrize("value", ["", "soon", "2024-02-03", "2024-13-01T00:00:00Z", None, 3, True])
def test_what_is_no_moment(value):
    assert as_timestamp(value) is None


_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda it: timezone(timedelta(minutes=it)))


@given(st.integers(0, 2**37), _ZONES)
def test_every_moment_that_can_be_written_is_read(seconds, zone):
    assert as_timestamp(datetime.fromtimestamp(seconds, zone).isoformat()) == seconds
