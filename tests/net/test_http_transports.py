"""What a registry is reached with: authorities, the client's own certificate, proxies."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from registry_lsp.core.packages import Secret, Transport, Trouble, Unavailable
from registry_lsp.core.ports.http import Response
from registry_lsp.features.troubles import why as words
from registry_lsp.net.http import HttpClient
from support.loopback import LoopbackServer, Reply, as_json, paths
from support.proxies import TunnelProxy
from support.waiting import Clock

OK = paths({}, otherwise=as_json({}))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    return serving(authority)


def serving(authority: trustme.CA, *, visitors: trustme.CA | None = None) -> ssl.SSLContext:
    """What a server on 127.0.0.1 has; it lets only *visitors*' certificates in, where given."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    if visitors is not None:
        visitors.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    client = HttpClient(user_agent="test/1", timeout=5.0, timing=Clock().timing())
    yield client
    await client.aclose()


def pem(authority: trustme.CA) -> str:
    return authority.cert_pem.bytes().decode()


async def test_authorities_are_a_text_or_a_file(
    client: HttpClient, authority: trustme.CA, tls: ssl.SSLContext, tmp_path: Path
):
    file = tmp_path / "ca.pem"
    # bundles have remarks between their certificates, in whatever encoding
    file.write_bytes("# Autorité\n".encode() + pem(trustme.CA()).encode() + pem(authority).encode())
    async with LoopbackServer(OK, tls=tls) as server:
        for said in (pem(authority), str(file)):
            answer = await client.get(
                server.url, accept="*/*", transport=Transport(authorities=(said,))
            )
            assert isinstance(answer, Response)
        stranger = await client.get(server.url, accept="*/*")
    assert stranger.trouble is Trouble.INSECURE


async def test_a_folder_of_authorities_that_openssl_has_hashed(
    client: HttpClient, authority: trustme.CA, tls: ssl.SSLContext, tmp_path: Path
):
    async with LoopbackServer(OK, tls=tls) as server:
        answer = await client.get(
            server.url, accept="*/*", transport=Transport(authorities=(str(tmp_path),))
        )
    assert answer.trouble is Trouble.INSECURE  # nobody is in it


