"""The check command's process, against registries on loopback."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from typing import Any

import pytest

from support.editor import PATIENCE, editor, server_environ
from support.events import until
from support.loopback import SILENCE, Reply

REACT = '{\n  "dependencies": {\n    "react": "^17.0.1",\n    "request": "2.88.2"\n  }\n}\n'


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The dependencies of all files of the JSON document, by name."""
        files = json.loads(self.out)["files"]
        return {each["name"]: each for file in files for each in file["dependencies"]}


async def start(stage: Any, *arguments: str, **environ: str) -> Process:
    urls = stage.options["registries"]
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "registry_lsp", "check", *arguments),
        cwd=stage.folder,
        env=server_environ(stage.folder)
        | {
            "REGISTRY_LSP_REGISTRIES_NPM_URL": urls["npm"]["url"],
            "REGISTRY_LSP_REGISTRIES_PYPI_URL": urls["pypi"]["url"],
            **environ,
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )


async def check(stage: Any, *arguments: str, **environ: str) -> Ended:
    process = await start(stage, *arguments, **environ)
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    return Ended(process.returncode or 0, out.decode(), err.decode())


def write(stage: Any, name: str, text: str) -> None:
    path = stage.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


async def test_a_table_of_each_manifest(stage: Any):
    write(stage, "web/package.json", REACT)
    write(stage, "requirements.txt", "requests==2.32.0\nidna>=3\n")
    write(stage, "node_modules/x/package.json", REACT)
    result = await check(stage)
    assert (result.code, result.err) == (1, "")
    assert "requirements.txt (pypi, 2 dependencies)" in result.out
    assert "web/package.json (npm, 2 dependencies)" in result.out
    text = " ".join(result.out.split())
    assert "warning: " in text
    assert "Yanked" in text
    assert "\x1b" not in result.out
    assert text.endswith("4 dependencies in 2 files: 2 warnings, 1 information, 1 hint")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
async def test_a_folder_of_manifests_through_a_link(stage: Any):
    write(stage, "requirements/base.txt", "idna==3.6\n")
    (stage.folder / "reqs").symlink_to("requirements", target_is_directory=True)
    for path in ("reqs", "reqs/base.txt"):
        result = await check(stage, "--format", "json", path)
        assert result.rows["idna"]["latest"] == "3.7"


async def test_the_document(stage: Any):
    write(stage, "package.json", REACT)
    result = await check(stage, "--format", "json", "package.json")
    assert (result.code, result.err) == (1, "")
    react = result.rows["react"]
    assert (react["line"], react["column"]) == (3, 6)
    assert (react["registry"], react["section"]) == ("npm", "dependencies")
    assert (react["requirement"], react["current"]) == ("^17.0.1", None)
    assert (react["wanted"], react["latest"]) == ("17.0.2", "18.2.0")
    assert [each["code"] for each in react["findings"]] == ["outdated-major"]
    request = result.rows["request"]
    assert [each["code"] for each in request["findings"]] == ["deprecated"]
    assert json.loads(result.out)["summary"]["findings"]["warning"] == 1


async def test_nothing_to_warn_of(stage: Any):
    write(stage, "requirements.txt", "idna>=3\n")
    result = await check(stage)
    assert (result.code, result.err) == (0, "")
    assert "nothing to report" in result.out


async def test_a_name_that_the_registry_does_not_know(stage: Any):
    write(stage, "requirements.txt", "no-such-project\n")
    result = await check(stage, "--format", "json")
    assert result.code == 1
    (found,) = result.rows["no-such-project"]["findings"]
    assert (found["code"], found["severity"]) == ("package-not-found", "error")


@pytest.mark.parametrize("status", [401, 503])
async def test_a_registry_that_does_not_answer_is_no_success(stage: Any, status: int):
    write(stage, "requirements.txt", "idna>=3\nrequests>=2\n")
    stage.registries.faults = {"idna": Reply(status=status)}
    result = await check(stage, "--format", "json")
    assert result.code == 2
    assert "registry-lsp: nothing is known of idna: 127.0.0.1" in result.err
    assert str(status) in result.err
    assert result.rows["requests"]["latest"] == "2.32.3"
    assert json.loads(result.out)["summary"]["unknown"] == 1


