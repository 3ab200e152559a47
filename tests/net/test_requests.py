"""One request, and where a redirect may lead it."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.packages import Secret, Trouble
from registry_lsp.core.ports.http import Response, Validators
from registry_lsp.net.requests import Request, location, redirected, request

TOKEN = Secret("Bearer s3cret")
KNOWN = Validators(etag='"1"')

URLS = st.text(alphabet="htps:/.@#?[]%\\ab1\u00e9\ud800 \n", max_size=40) | st.builds(
    "{}://{}{}/{}".format,
    st.sampled_from(["http", "HTTPS", "https", "ftp"]),
    st.sampled_from(["", "me:pw@", "registry.example@"]),
    st.sampled_from(
        [
            "registry.example",
            "REGISTRY.example:443",
            "registry.example:80",
            "[::1]",
            "b\u00fccher.example",
        ]
    ),
    st.text(alphabet="a/.?#%2F\u00e9", max_size=10),
)


def asked(url: str, within: str | None = None) -> Request:
    made = request(url, accept="*/*", authorization=TOKEN, within=within, validators=KNOWN)
    assert made is not None
    return made


def test_what_is_sent_and_what_is_said():
    made = asked("https://me:pw@Registry.Example:443/a%20b/c?token=x#part")
    assert str(made.url) == "https://registry.example/a%20b/c?token=x"
    assert made.host == "registry.example"
    assert made.place == "registry.example/a%20b/c"
    assert made.headers()["Authorization"] == "Bearer s3cret"
    assert made.headers()["If-None-Match"] == '"1"'
    assert made.is_conditional
    assert "s3cret" not in repr(made)


@pytest.mark.parametrize(
    ("start", "target", "end"),
    [
        ("https://a.example/x/y", "z", "https://a.example/x/z"),
        ("https://a.example/x", "https://A.example:443/z", "https://a.example/z"),
        ("http://a.example/x", "//a.example:80/z", "http://a.example/z"),
        ("https://a.example:8443/x", "/z?q#f", "https://a.example:8443/z?q"),
        ("https://a.example/x", "https://eve@a.example/z", "https://a.example/z"),
    ],
)
def test_the_authorization_goes_along_at_home(start: str, target: str, end: str):
    onward = redirected(asked(start, within=urljoin(start, "/")), target)
    assert isinstance(onward, Request)
    assert str(onward.url) == end
    assert onward.authorization is TOKEN
    assert onward.validators is KNOWN


@pytest.mark.parametrize(
    ("start", "target"),
    [
        ("https://a.example/x", "https://b.example/x"),
        ("https://a.example/x", "https://a.example:8443/x"),
        ("https://a.example/x", "https://sub.a.example/x"),
        ("https://a.example/x", "https://a.example.b.example/x"),
        ("https://a.example/x", "https://a.example@b.example/x"),
        ("https://a.example/x", "//b.example"),
        ("http://a.example/x", "https://a.example/x"),
    ],
)
def test_the_authorization_stays_at_home(start: str, target: str):
    onward = redirected(asked(start, within=urljoin(start, "/")), target)
    assert isinstance(onward, Request)
    assert onward.authorization is None
    assert "Authorization" not in onward.headers()


HOME = "https://a.example/team-a/npm/"


@pytest.mark.parametrize(
    "target",
    [
        "/team-b/collect",
        "/team-a/npm",
        "/team-a/npmx/left",
        "/TEAM-A/npm/left",
        "../../team-b",
        "%2e%2e/team-b",
        "%2E./team-b",
        "x/..%2f..%2fteam-b",
        "x/%252e%252e/%252e%252e/team-b",
        "..;/team-b",
        "..;x=1/team-b",
        "..\\team-b",
        "..%5cteam-b",
        "x/%2e%2e",
    ],
)
def test_the_authorization_stays_below_its_path(target: str):
    onward = redirected(asked(f"{HOME}left", within=HOME), target)
    assert isinstance(onward, Request)
    assert onward.authorization is None


@pytest.mark.parametrize(
    "target", ["right", "x/../right", "@a%2fb", "...", "a..b/.c", "x%20y/?up=../..", "."]
)
def test_the_authorization_goes_along_below_its_path(target: str):
    onward = redirected(asked(f"{HOME}left", within=HOME), target)
    assert isinstance(onward, Request)
    assert onward.authorization is TOKEN


def test_the_authorization_does_not_come_back_below_its_path():
    away = redirected(asked(f"{HOME}left", within=HOME), "/team-b/")
    assert isinstance(away, Request)
    back = redirected(away, HOME)
    assert isinstance(back, Request)
    assert back.authorization is None


@pytest.mark.parametrize(
    "url", ["https://a.example/team-a/../team-b/x", "http://a.example/team-a/x"]
)
def test_what_lies_elsewhere_is_asked_without_the_authorization(url: str):
    assert asked(url, within="https://a.example/team-a/").authorization is None


@pytest.mark.parametrize(
    ("target", "goes"), [("/x", True), ("/x/y", True), ("/x?q", True), ("/xy", False), ("/", False)]
)
def test_an_authorization_without_a_home_is_for_the_address_alone(target: str, *, goes: bool):
    onward = redirected(asked("https://a.example/x"), target)
    assert isinstance(onward, Request)
    assert (onward.authorization is TOKEN) == goes


@given(URLS)
def test_no_text_breaks_the_making_of_a_request(url: str):
    made = request(url, accept="*/*", authorization=None, validators=None)
    if made is not None:
        assert made.url.scheme in ("http", "https")
        assert "pw" not in made.host + made.place + str(made.url)
        assert made.place.isascii()
        assert made.place.isprintable()


@given(URLS, st.sampled_from(["https://registry.example/a/b", "https://registry.example/a/"]))
def test_no_location_carries_the_authorization_away(target: str, start: str):
    first = asked(start, within="https://registry.example/a/")
    onward = redirected(first, target)
    if isinstance(onward, Trouble):
        assert onward is Trouble.REFUSED
    else:
        assert onward.url.scheme == "https"
        is_home = onward.origin == first.origin and onward.url.path.startswith("/a/")
        assert onward.authorization is None or is_home
        assert not onward.url.userinfo


@pytest.mark.parametrize(
    ("status", "headers", "target"),
    [
        (302, {"location": "/x"}, "/x"),
        (302, {}, None),
        (304, {"location": "/x"}, None),
        (300, {"location": "/x"}, None),
        (201, {"location": "/x"}, None),
    ],
)
def test_only_a_redirect_leads_on(status: int, headers: dict[str, str], target: str | None):
    url = "https://registry.example/"
    assert location(Response(status=status, url=url, headers=headers, body=b"")) == target
