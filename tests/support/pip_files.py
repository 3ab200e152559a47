"""pip's own reading of a requirements file."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from pip._internal.exceptions import PipError
from pip._internal.index.collector import LinkCollector
from pip._internal.index.package_finder import PackageFinder
from pip._internal.models.link import InvalidEggFragment
from pip._internal.models.release_control import ReleaseControl
from pip._internal.models.search_scope import SearchScope
from pip._internal.models.selection_prefs import SelectionPreferences
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import (
    OptionParsingError,
    get_line_parser,
    parse_requirements,
    preprocess,
)
from pip._internal.req.req_install import InstallRequirement
from pip._vendor.packaging.requirements import InvalidRequirement

DEFAULT = "https://default.example/simple"
"""The index that pip is configured with here."""

_REFUSALS = (PipError, InvalidEggFragment, InvalidRequirement, ValueError)
"""Some of these end pip with a traceback, which is a refusal too."""


@dataclass(frozen=True, kw_only=True)
class PipReading:
    """What pip has after a whole file: ``requirements`` and where it would look for them."""

    requirements: list[InstallRequirement] = field(default_factory=list)
    index_urls: list[str]
    find_links: list[str]
    release_control: ReleaseControl


def read_by_pip(path: Path, *, is_constraints: bool = False) -> PipReading | None:
    """The reading of the file at *path* from its own folder, None where pip refuses it."""
    scope = SearchScope.create(find_links=[], index_urls=[DEFAULT], no_index=False)
    finder = PackageFinder.create(
        link_collector=LinkCollector(session=None, search_scope=scope),
        selection_prefs=SelectionPreferences(allow_yanked=True, release_control=ReleaseControl()),
    )
    before = Path.cwd()
    os.chdir(path.parent)  # pip looks for paths there
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # packaging evaluates quoted strings
            found = [
                install_req_from_parsed_requirement(each)
                for each in parse_requirements(
                    str(path), session=None, finder=finder, constraint=is_constraints
                )
            ]
    except _REFUSALS:
        return None
    finally:
        os.chdir(before)
    return PipReading(
        requirements=found,
        index_urls=finder.index_urls,
        find_links=finder.find_links,
        release_control=finder.release_control,
    )


def lines_by_pip(text: str) -> list[tuple[str, dict[str, object] | None]]:
    """Of each logical line of *text* what stands before its options, and these by what pip calls
    them; None in their place where it refuses them.
    """
    parse = get_line_parser(None)
    read: list[tuple[str, dict[str, object] | None]] = []
    for _, each in preprocess(text):
        try:
            before, options = parse(each)
        except (OptionParsingError, PipError):
            read.append(("", None))
        else:
            read.append((before.rstrip(), vars(options)))
    return read