async def test_offline_uses_what_the_cache_knows(stage: Any):
    write(stage, "requirements.txt", "idna>=3\n")
    nothing = await check(stage, "--offline")
    assert nothing.code == 2
    assert "network.offline" in nothing.err
    assert stage.server.requests == []
    assert (await check(stage)).code == 0
    asked = len(stage.server.requests)
    assert asked > 0
    known = await check(stage, "--offline", "--format", "json")
    assert known.code == 0
    assert known.rows["idna"]["latest"] == "3.7"
    assert len(stage.server.requests) == asked


async def test_without_the_cache_nothing_is_kept(stage: Any):
    write(stage, "requirements.txt", "idna>=3\n")
    assert (await check(stage, "--no-cache")).code == 0
    asked = len(stage.server.requests)
    assert (await check(stage, "--no-cache")).code == 0
    assert len(stage.server.requests) == 2 * asked


async def test_what_is_ignored_is_not_asked_about(stage: Any):
    write(stage, "package.json", REACT)
    result = await check(stage, "--format", "json", REGISTRY_LSP_IGNORE="npm:request")
    assert result.code == 0
    assert result.rows["request"]["findings"] == []
    assert not any("request" in each.path for each in stage.server.requests)


async def test_a_manifest_that_is_not_text(stage: Any):
    (stage.folder / "requirements.txt").write_bytes(b"idna\n\xff\n")
    result = await check(stage)
    assert result.code == 2
    assert "requirements.txt: it is not UTF-8 text" in result.out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts whole consoles")
async def test_an_interruption_ends_it_quietly(stage: Any):
    write(stage, "requirements.txt", "idna>=3\n")
    stage.registries.faults = {"idna": SILENCE}
    process = await start(stage, REGISTRY_LSP_NETWORK_TIMEOUT_SECONDS="60")
    await until(lambda: stage.server.requests)
    process.send_signal(signal.SIGINT)
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert (process.returncode, out, err) == (130, b"", b"")


async def test_a_refused_credential_is_told_at_length_once_for_all_its_packages(stage):
    names = ("react", "left-pad", "request", "nothing")
    stage.registries.faults.update(dict.fromkeys(names, Reply(status=401)))
    write(stage, "package.json", json.dumps({"dependencies": dict.fromkeys(names, "1")}))
    ended = await check(stage, COLUMNS="200")
    assert ended.code == 2
    assert ended.out.count("nothing is known: ") == 4
    assert not [each for each in ended.out.splitlines() if each != each.rstrip()]
    assert ended.out.count("wants credentials (401)") == 4
    assert "_authToken" not in ended.out
    (said,) = ended.err.splitlines()
    assert "nothing is known of react, left-pad, request and 1 more: " in said
    assert "wants credentials (401): set them in ~/.npmrc (//" in said
    assert said.endswith(":_authToken)")


async def test_a_near_name_that_another_manifest_has_is_named(stage):
    write(stage, "requirements.txt", "reqeusts\n")
    write(stage, "dev-requirements.txt", "requests\n")
    ended = await check(stage, "--json")
    (found,) = ended.rows["reqeusts"]["findings"]
    assert found["message"].endswith("; did you mean requests?")


async def test_a_near_name_that_an_editor_has_learned_is_named(stage):
    write(stage, "requirements.txt", "reqeusts\n")
    before = (await check(stage, "--json")).rows["reqeusts"]["findings"]
    assert "did you mean" not in before[0]["message"]
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", "reqeusts\n")
        await it.diagnostics(uri, until=bool)
        assert "Replace reqeusts by requests" in await it.actions(uri, "reqe|usts")
    asked = len(stage.server.requests)
    (found,) = (await check(stage, "--json")).rows["reqeusts"]["findings"]
    assert found["message"].endswith("; did you mean requests?")
    new = [each.path for each in stage.server.requests[asked:]]
    assert not [each for each in new if "requests" in each or each.endswith("/simple/")]
