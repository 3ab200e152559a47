"""The questions that may be asked of a package: a normalised API for every registry.

On the command line each is a command, in the editor ``registry-lsp.<name>`` of
workspace/executeCommand, with the same parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

PAGE_SIZE = 50
"""Entries of a page, where nobody says."""
LARGEST_PAGE = 250
"""Entries of the largest page; whoever asks for more gets so many."""
PERIODS = ("last-day", "last-week", "last-month", "last-year")
"""The periods that downloads are counted in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One of the questions: its name, what must and may be said with it, and *whom* it asks."""

    name: str
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    about: str
    whom: str = "the project's own registry"


OPERATIONS = (
    Operation(
        name="package",
        needed=("registry", "name"),
        about="all that is known of a package",
    ),
    Operation(
        name="versions",
        needed=("registry", "name"),
        optional=("page", "page_size"),
        about="its releases, newest first",
    ),
    Operation(
        name="version",
        needed=("registry", "name", "version"),
        about="one release",
    ),
    Operation(
        name="dependencies",
        needed=("registry", "name"),
        optional=("version",),
        about="what a release depends on (the latest, if none is named)",
    ),
    Operation(
        name="downloads",
        needed=("registry", "name"),
        optional=("period",),
        about="how often it is downloaded",
        whom="the service that counts a registry's downloads",
    ),
    Operation(
        name="maintainer",
        needed=("registry", "name"),
        about="the people who made it and keep it",
    ),
    Operation(
        name="search",
        needed=("registry", "query"),
        optional=("page", "page_size"),
        about="packages that match a text (Python's indexes have no search)",
    ),
)
"""The questions that there are."""
