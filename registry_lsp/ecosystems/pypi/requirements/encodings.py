"""What the bytes of a requirements file mean, as pip decodes them."""

from __future__ import annotations

import codecs
import locale
import re
import sys
import warnings

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16's, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COMMENT = re.compile(rb"coding[:=]\s*([-\w.]+)")
_STALLING = frozenset({"punycode", "idna"})
"""Codecs of host names: they take minutes for a file, and no file is written in them."""


def decode(raw: bytes) -> str:
    """The text of a requirements file of these bytes.

    A byte order mark tells its encoding, else a comment of PEP 263 in the first or second line,
    else it is UTF-8 or, where that cannot be, in the locale's encoding. Raises
    :class:`UnicodeDecodeError`, for an unknown encoding too.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding)
    for line in raw.split(b"\n", 2)[:2]:
        named = _COMMENT.search(line) if line.startswith(b"#") else None
        if named is not None:
            return _decoded(raw, named[1].decode("ascii"))
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        encoding = _of_locale()
        if codecs.lookup(encoding).name != "utf-8":
            return raw.decode(encoding)
        error.reason += ", and no comment in the first two lines names another encoding"
        raise


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise _no_encoding(raw, encoding) from None
    if name in _STALLING:
        raise _no_encoding(raw, encoding)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some codecs warn of what they let pass
            return raw.decode(name)
    except UnicodeDecodeError:
        raise
    except (LookupError, UnicodeError):  # a codec of bytes to bytes, 'undefined'
        raise _no_encoding(raw, encoding) from None


def _no_encoding(raw: bytes, encoding: str) -> UnicodeDecodeError:
    reason = "the file's comment names it, but it is no encoding of text"
    return UnicodeDecodeError(encoding[:40], raw, 0, min(1, len(raw)), reason)


def _of_locale() -> str:
    if sys.version_info >= (3, 11):
        return locale.getencoding()
    return locale.getpreferredencoding(do_setlocale=False)
