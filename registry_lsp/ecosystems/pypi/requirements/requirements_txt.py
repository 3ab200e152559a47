"""Requirements and constraints files, read as pip reads them (its *Requirements File Format*)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from registry_lsp.core.manifests import Manifest, Problem
from registry_lsp.core.ports.manifest import IgnoreSyntax
from registry_lsp.core.text import Span
from registry_lsp.core.words import Sort, Words
from registry_lsp.ecosystems.pypi.requirements import encodings
from registry_lsp.ecosystems.pypi.requirements.files import read_file
from registry_lsp.ecosystems.pypi.requirements.prose import is_prose
from registry_lsp.ecosystems.pypi.requirements.release_control import control_of
from registry_lsp.syntax.half_typed import with_line
from registry_lsp.syntax.quoting import Writer, as_it_is
from registry_lsp.syntax.remarks import REMARKS, remarks

_PATTERNS = (
    "**/requirements*.txt",
    "**/*requirements.txt",
    "**/requirements/*.txt",
    "**/requirements*.in",
    "**/*requirements.in",
    "**/requirements/*.in",
)

_INCLUDE = re.compile(r"[ \t]*(?:-[rc][ \t]*|--(?:requirement|constraint)(?:=|[ \t]+))([^\s#=]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsTxt:
    """Requirements files, or with ``is_constraints`` constraints files.

    A ``${VARIABLE}`` in a name or a specifier leaves a line without a dependency, for nobody
    knows which. An unnamed path or address is a dependency whose ``name`` is empty. A
    ``--no-index`` is an :class:`~registry_lsp.core.manifests.Index` without an address, of the
    role 'default'.
    """

    name: str = "requirements.txt"
    patterns: Sequence[str] = _PATTERNS
    is_constraints: bool = False
    decode: Callable[[bytes], str] = encodings.decode
    completed: Callable[[str, int, str], str] = with_line
    quoting: Callable[[str, Span], Writer] = as_it_is
    ignoring: IgnoreSyntax = REMARKS

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path is one. A constraints file is not a requirements file,
        wherever it lies.
        """
        if not self.is_constraints and CONSTRAINTS.matches(path):
            return False
        return any(path.match(each.removeprefix("**/")) for each in self.patterns)

    def holds(self, text: str) -> bool:
        """Whether *text* is one: documents are called 'constraints.txt' too. An empty text is
        one, and so is one in which a few lines are broken.
        """
        return not is_prose(text)

    def parse(self, text: str) -> Manifest:
        """Read it: a broken line is a problem, and costs no other."""
        reading = read_file(text, "constraints" if self.is_constraints else "requirements")
        dependencies = reading.entries.dependencies
        if reading.releases:
            control = control_of(reading.releases)
            dependencies = [
                replace(each, prereleases=control.prereleases_of(each.name))
                for each in dependencies
            ]
        return Manifest(
            dependencies=tuple(dependencies),
            problems=tuple(reading.entries.problems),
            indexes=tuple(reading.indexes),
            links=tuple(reading.links),
            installers=("pip",),
            ignores=remarks(text, lambda at: at == 0 or text[at - 1].isspace()),
        )

    def words_at(self, text: str, offset: int) -> Words | None:
        """A file behind an option that reads one along."""
        start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
        found = _INCLUDE.match(text, start)
        if found is None or not found.start(1) <= offset <= found.end(1):
            return None
        return Words(sort=Sort.FILE, span=Span(*found.span(1)))

    def fault(self, text: str) -> Problem | None:
        """An option that cannot be read: pip then reads nothing of the file. What else it refuses
        is a problem of its line.
        """
        return read_file(text, "requirements", options_only=True).fault


REQUIREMENTS = RequirementsTxt()
CONSTRAINTS = RequirementsTxt(
    name="constraints.txt",
    patterns=("**/constraints*.txt", "**/*constraints.txt", "**/constraints*.in"),
    is_constraints=True,
)
