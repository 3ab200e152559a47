"""Registries behind a company's own certificates, with nothing configured but what npm reads."""

from __future__ import annotations

import json
import os
import ssl
from pathlib import Path

import pytest
import trustme

from support.commands import checked, codes_of
from support.loopback import serve_in_thread
from support.registries import NpmPackage, PypiProject, PypiRelease, Registries

TEXT = json.dumps({"dependencies": {"left": "1.0.0"}})
LEFT = Registries(npm={"left": NpmPackage(versions={"1.0.0": {}, "2.0.0": {}})})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project's folder; the home folder of who works in it is beside it."""
    for name in ("project", "home"):
        (tmp_path / name).mkdir()
    (tmp_path / "project" / "package.json").write_text(TEXT)
    return tmp_path / "project"


def environ(project: Path) -> dict[str, str]:
    home = str(project.parent / "home")
    return {"HOME": home, "USERPROFILE": home, "REGISTRY_LSP_CACHE_ENABLED": "false"}


async def test_certificates_that_npm_would_trust_and_show(project: Path):
    company, staff = trustme.CA(), trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    company.issue_cert("127.0.0.1").configure_cert(tls)
    staff.configure_trust(tls)
    tls.verify_mode = ssl.CERT_REQUIRED
    home = project.parent / "home"
    own = staff.issue_cert("me@registry.example")
    company.cert_pem.write_to_path(str(home / "company.pem"))
    own.cert_chain_pems[0].write_to_path(str(home / "me.pem"))
    own.private_key_pem.write_to_path(str(home / "me.key"))
    with serve_in_thread(LEFT, tls=tls) as server:
        (project / ".npmrc").write_text(f"registry={server.url}npm/\n")
        place = f"//127.0.0.1:{server.port}/npm/"
        rows, said = await checked(project, environ(project))
        assert codes_of(rows["left"]) == ["registry-unavailable"]
        assert "certificate was refused" in said
        (home / ".npmrc").write_text(
            f"cafile=~/company.pem\n{place}:certfile=~/me.pem\n{place}:keyfile=~/me.key\n"
        )
        rows, _ = await checked(project, environ(project))
        assert codes_of(rows["left"]) == ["outdated-major"]
        (home / "company.pem").write_text("no certificate")
        rows, said = await checked(project, environ(project))
        assert codes_of(rows["left"]) == ["registry-unavailable"]
        assert "no certificates that can be read are in" in said
        assert "company.pem" in said


async def test_a_project_cannot_have_its_registry_trusted(project: Path):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with serve_in_thread(LEFT, tls=tls) as server:
        (project / ".npmrc").write_text(f"registry={server.url}npm/\nstrict-ssl=false\n")
        rows, _ = await checked(project, environ(project))
        assert codes_of(rows["left"]) == ["registry-unavailable"]
        trusted = {**environ(project), "REGISTRY_LSP_WORKSPACE_TRUSTED": "true"}
        rows, _ = await checked(project, trusted)
        assert codes_of(rows["left"]) == ["outdated-major"]


async def test_a_host_that_a_requirements_file_trusts_is_so_for_who_trusts_the_file(project: Path):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    left = PypiProject(releases={"1.0.0": PypiRelease(), "2.0.0": PypiRelease()})
    (project / "package.json").unlink()
    with serve_in_thread(Registries(pypi={"left": left}), tls=tls) as server:
        (project / "requirements.txt").write_text("-r hosts.txt\nleft==1.0.0\n")
        (project / "hosts.txt").write_text(
            f"--index-url {server.url}simple/\n--trusted-host 127.0.0.1\n"
        )
        rows, said = await checked(project, environ(project))
        assert codes_of(rows["left"]) == ["registry-unavailable"]
        assert "certificate was refused" in said
        trusted = {**environ(project), "REGISTRY_LSP_WORKSPACE_TRUSTED": "true"}
        rows, _ = await checked(project, trusted)
        assert codes_of(rows["left"]) == ["outdated-major"]


async def test_what_lies_in_a_folder_of_archives_is_known(project: Path):
    left = PypiProject(releases={"1.0.0": PypiRelease(), "2.0.0": PypiRelease()})
    (project / "package.json").unlink()
    (project / "wheels").mkdir()
    for name in ("left-3.0.0-py3-none-any.whl", "own-1.0.0-py3-none-any.whl"):
        (project / "wheels" / name).touch()
    with serve_in_thread(Registries(pypi={"left": left})) as server:
        (project / "requirements.txt").write_text(
            f"-i {server.url}simple/\n-f wheels\nleft==3.0.0\nown==1.0.0\nmissing==1.0.0\n"
        )
        rows, _ = await checked(project, environ(project))
        assert (codes_of(rows["left"]), rows["left"]["latest"]) == ([], "3.0.0")
        assert (codes_of(rows["own"]), rows["own"]["latest"]) == ([], "1.0.0")
        assert codes_of(rows["missing"]) == ["package-not-found"]
        text = (project / "requirements.txt").read_text().replace("==3.0.0", "==3.1.0")
        (project / "requirements.txt").write_text(text.replace("own==1.0.0", "own==2.0.0"))
        rows, _ = await checked(project, environ(project))
        assert codes_of(rows["left"]) == ["no-matching-version"]
        assert codes_of(rows["own"]) == ["no-matching-version"]


async def test_a_companys_certificates_that_pip_trusts_by_its_variable(project: Path):
    company, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    company.issue_cert("127.0.0.1").configure_cert(tls)
    company.cert_pem.write_to_path(str(project.parent / "company.pem"))
    left = PypiProject(releases={"1.0.0": PypiRelease(), "2.0.0": PypiRelease()})
    (project / "package.json").unlink()
    with serve_in_thread(Registries(pypi={"left": left}), tls=tls) as server:
        (project / "requirements.txt").write_text(f"-i {server.url}simple/\nleft==1.0.0\n")
        rows, _ = await checked(project, environ(project))
        assert codes_of(rows["left"]) == ["registry-unavailable"]
        bundle = {"REQUESTS_CA_BUNDLE": str(project.parent / "company.pem")}
        bundle["PIP_CONFIG_FILE"] = os.devnull  # this machine's own may have its say
        rows, _ = await checked(project, {**environ(project), **bundle})
        assert codes_of(rows["left"]) == ["outdated-major"]
