"""What was found of each manifest, and what of it is found of an entry that several share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path

from registry_lsp.core.findings import Arg, Assessment, Code, Finding
from registry_lsp.core.ignores import Unused
from registry_lsp.core.manifests import Entry, Problem
from registry_lsp.core.packages import Unauthorized, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A manifest with the verdicts on its dependencies, in the manifest's order.

    ``ecosystem`` is the ecosystem's name, and ``runtime_name`` what its packages run on;
    ``unreadable`` says why the file could not be read.
    ``untold`` says of each of the assessments, where it is given, why it could not be asked what is
    known against its releases; ``unused`` are the manifest's ignores that are of no use.
    """

    path: Path
    ecosystem: str
    runtime_name: str = ""
    text: str = ""
    problems: tuple[Problem, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    untold: tuple[Unauthorized | Unavailable | None, ...] = ()
    unused: tuple[Unused, ...] = ()
    unreadable: str | None = None


class Entries:
    """The entries of all *files* that dependencies may have their versions from, and what is found
    of them, be it that they want it not to be told.
    """

    def __init__(self, files: Iterable[CheckedFile]) -> None:
        self._found = {
            (normpath(file.path), each.dependency.name_span.start): frozenset(
                _same(finding) for finding in (*each.verdict.findings, *each.unsaid)
            )
            for file in files
            for each in file.assessments
        }

    def tell(self, path: Path, entry: Entry, finding: Finding) -> bool:
        """Whether the *finding* on who takes its version from *entry*, in the manifest at *path*,
        is told of the entry too.
        """
        file = normpath(path.parent / entry.path) if entry.path else normpath(path)
        return _same(finding) in self._found.get((file, entry.span.start), ())


def _same(finding: Finding) -> tuple[Code, Arg]:
    """What two findings have in common that say the same, whatever part they lie on."""
    return finding.code, finding.arg("id")
