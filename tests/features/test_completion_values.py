from dataclasses import replace

import pytest

from registry_lsp.core.sites import typed_at
from registry_lsp.ecosystems import discover
from registry_lsp.features.completions.values import typed_in
from support.documents import document

FORMATS = {format.name: (each, format) for each in discover() for format in each.formats}
NO_QUOTES = str.maketrans("", "", "\"'")


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
        ("pnpm-workspace.yaml", "catalog:\n  one: ~¦\n", "one"),
        # what lacks its closing quote
        ("pyproject.toml", '[project]\ndependencies = ["one>=1,¦', "one"),
        ("pyproject.toml", '[project]\ndependencies = ["one>=1, ¦]', "one"),
        ("pyproject.toml", "[project]\ndependencies = [\n  'one>=1,¦\n  'two',\n]\n", "one"),
        ("pyproject.toml", '[project]\ndependencies = ["one¦]', "one"),
        ("pyproject.toml", '[tool.poetry.dependencies]\none = {version = ">=1,¦, x = 1}', "one"),
        ("Pipfile", '[packages]\none = ">=1,¦\ntwo = "*"\n', "one"),
        # what is begun, is no version's place, or is something else's
        ("package.json", '{"dependencies": {"one": 1¦}}', None),
        ("package.json", '{"dependencies": {"one": ¦ "1"}}', None),
        ("package.json", '{"dependencies": ¦}', None),
        ("package.json", '{"scripts": {"one": ¦}}', None),
        ("pyproject.toml", "[tool.poetry.dependencies]\none = {path = ¦}\n", None),
        ("pyproject.toml", "[project]\nname = ¦\n", None),
        ("requirements.txt", "--index-url=¦", None),
        ("requirements.txt", "¦", None),
        ("pyproject.toml", '[project]\ndependencies = ["one>=1", ¦', None),
        ("pyproject.toml", '[project]\nkeywords = ["one>=1,¦', None),
        ("pyproject.toml", "[tool.poetry.dependencies]\none = ~¦\n", None),
    ],
)
def test_a_value_is_read_as_it_would_be_with_its_quotes(format, text, name):
    ecosystem, kind = FORMATS[format]
    offset, plain = text.index("¦"), text.replace("¦", "")
    subject = replace(document(plain), ecosystem=ecosystem, format=kind)
    whole, at = typed_in(subject, offset)
    if name is None:
        assert (whole, at) == (subject, offset)
    else:
        said = whole.snapshot.text
        assert said.translate(NO_QUOTES) == plain.translate(NO_QUOTES)
        assert said[:at].translate(NO_QUOTES) == plain[:offset].translate(NO_QUOTES)
        assert typed_at(whole.manifest, said, at).name == name
