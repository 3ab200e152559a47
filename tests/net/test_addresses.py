"""Addresses out of configuration and metadata: what may be asked, and what may be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.net.addresses import LONGEST, registry_ref, web_link

STRANGE = st.text(alphabet="https:/@[]%.?#${}\\ \x00\ud800a1\u00e9", max_size=40)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://registry.example", "https://registry.example/"),
        (" HTTPS://Registry.Example/Npm ", "https://registry.example/Npm/"),
        ("https://registry.example:443/", "https://registry.example/"),
        ("http://registry.example:443/", "http://registry.example:443/"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x/"),
        ("https://registry.example/x/?q=1#f", "https://registry.example/x/"),
        ("https://registry.example:/x/", "https://registry.example/x/"),
    ],
)
def test_a_registrys_address_has_one_spelling(written, url):
    assert registry_ref(written).url == url


@pytest.mark.parametrize(
    "written",
    [
        "",
        "registry.example",
        "//registry.example",
        "ftp://registry.example",
        "https://",
        "https://u:p@",
        "https://[",
        "https://x:port/",
        "https://x:99999/",
        "https://x/a b",
        "https://x/\ny",
        "https://${HOST}/",
        "https://x/\ud800",
        "https://x\\@y/",
        "https://x/" + "a" * LONGEST,
    ],
)
def test_what_is_no_address(written):
    assert registry_ref(written) is None


@pytest.mark.parametrize(
    ("user", "credential"),
    [
        ("u:p", "Basic dTpw"),
        ("u", "Basic dTo="),
        (":p", "Basic OnA="),
        ("", None),
        (":", None),
        ("u:p:q", "Basic dTpwOnE="),
        ("u@v:p", "Basic dUB2OnA="),
        ("%C3%A9:%00", "Basic w6k6AA=="),
    ],
)
def test_user_information_becomes_a_credential(user, credential):
    found = registry_ref(f"https://{user}@registry.example/")
    assert found.url == "https://registry.example/"
    assert (found.authorization.value if found.authorization else None) == credential


@given(STRANGE)
def test_an_address_that_is_taken_has_no_user_information_and_is_taken_again(written):
    found = registry_ref(written)
    if found is not None:
        assert "@" not in found.url.split("/")[2]
        assert registry_ref(found.url) == type(found)(url=found.url)


@pytest.mark.parametrize("link", ["https://x.example", "http://x.example:8080/a?b=c#d"])
def test_a_link_of_the_web_is_shown_as_it_is(link):
    assert web_link(f" {link}\n") == link


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        "",
        "x.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "command:run",
        "file:///x",
        "https://user:secret@x.example",
        "https://known.example@evil.example",
        "https://x.example/<b>",
        "https://x.example/a b",
        "https://x.example/`",
    ],
)
def test_what_leads_nowhere_is_no_link(value):
    assert web_link(value) is None


@given(STRANGE)
def test_only_the_webs_schemes_are_links(written):
    link = web_link(written)
    assert link is None or link.lower().startswith(("http://", "https://"))
