import re
from dataclasses import replace

import pytest

from registry_lsp.core.packages import Release
from registry_lsp.core.settings import Prereleases
from registry_lsp.core.sites import typed_at
from registry_lsp.core.text import Span
from registry_lsp.ecosystems import discover
from registry_lsp.features.completions.offers import MOST, Kind, Offer, Offers, together
from registry_lsp.features.completions.place import place_at
from registry_lsp.features.completions.subject import IN_USE, OLDER, Subject
from registry_lsp.features.completions.versions import build
from support import toy
from support.documents import document

NOW = 1_700_000_000.0
PACKAGE = toy.package(
    "one",
    "3.0a1",
    Release(version="2.1", published=NOW - 7_200),
    Release(version="2.0", deprecated="use 2.1"),
    Release(version="1.10", yanked=True),
    "1.9",
)


def offers(text, *, package=PACKAGE, prereleases=Prereleases.AUTO, runtime=None, **said):
    """Complete at the ``|`` in *text*."""
    offset = text.index("|")
    subject = document(text.replace("|", ""))
    plain = subject.snapshot.text
    dependency = typed_at(subject.manifest, plain, offset)
    place = place_at(plain, dependency, offset)
    scheme = toy.ToyScheme()
    return build(
        Subject(
            dependency=replace(dependency, runtime=runtime),
            package=package,
            scheme=scheme,
            runtime_name="Toy",
            prereleases=prereleases,
            now=NOW,
            **said,
        ),
        place=place,
        text=plain,
    )


def versions(completed):
    return [each.label for each in completed.offers if each.kind is Kind.VERSION]


def applied(text, completed, offer):
    plain = text.replace("|", "")
    return plain[: completed.span.start] + offer.text + plain[completed.span.end :]


def test_newest_first_and_what_was_withdrawn_last():
    completed = offers("one>=|")
    assert versions(completed) == ["2.1", "1.9", "2.0", "1.10"]
    assert [offer.note for offer in completed.offers] == ["2 hours ago", "", "deprecated", "yanked"]
    assert not completed.is_incomplete


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("one>=|", "one>=2.1"),
        ("one>=1|", "one>=1.9"),
        ("one==1.|0", "one==1.9"),
        ("one==|1.9", "one==2.1"),
        ("one|", "one>=2.1"),
        ("one<|\nrest>=1", "one<3\nrest>=1"),
    ],
)
def test_only_the_version_is_replaced(text, result):
    completed = offers(text)
    assert applied(text, completed, completed.offers[0]) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("one=|", "one==2.1"),
        ("one>|", "one>=2.1"),
        ("one^|", None),
    ],
)
def test_half_an_operator_is_made_whole_or_nothing_is_offered(text, result):
    completed = offers(text)
    found = applied(text, completed, completed.offers[0]) if completed.offers else None
    assert found == result


def test_what_is_begun_filters():
    completed = offers("one>=1.|")
    assert versions(completed) == ["1.9", "1.10"]
    assert [offer.filter for offer in completed.offers] == ["1.9", "1.10"]


@pytest.mark.parametrize("text", ["one==1.9|", "one==7|"])
def test_a_whole_or_an_unknown_version_is_answered_by_every_other(text):
    completed = offers(text)
    assert versions(completed) == ["2.1", "1.9", "2.0", "1.10"]
    assert {offer.filter for offer in completed.offers} == {text[5:-1]}
    assert completed.is_incomplete


@pytest.mark.parametrize(
    ("text", "prereleases", "offered"),
    [
        ("one>=|", Prereleases.AUTO, False),
        ("one>=3.0|", Prereleases.AUTO, False),
        ("one>=3.|", Prereleases.AUTO, False),
        ("one>=3.0a|", Prereleases.AUTO, True),  # not yet a version, and no final one's
        ("one>=3.0a1|", Prereleases.AUTO, True),
        ("one>=|", Prereleases.ALWAYS, True),
        ("one>=3.0a1|", Prereleases.NEVER, False),
    ],
)
def test_prereleases_only_where_they_belong(text, prereleases, offered):
    assert ("3.0a1" in versions(offers(text, prereleases=prereleases))) is offered


