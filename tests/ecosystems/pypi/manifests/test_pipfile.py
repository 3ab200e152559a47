"""``Pipfile``: what is read from it, as Pipenv 2026 and its library plette understand it."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.config.routes import routes as routes_of
from registry_lsp.ecosystems.pypi.manifests.pipfile import PIPFILE
from registry_lsp.ecosystems.pypi.versions.pipenv import PipenvScheme
from support.damage import lost_by_deletions, lost_by_prefixes
from support.pypi_configs import machine

SCHEME = PipenvScheme()

WHOLE = """\
[[source]]
name = "first"
url = "https://registry.example/simple"
verify_ssl = true

[[source]]
name = "second"
url = "https://${TOKEN}@second.example/simple"

[packages]
Requests = { version = ">=2.28,<3", extras = ["socks", "security"] }
django = "~=4.2"  # the LTS
anything = "*"
bound = { version = "*", index = "second" }
conditional = { version = "==1.0", markers = "python_version < '3.12'", sys_platform = "=='win32'" }
from-git = { git = "https://code.example/x.git", ref = "v1", subdirectory = "sub", editable = true }
git-url = "git+https://code.example/y.git@main"
here = { path = ".", editable = true }
archive = { file = "https://files.example/z-1.0.zip" }

[packages.long]
version = "==2.*"

[dev-packages]
pytest = "==8.3.1"
bound = "*"

[docs]
sphinx = ""

[requires]
python_version = "3.11"

[pipenv]
allow_prereleases = true

