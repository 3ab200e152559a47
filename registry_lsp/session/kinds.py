"""What a document is: by its path, by what its editor takes it for, or by what includes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePath
from typing import TypeAlias

from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.manifest import ManifestFormat, Nameless
from registry_lsp.session.surveys import Surveyor

Kind: TypeAlias = "tuple[Ecosystem, ManifestFormat]"
"""What a document is: its format, and whose that is."""
Recognise: TypeAlias = Callable[[PurePath], "Kind | None"]


def recogniser(ecosystems: tuple[Ecosystem, ...]) -> Recognise:
    """A function that tells which format, of which ecosystem, a file of some path has."""
    formats = [(ecosystem, format) for ecosystem in ecosystems for format in ecosystem.formats]

    def recognise(path: PurePath) -> Kind | None:
        return next((pair for pair in formats if pair[1].matches(path)), None)

    return recognise


LONGEST_NAMELESS = 100_000
"""Characters of the longest text that is looked at for what it may be: it is somebody's typing."""
Guess: TypeAlias = Callable[[str, str], "tuple[Ecosystem, Nameless] | None"]


def guesser(ecosystems: tuple[Ecosystem, ...]) -> Guess:
    """A function that tells what a text without a name is, by its language and itself."""

    def guess(language: str, text: str) -> tuple[Ecosystem, Nameless] | None:
        if len(text) > LONGEST_NAMELESS:
            return None
        found = ((each, each.nameless(language, text)) for each in ecosystems)
        return next(((each, it) for each, it in found if it is not None), None)

    return guess


class Kinds:
    """What documents are, of the formats of some *ecosystems*."""

    def __init__(self, ecosystems: tuple[Ecosystem, ...], surveyor: Surveyor) -> None:
        self._ecosystems = ecosystems
        self._surveyor = surveyor
        self.of_path = recogniser(ecosystems)
        """What a file of some path is; None where that is no manifest's."""
        self.of_text = guesser(ecosystems)
        """What a text without a name is that its editor takes for some language."""

    async def around(self, path: PurePath, language: str) -> Kind | None:
        """What a document is whose path does not say it: what a manifest around it takes it for
        that includes it, else what its editor does, by its *language*; None where neither does.
        """
        if not path.is_absolute():
            return None
        found = await self._surveyor.included(Path(path), self._ecosystems)
        spoken = ((each, each.spoken.get(language)) for each in self._ecosystems)
        return found or next(((each, it) for each, it in spoken if it is not None), None)
