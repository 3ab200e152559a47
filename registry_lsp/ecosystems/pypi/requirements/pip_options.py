"""The options that pip takes in a requirements file, read as pip (and optparse) reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

from registry_lsp.core.text import Span
from registry_lsp.syntax.requirements.lines import LogicalLine, Word, words

_WITH_VALUE = (
    "--all-releases",
    "--config-settings",
    "--constraint",
    "--editable",
    "--extra-index-url",
    "--find-links",
    "--global-option",  # pip before 25.3 takes it
    "--hash",
    "--index-url",
    "--no-binary",
    "--only-binary",
    "--only-final",
    "--pypi-url",
    "--requirement",
    "--trusted-host",
    "--use-feature",
)
_FLAGS = ("--no-index", "--no-require-hashes", "--pre", "--prefer-binary", "--require-hashes")
_TAKES_VALUE = MappingProxyType(
    {**dict.fromkeys(_WITH_VALUE, True), **dict.fromkeys(_FLAGS, False)}
)
_SHORT = MappingProxyType(
    {
        "-i": "--index-url",
        "-c": "--constraint",
        "-r": "--requirement",
        "-e": "--editable",
        "-f": "--find-links",
        "-C": "--config-settings",
    }
)
_SYNONYMS = MappingProxyType({"--pypi-url": "--index-url"})
_OF_NAMES = frozenset({"--all-releases", "--no-binary", "--only-binary", "--only-final"})
_MOST_TOLD = 4
_HASHES = ("sha256", "sha384", "sha512")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option as written. ``name`` is its long form; ``value`` is empty for a flag.

    Offsets are those of the logical line's text; ``value_span`` is that of the value.
    """

    name: str
    value: str
    span: Span
    value_span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionFault:
    """An option that pip refuses, with the sentence that says why."""

    span: Span
    reason: str


def options_start(line: LogicalLine) -> int:
    """Where the options of *line* begin: at its first word with a hyphen in front.

    pip splits at spaces alone here. The line's end where it has none.
    """
    if line.text[line.start] == "-":
        return line.start
    at = line.text.find(" -", line.start, line.end)
    return line.end if at < 0 else at + 1


def read_options(line: LogicalLine, start: int) -> Iterator[Option | OptionFault]:
    """The options of *line* from the offset *start* on; words between them are let pass."""
    queue = words(line, start)
    for word in queue:
        if isinstance(word, Span):
            yield OptionFault(span=word, reason="A quotation is not closed.")
            return
        if word.value == "--":
            return
        if word.value.startswith("--"):
            yield _unquoted(line.text, _long(word, queue))
        elif word.value.startswith("-") and word.value != "-":
            yield _unquoted(line.text, _short(word, queue))


def _unquoted(text: str, option: Option | OptionFault) -> Option | OptionFault:
    """*option* with the span of its value within the quotes, where these are around all of it."""
    if isinstance(option, OptionFault) or not option.value:
        return option
    inner = Span(option.value_span.start + 1, option.value_span.end - 1)
    if text[inner.start - 1] not in "'\"" or inner.slice(text) != option.value:
        return option
    return replace(option, value_span=inner)


def _long(word: Word, queue: Iterator[Word | Span]) -> Option | OptionFault:
    written, equals, value = word.value.partition("=")
    matching = [written] if written in _TAKES_VALUE else _abbreviated(written)
    if len(matching) != 1:
        known = f": it could be {' or '.join(matching[:_MOST_TOLD])}" if matching else ""
        return _fault(word, f"pip knows no option '{written[:40]}' in a requirements file{known}.")
    name = matching[0]
    if not _TAKES_VALUE[name]:
        return _fault(word, f"'{name}' takes no value.") if equals else _option(word, name)
    if equals:
        start = min(word.start + len(written) + 1, word.end)
        return _checked(word, name, Word(value=value, start=start, end=word.end))
    return _with_next(word, name, queue)


def _abbreviated(written: str) -> list[str]:
    return [each for each in _TAKES_VALUE if each.startswith(written)]


def _short(word: Word, queue: Iterator[Word | Span]) -> Option | OptionFault:
    name = _SHORT.get(word.value[:2])
    if name is None:
        return _fault(word, f"pip knows no option '{word.value[:2]}' in a requirements file.")
    if len(word.value) > 2:
        inner = Word(value=word.value[2:], start=min(word.start + 2, word.end), end=word.end)
        return _checked(word, name, inner)
    return _with_next(word, name, queue)


def _with_next(word: Word, name: str, queue: Iterator[Word | Span]) -> Option | OptionFault:
    value = next(queue, None)
    if value is None:
        return _fault(word, f"'{word.value}' needs a value.")
    if isinstance(value, Span):
        return OptionFault(span=value, reason="A quotation is not closed.")
    return _checked(word, name, value)


def _checked(word: Word, name: str, value: Word) -> Option | OptionFault:
    if name == "--hash":
        algorithm, colon, _ = value.value.partition(":")
        if not colon:
            return _fault(value, "A hash is written as its algorithm, a colon and its digits.")
        if algorithm not in _HASHES:
            return _fault(value, f"pip takes hashes of {', '.join(_HASHES)} only.")
    if name == "--config-settings" and "=" not in value.value:
        return _fault(value, "A setting of the build backend is written KEY=VALUE.")
    if name in _OF_NAMES and value.value.startswith("-"):
        return _fault(value, f"'{name}' takes names of projects, ':all:' or ':none:'.")
    return _option(word, name, value)


def _option(word: Word, name: str, value: Word | None = None) -> Option:
    end = word.end if value is None else value.end
    return Option(
        name=_SYNONYMS.get(name, name),
        value="" if value is None else value.value,
        span=Span(word.start, end),
        value_span=Span(end if value is None else value.start, end),
    )


def _fault(word: Word, reason: str) -> OptionFault:
    return OptionFault(span=Span(word.start, word.end), reason=reason)