async def test_authorities_stand_in_the_place_of_the_environments(
    client: HttpClient,
    authority: trustme.CA,
    tls: ssl.SSLContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    other = pem(trustme.CA())
    async with LoopbackServer(OK, tls=tls) as server:
        instead = await client.get(
            server.url, accept="*/*", transport=Transport(authorities=(other,))
        )
        beside = await client.get(
            server.url, accept="*/*", transport=Transport(more_authorities=(other,))
        )
    assert instead.trouble is Trouble.INSECURE
    assert isinstance(beside, Response)


async def test_more_authorities_are_trusted_too(
    client: HttpClient, authority: trustme.CA, tls: ssl.SSLContext
):
    async with LoopbackServer(OK, tls=tls) as server:
        for own in ((), (pem(trustme.CA()),)):
            transport = Transport(authorities=own, more_authorities=(pem(authority),))
            answer = await client.get(server.url, accept="*/*", transport=transport)
            assert isinstance(answer, Response)


async def test_more_authorities_that_cannot_be_read_are_passed_over(
    client: HttpClient, authority: trustme.CA, tls: ssl.SSLContext, tmp_path: Path
):
    none = str(tmp_path / "none.pem")
    async with LoopbackServer(OK, tls=tls) as server:
        transport = Transport(authorities=(pem(authority),), more_authorities=(none, "x"))
        assert isinstance(await client.get(server.url, accept="*/*", transport=transport), Response)


async def test_a_certificate_may_be_taken_unseen(client: HttpClient, tls: ssl.SSLContext):
    async with LoopbackServer(OK, tls=tls) as server:
        answer = await client.get(server.url, accept="*/*", transport=Transport(verify=False))
        assert isinstance(answer, Response)
        assert (await client.get(server.url, accept="*/*")).trouble is Trouble.INSECURE


@pytest.mark.parametrize("form", ["files", "texts", "one file"])
async def test_the_clients_own_certificate(
    client: HttpClient, authority: trustme.CA, tmp_path: Path, form: str
):
    visitors = trustme.CA()
    own = visitors.issue_cert("me@registry.example")
    certificate, key = own.cert_chain_pems[0].bytes().decode(), own.private_key_pem.bytes().decode()
    if form == "texts":
        transport = Transport(
            authorities=(pem(authority),), certificate=certificate, key=Secret(key)
        )
    else:
        (tmp_path / "both.pem").write_text(certificate + key)
        (tmp_path / "key.pem").write_text(key)
        transport = Transport(
            authorities=(pem(authority),),
            certificate=str(tmp_path / "both.pem"),
            key=None if form == "one file" else Secret(str(tmp_path / "key.pem")),
        )
    async with LoopbackServer(OK, tls=serving(authority, visitors=visitors)) as server:
        answer = await client.get(server.url, accept="*/*", transport=transport)
        uninvited = await client.get(server.url, accept="*/*", transport=transport.elsewhere)
    assert isinstance(answer, Response)
    assert uninvited.trouble in (Trouble.INSECURE, Trouble.UNREACHABLE)


async def test_the_clients_own_certificate_is_shown_at_home_alone(
    client: HttpClient, authority: trustme.CA
):
    visitors = trustme.CA()
    own = visitors.issue_cert("me@registry.example")
    transport = Transport(
        authorities=(pem(authority),),
        certificate=own.cert_chain_pems[0].bytes().decode(),
        key=Secret(own.private_key_pem.bytes().decode()),
    )
    context = serving(authority, visitors=visitors)
    async with LoopbackServer(OK, tls=context) as stranger:
        away = Reply(status=302, headers={"location": stranger.url})
        async with LoopbackServer(paths({}, otherwise=away), tls=context) as home:
            led = await client.get(home.url, accept="*/*", within=home.url, transport=transport)
            named = await client.get(
                stranger.url, accept="*/*", within=home.url, transport=transport
            )
            assert home.requests
    assert not stranger.requests
    for answer in (led, named):
        assert answer.trouble in (Trouble.INSECURE, Trouble.UNREACHABLE)


def encrypted(key: str) -> str:
    return (
        load_pem_private_key(key.encode(), None)
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pw"))
        .decode()
    )


def troubled(folder: Path, kind: str) -> tuple[Transport, str]:
    """What cannot be used, and what is said of it."""
    own = trustme.CA().issue_cert("me@registry.example")
    certificate, key = own.cert_chain_pems[0].bytes().decode(), own.private_key_pem.bytes().decode()
    bad = folder / "bad.pem"
    bad.write_text("-----BEGIN CERTIFICATE-----\ns3cret\n-----END CERTIFICATE-----\n")
    (folder / "empty.pem").write_text("")
    match kind:
        case "no file":
            path = str(folder / "none.pem")
            return Transport(authorities=(path,)), f"{path} cannot be read"
        case "bad certificates":
            return Transport(authorities=(str(bad),)), f"are in {bad}"
        case "no certificates":
            return Transport(authorities=(str(folder / "empty.pem"),)), "are in "
        case "bad text":
            return Transport(authorities=(bad.read_text(),)), "what the configuration itself holds"
        case "no name that any system takes":
            return Transport(authorities=("x" * 5000,)), "xxx"
        case "no path":
            return Transport(authorities=("a\0b",)), "no path"
        case "no key":
            return Transport(certificate=certificate), "no certificate with a key"
        case "another's key":
            other = trustme.CA().issue_cert("you@registry.example").private_key_pem.bytes().decode()
            said = Transport(certificate=certificate, key=Secret(other))
            return said, "no certificate with a key"
        case "key with a password":
            said = Transport(certificate=certificate, key=Secret(encrypted(key)))
            return said, "no certificate with a key that fits it, and has no password"
        case "no key file":
            path = str(folder / "none.pem")
            return Transport(certificate=certificate, key=Secret(path)), path
        case "a key in a path's place":
            said = Transport(certificate=certificate, key=Secret("MIIs3cret/" * 40))
            return said, "the client's key cannot be read"
        case "a folder":
            return Transport(certificate=str(folder), key=Secret(key)), str(folder)
    raise AssertionError(kind)


@pytest.mark.parametrize(
    "kind",
    [
        "no file",
        "bad certificates",
        "no certificates",
        "bad text",
        "no path",
        "no name that any system takes",
        "no key",
        "another's key",
        "key with a password",
        "no key file",
        "a key in a path's place",
        "a folder",
    ],
)
async def test_what_cannot_be_used_is_named_and_betrays_nothing(
    client: HttpClient, tmp_path: Path, kind: str
):
    transport, said = troubled(tmp_path, kind)
    async with LoopbackServer(OK) as server:
        answer = await client.get(server.url, accept="*/*", transport=transport)
        assert isinstance(answer, Unavailable)
        assert answer.trouble is Trouble.UNUSABLE
        assert said in words(answer)
        assert "s3cret" not in words(answer)
        assert "s3cret" not in repr(answer)
        assert not server.requests
        assert isinstance(await client.get(server.url, accept="*/*"), Response)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
async def test_a_pipe_is_not_waited_for(client: HttpClient, tmp_path: Path):
    os.mkfifo(tmp_path / "ca.pem")
    transport = Transport(authorities=(str(tmp_path / "ca.pem"),))
    answer = await client.get("https://127.0.0.1:1/", accept="*/*", transport=transport)
    assert (answer.trouble, answer.detail) == (
        Trouble.UNUSABLE,
        f"{tmp_path / 'ca.pem'} is no file",
    )


async def test_a_file_that_has_changed_is_read_again(
    client: HttpClient, authority: trustme.CA, tls: ssl.SSLContext, tmp_path: Path
):
    file = tmp_path / "ca.pem"
    transport = Transport(authorities=(str(file),))
    async with LoopbackServer(OK, tls=tls) as server:
        assert (
            await client.get(server.url, accept="*/*", transport=transport)
        ).trouble is Trouble.UNUSABLE
        file.write_text(pem(authority))
        for _ in range(2):
            answer = await client.get(server.url, accept="*/*", transport=transport)
            assert isinstance(answer, Response)
        assert server.connections == 1
        file.write_text(pem(trustme.CA()))
        answer = await client.get(server.url, accept="*/*", transport=transport)
    assert answer.trouble is Trouble.INSECURE


# --- proxies --------------------------------------------------------------------------------------


async def test_a_proxy_with_a_password(
    client: HttpClient, authority: trustme.CA, tls: ssl.SSLContext
):
    async with LoopbackServer(OK, tls=tls) as server, TunnelProxy(password="me:p@ss") as proxy:
        transport = Transport(
            authorities=(pem(authority),), proxy=Secret(proxy.url(user="me:p%40ss"))
        )
        answer = await client.get(server.url, accept="*/*", transport=transport)
        assert isinstance(answer, Response)
        assert proxy.asked == [f"127.0.0.1:{server.port}"]


@pytest.mark.parametrize(
    ("refusal", "trouble", "status"),
    [
        (None, Trouble.PROXY, 407),
        (403, Trouble.PROXY, 403),
        (502, Trouble.UNREACHABLE, None),
    ],
)
async def test_a_proxy_that_refuses_is_named(
    client: HttpClient, refusal: int | None, trouble: Trouble, status: int | None
):
    async with TunnelProxy(password="me:right", refusal=refusal) as proxy:
        transport = Transport(proxy=Secret(proxy.url(user="me:s3cret")))
        answers = [
            await client.get(f"https://registry.example/{at}", accept="*/*", transport=transport)
            for at in range(7 if trouble is Trouble.PROXY else 1)
        ]
        assert {(answer.trouble, answer.status) for answer in answers} == {(trouble, status)}
    assert "s3cret" not in words(answers[0])


async def test_plain_requests_go_by_way_of_the_proxy_but_for_some_hosts(client: HttpClient):
    async with LoopbackServer(OK) as proxy, LoopbackServer(OK) as server:
        address = Secret(proxy.url)
        transport = Transport(proxy=address, unproxied=("registry.example", "0.0.1"))
        for said in (transport, Transport(proxy=address)):
            assert isinstance(await client.get(server.url, accept="*/*", transport=said), Response)
        other = "http://other.example/x"
        assert isinstance(await client.get(other, accept="*/*", transport=transport), Response)
    assert [request.path for request in server.requests] == ["/"]
    assert [request.path for request in proxy.requests] == [server.url, other]


async def test_no_proxy_is_none_whatever_the_environment_says(
    client: HttpClient, monkeypatch: pytest.MonkeyPatch
):
    async with LoopbackServer(OK) as server, LoopbackServer(OK) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        await client.get(server.url, accept="*/*", transport=Transport(proxy=Secret("")))
        assert (len(server.requests), len(proxy.requests)) == (1, 0)
        await client.get(server.url, accept="*/*", transport=Transport(verify=False))
        assert (len(server.requests), len(proxy.requests)) == (1, 1)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://me:s3cret@proxy.example:1", "the proxy at proxy.example:1"),
        ("http://", "the address of the proxy"),
        ("http://me:s3cret@proxy.example:x", "the proxy at proxy.example:x"),
        ("me:s3cret@proxy.example", "the address of the proxy"),
    ],
)
async def test_the_address_of_no_proxy(client: HttpClient, address: str, said: str):
    transport = Transport(proxy=Secret(address))
    answer = await client.get("http://127.0.0.1:1/", accept="*/*", transport=transport)
    assert answer.trouble is Trouble.UNUSABLE
    assert said in words(answer)
    assert "s3cret" not in words(answer) + repr((answer, transport))


