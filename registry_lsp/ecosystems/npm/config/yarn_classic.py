"""The configuration of Yarn 1: ``.yarnrc`` upwards from the manifest and at home, below npm's, of
which the ``.npmrc`` of folders above the project count least (its ``npm-registry``,
``getPossibleConfigLocations``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.npm.config.npm import NPMRC, npm_layers
from registry_lsp.ecosystems.npm.config.places import read_npmrc, read_text, upwards
from registry_lsp.ecosystems.npm.config.registers import Register, register_of
from registry_lsp.ecosystems.npm.config.words import Layer, put_together

YARNRC = ".yarnrc"
_PART = r"""("[^"\n]*"|[^\s"#]\S*)"""
_LINE = re.compile(rf"^[ \t]*{_PART}[ \t]+{_PART}[ \t]*$", re.MULTILINE)


def classic_yarn_register(around: Surroundings, root: Path | None) -> Register:
    """The registries of Yarn 1, for the project whose root is the folder *root*."""
    layers = (*_layers(around), *_above(around, root), *npm_layers(around, root))
    words = put_together(layers, around.environ)
    return register_of(words, around, base=root)


def _layers(around: Surroundings) -> Iterator[Layer]:
    """What ``.yarnrc`` files say, lowest first. Only the one at home is the user's word."""
    home = around.home / YARNRC
    yield _layer(home, is_own=True)
    above = [each / YARNRC for each in upwards(around.folder) if each / YARNRC != home]
    for path in reversed(above):
        yield _layer(path, is_own=around.trusted)
    named = (around.environ.get(name, "") for name in ("yarn_registry", "YARN_REGISTRY"))
    yield Layer(values={"registry": next(filter(None, named), "")})


def _above(around: Surroundings, root: Path | None) -> Iterator[Layer]:
    """What the ``.npmrc`` files above the project say, the nearest one last."""
    above = list(upwards(root))[1:]
    for folder in reversed(above):
        if folder != around.home:
            yield Layer(values=read_npmrc(folder / NPMRC), is_own=around.trusted)


def _layer(path: Path, *, is_own: bool) -> Layer:
    """A file of Yarn's own lines, ``key "value"``."""
    found = _LINE.findall(read_text(path))
    return Layer(values={key.strip('"'): value.strip('"') for key, value in found}, is_own=is_own)