def test_a_package_with_nothing_else_offers_its_prereleases():
    assert versions(offers("one>=|", package=toy.package("one", "1.0a2", "1.0a1"))) == [
        "1.0a2",
        "1.0a1",
    ]


def test_thousands_of_versions_are_offered_in_part():
    many = toy.package("one", *(f"1.{minor}" for minor in range(3000, 0, -1)))
    completed = offers("one>=|", package=many)
    assert len(completed.offers) == MOST
    assert completed.is_incomplete
    assert versions(offers("one>=1.17|", package=many))[0] == "1.1799"
    assert versions(offers("one>=1.0|", package=many))[0] == "1.3000"


@pytest.mark.parametrize(
    ("format", "text", "result"),
    [
        ("requirements.txt", "one=¦", "one==2.1"),
        ("requirements.txt", "one~¦", "one~=2.1"),
        ("requirements.txt", "one!¦", "one!=2.1"),
        ("requirements.txt", "one 2¦", "one ==2.1"),
        ("requirements.txt", "one>=1.0,¦", "one>=1.0,<3"),
        ("requirements.txt", "one (>=1.0,¦)", "one (>=1.0,<3)"),
        ("requirements.txt", "one (>=1.0,¦", "one (>=1.0,<3"),
        ("requirements.txt", "one>=1.0,¦ ; python_version > '3'", "one>=1.0,<3 ; python"),
        ("requirements.txt", "one ^¦", None),
        ("requirements.txt", "one, ¦", None),
        ("pyproject.toml", '[project]\ndependencies = ["one=¦"]', "one==2.1"),
        ("pyproject.toml", '[tool.poetry.dependencies]\none = "!¦"', '"!=2.1"'),
        ("pyproject.toml", '[tool.poetry.dependencies]\none = "^¦"', '"^2.1"'),
        ("package.json", '{"dependencies": {"one": "^¦"}}', '"^2.1.0"'),
        ("package.json", '{"dependencies": {"one": ">=1.0.0,¦"}}', None),
        ("package.json", '{"dependencies": {"one": "(¦"}}', None),
    ],
)
def test_what_is_chosen_is_what_the_installer_takes(format, text, result):
    version = "2.1.0" if format == "package.json" else "2.1"
    package = toy.package("one", version)
    ecosystem, kind = next((e, f) for e in discover() for f in e.formats if f.name == format)
    offset, plain = text.index("¦"), text.replace("¦", "")
    dependency = typed_at(kind.parse(plain), plain, offset)
    place = place_at(plain, dependency, offset) if dependency is not None else None
    scheme = ecosystem.schemes[dependency.dialect] if dependency is not None else None
    completed = place and build(
        Subject(dependency=dependency, package=package, scheme=scheme, runtime_name="Toy", now=NOW),
        place=place,
        text=plain,
    )
    if result is None:
        assert not completed or not completed.offers
    else:
        assert result in applied(text.replace("¦", "|"), completed, completed.offers[0])


# --- with the dialects that people write ----------------------------------------------------------


def offered(dialect, specifier, *releases):
    """The texts that are offered at the ``|`` of a specifier of *dialect*."""
    (scheme,) = [each.schemes[dialect] for each in discover() if dialect in each.schemes]
    line = f"one{specifier}"
    plain, offset = line.replace("|", ""), line.index("|")
    dependency = replace(
        document("one").manifest.dependencies[0],
        specifier=plain[3:],
        specifier_span=Span(3, len(plain)),
    )
    place = place_at(plain, dependency, offset)
    package = toy.package("one", *releases)
    found = build(
        Subject(dependency=dependency, package=package, scheme=scheme, runtime_name="Toy", now=NOW),
        place=place,
        text=plain,
    )
    return [each.text for each in found.offers if each.kind is Kind.VERSION]


