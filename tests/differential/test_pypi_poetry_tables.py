"""Poetry's tables of dependencies, held against what poetry-core makes of them."""

from __future__ import annotations

import json
from importlib import import_module
from random import Random

import pytest
import tomli
from poetry.core.factory import Factory

from registry_lsp.core.manifests import Source
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT
from registry_lsp.ecosystems.pypi.versions.poetry import PoetryScheme
from support import pypi_texts

SCHEME = PoetryScheme()
# Poetry has a copy of its own of what reads its grammars, importable only behind poetry.core.
LarkError = import_module("lark.exceptions").LarkError
BOOLEAN, LIST, TEXT = "true", '["a", "b"]', '"text"'
RIGHT = {
    "version": ('"^1.2"', '"*"', '">=1,<2"', '"1.5"'),
    "git": ('"https://code.example/a/b.git"', '"git@code.example:a/b.git"'),
    "url": ('"https://files.example/demo-1.0.zip"',),
    "path": ('"../demo"',),
    "file": ('"demo-1.0.tar.gz"',),
    "branch": ('"main"',),
    "tag": ('"v1"',),
    "rev": ('"abc123"',),
    "subdirectory": ('"sub"',),
    "develop": (BOOLEAN,),
    "optional": (BOOLEAN, "false"),
    "allow-prereleases": (BOOLEAN, "false"),
    "allows-prereleases": (BOOLEAN,),
    "extras": (LIST, "[]"),
    "source": ('"private"',),
    "python": ('"^3.9"', '">=3.8,<4"', '">=3.8 || >=4"'),
    "platform": ('"linux"', '"win32"'),
    "markers": ("\"python_version < '3.12'\"", "\"sys_platform == 'win32' or os_name == 'nt'\""),
}
WRONG = {
    "version": ("1", BOOLEAN, '">=1 <"', '"^^1"', '"latest"'),
    "optional": (TEXT, "1"),
    "extras": (TEXT, "[1]", "{}"),
    "python": ("3", '">=3.x.y"'),
    "markers": (TEXT, "1", '"python_version <"', "\"python_version < '3'; \""),
    "source": ("1", BOOLEAN),
    "git": ("1",),
    "indexx": (TEXT,),
    "sourc": (TEXT,),
}
KINDS = ("version", "version", "version", "git", "url", "path", "file", None)


def entry(random: Random) -> str:
    """The inline table of one dependency: mostly what Poetry takes."""
    kind = random.choice(KINDS)
    names = [kind] if kind else []
    names += random.sample(sorted(RIGHT), random.choice((0, 0, 1, 1, 2, 3)))
    pairs = {name: random.choice(RIGHT[name]) for name in names}
    if random.random() < 0.3:
        name = random.choice(sorted(WRONG))
        pairs[name] = random.choice(WRONG[name])
    return "{ " + ", ".join(f"{name} = {value}" for name, value in pairs.items()) + " }"


def document(entries: str) -> str:
    return (
        '[tool.poetry]\nname = "demo"\nversion = "1"\ndescription = ""\nauthors = []\n'
        f"[tool.poetry.dependencies]\n{entries}\n"
        '[[tool.poetry.source]]\nname = "private"\nurl = "https://registry.example/simple"\n'
    )


def poetrys(text: str, tmp_path):
    """The dependencies that Poetry makes of *text*, None where it refuses it."""
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    try:
        return Factory().create_poetry(tmp_path).package.all_requires
    except (RuntimeError, ValueError, LarkError):
        return None


def ours(text: str):
    """The dependencies that are read, None where anything is at fault."""
    manifest = PYPROJECT.parse(text)
    if manifest.problems:
        return None
    for each in manifest.dependencies:
        try:
            SCHEME.parse(each.specifier)
        except InvalidRequirementError:
            return None
    return manifest.dependencies


def source_of(dependency) -> Source:
    if dependency.is_vcs():
        return Source.GIT
    if dependency.is_url():
        return Source.URL
    is_local = dependency.is_file() or dependency.is_directory()
    return Source.PATH if is_local else Source.REGISTRY


def shape(dependency):
    """What both say of a dependency. What is no registry's has but one version to take, and the
    index of one is of no use. (Of a 'file', poetry-core forgets whether it is optional.)
    """
    is_asked = source_of(dependency) is Source.REGISTRY
    return (
        dependency.name,
        source_of(dependency),
        tuple(sorted(dependency.extras)),
        dependency.source_name if is_asked else None,
        dependency.is_optional() and not dependency.is_file(),
        dependency.allows_prereleases() if is_asked else None,
    )


def our_shape(dependency):
    return (
        dependency.name,
        dependency.source,
        tuple(sorted(dependency.extras)),
        dependency.index,
        dependency.optional and not dependency.target.startswith("demo-1.0.tar.gz"),
        dependency.prereleases if dependency.source.is_looked_up else None,
    )


def agree(text: str, tmp_path) -> bool:
    theirs, mine = poetrys(text, tmp_path), ours(text)
    if theirs is None or mine is None:
        return theirs is None and mine is None
    return sorted(map(shape, theirs), key=str) == sorted(map(our_shape, mine), key=str)


def test_generated_tables_are_read_alike(tmp_path):
    random = Random(735)
    differ, refused = [], 0
    for _ in range(3000):
        text = document(f"demo = {entry(random)}")
        if not agree(text, tmp_path):
            differ.append((text.splitlines()[-1], poetrys(text, tmp_path), PYPROJECT.parse(text)))
        refused += ours(text) is None
    assert differ == []
    assert 600 < refused < 2400


def test_generated_lists_of_constraints_are_read_alike(tmp_path):
    random = Random(736)
    differ = []
    for _ in range(300):
        items = [
            entry(random) if random.random() < 0.7 else json.dumps(pypi_texts.public(random))
            for _ in range(random.choice((1, 2, 3)))
        ]
        text = document(f"demo = [{', '.join(items)}]")
        if not agree(text, tmp_path):
            differ.append(text)
    assert differ == []


@pytest.mark.parametrize(
    "entries",
    [
        "demo = '^1'",
        "Demo_Thing = '*'",
        "demo = 1",
        "demo = true",
        "demo = ['^1', '^2']",
        "demo = [{version = '^1', python = '<3.10'}, {version = '^2', python = '>=3.10'}]",
        "demo = {}",
        "demo = {develop = true}",
        "demo = {optional = true}",
        "demo = {version = '^1', path = '../demo'}",
        "demo = {git = 'https://code.example/a.git', source = 'private'}",
        "python = '^3.9'",
        "python = '^^3'",
    ],
)
def test_hand_picked_tables_are_read_alike(entries, tmp_path):
    assert agree(document(entries), tmp_path)


def test_the_generator_writes_toml():
    random = Random(1)
    for _ in range(100):
        tomli.loads(document(f"demo = {entry(random)}"))
