"""The bytes of requirements files, held against pip."""

from __future__ import annotations

import codecs
import logging

import pytest
from pip._internal.req.req_file import _decode_req_file

from registry_lsp.ecosystems.pypi.requirements.encodings import decode

TEXT = "# größer\nacme==1\n"
RAW = [
    b"",
    TEXT.encode(),
    codecs.BOM_UTF8 + TEXT.encode(),
    codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
    codecs.BOM_UTF8 * 2 + b"acme\n",
    codecs.BOM_UTF8 + b"# coding: latin-1\n" + TEXT.encode(),
    b"# -*- coding: latin-1 -*-\n" + TEXT.encode("latin-1"),
    b"#\r\n# vim: set fileencoding=iso-8859-15 :\r\n" + TEXT.encode("latin-1"),
    b"#\n#\n# coding: latin-1\n" + TEXT.encode(),
    b" # coding: latin-1\n" + TEXT.encode(),
    b"acme # coding: latin-1\n" + TEXT.encode(),
    b"# coding=utf-7\n+AGE-\n",
    b"# coding: unicode_escape\n\\x61\n",
    b"# coding: unicode_escape\n\\d\n",
    b"# coding: none-such\nacme\n",
    b"# coding: hex\nacme\n",
    b"# coding: undefined\nacme\n",
    b"# coding: \n# coding: ascii\n\xff",
    b"# coding: ascii\n\xff\n",
    b"# coding: utf-8\n\xff\n",
    codecs.BOM_UTF16_LE + b"a",
    codecs.BOM_UTF8 + b"\xff",
    b"acme\n\xff\n",
    b"\xef\xbb",
]


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except (UnicodeError, LookupError):
        return UnicodeError


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of an escape that is none
@pytest.mark.parametrize("raw", RAW)
def test_bytes_are_read_as_pip_reads_them(raw):
    logging.disable(logging.WARNING)  # pip's, of the locale
    try:
        theirs = outcome(_decode_req_file, raw, "requirements.txt")
    finally:
        logging.disable(logging.NOTSET)
    assert outcome(decode, raw) == theirs


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"# coding: none-such\n", "'none-such' codec can't decode byte 0x23 in position 0: "),
        (b"# coding: hex\n", "the file's comment names it, but it is no encoding of text"),
        (b"# coding: punycode\n", "the file's comment names it, but it is no encoding of text"),
        (b"# coding: utf-8\n\xff", "invalid start byte"),
        (codecs.BOM_UTF16_LE + b"a", "truncated data"),
    ],
)
def test_what_cannot_be_decoded_says_why(raw, reason):
    with pytest.raises(UnicodeDecodeError) as error:
        decode(raw)
    assert reason in str(error.value)


def test_codecs_that_take_forever_are_refused_at_once():
    with pytest.raises(UnicodeDecodeError):
        decode(b"# coding: punycode\n" + b"a" * 5_000_000)
