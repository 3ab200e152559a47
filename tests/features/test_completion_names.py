import pytest

from registry_lsp.core.packages import SearchHit
from registry_lsp.ecosystems import discover
from registry_lsp.features.completions.names import (
    build,
    fill_of,
    likeliest,
    place_in,
    typed_before,
)

FORMATS = {format.name: (each, format) for each in discover() for format in each.formats}


def place(format, text):
    """Where the name is that is typed at the ``¦`` in *text*, as the handler looks for it."""
    _, kind = FORMATS[format]
    offset, plain = text.index("¦"), text.replace("¦", "")
    found = place_in(kind.parse(plain), plain, offset, "", kind.parse)
    if found is not None:
        return found
    fill = fill_of(typed_before(plain, offset))
    whole = kind.completed(plain, offset, fill)
    return place_in(kind.parse(whole), whole, offset, fill, kind.parse) if whole != plain else None


def chosen(format, text, name="chosen"):
    found = place(format, text)
    plain = text.replace("¦", "")
    return found and plain[: found.span.start] + name + plain[found.span.end :]


@pytest.mark.parametrize(
    ("format", "text", "result"),
    [
        ("package.json", '{"dependencies": {"¦"}}', '{"dependencies": {"chosen"}}'),
        ("package.json", '{"dependencies": {"@sc¦"}}', '{"dependencies": {"chosen"}}'),
        ("package.json", '{"dependencies": {"@sc/¦', '{"dependencies": {"chosen'),
        ("package.json", '{"dependencies": {"a": "1", "b¦c": "2"}}', '"a": "1", "chosen": "2"'),
        ("package.json", '{"resolutions": {"o¦"}}', '{"resolutions": {"chosen"}}'),
        ("package.json", '{"na¦"}', None),
        ("package.json", '{"scripts": {"o¦"}}', None),
        ("package.json", '{"dependencies": {"one": "o¦"}}', None),
        ("package.json", '{"dependencies": {"a": "npm:¦"}}', '"a": "npm:chosen"}'),
        ("package.json", '{"dependencies": {"a": "npm:o¦ne@^1"}}', '"a": "npm:chosen@^1"}'),
        ("package.json", '{"dependencies": {"a": "npm:@sc¦', '"a": "npm:chosen'),
        ("package.json", '{"dependencies": {"a": "npm:one@^1¦"}}', None),
        ("package.json", '{"dependencies": {"a": "n¦pm:one"}}', None),
        ("package.json", '{"dependencies": {"a": "\\u006epm:o¦ne"}}', ': "\\u006epm:chosen"'),
        ("package.json", '{"dependencies": {"o\\u006e¦e": "1"}}', '{"chosen": "1"}'),
        ("package.json", '{"dependencies": {"o¦\\u006ee": "1"}}', '{"chosen": "1"}'),
        ("package.json", '{"dependencies": {"o\\u006e¦"}}', '{"chosen"}'),
        ("package.json", '{"dependencies": {"o\\u006e¦', '{"chosen'),
        ("package.json", '{"dependencies": {"o\\u00¦6ee": "1"}}', None),
        ("pyproject.toml", '[project]\ndependencies = ["o\\u006e¦>=1"]', '["chosen>=1"]'),
        ("pnpm-workspace.yaml", "catalog:\n  a: npm:o¦\n", "  a: npm:chosen\n"),
        ("pnpm-workspace.yaml", "catalogs:\n  a:\n    o¦\n", "    chosen\n"),
        (".yarnrc.yml", "catalog:\n  o¦\n", "  chosen\n"),
        ("pyproject.toml", '[project]\ndependencies = ["¦"]', '["chosen"]'),
        ("pyproject.toml", "[dependency-groups]\na = ['one', '¦']", "['one', 'chosen']"),
        ("pyproject.toml", "[tool.poetry.group.a.dependencies]\no¦", "chosen"),
        ("pyproject.toml", "[project]\no¦", None),
        ("Pipfile", "[dev-packages]\no¦", "chosen"),
        ("hatch.toml", '[envs.default]\ndependencies = ["o¦', '["chosen'),
        ("script", "# /// script\n# dependencies = ['¦']\n# ///\n", "['chosen']"),
        ("requirements.txt", "one\n¦\n", "one\nchosen\n"),
        ("requirements.txt", "o¦ne[a]>=1", "chosen[a]>=1"),
        ("requirements.txt", "# o¦", None),
        ("requirements.txt", "./o¦ne", None),
        ("requirements.txt", "o¦ne @ ./one", "chosen @ ./one"),
        ("package.json", '{"dependencies": {"o¦ne": "npm:"}}', '{"chosen": "npm:"}'),
    ],
)
def test_where_a_name_is_typed(format, text, result):
    found = chosen(format, text)
    assert found is None if result is None else result in found


NOTHING = {"likely": (), "own": (), "hits": (), "listed": ()}


def offered(format, text, **known):
    subject = place(format, text)
    normalise = FORMATS[format][0].normalise
    candidates = likeliest(subject, normalise, **{**NOTHING, **known})
    return build(subject, candidates, normalise, is_whole=True).offers


def test_the_projects_own_come_first_and_each_once():
    hits = [SearchHit(name="one-hit", summary="A hit"), SearchHit(name="on-own")]
    own = {"on-own", "on-lock", "two-on"}
    found = offered("package.json", '{"dependencies": {"on¦"}}', own=own, hits=hits)
    assert [each.label for each in found] == ["on-lock", "on-own", "one-hit", "two-on"]
    assert [each.note for each in found] == ["", "", "A hit", ""]
    # only what its registry has named itself is asked for
    assert [each.about for each in found] == [None, ("on-own", None), ("one-hit", None), None]


def test_what_is_likely_stands_before_all_else_and_the_shortest_before_the_rest():
    found = offered(
        "requirements.txt",
        "fas¦",
        likely=["fas", "fastapi"],
        own={"fast-own", "fastapi"},
        listed=["fas", "fasd", "fast-own", "fastapi"],
    )
    assert [each.label for each in found] == ["fas", "fastapi", "fast-own", "fasd"]
    assert all(each.about is not None for each in found)


def test_what_stands_in_the_section_already_is_not_offered():
    text = '{"dependencies": {"one": "1", "on¦"}, "devDependencies": {"only": "1"}}'
    found = offered("package.json", text, own={"one", "only"})
    assert [each.label for each in found] == ["only"]


def test_what_is_written_with_an_escape_is_found_by_what_stands_there():
    text = '{"dependencies": {"\\u006fn¦": "1"}}'
    (found,) = offered("package.json", text, listed=["on-all"])
    assert (found.text, found.filter) == ("on-all", "\\u006fn-all")


def test_an_alias_may_lead_to_what_stands_in_the_section_already():
    text = '{"dependencies": {"one": "1", "old": "npm:on¦"}}'
    assert [each.label for each in offered("package.json", text, own={"one"})] == ["one"]


def test_however_a_name_is_spelled_the_client_finds_what_is_typed():
    (found,) = offered("requirements.txt", "Zope_¦", listed=["zope-interface"])
    assert (found.text, found.filter) == ("zope-interface", "Zope_interface")


def test_nothing_that_is_no_name_is_written():
    hits = [SearchHit(name='on": "1", "evil'), SearchHit(name="on\u202e")]
    assert offered("package.json", '{"dependencies": {"on¦"}}', hits=hits) == ()
