import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name, is_normalized_name

from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("Django", "django"),
        ("zope.interface", "zope-interface"),
        ("ruamel_yaml", "ruamel-yaml"),
        ("A-_.B", "a-b"),
        ("", ""),
    ],
)
def test_names_are_normalised(name, normal):
    assert normalise(name) == normal


@given(st.text(alphabet="aB1-_.", max_size=20))
def test_normalising_is_packagings_and_settles(name):
    normal = normalise(name)
    assert normal == canonicalize_name(name)
    assert normalise(normal) == normal
    if is_valid_name(name):
        assert is_normalized_name(normal)


@pytest.mark.parametrize("name", ["a", "1", "a-b", "a.b", "A_b", "a--b"])
def test_valid_names(name):
    assert is_valid_name(name)


@pytest.mark.parametrize("name", ["", "-a", "a-", "_a", "a_", "a b", "é", "a\n", "\u017f", "a/b"])
def test_invalid_names(name):
    assert not is_valid_name(name)
