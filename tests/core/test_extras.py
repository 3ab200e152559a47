from registry_lsp.core.extras import near_extras, unknown_extras
from registry_lsp.core.manifests import Dependency
from registry_lsp.core.packages import Metadata, Requires
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.pypi.names import normalise


def asking(*extras):
    span = Span(0, 1)
    return Dependency(
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


def unknown(*extras, provided=(), requires=()):
    metadata = Metadata(version="1.0", extras=provided, requires=requires)
    return [each.arg("extra") for each in unknown_extras(asking(*extras), metadata, normalise)]


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


def near(extra, *provided, beside=()):
    return near_extras(extra, asking(extra, *beside), provided, normalise)


def test_those_that_may_be_meant_are_near_once_normalised_and_not_asked_for_already():
    assert near("Standrad", "standard", "all") == ("standard",)
    assert near("foo_baar", "Foo.Bar") == ("Foo.Bar",)
    assert near("standrad", "standard", beside=("Standard",)) == ()
    assert near("tests", "best", "test") == ("test", "best")
    assert near("nope", "all") == ()


def test_an_extra_that_no_manifest_could_name_is_meant_by_nobody():
    assert near("standard", "standar]", "standar ", "-tandard", "standard") == ()
