"""The clients of both download services, against the documented shapes of their answers."""

import pytest

from registry_lsp.core.packages import Missing, Secret, Trouble, Unavailable
from registry_lsp.core.services import Downloads
from registry_lsp.endpoints import NPM_DOWNLOADS, PYPI_DOWNLOADS
from registry_lsp.services.downloads import NpmDownloads, PypiDownloads
from support.answers import Answers, says

URL = "https://counts.example/"


def point(count, name="left-pad"):
    dates = {"start": "2026-11-16", "end": "2026-11-22"}
    return says({"downloads": count, **dates, "package": name})


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("last-day", Downloads(last_day=7)),
        ("last-week", Downloads(last_week=7)),
        ("last-month", Downloads(last_month=7)),
        ("last-year", Downloads(last_year=7)),
    ],
)
@pytest.mark.parametrize("name", ["left-pad", "@scope/tool"])
async def test_npm_counts_for_the_period_that_is_asked_for(name, period, expected):
    http = Answers({f"{URL}downloads/point/{period}/{name}": point(7, name)})
    service = NpmDownloads(http, URL)
    assert (await service.downloads(name, period)).value == expected
    assert service.has_periods


async def test_the_recent_downloads_of_a_python_project():
    data = {"last_day": 1, "last_week": 20, "last_month": 300}
    answer = says({"data": data, "package": "foo", "type": "recent_downloads"})
    service = PypiDownloads(Answers({f"{URL}api/packages/foo/recent": answer}), URL)
    said = await service.downloads("foo", "last-year")
    assert said.value == Downloads(last_day=1, last_week=20, last_month=300)
    assert not service.has_periods


@pytest.mark.parametrize("client", [NpmDownloads, PypiDownloads])
async def test_what_is_not_counted_is_missing(client):
    page = says("<h1>Not Found</h1>", status=404, content_type="text/html")
    nowhere = Answers({f"{URL}api/packages/foo/recent": page})
    assert await client(nowhere, URL).downloads("foo", "last-week") == Missing()


@pytest.mark.parametrize(
    "document", ["<html>", [], {}, {"downloads": "7"}, {"downloads": -1}, {"downloads": True}]
)
async def test_a_number_of_npms_that_is_none_is_garbage(document):
    http = Answers({f"{URL}downloads/point/last-week/x": says(document)})
    said = await NpmDownloads(http, URL).downloads("x", "last-week")
    assert said.trouble is Trouble.GARBAGE


@pytest.mark.parametrize("data", [None, [], {}, {"last_week": None}, {"last_week": "many"}])
async def test_recent_downloads_that_are_none_are_garbage(data):
    http = Answers({f"{URL}api/packages/x/recent": says({"data": data})})
    said = await PypiDownloads(http, URL).downloads("x", "")
    assert said.trouble is Trouble.GARBAGE


async def test_the_python_services_own_limit_is_kept_without_asking():
    now = [0.0]
    http = Answers({})
    service = PypiDownloads(http, URL, clock=lambda: now[0])
    for second in range(6):
        now[0] = float(second)
        for n in range(5):
            assert await service.downloads(f"p{second}-{n}", "") == Missing()
    assert len(http.asked) == 30
    now[0] = 6.5
    refused = await service.downloads("one-more", "")
    expected = Unavailable(trouble=Trouble.RATE_LIMITED, host="counts.example", retry_after=53.5)
    assert (refused, len(http.asked)) == (expected, 30)


async def test_a_service_of_the_users_own_may_want_a_credential():
    http = Answers({})
    service = NpmDownloads(http, "https://me:pass@counts.example/sub")
    await service.downloads("x", "last-day")
    (asked,) = http.asked
    assert asked.url == "https://counts.example/sub/downloads/point/last-day/x"
    assert isinstance(asked.authorization, Secret)
    assert service.is_own


@pytest.mark.parametrize(
    ("client", "url"), [(NpmDownloads, NPM_DOWNLOADS), (PypiDownloads, PYPI_DOWNLOADS)]
)
def test_without_a_setting_the_public_service_is_asked(client, url):
    assert (client(Answers({})).url, client(Answers({})).is_own) == (url, False)
    assert not client(Answers({}), url).is_own
