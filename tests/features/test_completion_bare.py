from dataclasses import replace

import pytest

from registry_lsp.ecosystems import discover
from registry_lsp.features.completion import name_place
from registry_lsp.features.completions.bare import bare_place
from support.documents import document

FORMATS = {format.name: (each, format) for each in discover() for format in each.formats}


@pytest.mark.parametrize(
    ("format", "text", "typed"),
    [
        ("package.json", '{"dependencies": {one¦}}', "one"),
        ("package.json", '{"dependencies": {\r\n  "two": "1",\r\n  on¦e\r\n}}', "on"),
        ("package.json", '{"dependencies": {"two": "1", one¦', "one"),
        ("package.json", '{"dependencies": {@scope/on¦}}', "@scope/on"),
        ("pyproject.toml", "[project]\ndependencies = [one¦]", "one"),
        ("pyproject.toml", '[project]\ndependencies = [\n  "two",\n  one¦\n]', "one"),
        # what is no name, or stands in a string
        ("package.json", "{one¦}", None),
        ("package.json", '{"dependencies": {¦}}', None),
        ("package.json", '{"dependencies": {"two": one¦}}', None),
        ("package.json", '{"dependencies": {"two": "1, one¦, 2"}}', None),
        ("package.json", '{"scripts": {one¦}}', None),
        ("pyproject.toml", "[one¦]", None),
        ("pyproject.toml", "[project]\nkeywords = [one¦]", None),
        ("pyproject.toml", '[project]\ndependencies = ["two>1, one¦, 2"]', None),
        ("requirements.txt", "two>=1, one¦", None),
    ],
)
def test_a_name_without_quotes_is_one_with_them(format, text, typed):
    ecosystem, kind = FORMATS[format]
    offset, plain = text.index("¦"), text.replace("¦", "")
    subject = replace(document(plain), ecosystem=ecosystem, format=kind)
    place = bare_place(subject, offset, name_place)
    assert (place and place.typed) == typed
    assert place is None or plain[place.span.start : offset] == typed