[scripts]
test = "pytest"
"""


def read(text):
    return PIPFILE.parse(text)


def packages(entries):
    return f"[packages]\n{entries}\n"


def test_only_files_of_exactly_this_name_are_taken():
    assert PIPFILE.matches(PurePath("a", "Pipfile"))
    for name in ("pipfile", "Pipfile.lock", "MyPipfile"):
        assert not PIPFILE.matches(PurePath("a", name))


def test_every_category_is_read():
    manifest = read(WHOLE)
    assert manifest.problems == ()
    found = [(each.section, each.display_name, each.specifier) for each in manifest.dependencies]
    assert found == [
        ("packages", "Requests", ">=2.28,<3"),
        ("packages", "django", "~=4.2"),
        ("packages", "anything", "*"),
        ("packages", "bound", "*"),
        ("packages", "conditional", "==1.0"),
        ("packages", "from-git", ""),
        ("packages", "git-url", ""),
        ("packages", "here", ""),
        ("packages", "archive", ""),
        ("packages", "long", "==2.*"),
        ("dev-packages", "pytest", "==8.3.1"),
        ("dev-packages", "bound", "*"),
        ("docs", "sphinx", ""),
    ]
    for each in manifest.dependencies:
        assert each.dialect == "pipenv"
        assert each.prereleases is True
        assert each.name_span.slice(WHOLE) == each.display_name
        assert each.span.start <= each.name_span.start
        if each.specifier_span is not None:
            assert each.specifier_span.slice(WHOLE) == each.specifier
            assert each.specifier_span.end <= each.span.end
        if each.written:
            assert each.written_span.slice(WHOLE) == each.written


@pytest.mark.parametrize(
    ("name", "source", "target", "link", "written"),
    [
        (
            "from-git",
            Source.GIT,
            "https://code.example/x.git@v1#subdirectory=sub",
            "https://code.example/x",
            "https://code.example/x.git",
        ),
        (
            "git-url",
            Source.GIT,
            "git+https://code.example/y.git@main",
            "https://code.example/y",
            "git+https://code.example/y.git@main",
        ),
        ("here", Source.PATH, ".", ".", "."),
        (
            "archive",
            Source.URL,
            "https://files.example/z-1.0.zip",
            "https://files.example/z-1.0.zip",
            "https://files.example/z-1.0.zip",
        ),
    ],
)
def test_what_comes_from_elsewhere_says_where(name, source, target, link, written):
    (found,) = [each for each in read(WHOLE).dependencies if each.name == name]
    assert (found.source, found.target, found.link) == (source, target, link)
    assert (found.written, found.written_span.slice(WHOLE)) == (written, written)
    assert found.specifier_span is None


def test_the_first_source_is_the_default_and_others_serve_what_names_them():
    manifest = read(WHOLE)
    assert [(each.name, each.role) for each in manifest.indexes] == [
        ("first", "default"),
        ("second", "explicit"),
    ]
    routes = routes_of(machine())
    urls = {
        each.name: ref.url if (ref := routes.registry_for(each, manifest)) else None
        for each in manifest.dependencies
    }
    assert urls["django"] == "https://registry.example/simple/"
    assert urls["bound"] is None  # its address has a variable


def test_an_index_holds_in_all_categories():
    bound = [each.index for each in read(WHOLE).dependencies if each.name == "bound"]
    assert bound == ["second", "second"]


@pytest.mark.parametrize(
    "entry", ["{ inde = 'second' }", "{ version = '*', indx = 'a' }", "{ index = ", "{ index"]
)
def test_half_a_binding_is_asked_of_nobody(entry):
    (found,) = read(packages(f"acme = {entry}")).dependencies
    assert found.index == ""


@pytest.mark.parametrize(
    ("requires", "runtime"),
    [
        ('python_version = "3.11"', "==3.11.*"),
        ('python_full_version = "3.11.4"', "==3.11.4"),
        ('python_version = "3.10"\npython_full_version = "3.11.4"', "==3.11.4"),
        ('python_version = "3"', "==3.*"),
        ('python_version = ">=3.8"', ">=3.8"),
        ('python_version = ""', None),
        ("python_version = 3.11", None),
    ],
)
def test_the_required_python_is_the_runtime(requires, runtime):
    manifest = read(f"[packages]\na = '*'\n[requires]\n{requires}\n")
    assert manifest.runtime == runtime
    assert manifest.dependencies[0].runtime == runtime


def test_conditions_become_one_marker():
    (found,) = [each for each in read(WHOLE).dependencies if each.name == "conditional"]
    assert found.marker == "(python_version < '3.12') and sys_platform =='win32'"


@pytest.mark.parametrize(
    ("entry", "where", "reason"),
    [
        ("a = true", "true", "A package needs a version in quotes, or a table."),
        ("a = 1.0", "1.0", "A package needs a version in quotes, or a table."),
        ("a = ['1']", "['1']", "A package needs a version in quotes, or a table."),
        ("'a b' = '*'", "a b", "No Python project can have this name."),
        ("a = { version = 1 }", "1", "'version' must be a string."),
        (
            "a = { git = 'https://x.example/y', commit = 'b' }",
            "commit",
            "Pipenv knows no 'commit' here.",
        ),
        ("a = { version = '*', extras = 'b' }", "'b'", "'extras' must be a list of strings."),
        ("a = { path = '.', editable = 'yes' }", "'yes'", "'editable' must be true or false."),
        (
            "a = { version = '*', sys_platform = 'win32' }",
            "'win32'",
            "It must be an operator and a value in quotes of its own, \"== 'x'\".",
        ),
    ],
)
def test_what_pipenv_refuses_is_a_problem(entry, where, reason):
    text = packages(entry)
    (problem,) = read(text).problems
    assert problem.span.slice(text) == where
    assert problem.reason == reason


def test_a_marker_that_cannot_be_read_is_a_problem():
    text = packages("a = { version = '*', markers = 'nonsense' }")
    (problem,) = read(text).problems
    assert problem.span.slice(text) == "nonsense"


@pytest.mark.parametrize("entry", ["a", "a = ", "a = {", "'' = '1'", "a = { sys_platform = '' }"])
def test_what_is_still_being_typed_is_no_problem(entry):
    assert read(packages(entry)).problems == ()


@pytest.mark.parametrize(
    ("specifier", "admitted"),
    [
        ("*", {"1.0", "1.2", "2.0"}),
        ("", {"1.0", "1.2", "2.0"}),
        ("==*", {"1.0", "1.2", "2.0"}),
        ("1.2", {"1.2"}),
        ("==1.2", {"1.2"}),
        ("===1.2", {"1.2"}),
        ("1.*", {"1.0", "1.2"}),
        ("~=1.0", {"1.0", "1.2"}),
        (" >=1.2 ", {"1.2", "2.0"}),
        ("(>=1.2)", {"1.2", "2.0"}),
        (">=1.2,<2", {"1.2"}),
    ],
)
def test_versions_mean_what_pipenv_has_them_mean(specifier, admitted):
    requirement = SCHEME.parse(specifier)
    assert {each for each in ("1.0", "1.2", "2.0") if requirement.admits(each)} == admitted


@pytest.mark.parametrize("specifier", ["^1.0", "~1.0", "latest", ">=1 <2", "./x", "=="])
def test_versions_that_pipenv_refuses_are_refused(specifier):
    with pytest.raises(InvalidRequirementError) as refusal:
        SCHEME.parse(specifier)
    assert str(refusal.value).strip()


def test_a_version_alone_is_a_pin():
    assert SCHEME.parse("1.2").pinned == "1.2"
    assert SCHEME.parse("*").pinned is None


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("*", "*"),
        ("1.2", "2.3.4"),
        ("==1.2", "==2.3.4"),
        ("~=1.2", "~=2.3"),
        (">=1.2,<2", ">=2.3.4,<3"),
        ("1.*", "2.*"),
        ("", "~=2.3.4"),
    ],
)
def test_a_rewritten_version_keeps_its_style(specifier, expected):
    assert SCHEME.replace(specifier, "2.3.4") == expected


def _dependencies(text):
    return {
        (each.section, each.display_name, each.written, each.index): (
            min(each.span.start, each.name_span.start),
            each.span.end,
        )
        for each in read(text).dependencies
        if each.name != "bound"  # where one entry of it is broken, the other one changes
    }


def test_a_prefix_keeps_every_dependency_that_stands_whole_in_it():
    assert lost_by_prefixes(WHOLE, _dependencies) == {}


def test_a_missing_bracket_quote_or_sign_costs_one_dependency_at_most():
    lost = lost_by_deletions(WHOLE, _dependencies)
    assert {at for at in lost if WHOLE[at] in "[]{}\"'=,#"} == set()


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("[[source]]\nurl = 'https://a/'\n", ["source"]),
        ("[[source]]\nname = 'a'\n", ["source"]),
        ("[[source]]\nname = 1\nurl = ''\n", ["1"]),
        ("[[source]]\nname = 'a'\nurl = ''\nverify_ssl = 'no'\n", ["'no'"]),
        ("[source]\nname = 'a'\nurl = 'https://a/'\n", ["source"]),
        ("[[source]]\nname = 'a'\nurl = 'https://a/'\nverify_ssl = false\n", []),
        ("[[source]]\n", []),
    ],
)
def test_what_pipenv_refuses_of_sources(source, where):
    assert [each.span.slice(source) for each in read(source).problems] == where


def test_extras_may_stand_behind_the_name():
    text = packages('"Acme[X, y]" = "*"\n"other[x]" = {version = "*", extras = ["z"]}')
    manifest = read(text)
    assert manifest.problems == ()
    found = [(each.name, each.name_span.slice(text), each.extras) for each in manifest.dependencies]
    assert found == [("acme", "Acme", ("X", "y")), ("other", "other", ("x", "z"))]


@pytest.mark.parametrize(
    "key", ["acme[x", "acme[x]y", "acme[x] ", "acme[x]>1", "acme[x];y", "[x]", "acme[x y]"]
)
def test_other_brackets_are_no_name(key):
    text = packages(f'"{key}" = "*"')
    assert len(read(text).problems) == (0 if key == "acme[x] " else 1)


def test_a_marker_may_stand_behind_the_version():
    text = packages("a = \"<2 ; python_version > '3'\"\nb = '*;nope'")
    manifest = read(text)
    found = [(each.specifier, each.specifier_span.slice(text)) for each in manifest.dependencies]
    assert found == [("<2", "<2"), ("*", "*")]
    assert [each.marker for each in manifest.dependencies] == ["python_version > '3'", "nope"]
    assert [each.span.slice(text) for each in manifest.problems] == ["*;nope"]
