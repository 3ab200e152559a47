"""Inputs: what people write, with accidents, and what nobody writes."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from support.hostile import PIECES

_ANY = st.text(st.characters() | st.characters(categories=["Cs", "Cc"]), max_size=5)
_REPEATS = st.sampled_from([1, 1, 1, 2, 3, 50, 400])


@st.composite
def texts(draw: st.DrawFn, bases: Sequence[str], words: Sequence[str] = ()) -> str:
    """One of *bases* with a few of its parts gone, doubled, or replaced by *words* or by what
    has broken readers before.
    """
    text = draw(st.sampled_from(bases))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 30))
        text = text[:at] + draw(_put(text, words)) + text[at + cut :]
    return text


@st.composite
def _put(draw: st.DrawFn, text: str, words: Sequence[str]) -> str:
    kind = draw(st.integers(0, 3))
    if kind == 0:
        start = draw(st.integers(0, len(text)))
        return text[start : start + draw(st.integers(0, 200))]
    if kind == 1:
        return draw(_ANY)
    piece = draw(st.sampled_from(PIECES if kind == 2 or not words else words))
    return piece * draw(_REPEATS)


@st.composite
def bodies(draw: st.DrawFn, bases: Sequence[bytes]) -> bytes:
    """One of *bases* with accidents, in bytes that may be no text."""
    raw = draw(st.sampled_from(bases))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(raw)))
        put = draw(
            st.binary(max_size=4)
            | st.sampled_from(PIECES).map(lambda piece: piece.encode("utf-8", "surrogatepass"))
            | st.sampled_from([b"null", b"[]", b"{}", b'""', b"0", b"1e999", b"NaN", b"9" * 5000])
        )
        raw = raw[:at] + put + raw[at + draw(st.integers(0, 60)) :]
    return raw
