"""Texts whose files are called like requirements files, and are documentation or data."""

from __future__ import annotations

import re
from itertools import islice

from registry_lsp.syntax.requirements.lines import logical_lines

_SAMPLE = 200
"""How many lines tell what a text is."""
_FEW = 4
"""So many strange lines tell nothing: somebody types them, or has broken them."""

_LIKE_A_REQUIREMENT = re.compile(
    r"""
    [A-Za-z0-9][A-Za-z0-9._-]*                          # a name,
    [ \t]*(?:\Z|[\[(=<>~!@;,]|-[-a-zA-Z]|v?[0-9])       # and what goes on as nothing else does
    | -{1,2}[A-Za-z]                                    # an option
    | [A-Za-z][A-Za-z0-9+.-]*:/ | (?i:file):            # an address
    | (?=\S*[/\\])\S+(?:\Z|[ \t]*[;\[]|[ \t]+-) | \.\Z  # a path without blanks in it
    | [^ \t]*\$\{                                       # a variable
    """,
    re.VERBOSE,
)
r"""What begins so is a requirement, if perhaps a broken one. Sentences have a second word behind
the first; titles are underlined, and lists begin with ``*`` or ``-`` and a blank.
"""


def is_prose(text: str) -> bool:
    """Whether most lines of *text* are such that nobody could mean them for requirements."""
    lines = list(islice(logical_lines(text), _SAMPLE))
    likely = [each for each in lines if _LIKE_A_REQUIREMENT.match(each.text, each.start, each.end)]
    return len(lines) - len(likely) > max(_FEW, len(likely))