@pytest.mark.parametrize(
    ("dialect", "specifier", "releases", "texts"),
    [
        # '~=3' needs a second number, '>=' takes no local version: each offer is tried by itself
        ("pep440", "~=|", ("3.1", "3"), ["3.1"]),
        ("pep440", "~|", ("3.1", "3"), ["=3.1"]),
        ("pep440", ">=|", ("2.1.0", "2.0.0+cu118"), ["2.1.0", "2.0.0"]),
        ("pep440", ">=|", ("2.1.0+cu118",), ["2.1.0"]),
        ("pep440", "==|", ("2.1.0+cu118",), ["2.1.0+cu118"]),
        # nothing is above the newest
        ("pep440", ">|", ("3", "2"), ["=3", "2"]),
        ("npm", ">|", ("3.0.0", "2.0.0"), ["=3.0.0", "2.0.0"]),
        ("npm", "^18.0.0-rc.|", ("18.2.0", "18.0.0-rc.1", "17.0.1"), ["18.0.0-rc.1"]),
        ("npm", "^18.0.0|", ("18.2.0", "18.0.0-rc.1", "17.0.1"), ["18.2.0", "17.0.1"]),
    ],
)
def test_every_offer_is_one_that_the_installer_takes(dialect, specifier, releases, texts):
    assert offered(dialect, specifier, *releases) == texts


# --- what a version would change, and where it runs -----------------------------------------------


def test_what_does_not_run_comes_behind_what_does_and_says_so():
    package = toy.package(
        "one", Release(version="3.0", runtime="3"), "2.0", Release(version="1.0", yanked=True)
    )
    completed = offers("one>=|", package=package, runtime="2")
    assert versions(completed) == ["2.0", "3.0", "1.0"]
    assert [each.note for each in completed.offers] == ["", "needs Toy 3", "yanked"]
    assert [each.is_withdrawn for each in completed.offers] == [False, False, True]


def test_each_version_says_what_it_would_change():
    package = toy.package("one", "3.0", "2.2.0", "2.1.1", "2.1.0", "1.0")
    completed = offers("one==|", package=package, base="2.1.0")
    assert [each.step for each in completed.offers] == ["major", "minor", "patch", IN_USE, OLDER]
    assert {each.step for each in offers("one==|", package=package).offers} == {""}


# --- ranges and tags ------------------------------------------------------------------------------


def offers_of(dialect, text, package, styles=()):
    """What is offered at the ``|`` of a specifier of *dialect*."""
    (scheme,) = [each.schemes[dialect] for each in discover() if dialect in each.schemes]
    line = f"one{text}"
    offset = re.search(r"(?<![|])[|](?![|])", line).start()
    plain = line[:offset] + line[offset + 1 :]
    dependency = replace(
        document("one").manifest.dependencies[0],
        specifier=plain[3:],
        specifier_span=Span(3, len(plain)),
    )
    subject = Subject(
        dependency=dependency,
        package=package,
        scheme=scheme,
        runtime_name="Toy",
        latest=package.releases[0],
        styles=styles,
        now=NOW,
    )
    return build(subject, place=place_at(plain, dependency, offset), text=plain)


def whole(dialect, text, *releases, styles=(), tags=()):
    """All that is offered at the ``|`` of a specifier of *dialect*: labels and texts."""
    package = toy.package("one", *releases, tags=dict(tags))
    return [(each.label, each.text) for each in offers_of(dialect, text, package, styles).offers]


@pytest.mark.parametrize(
    ("dialect", "ranges"),
    [
        ("npm", ["^2.32.3", "~2.32.3", "2.32.3", "^2.30.0"]),
        ("npm-exact", ["2.32.3", "2.30.0"]),
        ("pep440", [">=2.32.3", "~=2.32.3", ">=2.32.3,<3", "==2.32.3", ">=2.30.0"]),
        ("poetry", ["^2.32.3", "~2.32.3", ">=2.32.3,<3", "==2.32.3", "^2.30.0"]),
        ("pipenv", ["~=2.32.3", ">=2.32.3", ">=2.32.3,<3", "==2.32.3", "~=2.30.0"]),
    ],
)
def test_where_nothing_stands_the_usual_ranges_are_offered(dialect, ranges):
    found = whole(dialect, "|", "2.32.3", "2.30.0")
    assert found == [(each, each) for each in ranges]


