"""The manifests of the corpus: the trees say what the strict readers say, and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tomli

from registry_lsp.syntax.json.scanner import scan_json
from registry_lsp.syntax.toml.scanner import scan_toml
from support.corpus import FOLDER, files
from support.trees import plain, strings


def of_kind(*endings: str):
    return [
        pytest.param(path, id=path.relative_to(FOLDER).as_posix())
        for path in files()
        if path.name.endswith(endings)
    ]


def without_order(said: object) -> object:
    """Tables as sorted pairs: a header may come back to a table above."""
    if isinstance(said, dict):
        return sorted((key, without_order(value)) for key, value in said.items())
    return [without_order(each) for each in said] if isinstance(said, list) else said


@pytest.mark.parametrize("path", of_kind(".json"))
def test_the_json_of_projects_is_read_as_json_reads_it(path: Path):
    text = path.read_bytes().decode()
    tree = scan_json(text)
    assert plain(tree, json.loads) == json.loads(text)
    for each in strings(tree):
        assert json.loads(each.span.slice(text)) == each.value


@pytest.mark.parametrize("path", of_kind(".toml", "Pipfile"))
def test_the_toml_of_projects_is_read_as_tomli_reads_it(path: Path):
    text = path.read_bytes().decode()
    tree = scan_toml(text)
    said = plain(tree, lambda scalar: tomli.loads(f"x = {scalar}")["x"])
    assert without_order(said) == without_order(tomli.loads(text))
    for each in strings(tree):
        written = each.span.slice(text)
        meant = written if each.is_bare else tomli.loads(f"x = {written}")["x"]
        assert meant == each.value
