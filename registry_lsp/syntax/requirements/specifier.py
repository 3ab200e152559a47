"""One dependency specifier (PEP 508), scanned tolerantly and with its positions.

The scan takes a requirement apart as far as it can be read, and says in ``complaint`` what a
strict reader would refuse. The version specifier is only sliced here: whoever knows its dialect
judges it. A line break counts as a blank, for a TOML string may hold one. Offsets are code points
into the text that was given.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from packaging.markers import InvalidMarker, Marker

from registry_lsp.core.text import Span

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?"
"""The specification ends a name in a letter or a digit; packaging, and so pip, lets it end in an
underscore as well.
"""
_SPECIFIER = r"(?:[^\[\];()@ \t][^\[\];()@]*)?"
_PLAIN = re.compile(rf"[ \t]*(?=({_NAME}))\1(?!\w)[ \t]*({_SPECIFIER})")
"""Nine of ten requirements: a name and a specifier. What matches in full needs no other look. The
name is looked at ahead, and the specifier begins with no blank, so that no text is looked at in
more than one way.
"""
_HEAD = re.compile(
    rf"[ \t]*(?P<name>{_NAME})(?!\w)"
    r"(?:[ \t]*(?P<open>\[)(?P<extras>[^\[\];()@<>=!~]*)(?P<close>\]?))?"
    r"[ \t]*"
)
_NAMES = rf"[ \t]*(?:{_NAME}(?:[ \t]*,[ \t]*{_NAME})*[ \t]*)?"
_EXTRAS = re.compile(_NAMES)
_EXTRA = re.compile(r"[^\s,\[\]](?:[^,\[\]]*[^\s,\[\]])?")
_WHOLE = re.compile(
    rf"[ \t]*(?=({_NAME}))\1(?!\w)[ \t]*(?:(\[{_NAMES}\])[ \t]*)?({_SPECIFIER})(?:;(.*\S)\s*)?",
    re.DOTALL,
)
"""Nearly all of the others, with extras or a marker: what matches in full needs no other look."""
_QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")
_URL = re.compile(r"[^ \t]+")

NO_BLANK = "A space is needed between the address and the semicolon."
_MAX_MARKER = 2_000
_MAX_NESTING = 50


class RequirementText(NamedTuple):
    """A requirement, taken apart. (A tuple: files have thousands, and it is built in a third of
    the time that a frozen dataclass takes.)

    ``extras_span`` covers the brackets too, ``specifier_span`` only what stands within
    parentheses; where no specifier is written its span is empty and lies right behind the name
    and extras. ``url`` is what follows an ``@``, ``marker`` what follows the semicolon. Either
    span is None where there is no such part. ``complaint`` is a sentence that says what is wrong
    outside the specifier, and ``complaint_span`` where.
    """

    name: str
    name_span: Span
    specifier: str
    specifier_span: Span
    extras: tuple[str, ...] = ()
    extras_span: Span | None = None
    url: str = ""
    url_span: Span | None = None
    marker: str = ""
    marker_span: Span | None = None
    complaint: str | None = None
    complaint_span: Span | None = None

    def extra_spans(self, text: str) -> tuple[Span, ...]:
        """Where each of the extras stands in *text*, which this was scanned in."""
        if self.extras_span is None:
            return ()
        found = _EXTRA.finditer(text, self.extras_span.start + 1, self.extras_span.end)
        return tuple(Span(*each.span()) for each in found)


def scan_requirement(text: str, start: int, end: int) -> RequirementText | None:
    """Read the one requirement that stands in ``text[start:end]``.

    None where not even a name can be read. Never raises.
    """
    plain = _PLAIN.fullmatch(text, start, end)
    if plain is not None:
        name, specifier = plain.groups()
        name_start, name_end = plain.span(1)
        specifier = specifier.rstrip()
        at = plain.start(2) if specifier else name_end
        return RequirementText(
            name, Span(name_start, name_end), specifier, Span(at, at + len(specifier))
        )
    whole = _WHOLE.fullmatch(text, start, end)
    return _scan_apart(text, start, end) if whole is None else _of_whole(whole)


def _of_whole(whole: re.Match[str]) -> RequirementText:
    name, brackets, specifier, marker = whole.groups()
    end = whole.end(1) if brackets is None else whole.end(2)
    specifier = specifier.rstrip()
    at = whole.start(3) if specifier else end
    marker_span = complaint = None
    if marker is not None:
        written, marker = marker, marker.lstrip()
        marker_span = Span(whole.start(4) + len(written) - len(marker), whole.end(4))
        complaint = marker_complaint(marker)
    return RequirementText(
        name,
        Span(*whole.span(1)),
        specifier,
        Span(at, at + len(specifier)),
        () if brackets is None else _listed(brackets[1:-1]),
        None if brackets is None else Span(whole.start(2), end),
        marker=marker or "",
        marker_span=marker_span,
        complaint=complaint,
        complaint_span=None if complaint is None else marker_span,
    )


def _scan_apart(text: str, start: int, end: int) -> RequirementText | None:
    """Read a requirement that has an address, or is broken: as far as it can be read."""
    head = _HEAD.match(text, start, end)
    if head is None:
        return None
    name_span = Span(*head.span("name"))
    if head["open"] is None:
        return _rest(text, head.end(), end, _Head(head["name"], name_span))
    extras_span = Span(head.start("open"), head.end("close"))
    extras, complaint = _extras(head["extras"], closed=bool(head["close"]))
    front = _Head(head["name"], name_span, extras, extras_span, complaint)
    return _rest(text, head.end(), end, front)


class _Head(NamedTuple):
    """What stands before the specifier, the address or the marker."""

    name: str
    name_span: Span
    extras: tuple[str, ...] = ()
    extras_span: Span | None = None
    complaint: str | None = None

    @property
    def place(self) -> Span:
        """Where a specifier would be typed."""
        end = self.extras_span.end if self.extras_span else self.name_span.end
        return Span(end, end)


def _listed(inner: str) -> tuple[str, ...]:
    return tuple([each for part in inner.split(",") if (each := part.strip())])


def _extras(inner: str, *, closed: bool) -> tuple[tuple[str, ...], str | None]:
    extras = _listed(inner)
    if not closed:
        return extras, "The extras need a closing bracket."
    if _EXTRAS.fullmatch(inner) is None:
        return extras, "The extras must be names separated by commas."
    return extras, None


def _rest(text: str, at: int, end: int, head: _Head) -> RequirementText:
    if at < end and text[at] == "@":
        return _with_url(text, at + 1, end, head)
    semicolon = text.find(";", at, end)
    stop = end if semicolon < 0 else semicolon
    specifier = text[at:stop].rstrip()
    complaint, where = head.complaint, head.extras_span
    if not specifier:
        span = head.place
    elif specifier[0] == "(":
        specifier, span, grumble = _parenthesised(specifier, at)
        if grumble is not None and complaint is None:
            complaint, where = grumble, Span(at, stop)
    else:
        span = Span(at, at + len(specifier))
    marker, marker_span = "", None
    if semicolon >= 0:
        marker, marker_span = stripped(text, semicolon + 1, end)
        if complaint is None:
            complaint = marker_complaint(marker)
            where = marker_span if marker else Span(semicolon, semicolon + 1)
    return RequirementText(
        name=head.name,
        name_span=head.name_span,
        specifier=specifier,
        specifier_span=span,
        extras=head.extras,
        extras_span=head.extras_span,
        marker=marker,
        marker_span=marker_span,
        complaint=complaint,
        complaint_span=None if complaint is None else where,
    )


def _with_url(text: str, after: int, end: int, head: _Head) -> RequirementText:
    found = _URL.search(text, after, end)
    at = found.start() if found else end
    complaint, where = head.complaint, head.extras_span
    if found is None:
        complaint, where = complaint or "No address follows the '@'.", Span(after - 1, after)
    url = found[0] if found else ""
    rest = at + len(url)
    marker, marker_span = stripped(text, rest, end)
    if marker.startswith(";"):
        marker, marker_span = stripped(text, marker_span.start + 1, end)
        grumble = marker_complaint(marker)
    elif marker and url.endswith(";"):
        url, rest = url[:-1], rest - 1
        grumble = NO_BLANK
    elif marker and ";" in url and marker_complaint(f"{url.partition(';')[2]} {marker}") is None:
        grumble = NO_BLANK
        marker, marker_span = "", Span(marker_span.start, marker_span.start)
    elif marker:
        grumble = "Only a marker may follow an address, after a space and a semicolon."
        marker, marker_span = "", Span(marker_span.start, marker_span.start)
    else:
        grumble = None
    if grumble is not None and complaint is None:
        complaint, where = grumble, Span(rest, end)
    return RequirementText(
        name=head.name,
        name_span=head.name_span,
        specifier="",
        specifier_span=head.place,
        extras=head.extras,
        extras_span=head.extras_span,
        url=url,
        url_span=Span(at, rest) if found else None,
        marker=marker,
        marker_span=marker_span if marker else None,
        complaint=complaint,
        complaint_span=None if complaint is None else where,
    )


def _parenthesised(written: str, at: int) -> tuple[str, Span, str | None]:
    """What stands in the parentheses of *written*, which begins with one at offset *at*."""
    close = written.find(")")
    complaint = None
    if close < 0:
        complaint = "The version specifier needs a closing parenthesis."
        close = len(written)
    elif close + 1 < len(written):
        complaint = "Only a marker may follow the version specifier."
    inner = written[1:close]
    specifier = inner.strip()
    start = at + 1 + len(inner) - len(inner.lstrip())
    return specifier, Span(start, start + len(specifier)), complaint


def stripped(text: str, start: int, end: int) -> tuple[str, Span]:
    """``text[start:end]`` without outer white space, and where that stands."""
    part = text[start:end]
    kept = part.strip()
    start += len(part) - len(part.lstrip()) if kept else 0
    return kept, Span(start, start + len(kept))


@lru_cache(maxsize=512)
def marker_complaint(marker: str) -> str | None:
    """What is wrong with a marker: a sentence, or None. packaging judges, as it does for pip."""
    if not marker:
        return "No marker follows the semicolon."
    if len(marker) > _MAX_MARKER or marker.count("(") > _MAX_NESTING:
        return "The marker is too long or too deeply nested to be read."
    # packaging evaluates the quoted strings, and Python warns of escapes that it does not know.
    judged = _QUOTED.sub(lambda each: each[0].replace("\\", "/"), marker)
    try:
        Marker(judged)
    except InvalidMarker as error:
        return f"The marker cannot be read: {str(error).partition(chr(10))[0].rstrip('.')}."
    except (ValueError, SyntaxError):  # a lone surrogate or a NUL in a quoted string
        return "The marker cannot be read."
    return None