def test_the_range_that_the_section_has_most_comes_first():
    found = whole("pep440", "|", "2.32.3", styles=("~=1.4", "~=2.0", ">=1"))
    assert found[0] == ("~=2.32", "~=2.32")
    assert whole("npm", "|", "2.32.3", styles=("~1.4", "1.x", "~1.2"))[0][0] == "~2.32"


@pytest.mark.parametrize(
    ("text", "tag", "written"),
    [
        ("|", "next", "next"),
        ("ne|", "next", "next"),
        ("^|", "next", "3.0.0-rc.1"),
        ("^la|", "latest", "2.0.0"),
        (">=1.0.0 <|", "latest", "2.0.0"),
    ],
)
def test_a_dist_tag_stands_for_itself_or_behind_an_operator_for_its_version(text, tag, written):
    tags = {"latest": "2.0.0", "next": "3.0.0-rc.1"}
    assert (tag, written) in whole("npm", text, "3.0.0-rc.1", "2.0.0", tags=tags)


# --- beside the rest of a constraint --------------------------------------------------------------


REACT = ("19.0.0", "18.2.0", "18.0.0", "17.0.2", "17.0.1", "16.14.0")


@pytest.mark.parametrize(
    ("dialect", "specifier", "first", "last"),
    [
        # what is offered first leaves something for the whole to admit
        ("npm", ">=| <18", "17.0.2", "16.14.0 18.0.0 18.2.0 19.0.0"),
        ("npm", ">=17.0.1| <18", "17.0.2", ""),
        ("npm", ">| <18", "17.0.1", "17.0.2 18.0.0 18.2.0 19.0.0"),
        ("npm", ">=17.0.1 <=|", "19.0.0", "16.14.0"),
        ("npm", ">=17.0.1 <|", "20", "16.14.0 17.0.1"),
        ("npm", "1.0.0 - |17.0.1", "19.0.0", ""),
        ("npm", "18.0.0 - |", "19.0.0", "16.14.0 17.0.1 17.0.2"),
        ("npm", "|1.0.0 - 17.0.2", "17.0.2", "18.0.0 18.2.0 19.0.0"),
        ("npm", "^| <18", "17.0.2", "18.0.0 18.2.0 19.0.0"),
        # alternatives stand alone
        ("npm", ">=16 <17 || ^|", "19.0.0", ""),
        ("npm", ">=| <18 || ^19", "17.0.2", "18.0.0 18.2.0 19.0.0"),
        ("pep440", ">=|,<18", "17.0.2", "18.0.0 18.2.0 19.0.0"),
        ("pep440", ">=|,<18,!=17.0.2", "17.0.1", "17.0.2 18.0.0 18.2.0 19.0.0"),
        ("pep440", "==|,>=17,<18", "17.0.2", "16.14.0 18.0.0 18.2.0 19.0.0"),
        ("pep440", ">=17,!=|,<18", "17.0.2", "16.14.0 18.0.0 18.2.0 19.0.0"),
        ("pep440", ">=17, <|, !=18.0.0", "20", "16.14.0 17.0.1"),
        ("pep440", ">=17,\\\n  <=|", "19.0.0", "16.14.0"),
        ("pep440", ">=99,<|", "19.0.0", ""),
        ("poetry", "^| <18", "17.0.2", "18.0.0 18.2.0 19.0.0"),
        ("poetry", ">=16,<17 || ^|", "19.0.0", ""),
        ("pipenv", "~=|,<18", "17.0.2", "18.0.0 18.2.0 19.0.0"),
    ],
)
def test_what_goes_with_the_rest_of_the_constraint_comes_first(dialect, specifier, first, last):
    found = [text for _, text in whole(dialect, specifier, *REACT)]
    behind = set(last.split())
    assert found[0] == first
    assert set(found[len(found) - len(behind) :]) == behind


@pytest.mark.parametrize("dialect", ["npm", "pep440", "poetry"])
def test_what_does_not_go_with_the_rest_says_why(dialect):
    between = " " if dialect == "npm" else ","
    notes = {"18.0.0": "outside <18", "17.0.2": "nothing is newer", "17.0.1": ""}
    found = offers_of(dialect, f">|{between}<18", toy.package("one", *REACT))
    assert notes.items() <= {each.text: each.note for each in found.offers}.items()


