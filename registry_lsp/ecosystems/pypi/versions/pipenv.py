"""Pipenv's way to write versions: PEP 440, where a version without an operator is that one alone
and ``*`` is any. PDM's overrides are written alike.
"""

from __future__ import annotations

from functools import lru_cache

from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.versions.choice import PythonRequirement, PythonVersions
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from registry_lsp.ecosystems.pypi.versions.rewriting import rewritten, usual_ranges, widened

_OPERATORS = ("==", ">=", "<=", "~=", "!=", ">", "<")
_ANY = frozenset({"", "*", "==*"})
_PEP440 = Pep440Scheme()


class PipenvScheme(PythonVersions):
    """The dialect ``pipenv``: the tables of a ``Pipfile``."""

    def parse(self, specifier: str, *, prereleases: bool | None = None) -> PythonRequirement:
        """Read a specifier. Raises :class:`InvalidRequirementError` for what Pipenv refuses."""
        return _parse(specifier).taking(prereleases=prereleases)

    def replace(self, specifier: str, version: str) -> str:
        """*specifier* for *version*: operators, precision and spacing kept where the result then
        admits it, ``*`` too. An empty one gives ``~=``, which Pipenv's documentation prefers.
        """
        return rewritten(specifier, version, parse=_parse, default="~=")

    def widen(self, specifier: str, version: str) -> str | None:
        """*specifier* with a ceiling above *version*, and its floor as it was."""
        return widened(specifier, version, parse=_parse)

    def ranges(self, version: str) -> tuple[str, ...]:
        """What is compatible with *version*; from it on; below the next major one; it alone."""
        return usual_ranges(version, "~=", ">=", ">=,<", "==")


@lru_cache(maxsize=4096)
def _parse(specifier: str) -> PythonRequirement:
    # Pipenv takes parentheses at the ends away, whether or not they are two.
    text = specifier.strip().lstrip("(").rstrip(")")
    if text in _ANY:
        return _PEP440.parse("")
    if text.startswith(_OPERATORS):
        return _PEP440.parse(text)
    try:
        return _PEP440.parse(f"=={text}")
    except InvalidRequirementError:
        pass
    return _PEP440.parse(text)  # which says what is wrong with it as it is written
