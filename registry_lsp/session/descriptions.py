"""What single releases say of themselves, for what is asked of them: asked once, kept on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from registry_lsp.core.packages import Metadata, ReleaseId
from registry_lsp.core.ports.registry import Registry
from registry_lsp.session import records
from registry_lsp.session.answers import Answers, Question

LASTING = 30 * 86_400.0
"""Seconds for which an answer is good: nothing of a release changes but what is yanked."""


class Descriptions:
    """Asks each release's own registry. *registries* are by ecosystem."""

    def __init__(self, answers: Answers, registries: Mapping[str, Registry]) -> None:
        self._answers = answers
        self._registries = registries

    @property
    def turn(self) -> int:
        """How often what is known has changed."""
        return self._answers.turn

    def peek(self, release: ReleaseId) -> Metadata | None:
        """What is known in memory of *release*."""
        question = self._question(release)
        return self._answers.peek(question) if question is not None else None

    async def learn(self, releases: Iterable[ReleaseId]) -> bool:
        """Ask of those of *releases* that nothing is known of; whether there is anything new."""
        unknown = [each for each in dict.fromkeys(releases) if self.peek(each) is None]
        await asyncio.gather(*(self._ask(each) for each in unknown))
        return any(self.peek(each) is not None for each in unknown)

    async def _ask(self, release: ReleaseId) -> None:
        question = self._question(release)
        if question is not None:
            await self._answers.answer(question)

    def _question(self, release: ReleaseId) -> Question[Metadata] | None:
        id, version = release.package, release.version
        registry = self._registries.get(id.ecosystem)
        if registry is None:
            return None
        return Question(
            service=id.registry.url,
            key="\n".join(("metadata", records.key(id, full=False), version)),
            kind=Metadata,
            ask=lambda: registry.metadata(id, version),
            lasting=LASTING,
        )
