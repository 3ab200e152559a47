"""Groups of dependencies (PEP 735), held against the library that resolves them."""

from __future__ import annotations

import json
from random import Random

import pytest
from dependency_groups import DependencyGroupResolver

from registry_lsp.core.manifests import Role
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from support import pypi_texts

SCHEME = Pep440Scheme()
NAMES = ("test", "lint", "docs", "Type_Check", "a.b", "dev", "all")
SPELLED = (*NAMES, "type-check", "A-B", "DEV", "nowhere")


def item(random: Random):
    """One item of a group: mostly what the standard has."""
    chance = random.random()
    if chance < 0.6:
        return pypi_texts.requirement(random)
    if chance < 0.98:
        return {"include-group": random.choice(SPELLED[:-1] if chance < 0.97 else SPELLED)}
    return random.choice(({"include": "a"}, {"include-group": 1}, 1, {}, ["a"], True))


def groups(random: Random) -> dict:
    names = random.sample(SPELLED[:-1], random.choice((1, 2, 3, 5, 7)))
    found = {}
    for name in names:
        size = random.choice((0, 1, 1, 2, 3))
        found[name] = [item(random) for _ in range(size)] if random.random() < 0.98 else "a"
    return found


def document(found: dict) -> str:
    """The table, its strings written as JSON writes them and its inner tables as TOML does."""

    def value(it) -> str:
        if isinstance(it, dict):
            pairs = (f"{json.dumps(key)} = {value(each)}" for key, each in it.items())
            return f"{{ {', '.join(pairs)} }}"
        return f"[{', '.join(map(value, it))}]" if isinstance(it, list) else json.dumps(it)

    lines = (f"{json.dumps(name)} = {value(items)}" for name, items in found.items())
    return "[dependency-groups]\n" + "\n".join(lines) + "\n"


def is_accepted(found: dict) -> bool:
    """Whether the library resolves all of the groups."""
    try:
        resolver = DependencyGroupResolver(found)
        for name in found:
            resolver.resolve(name)
    except (ValueError, TypeError, LookupError):
        return False
    return True


def are_right(text: str) -> bool:
    manifest = PYPROJECT.parse(text)
    try:
        for each in manifest.dependencies:
            SCHEME.parse(each.specifier)
    except InvalidRequirementError:
        return False
    return not manifest.problems


def test_generated_groups_are_accepted_alike():
    random = Random(735)
    differ, accepted = [], 0
    for _ in range(4000):
        found = groups(random)
        text = document(found)
        theirs = is_accepted(found)
        accepted += theirs
        # What has nothing in it yet is still being typed to us.
        if theirs != are_right(text) and {} not in [it for each in found.values() for it in each]:
            differ.append((text, theirs, PYPROJECT.parse(text).problems))
    assert differ == []
    assert 800 < accepted < 3200


def test_the_links_lead_to_what_is_resolved():
    random = Random(736)
    asked = 0
    for _ in range(2000):
        found = groups(random)
        if not is_accepted(found):
            continue
        text = document(found)
        manifest = PYPROJECT.parse(text)
        includes = [each for items in found.values() for each in items if isinstance(each, dict)]
        asked += len(includes)
        shown = [(link.span.slice(text), link.target) for link in manifest.links]
        assert [name for name, _ in shown] == [each["include-group"] for each in includes]
        assert all(target in found for _, target in shown)
        assert all(normalise(name) == normalise(target) for name, target in shown)
        assert all(link.role is Role.GROUP for link in manifest.links)
    assert asked > 100


@pytest.mark.parametrize(
    "found",
    [
        {"a": [{"include-group": "a"}]},
        {"a": [{"include-group": "b"}], "b": [{"include-group": "a"}]},
        {
            "a": [{"include-group": "b"}, {"include-group": "c"}],
            "b": [{"include-group": "c"}],
            "c": [],
        },
        {"a": [{"include-group": "A"}]},
        {"a": [], "A": []},
        {"a-b": [], "a_b": []},
        {"a": [{"include-group": "b", "x": "y"}], "b": []},
        {"a": [{"include-group": "c"}]},
        {"a": "b"},
        {"a": {"b": "c"}},
        {"a": ["b c"]},
    ],
)
def test_hand_picked_groups_are_accepted_alike(found):
    assert are_right(document(found)) == is_accepted(found)
