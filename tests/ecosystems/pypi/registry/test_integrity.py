"""Who has published a file, as an index's Integrity API tells it (PEP 740)."""

from __future__ import annotations

import pytest

from registry_lsp.core.packages import (
    Missing,
    PackageId,
    RegistryRef,
    Release,
    Secret,
    Trouble,
    Unavailable,
)
from registry_lsp.core.services import Provenance
from registry_lsp.ecosystems.pypi.registry.adapter import PypiRegistry
from registry_lsp.ecosystems.pypi.registry.integrity import ACCEPT
from registry_lsp.endpoints import CODE_HOSTS
from support.answers import Answers, says

ADDRESS = "https://registry.example/integrity/foo/1.0/foo-1.0.tar.gz/provenance"
DOWN = Unavailable(trouble=Trouble.TIMEOUT, host="registry.example")
SECRET = Secret("Basic x")


async def ask(answer, *, address=ADDRESS):
    http = Answers({address: answer} if address else {})
    registry = RegistryRef(url="https://registry.example/simple/", authorization=SECRET)
    id = PackageId(ecosystem="pypi", name="foo", registry=registry)
    said = await PypiRegistry(http).provenance(id, Release(version="1.0", provenance=address))
    return said, http


def provenance(*publishers):
    bundles = [{"publisher": publisher, "attestations": [{}]} for publisher in publishers]
    return says({"version": 1, "attestation_bundles": bundles})


@pytest.mark.parametrize(
    ("publisher", "expected"),
    [
        (
            {"kind": "GitHub", "repository": "owner/name", "workflow": "release.yml"},
            Provenance(
                publisher="GitHub",
                repository=CODE_HOSTS["github"] + "owner/name",
                workflow="release.yml",
            ),
        ),
        (
            {"kind": "GitLab", "repository": "a/b/c", "workflow_filepath": "ci/.gitlab-ci.yml"},
            Provenance(
                publisher="GitLab",
                repository=CODE_HOSTS["gitlab"] + "a/b/c",
                workflow=".gitlab-ci.yml",
            ),
        ),
        ({"kind": "Google", "email": "a@b.example"}, Provenance(publisher="Google")),
        ({"kind": "GitHub", "repository": "../../x"}, Provenance(publisher="GitHub")),
        ({"kind": "Odd", "repository": "a/b"}, Provenance(publisher="Odd")),
    ],
)
async def test_the_publisher_is_named_with_its_source(publisher, expected):
    said, http = await ask(provenance({}, publisher))
    assert said.value == expected
    assert [(each.accept, each.authorization) for each in http.asked] == [(ACCEPT, SECRET)]


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_an_index_that_keeps_none_says_so(status):
    assert isinstance((await ask(says({}, status=status)))[0], Missing)


async def test_who_could_not_be_asked_has_not_said_that_there_is_none():
    assert (await ask(DOWN))[0] == DOWN
    refused, _ = await ask(says({}, status=406))
    assert refused.trouble is Trouble.REFUSED


@pytest.mark.parametrize("body", ["<html>", {}, [], {"attestation_bundles": 3}])
async def test_what_is_no_provenance_is_garbage(body):
    said, _ = await ask(says(body))
    assert said.trouble is Trouble.GARBAGE


@pytest.mark.parametrize("publishers", [(), ({},), ({"kind": 3},)])
async def test_a_document_that_names_nobody_says_nothing(publishers):
    assert (await ask(provenance(*publishers)))[0] == Missing()


async def test_a_release_without_provenance_is_not_asked_about():
    said, http = await ask(None, address=None)
    assert (said, http.urls) == (Missing(), [])
