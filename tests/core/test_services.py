from dataclasses import replace

import pytest

from registry_lsp.core.packages import PackageId, RegistryRef, Secret
from registry_lsp.core.services import may_tell
from registry_lsp.endpoints import PUBLIC_REGISTRIES

PRIVATE = RegistryRef(url="https://registry.example/")


def package(registry, name="left-pad"):
    return PackageId(ecosystem="toy", name=name, registry=registry)


@pytest.mark.parametrize("url", sorted(PUBLIC_REGISTRIES))
def test_a_service_hears_of_what_everybody_knows(url):
    assert may_tell(package(RegistryRef(url=url)))
    assert may_tell(package(RegistryRef(url=url)), is_own=True)


def test_a_private_registrys_names_are_told_to_the_users_own_service_alone():
    assert not may_tell(package(PRIVATE))
    assert may_tell(package(PRIVATE), is_own=True)


@pytest.mark.parametrize("url", [PRIVATE.url, *sorted(PUBLIC_REGISTRIES)])
@pytest.mark.parametrize("is_own", [True, False])
def test_nobody_hears_of_what_is_bound_to_a_registry(url, is_own):
    assert not may_tell(package(RegistryRef(url=url, is_bound=True)), is_own=is_own)


@pytest.mark.parametrize("url", sorted(PUBLIC_REGISTRIES))
def test_with_credentials_a_scope_in_a_public_registry_may_be_private(url):
    ref = RegistryRef(url=url, authorization=Secret("Bearer token"))
    assert may_tell(package(ref))
    assert not may_tell(package(ref, "@company/secret"))
    assert may_tell(package(ref, "@company/secret"), is_own=True)
    assert may_tell(package(replace(ref, authorization=None), "@types/node"))


def test_what_only_begins_like_a_public_registry_is_none():
    for url in PUBLIC_REGISTRIES:
        assert not may_tell(package(RegistryRef(url=f"{url}mirror/")))
