"""What an npm registry says of whether a package is to be trusted."""

from __future__ import annotations

import pytest

from registry_lsp.core.packages import SECURITY_HOLDING, PackageId, RegistryRef
from registry_lsp.core.ports import Fetched
from registry_lsp.ecosystems.npm.registry.adapter import NpmRegistry
from support.answers import Answers, says

ROOT = "https://registry.example/"
ID = PackageId(ecosystem="npm", name="left", registry=RegistryRef(url=ROOT))


async def package(*versions, full=False, tags=None, **fields):
    listed = {version: {"version": version, **fields} for version in versions}
    body = {"name": "left", "dist-tags": tags or {"latest": versions[0]}, "versions": listed}
    said = await NpmRegistry(Answers({ROOT + "left": says(body)})).package(ID, full=full)
    assert isinstance(said, Fetched), said
    return said.value


# --- what was taken away --------------------------------------------------------------------------


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("version", ["0.0.1-security", "0.0.1-security.0", "0.0.2-security"])
async def test_a_placeholder_of_the_registrys_own_is_known_by_its_version(version, full):
    assert (await package(version, full=full)).status == SECURITY_HOLDING


@pytest.mark.parametrize(
    "version", ["0.0.1", "1.0.0-security", "0.0.1-security-fix", "0.0.1-alpha"]
)
async def test_other_versions_are_no_placeholders(version):
    assert (await package(version)).status is None


async def test_a_package_that_was_handed_on_is_none_any_more():
    assert (await package("1.0.0", "0.0.1-security")).status is None


# --- provenance -----------------------------------------------------------------------------------

ADDRESS = "https://registry.example/-/npm/v1/attestations/left@1.0.0"


@pytest.mark.parametrize("full", [False, True])
async def test_where_the_attestations_are(full):
    dist = {"shasum": "00", "attestations": {"url": ADDRESS, "provenance": {"predicateType": "x"}}}
    assert (await package("1.0.0", full=full, dist=dist)).releases[0].provenance == ADDRESS


@pytest.mark.parametrize(
    "dist", [{}, None, 3, {"attestations": None}, {"attestations": {"url": "ftp://x.example"}}]
)
async def test_most_have_none(dist):
    (release,) = (await package("1.0.0", dist=dist)).releases
    assert (release.version, release.provenance) == ("1.0.0", None)
