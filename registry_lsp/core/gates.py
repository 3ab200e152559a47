"""Release-age gates: a project's own rule that a release must have stood a while before it is
installed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A release passes once it is ``age`` seconds old, and was published before the moment
    ``before`` (seconds since the epoch); None for either where it does not say. ``by`` is the
    setting that says so, for people, and where it stands.
    """

    age: float | None = None
    before: float | None = None
    by: str

    def cutoff(self, now: float) -> float:
        """The moment before which a release must have been published to pass at *now*."""
        cutoffs = [now - self.age] if self.age is not None else []
        cutoffs += [self.before] if self.before is not None else []
        return min(cutoffs, default=float("inf"))

    def opens_at(self, published: float) -> float | None:
        """When a release of that moment passes; None where never."""
        if self.before is not None and published >= self.before:
            return None
        return published + (self.age or 0.0)
