"""A requirements file, read line by line in pip's order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from registry_lsp.core.manifests import Index, Link, Problem, Role
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.requirements.direct import is_url, local_path
from registry_lsp.ecosystems.pypi.requirements.entries import (
    Entries,
    read_editable,
    read_editable_option,
    read_requirement,
)
from registry_lsp.ecosystems.pypi.requirements.pip_options import (
    Option,
    OptionFault,
    options_start,
    read_options,
)
from registry_lsp.ecosystems.pypi.requirements.release_control import ReleaseOption
from registry_lsp.ecosystems.pypi.requirements.search_scope import (
    LINKS,
    TRUSTED,
    UNKNOWN,
    searched,
)
from registry_lsp.net.addresses import source_page
from registry_lsp.syntax.requirements.lines import LogicalLine, logical_lines

_HASHES = re.compile(r"(?:--hash=sha(?:256|384|512):[0-9a-f]+[ \t]*)+")
"""What pip-compile writes behind every requirement: nothing in it is at fault."""
_HASH = re.compile(r"--hash=\S+")
_RELEASES = frozenset({"--all-releases", "--only-final"})
_INCLUDES = {"--requirement": Role.REQUIREMENTS, "--constraint": Role.CONSTRAINTS}


@dataclass(slots=True)
class FileReading:
    """What a file says: its entries, and the options that stand for the whole installation.

    ``indexes`` are what is left of its own at its end (:func:`searched`); a ``--no-index`` is an
    :class:`Index` without an address, of the role 'default'. ``fault`` is the first option that
    cannot be read.
    """

    entries: Entries
    indexes: list[Index] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    releases: list[ReleaseOption] = field(default_factory=list)
    fault: Problem | None = None


def read_file(text: str, section: str, *, options_only: bool = False) -> FileReading:
    """Read the file *text*; with *options_only* none of its requirements."""
    reading = FileReading(Entries(section))
    for line in logical_lines(text):
        start = options_start(line)
        if start == line.end:
            if not options_only:
                read_requirement(line, line.end, reading.entries)
        elif not _HASHES.fullmatch(line.text, start, line.end):
            _with_options(line, start, reading)
        elif start > line.start and not options_only:
            read_requirement(line, start - 1, reading.entries, _hashes(line, start))
    reading.indexes = list(searched(reading.indexes))
    return reading


def _hashes(line: LogicalLine, start: int) -> tuple[Span, ...]:
    found = _HASH.finditer(line.text, start, line.end)
    return tuple(line.place(Span(*each.span())) for each in found)


def _with_options(line: LogicalLine, start: int, reading: FileReading) -> None:
    options = _options(line, start, reading)
    at = line.place(Span(line.start, line.start)).start
    reading.releases += (
        ReleaseOption(name=each.name, value=each.value, at=at)
        for each in options
        if each.name in _RELEASES  # pip heeds these on any line
    )
    editable = next((each for each in options if each.name == "--editable"), None)
    includes = [each for each in options if each.name in _INCLUDES]
    if start > line.start:
        _requirement(line, start - 1, options, editable, reading.entries)
    elif editable is not None:
        read_editable_option(line, editable, reading.entries)
    elif includes:
        _include(line, includes, reading)
    else:
        if any(each.name == "--pre" for each in options):
            reading.releases.append(ReleaseOption(name="--pre", value="", at=at))
        reading.indexes += _indexes(line, options)
        reading.links += _pages(line, options)


def _requirement(
    line: LogicalLine,
    limit: int,
    options: list[Option],
    editable: Option | None,
    entries: Entries,
) -> None:
    if editable is not None:
        read_editable(line, limit, editable, entries)
        return
    hashes = tuple(line.place(each.span) for each in options if each.name == "--hash")
    read_requirement(line, limit, entries, hashes)


def _options(line: LogicalLine, start: int, reading: FileReading) -> list[Option]:
    options: list[Option] = []
    for each in read_options(line, start):
        if isinstance(each, OptionFault):
            reading.entries.complain(line, each.span, each.reason)
            reading.fault = reading.fault or reading.entries.problems[-1]
        else:
            options.append(each)
    return options


def _include(line: LogicalLine, includes: list[Option], reading: FileReading) -> None:
    """Of several files on one line pip reads the first, and requirements before constraints; of
    the line's other options none.

    What cannot be looked into may name any index. Only constraints on the web are taken to name
    none: many projects publish such, and hardly one of them with an index.
    """
    option = next((each for each in includes if each.name == "--requirement"), includes[0])
    role, is_on_web = _INCLUDES[option.name], _is_on_web(option.value)
    target = source_page(option.value) if is_on_web else local_path(option.value)
    if target:
        link = Link(span=line.place(option.value_span), target=target, role=role)
        reading.links.append(link)
    if role is Role.REQUIREMENTS if is_on_web else not target:
        reading.indexes.append(UNKNOWN)


def _is_on_web(written: str) -> bool:
    return is_url(written) and written[:5].lower() != "file:"


def _indexes(line: LogicalLine, options: list[Option]) -> Iterator[Index]:
    """The indexes of one line in pip's order, whichever order they are written in."""
    found = {
        name: [each for each in options if each.name == name]
        for name in (
            "--no-index",
            "--index-url",
            "--extra-index-url",
            "--find-links",
            "--trusted-host",
        )
    }
    if found["--no-index"]:
        yield _index(line, replace(found["--no-index"][0], value=""), "default")
    elif found["--index-url"]:
        yield _index(line, found["--index-url"][-1], "default")
    for each in found["--extra-index-url"]:
        yield _index(line, each, "extra")
    for each in found["--find-links"]:
        yield _index(line, each, LINKS)
    for each in found["--trusted-host"]:
        yield _index(line, each, TRUSTED)


def _index(line: LogicalLine, option: Option, role: str) -> Index:
    return Index(name=None, url=option.value, role=role, span=line.place(option.value_span))


def _pages(line: LogicalLine, options: list[Option]) -> Iterator[Link]:
    for each in options:
        if each.name in {"--index-url", "--extra-index-url", "--find-links"}:
            page = source_page(each.value)
            if page:
                yield Link(span=line.place(each.value_span), target=page, role=Role.PAGE)
