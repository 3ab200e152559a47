"""From an answer to what it comes to: the document, read, or how the lookup ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from registry_lsp.core.packages import Missing, Unavailable
from registry_lsp.core.ports.answers import Fetched, NotModified, Refusal
from registry_lsp.core.ports.http import Response
from registry_lsp.core.threads import in_thread
from registry_lsp.net.answers import garbage, refusal
from registry_lsp.net.caching import freshness, validators
from registry_lsp.net.decoding import GarbageError

BIG = 256 * 1024
"""Bytes from which on a body is read on another thread: reading it would hold the loop up."""

T = TypeVar("T")


def unchanged(answer: Response | Unavailable, *, fresh_for: float) -> NotModified | None:
    """What a 304 says, None for any other answer; *fresh_for* as for :func:`settle`."""
    if isinstance(answer, Unavailable) or answer.status != 304:
        return None
    return NotModified(fresh_for=freshness(answer.headers, fresh_for))


async def settle(
    answer: Response | Unavailable, read: Callable[[Response], T], *, fresh_for: float
) -> Fetched[T] | Refusal:
    """What *answer* comes to: ``read(answer)``, where it is a document.

    *read* is pure and raises GarbageError for what is not the document that was asked for.
    *fresh_for* is the seconds that it is fresh where the answer does not say.
    """
    if isinstance(answer, Unavailable):
        return answer
    if (refused := refusal(answer)) is not None:
        return refused
    try:
        value = await _off_loop(read, answer)
    except GarbageError as error:
        return garbage(answer, error.trouble)
    return Fetched(
        value=value,
        validators=validators(answer.headers),
        fresh_for=freshness(answer.headers, fresh_for),
    )


def present(said: Fetched[T | None] | Refusal) -> Fetched[T] | Refusal:
    """*said*, where a document that says nothing counts as none."""
    if not isinstance(said, Fetched):
        return said
    if said.value is None:
        return Missing()
    return Fetched(value=said.value, validators=said.validators, fresh_for=said.fresh_for)


async def _off_loop(read: Callable[[Response], T], answer: Response) -> T:
    if len(answer.body) < BIG:
        return read(answer)
    return await in_thread(read, answer)
