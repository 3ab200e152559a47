"""Texts that nobody writes: what is repeated in them has brought readers to their knees."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import ParamSpec

from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.ports.manifest import ManifestFormat
from registry_lsp.core.sites import heading_at, site_at
from registry_lsp.core.text import Span
from support.corpus import Case

P = ParamSpec("P")

PIECES = (
    *("[", "{", "(", "}", "]", '{"a":', "a={", "[[", "- ", "{[", "[{a="),
    *('"', "'", '"""\n', "'''\n", '["a",', '"a": "1",\n', "a = 1\n", "a: ", "a:\n", "? a\n: "),
    *("\\", "\\\n", "\\u0041", "\\n", "\\ud800", "\n", "\r\n ", "\n\t- ", " ", "\t", "#", "\n# "),
    *(
        "/*\n",
        "//\n",
        "\n[a.b]\n",
        "\n[[a]]\n",
        "a.",
        "1.",
        "9",
        "1||",
        ">=1,",
        ">=1 ",
        "^",
        "*",
        "-",
    ),
    *(
        ",",
        "=",
        ":",
        "@",
        ";",
        "|\n  ",
        "&a *a ",
        "!",
        "${A}",
        "$a",
        "%41",
        "x",
        "é",
        "🚀",
        "\u2028",
    ),
    *("\x00", "\ud800", "\udfff", "\x85", "\ufeff", " --hash=", "\n-e ", "\n-r x", " @ https://a"),
    *(" and (os_name == 'a' or ", "'a' in ", "\n# /// script\n# ///", "{root:", "npm:a@", "a>"),
)


def steps(work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> int:
    """How many calls and returns *work* takes, of Python's functions and of C's: the same number
    on every machine and under any load.
    """
    count = 0

    def tick(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        work(*args, **kwargs)
    finally:
        sys.setprofile(before)
    return count


def repeated(piece: str, size: int) -> str:
    """*piece* as often as makes about *size* characters."""
    return piece * (size // len(piece))


def read_all(format: ManifestFormat, text: str) -> Manifest:
    """All that is done with a text: none of it may raise, and every span lies in it."""
    format.holds(text)
    fault = format.fault(text)
    manifest = format.parse(text)
    spans = [each.span for each in manifest.dependencies]
    spans += [each.name_span for each in manifest.dependencies]
    spans += [each.specifier_span for each in manifest.dependencies if each.specifier_span]
    spans += [each.written_span for each in manifest.dependencies if each.written_span]
    spans += [span for each in manifest.dependencies for span in each.hashes]
    parts = (*manifest.problems, *manifest.indexes, *manifest.links, *manifest.headings)
    spans += [each.span for each in parts]
    spans += [fault.span] if fault is not None else []
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    for offset in (0, len(text) // 2, len(text)):
        site_at(manifest, offset)
        heading_at(manifest, offset)
    assert all(problem.reason for problem in manifest.problems)
    return manifest


def versioned(case: Case) -> Dependency:
    """A dependency of the sample that is written with a version."""
    return next(
        each
        for each in case.format.parse(case.text).dependencies
        if each.source.is_looked_up and each.specifier and each.specifier_span is not None
    )


def with_text(case: Case, span: Span, text: str) -> str:
    """The sample with *text* in the place of *span*."""
    return case.text[: span.start] + text + case.text[span.end :]


def infested(case: Case, piece: str, size: int) -> Iterator[tuple[str, str]]:
    """The sample with *piece* repeated to *size* characters in each of its places, by their names:
    'name' and 'version' of a dependency, and the file's 'end'.
    """
    dependency, hostile = versioned(case), repeated(piece, size)
    assert dependency.specifier_span is not None
    yield "name", with_text(case, dependency.name_span, hostile)
    yield "version", with_text(case, dependency.specifier_span, hostile)
    yield "end", f"{case.text}\n{hostile}"