@pytest.mark.parametrize(
    ("dialect", "specifier", "texts"),
    [
        # behind a floor a ceiling, then what may be ruled out, what was withdrawn first
        ("pep440", ">=2.30.0,|", "<3 <2.33 !=2.31.0 !=2.32.3 !=2.30.0"),
        ("pep440", ">=2.30.0, |", "<3 <2.33 !=2.31.0 !=2.32.3 !=2.30.0"),
        ("pep440", ">=2.32,|", "<3 <2.33 !=2.32.3"),
        ("pep440", ">=1.0,|", "<3 <2.33 <2 !=2.31.0 !=2.32.3 !=2.30.0 !=1.9"),
        ("pep440", ">1.0,2.3|", "<2.33 !=2.31.0 !=2.32.3 !=2.30.0"),
        ("pep440", ">=2.30.0,7|", "<3 <2.33 !=2.31.0 !=2.32.3 !=2.30.0"),
        ("poetry", ">=2.30.0,|", "<3 <2.33 !=2.31.0 !=2.32.3 !=2.30.0"),
        ("poetry", "^1 || >=2.32,|", "<3 <2.33 !=2.32.3"),
        ("pipenv", ">=2.30.0,|", "<3 <2.33 !=2.31.0 !=2.32.3 !=2.30.0"),
        # where it has one, only that
        ("pep440", ">=2,<3,|", "!=2.31.0 !=2.32.3 !=2.30.0"),
        ("pep440", "~=2.30,|", "!=2.31.0 !=2.32.3 !=2.30.0"),
        ("poetry", "^2.30,|", "!=2.31.0 !=2.32.3 !=2.30.0"),
        # where it has no floor, one
        ("pep440", "<3,|", ">=2.32.3 >=2.30.0 >=1.9 >=2.31.0"),
        ("poetry", "<2,|", ">=1.9 >=2.32.3 >=2.30.0 >=2.31.0"),
        ("pep440", "!=2.31.0,|", ">=2.32.3 >=2.30.0 >=1.9 >=2.31.0"),
        ("poetry", "!=2.31.0,|", "^2.32.3 ^2.30.0 ^1.9 ^2.31.0"),
        # nothing goes with what admits nothing
        ("pep440", ">=99,|", ""),
        ("npm", ">=2.30.0,|", ""),
    ],
)
def test_behind_a_comma_stands_what_is_missing(dialect, specifier, texts):
    package = toy.package("one", "2.32.3", Release(version="2.31.0", yanked=True), "2.30.0", "1.9")
    found = offers_of(dialect, specifier, package)
    assert [each.text for each in found.offers] == texts.split()
    typed = specifier[specifier.rindex(",") + 1 : -1].strip()
    assert all(each.filter.startswith(typed) for each in found.offers)
    assert not any(each.is_withdrawn for each in found.offers if each.text.startswith("!"))


def test_a_ceiling_says_what_lies_below_it():
    found = offers_of("pep440", ">=1.0,|", toy.package("one", "2.32.3", "2.30.0", "1.9"))
    assert [each.note for each in found.offers[:3]] == [
        "up to 2.32.3",
        "up to 2.32.3",
        "up to 1.9",
    ]


def test_python_has_no_tags():
    assert "latest" not in dict(whole("pep440", "|", "2.0", tags={}))


# --- several lists at one place -------------------------------------------------------------------


def test_several_lists_get_the_span_of_them_all():
    one = Offer(kind=Kind.NAME, label="onerous", text="onerous", filter="onerous")
    two = Offer(kind=Kind.VERSION, label="2", text=">=2", filter="2")
    names = Offers(span=Span(0, 3), offers=(one,), is_incomplete=True)
    found = together(
        "one", [names, Offers(span=Span(3, 3), offers=(two,)), Offers(span=Span(0, 0))]
    )
    assert found.span == Span(0, 3)
    assert found.is_incomplete
    assert [(each.text, each.filter) for each in found.offers] == [
        ("onerous", "onerous"),
        ("one>=2", "one2"),
    ]
    assert together("one", []) is None
