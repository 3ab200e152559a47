"""Where an extra stands, in what people have typed so far."""

import pytest

from registry_lsp.core.sites import extra_at
from registry_lsp.ecosystems import discover

FORMATS = {format.name: format for each in discover() for format in each.formats}
LIST = '[project]\ndependencies = ["%s"]\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one[¦", ""),
        ("one[¦]", ""),
        ("one[fa¦st", "fast"),
        ("one[¦fast]", "fast"),
        ("one[fast¦]==1.0", "fast"),
        ("one[fast¦==1.0", "fast"),
        ("one[fast, so¦und]", "sound"),
        ("one[fast,¦ sound]", ""),
        ("one[fast, ¦sound]", "sound"),
        ("one[fast,¦]", ""),
        ("one [fa¦st]", "fast"),
        ("one¦[fast]", None),
        ("one[fast]¦", None),
        ("one[fast]==1.¦0", None),
        ("one==1.0¦", None),
    ],
)
@pytest.mark.parametrize("format", ["requirements.txt", "pyproject.toml"])
def test_the_extra_at_a_cursor(format, text, expected):
    whole = LIST % text if format == "pyproject.toml" else f"{text}\n"
    offset, plain = whole.index("¦"), whole.replace("¦", "")
    (dependency,) = FORMATS[format].parse(plain).dependencies
    span = extra_at(dependency, plain, offset)
    assert (None if span is None else span.slice(plain)) == expected
    assert span is None or span.touches(offset)


def test_a_table_has_no_brackets_behind_the_name():
    text = '[tool.poetry.dependencies]\none = { version = "1.0", extras = ["fast"] }\n'
    (dependency,) = FORMATS["pyproject.toml"].parse(text).dependencies
    assert {extra_at(dependency, text, at) for at in range(len(text))} == {None}
