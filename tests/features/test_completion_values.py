from dataclasses import replace

import pytest

from registry_lsp.core.sites import typed_at
from registry_lsp.ecosystems import discover
from registry_lsp.features.completions.values import valued
from support.documents import document

FORMATS = {format.name: (each, format) for each in discover() for format in each.formats}


@pytest.mark.parametrize(
    ("format", "text", "name"),
    [
        ("package.json", '{"dependencies": {"one": ¦}}', "one"),
        ("package.json", '{"dependencies": {"one":¦\n  "two": "1"\n}}', "one"),
        ("package.json", '{"dependencies": {"one": ¦', "one"),
        ("package.json", '{"overrides": {"one": {"two": ¦}}}', "two"),
        ("pyproject.toml", "[tool.poetry.dependencies]\none = ¦\ntwo = '1'\n", "one"),
        ("pyproject.toml", "[tool.poetry.dependencies]\none = {version = ¦}\n", "one"),
        ("Pipfile", "[packages]\none =¦ # why\n", "one"),
        ("pnpm-workspace.yaml", "catalog: {one: ¦}\n", "one"),
        # what is begun, is no version's place, or is something else's
        ("package.json", '{"dependencies": {"one": 1¦}}', None),
        ("package.json", '{"dependencies": {"one": ¦ "1"}}', None),
        ("package.json", '{"dependencies": ¦}', None),
        ("package.json", '{"scripts": {"one": ¦}}', None),
        ("pyproject.toml", "[tool.poetry.dependencies]\none = {path = ¦}\n", None),
        ("pyproject.toml", "[project]\nname = ¦\n", None),
        ("requirements.txt", "--index-url=¦", None),
        ("requirements.txt", "¦", None),
    ],
)
def test_a_value_that_is_not_begun_is_read_as_an_empty_one(format, text, name):
    ecosystem, kind = FORMATS[format]
    offset, plain = text.index("¦"), text.replace("¦", "")
    subject = replace(document(plain), ecosystem=ecosystem, format=kind)
    whole, at = valued(subject, offset)
    if name is None:
        assert (whole, at) == (subject, offset)
    else:
        said = whole.snapshot.text
        assert said[: at - 1] + said[at + 1 :] == plain
        assert typed_at(whole.manifest, said, at).name == name
