"""Texts that nobody writes: what is repeated in them has brought readers to their knees."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import ParamSpec, TypeVar

from registry_lsp.core.manifests import Manifest, site_at
from registry_lsp.core.ports import ManifestFormat

T = TypeVar("T")
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


def cpu(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, float]:
    """What *work* returns, and the seconds of this process's own time that it takes."""
    began = process_time()
    result = work(*args, **kwargs)
    return result, process_time() - began


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
    spans += [each.span for each in (*manifest.problems, *manifest.indexes, *manifest.links)]
    spans += [fault.span] if fault is not None else []
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    for offset in (0, len(text) // 2, len(text)):
        site_at(manifest, offset)
    assert all(problem.reason for problem in manifest.problems)
    return manifest
