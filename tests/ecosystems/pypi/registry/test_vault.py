"""What the keyring has for an index that wants a credential."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

import pytest

from registry_lsp.core.packages import Missing, PackageId, RegistryRef, Secret, Unauthorized
from registry_lsp.core.ports.http import Response
from registry_lsp.ecosystems.pypi.registry.adapter import PypiRegistry
from registry_lsp.ecosystems.pypi.registry.vault import Vault, ask_library

URL = "https://registry.example/index/"
INDEX = RegistryRef(url=URL, vaults=((URL, None), ("registry.example", "u")))
FOUND = Secret("Basic dTpw")


class Keyring:
    """A keyring of *entries*, which writes down what it was asked."""

    def __init__(self, entries):
        self.entries = entries
        self.asked = []

    def __call__(self, service, user):
        self.asked.append((service, user))
        return self.entries.get(service)


class Guarded:
    """A server that lets in who has the credential."""

    def __init__(self, credential, status=401):
        self.credential = credential
        self.status = status
        self.shown = []

    async def get(
        self, url, *, accept, authorization=None, within=None, validators=None, transport=None
    ):
        self.shown.append(authorization.value if authorization else None)
        is_let_in = authorization == self.credential
        return Response(status=404 if is_let_in else self.status, url=url, headers={}, body=b"")


async def test_the_most_special_place_is_asked_first_and_each_index_once():
    keyring = Keyring({"registry.example": ("u", "p")})
    vault = Vault(keyring)
    assert vault.known(INDEX) is None
    assert await vault.credential(INDEX) == FOUND
    assert await vault.credential(INDEX) == FOUND
    assert vault.known(INDEX) == FOUND
    assert keyring.asked == [(URL, None), ("registry.example", "u")]


@pytest.mark.parametrize("status", [401, 403])
async def test_an_index_that_wants_another_credential_gets_what_the_keyring_has(status):
    keyring, http = Keyring({URL: ("u", "p")}), Guarded(FOUND, status)
    registry = PypiRegistry(http, Vault(keyring))
    id = PackageId(ecosystem="pypi", name="left", registry=INDEX)
    assert await registry.package(id, full=False) == Missing()
    assert http.shown == [None, FOUND.value]
    await registry.package(id, full=False)
    assert http.shown[2:] == [FOUND.value]  # it is known by now
    assert len(keyring.asked) == 1


async def test_one_that_the_keyring_has_nothing_for_wants_credentials():
    http = Guarded(FOUND)
    registry = PypiRegistry(http, Vault(Keyring({URL: ("u", "wrong")})))
    id = PackageId(ecosystem="pypi", name="left", registry=INDEX)
    assert isinstance(await registry.package(id, full=False), Unauthorized)
    assert len(http.shown) == 2
    registry = PypiRegistry(Guarded(FOUND), Vault(Keyring({})))
    assert isinstance(await registry.package(id, full=False), Unauthorized)


async def test_one_that_is_never_asked_without_a_credential_is_not():
    keyring, http = Keyring({URL: ("u", "p")}), Guarded(FOUND)
    left = PackageId(ecosystem="pypi", name="left", registry=replace(INDEX, is_credentialed=True))
    assert await PypiRegistry(http, Vault(keyring)).package(left, full=False) == Missing()
    assert http.shown == [FOUND.value]
    nothing = PypiRegistry(http, Vault(Keyring({})))
    found = await nothing.package(left, full=False)
    assert found == Unauthorized(status=401, host="registry.example")
    assert http.shown == [FOUND.value]


async def test_what_lies_in_a_folder_is_asked_of_nobody():
    http = Guarded(FOUND)
    folder = RegistryRef(url="file:///", is_bound=True)
    own = PackageId(ecosystem="pypi", name="own", registry=folder)
    assert await PypiRegistry(http).metadata(own, "1.0") == Missing()
    assert http.shown == []


async def test_a_keyring_that_fails_has_nothing_and_its_words_are_shown_to_nobody(caplog):
    caplog.set_level(logging.DEBUG)

    def broken(service, user):
        raise ValueError("s3cret")

    assert await Vault(broken).credential(INDEX) is None
    assert "s3cret" not in caplog.text


async def test_a_keyring_that_hangs_is_not_waited_for():
    gate = threading.Event()

    def hanging(service, user):
        gate.wait()
        return ("u", "p")

    vault = Vault(hanging, patience=0.01)
    assert await vault.credential(INDEX) is None
    gate.set()


def test_without_the_library_there_is_no_keyring():
    assert ask_library("registry.example", None) is None