# --- all together ---------------------------------------------------------------------------------


async def test_the_bound_on_requests_holds_across_transports(authority: trustme.CA):
    client = HttpClient(user_agent="test/1", concurrency=3, timing=Clock().timing())
    async with LoopbackServer(OK, latency=0.01) as server:
        answers = await asyncio.gather(
            *(
                client.get(
                    f"{server.url}{at}", accept="*/*", transport=Transport(unproxied=(f"h{at}",))
                )
                for at in range(24)
            )
        )
        assert all(isinstance(answer, Response) for answer in answers)
        assert server.peak <= 3
        await client.aclose()


async def test_clients_that_nobody_uses_are_closed(client: HttpClient):
    async with LoopbackServer(OK) as server:
        for at in range(20):
            transport = Transport(unproxied=(f"h{at}",))
            assert isinstance(
                await client.get(server.url, accept="*/*", transport=transport), Response
            )
        again = await client.get(server.url, accept="*/*", transport=Transport(unproxied=("h0",)))
        assert isinstance(again, Response)
        assert server.connections == 21
        again = await client.get(server.url, accept="*/*", transport=Transport(unproxied=("h0",)))
        assert server.connections == 21


async def test_a_host_that_refuses_for_the_rate_is_left_alone_by_all(client: HttpClient):
    refusing = paths({}, otherwise=Reply(status=429, headers={"retry-after": "60"}))
    async with LoopbackServer(refusing) as server:
        for at in range(6):
            transport = Transport(unproxied=(f"h{at}",))
            answer = await client.get(f"{server.url}{at}", accept="*/*", transport=transport)
            assert answer.trouble is Trouble.RATE_LIMITED
        assert len(server.requests) == 3
