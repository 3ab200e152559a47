import pytest

from registry_lsp.core.manifests import Part
from registry_lsp.core.sites import site_at, typed_at
from support.toy import ToyFormat


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¦one==1.0", ("one", Part.NAME, "one")),
        ("one¦==1.0", ("one", Part.SPECIFIER, "==1.0")),
        ("one==1.0¦", ("one", Part.SPECIFIER, "==1.0")),
        ("one==1.0\n\ntwo¦ !git", ("two", Part.SPECIFIER, "")),
        ("one==1.0\n\ntwo !g¦it", ("two", Part.OTHER, "two !git")),
        ("one==1.0\n¦\ntwo", None),
    ],
)
def test_what_stands_at_a_cursor(text, expected):
    plain = text.replace("¦", "")
    site = site_at(ToyFormat().parse(plain), text.index("¦"))
    found = site and (site.dependency.name, site.part, site.span.slice(plain))
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("o¦ne==1.0", None),
        ("one¦==1.0", "one"),
        ("one==1.0¦", "one"),
        ("one==1.0 \t¦", "one"),
        ("one==1.0 \n¦", None),
        ("one==1.0\ntwo>=¦", "two"),
        ("one==1.0 !git¦", None),
    ],
)
def test_whose_specifier_is_typed_at_a_cursor(text, expected):
    plain = text.replace("¦", "")
    found = typed_at(ToyFormat().parse(plain), plain, text.index("¦"))
    assert (found and found.name) == expected
