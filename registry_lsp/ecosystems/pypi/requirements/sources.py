"""``*.in``: what pip-tools and uv compile requirements files from, whatever it is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.requirements.files import FileReading, read_file
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import (
    CONSTRAINTS,
    REQUIREMENTS,
    RequirementsTxt,
)
from registry_lsp.ecosystems.pypi.versions.dialects import SCHEMES

_STEM = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""``MANIFEST.in`` and ``config.h.in`` are not of this kind."""
_OPTION = re.compile(r"^[ \t]*--?[a-z]", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsSource(RequirementsTxt):
    """Files such as ``dev.in``. Templates and test inputs end so too: one counts where pip could
    read all of it, and where something in it is no mere word.
    """

    name: str = "requirements.in"
    patterns: Sequence[str] = ("**/*.in",)

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path may be one. Those that say so by their names are read as
        requirements or constraints files, whatever stands in them.
        """
        if path.suffix != ".in" or _STEM.fullmatch(path.stem) is None:
            return False
        return not REQUIREMENTS.matches(path) and not CONSTRAINTS.matches(path)

    def holds(self, text: str) -> bool:
        """Whether *text* is one: an option or a requirement with more than a name is in it, and
        nothing that pip would refuse.
        """
        reading = read_whole(text)
        if reading is None:
            return False
        return _OPTION.search(text) is not None or any(
            each.specifier or each.extras or each.marker for each in reading.entries.dependencies
        )


def read_whole(text: str) -> FileReading | None:
    """The requirements file *text*, None where there is anything in it that pip would refuse."""
    reading = read_file(text, "requirements")
    if reading.entries.problems or reading.fault is not None:
        return None
    is_sound = all(_is_specifier(each.specifier) for each in reading.entries.dependencies)
    return reading if is_sound else None


def _is_specifier(text: str) -> bool:
    try:
        SCHEMES["pep440"].parse(text)
    except InvalidRequirementError:
        return False
    return True


SOURCES = RequirementsSource()
