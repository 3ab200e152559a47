"""What a hover tells beyond the registry's documents: usage, upkeep, and who has published."""

from dataclasses import replace

import pytest

from registry_lsp.core.packages import Found, Release
from registry_lsp.core.services import Downloads, Extras, Listing, Page, Provenance
from registry_lsp.features.hovers.build import build
from registry_lsp.features.hovers.trust import provenance
from registry_lsp.features.hovers.usage import counted, downloads, sparkline
from registry_lsp.features.markup import Markdown, Plain
from support import toy
from support.documents import assessments, document

NOW = 1_700_000_000.0
LISTING = Listing(
    directory="Toy Packages",
    page=Page(title="one", url="https://toys.example/packages/p/one/"),
    stars=1234,
    forks=340,
    commits=(0,) * 40 + (1, 0, 2, 0, 4, 4, 4, 4, 8, 8, 8, 8),
    participants=56,
    category=Page(title="Apps", url="https://toys.example/categories/apps/"),
    grids=(
        Page(title="Forms <b>", url="https://toys.example/grids/g/forms/"),
        Page(title="Widgets", url="javascript:alert(1)"),
    ),
    grids_in_all=5,
    updated=NOW,
)
PROVENANCE = Provenance(
    publisher="GitHub", repository="https://code.example/owner/name", workflow="release.yml"
)


def hover(markup=None, **extras):
    subject = document("one>=1")
    one = toy.package("one", Release(version="1.0"))
    (assessment,) = assessments(subject, {"one": Found(package=one, asked_at=NOW)})
    told = Extras(**extras)
    return build(subject, assessment, markup or Markdown(), wanted=None, now=NOW, extras=told)


def test_nothing_is_said_of_what_is_not_known():
    bare = hover()
    assert "download" not in bare
    assert "published" not in bare
    assert len(bare.split("\n\n")) == 3


def test_downloads_stand_among_the_facts():
    assert "\n\n1.2M downloads last week\n\n" in hover(downloads=Downloads(last_week=1_234_567))


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        (Downloads(last_day=1, last_week=2, last_month=3), "2 downloads last week"),
        (Downloads(last_day=1, last_month=3), "3 downloads last month"),
        (Downloads(last_year=1), "1 download last year"),
        (Downloads(last_day=0), "no downloads yesterday"),
        (Downloads(), ""),
        (None, ""),
    ],
)
def test_one_period_is_enough(counts, text):
    assert downloads(counts) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (None, ""),
        (0, "no stars"),
        (1, "1 star"),
        (999, "999 stars"),
        (1000, "1k stars"),
        (1099, "1k stars"),
        (1100, "1.1k stars"),
        (12_345, "12k stars"),
        (999_999, "999k stars"),
        (3_000_000, "3M stars"),
        (2_500_000_000, "2.5G stars"),
    ],
)
def test_numbers_are_as_people_say_them(count, text):
    assert counted(count, "star") == text


@pytest.mark.parametrize(
    ("weeks", "bars"),
    [
        ((0,) * 52, "▁" * 13),
        ((1,) * 52, "█" * 13),
        ((0,) * 44 + (1,) * 4 + (7,) * 4, "▁" * 11 + "▂█"),
        ((5, 0, 0, 0, 0), "█▁"),
        ((0, 0, 0, 0, 0, 9), "▁█"),
        ((), ""),
    ],
)
def test_a_bar_stands_for_four_weeks(weeks, bars):
    assert sparkline(weeks) == bars


def test_what_a_directory_lists_is_one_paragraph_with_links():
    assert hover(listing=LISTING).split("\n\n")[2] == " · ".join(
        [
            "[Toy Packages](https://toys.example/packages/p/one/): 1.2k stars",
            "340 forks",
            "56 participants",
            "51 commits in a year `▁▁▁▁▁▁▁▁▁▁▂▅█`",
            "last commit 2023-11-14",
            "category [Apps](https://toys.example/categories/apps/)",
            (
                "compared in [Forms \\<b>](https://toys.example/grids/g/forms/), "
                "Widgets and 3 others"
            ),
        ]
    )


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "[Toy Packages](https://toys.example/packages/p/one/)"),
        (
            {"commits": (0,) * 52},
            "[Toy Packages](https://toys.example/packages/p/one/): no commits in a year",
        ),
    ],
)
def test_a_bare_entry_is_told_with_what_it_has(fields, text):
    bare = Listing(directory="Toy Packages", page=LISTING.page, **fields)
    assert text in hover(listing=bare).split("\n\n")


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            PROVENANCE,
            (
                "published from [code.example/owner/name](https://code.example/owner/name) "
                "by `release.yml`, says its registry"
            ),
        ),
        (
            replace(PROVENANCE, workflow=None),
            (
                "published from [code.example/owner/name](https://code.example/owner/name), "
                "says its registry"
            ),
        ),
        (
            Provenance(publisher="Goo*gle"),
            "published by way of Goo\\*gle, says its registry",
        ),
    ],
)
def test_the_registry_answers_for_who_has_published(found, text):
    assert text in hover(provenance=found).split("\n\n")


@pytest.mark.parametrize(
    "own", ["https://code.example/owner/name", "https://code.example/owner/name.git/"]
)
def test_the_repository_that_is_linked_as_the_packages_own_is_not_linked_again(own):
    text = provenance(PROVENANCE, own, Markdown())
    assert text == "published from its own repository by `release.yml`, says its registry"
    assert "code.example/owner/name" in provenance(PROVENANCE, own + "s", Markdown())


def test_plain_text_has_no_markup():
    text = hover(Plain(), listing=LISTING, provenance=PROVENANCE)
    assert "](" not in text
    assert "published from https://code.example/owner/name by release.yml, says" in text
