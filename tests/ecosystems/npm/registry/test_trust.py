"""What an npm registry says of whether a package is to be trusted."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from registry_lsp.core.packages import (
    SECURITY_HOLDING,
    Missing,
    PackageId,
    RegistryRef,
    Release,
    Secret,
    Trouble,
)
from registry_lsp.core.ports.answers import Fetched
from registry_lsp.ecosystems.npm.registry.adapter import NpmRegistry
from registry_lsp.endpoints import CODE_HOSTS
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


SLSA = "https://slsa.dev/provenance/"
CODE = CODE_HOSTS["github"] + "owner/name"
V1 = {
    "buildDefinition": {
        "externalParameters": {
            "workflow": {
                "ref": "refs/heads/main",
                "repository": CODE,
                "path": ".github/workflows/release.yml",
            }
        }
    }
}
V02 = {
    "invocation": {
        "configSource": {
            "uri": f"git+{CODE}@refs/heads/main",
            "entryPoint": ".github/workflows/release.yml",
        }
    }
}
GITLAB_V02 = {
    "invocation": {
        "configSource": {"uri": f"git+{CODE_HOSTS['gitlab']}a/b/c", "entryPoint": "deploy"}
    }
}


def attestation(kind, predicate, **envelope):
    statement = {"_type": "x", "predicateType": kind, "predicate": predicate}
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    envelope = {"payloadType": "application/vnd.in-toto+json", "payload": payload, **envelope}
    return {"predicateType": kind, "bundle": {"dsseEnvelope": envelope}}


PUBLISH = attestation("https://x.example/specs/publish/v0.1", {"name": "left"})


async def vouched(body, *, address=ADDRESS, root=ROOT, url=ADDRESS, status=200):
    http = Answers({url: says(body, status=status)})
    id = replace(ID, registry=RegistryRef(url=root, authorization=Secret("Bearer x")))
    release = Release(version="1.0.0", provenance=address)
    return await NpmRegistry(http).provenance(id, release), http


@pytest.mark.parametrize(
    ("kind", "predicate", "expected"),
    [
        (SLSA + "v1", V1, ("GitHub", CODE, "release.yml")),
        (SLSA + "v0.2", V02, ("GitHub", CODE, "release.yml")),
        (SLSA + "v0.2", GITLAB_V02, ("GitLab", CODE_HOSTS["gitlab"] + "a/b/c", "deploy")),
    ],
)
async def test_the_builder_is_read_from_the_statement_in_its_envelope(kind, predicate, expected):
    said, _ = await vouched({"attestations": [PUBLISH, attestation(kind, predicate)]})
    found = said.value
    assert (found.publisher, found.repository, found.workflow) == expected


@pytest.mark.parametrize(
    "attestations",
    [
        [],
        [PUBLISH],
        [3, None],
        [attestation(SLSA + "v1", {})],
        [attestation(SLSA + "v1", {"buildDefinition": {"externalParameters": {"workflow": 3}}})],
        [attestation(SLSA + "v0.2", {"invocation": {"configSource": {"uri": "git+file:///x"}}})],
    ],
)
async def test_a_version_of_which_no_build_is_told_has_no_provenance(attestations):
    said, _ = await vouched({"attestations": attestations})
    assert said == Missing()


@pytest.mark.parametrize(
    "body",
    [
        "<html>",
        {},
        {"attestations": [attestation(SLSA + "v1", V1, payload="§")]},
        {"attestations": [attestation(SLSA + "v1", V1, payload="AAAA")]},
        {"attestations": [{"predicateType": SLSA + "v1"}]},
    ],
)
async def test_what_is_no_document_of_attestations_is_garbage(body):
    said, _ = await vouched(body)
    assert said.trouble is Trouble.GARBAGE


async def test_a_registry_that_keeps_none_says_so():
    assert (await vouched({}, status=404))[0] == Missing()


async def test_a_version_without_attestations_is_not_asked_about():
    said, http = await vouched({}, address=None)
    assert (said, http.urls) == (Missing(), [])


@pytest.mark.parametrize(
    ("address", "root", "url"),
    [
        (ADDRESS, ROOT, ADDRESS),
        (
            "https://registry.example/npm/-/npm/v1/attestations/left@1.0.0",
            "https://registry.example/npm/",
            "https://registry.example/npm/-/npm/v1/attestations/left@1.0.0",
        ),
        (
            "https://elsewhere.example/-/npm/v1/attestations/@a%2fleft@1.0.0",
            "https://mirror.example/api/npm/",
            "https://mirror.example/api/npm/-/npm/v1/attestations/@a%2fleft@1.0.0",
        ),
    ],
)
async def test_the_projects_own_registry_is_asked_wherever_the_address_leads(address, root, url):
    body = {"attestations": [attestation(SLSA + "v1", V1)]}
    said, http = await vouched(body, address=address, root=root, url=url)
    assert said.value.repository == CODE
    assert [(each.url, each.authorization) for each in http.asked] == [(url, Secret("Bearer x"))]
