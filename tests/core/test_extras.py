from registry_lsp.core.extras import unknown_extras
from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import Metadata, Requires
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.names import normalise


def unknown(*extras, provided=(), requires=()):
    span = Span(0, 1)
    dependency = Dependency(
        name="a",
        display_name="a",
        name_span=span,
        specifier="",
        specifier_span=None,
        span=span,
        section="requirements",
        dialect="pep440",
        extras=extras,
    )
    metadata = Metadata(version="1.0", extras=provided, requires=requires)
    return [each.arg("extra") for each in unknown_extras(dependency, metadata, normalise)]


def test_names_are_alike_once_they_are_normalised():
    assert unknown("Foo_Bar", "foo.bar", "other", provided=("foo-bar",)) == ["other"]


def test_each_extra_is_told_once():
    assert unknown("x", "y", "x", provided=("z",)) == ["x", "y"]


def test_metadata_that_tell_nothing_say_nothing():
    assert unknown("x") == []


def test_a_release_with_requirements_and_no_extras_has_none():
    assert unknown("x", requires=(Requires(name="b", specifier=""),)) == ["x"]


def test_an_extra_that_only_a_marker_speaks_of_is_provided():
    marker = 'python_version > "3" and extra == "Old_One"'
    requires = (Requires(name="b", specifier="", kind="optional", marker=marker),)
    assert unknown("old-one", "new", requires=requires) == ["new"]
