"""The walk from a project's name to its entry, against the documented shapes of API v4."""

import pytest

from registry_lsp.core.packages import Missing, Trouble, Unavailable
from registry_lsp.core.services import Page
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.services.django_packages import MOST_CANDIDATES, DjangoPackages
from support.answers import Answers, says

URL = "https://django.example/"
API = f"{URL}api/v4/"
DOWN = Unavailable(trouble=Trouble.TIMEOUT, host="django.example")


def entry(slug="django-forms", **fields):
    return {
        "id": 7,
        "title": "django forms",
        "slug": slug,
        "category": f"{API}categories/1/",
        "grids": [f"{API}grids/{n}/" for n in (11, 12)],
        "last_updated": "2026-10-30T12:00:00Z",
        "pypi_url": "https://index.example/project/django-forms/",
        "repo_forks": 340,
        "repo_watchers": 1234,
        "commits_over_52": [0, 1, 2],
        "participants": ["ada", "bob", "ada"],
        **fields,
    }


TITLES = {
    f"{API}categories/1/": says({"title": "App", "title_plural": "Apps", "slug": "apps"}),
    f"{API}grids/11/": says({"title": "Forms", "slug": "forms"}),
    f"{API}grids/12/": says({"title": "Widgets", "slug": "widgets"}),
}


async def listing(table, name="django-forms"):
    http = Answers({**TITLES, **{API + path: answer for path, answer in table.items()}})
    return await DjangoPackages(http, URL, normalise=normalise).listing(name), http


async def test_the_entry_of_the_projects_own_name_is_told_whole():
    said, http = await listing({"packages/django-forms/": says(entry())})
    found = said.value
    assert found.page == Page(title="django forms", url=f"{URL}packages/p/django-forms/")
    assert (found.stars, found.forks, found.participants) == (1234, 340, 2)
    assert (found.commits, found.updated) == ((0, 1, 2), 1793361600.0)
    assert found.category == Page(title="Apps", url=f"{URL}categories/apps/")
    assert found.grids == (
        Page(title="Forms", url=f"{URL}grids/g/forms/"),
        Page(title="Widgets", url=f"{URL}grids/g/widgets/"),
    )
    assert http.urls[0] == f"{API}packages/django-forms/"
    assert len(http.urls) == 4


@pytest.mark.parametrize(
    ("pypi_url", "is_its"),
    [
        ("https://index.example/project/Django_Forms/", True),
        ("http://index.example/pypi/django-forms", True),
        ("https://index.example/project/django-forms/1.0/", True),
        ("django.forms", True),
        ("https://index.example/project/django-forms-next/", False),
        ("https://code.example/django-forms", False),
        ("", False),
        (None, False),
    ],
)
async def test_an_entry_is_believed_only_where_it_names_the_project(pypi_url, is_its):
    said, _ = await listing({"packages/django-forms/": says(entry(pypi_url=pypi_url))})
    assert isinstance(said, Missing) != is_its


def hit(slug, item_type="package"):
    return {"title": slug, "slug": slug, "item_type": item_type, "description": ""}


async def test_else_the_searchs_first_hits_are_looked_at():
    hits = [hit("forms", "grid"), hit("other"), hit("12"), hit("forms-of-django"), hit("third")]
    said, http = await listing(
        {
            "search/?q=django-forms": says(hits),
            "packages/other/": says(entry("other", pypi_url="other")),
            "packages/forms-of-django/": says(entry("forms-of-django")),
        }
    )
    assert said.value.page.url == f"{URL}packages/p/forms-of-django/"
    asked = [url.removeprefix(API) for url in http.urls][:4]
    assert asked == [
        "packages/django-forms/",
        "search/?q=django-forms",
        "packages/other/",
        "packages/forms-of-django/",
    ]


async def test_no_more_candidates_are_looked_at_than_that():
    hits = [hit("django-forms"), *(hit(f"other-{n}") for n in range(9))]
    said, http = await listing({"search/?q=django-forms": says(hits)})
    assert said == Missing()
    assert len(http.urls) == 2 + MOST_CANDIDATES


async def test_a_number_is_not_asked_for_as_an_entrys_id():
    _, http = await listing({"search/?q=123": says([hit("456")])}, name="123")
    assert http.urls == [f"{API}search/?q=123"]


@pytest.mark.parametrize("path", ["packages/django-forms/", "search/?q=django-forms"])
@pytest.mark.parametrize("answer", [DOWN, says("<html>")])
async def test_who_could_not_be_asked_has_not_said_that_it_is_not_listed(path, answer):
    said, _ = await listing({path: answer})
    assert isinstance(said, Unavailable)


async def test_titles_are_asked_for_once_and_only_some():
    grids = [f"{API}grids/{n}/" for n in (11, 12, 13, 14, 15)]
    table = {
        "packages/django-forms/": says(entry(grids=grids)),
        "packages/other/": says(entry("other", grids=grids, pypi_url="other")),
    }
    http = Answers({**TITLES, **{API + path: answer for path, answer in table.items()}})
    service = DjangoPackages(http, URL, normalise=normalise)
    first = (await service.listing("django-forms")).value
    assert ([grid.title for grid in first.grids], first.grids_in_all) == (["Forms", "Widgets"], 5)
    before = len(http.urls)
    await service.listing("other")
    assert http.urls[before:] == [f"{API}packages/other/", f"{API}grids/13/"]


async def test_a_reference_elsewhere_is_looked_for_at_the_service_itself():
    hostile = entry(category="https://evil.example/categories/1/", grids=["file:///etc/passwd"])
    said, http = await listing({"packages/django-forms/": says(hostile)})
    assert said.value.category.title == "Apps"
    assert all(url.startswith(URL) for url in http.urls)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"commits_over_52": "3,4, 5", "participants": "ada,bob"}, ((3, 4, 5), 2)),
        ({"commits_over_52": [1, "x"], "participants": None}, ((), None)),
        ({"commits_over_52": list(range(60)), "participants": []}, (tuple(range(8, 60)), None)),
        ({"commits_over_52": {}, "participants": 3, "repo_forks": -1}, ((), None)),
    ],
)
async def test_answers_of_older_and_of_odd_shapes(fields, expected):
    said, _ = await listing({"packages/django-forms/": says(entry(**fields))})
    assert (said.value.commits, said.value.participants) == expected


@pytest.mark.parametrize(
    ("name", "classifiers", "expected"),
    [
        ("django", (), True),
        ("django-forms", (), True),
        ("social-auth-app-django", (), True),
        ("djangorestframework", (), True),
        ("drf-yasg", (), True),
        ("wagtail", ("Framework :: Django", "Framework :: Wagtail"), True),
        ("cms", ("Framework :: Django CMS :: 3.11",), True),
        ("cms", ("Framework :: Django :: 5.2",), True),
        ("flask", ("Framework :: Flask",), False),
        ("requests", (), False),
        ("djangology", (), False),
    ],
)
def test_which_projects_are_djangos(name, classifiers, expected):
    service = DjangoPackages(Answers({}), URL, normalise=normalise)
    assert service.concerns(name, classifiers) == expected
