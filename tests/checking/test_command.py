"""The check command from end to end, with a peer in the application's place."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import pytest

from registry_lsp.checking.checked import CheckedFile
from registry_lsp.checking.command import Request, run
from registry_lsp.core.findings import Code, Severity
from registry_lsp.core.packages import Trouble, Unavailable
from registry_lsp.core.settings import Settings
from registry_lsp.finding.included import ManifestFile
from registry_lsp.terminal.console import Streams
from support.checked import NPM, PYPI, assessment, finding

DOWN = Unavailable(trouble=Trouble.TIMEOUT, host="registry.example")
DEPRECATED = assessment("request", finding(Code.DEPRECATED, version="2.88.2", reason="gone"))


class Judge:
    """In the application's place: says the same of every file, and remembers what it was
    asked.
    """

    def __init__(self, *verdicts: object) -> None:
        self.verdicts = verdicts
        self.settings: Settings | None = None
        self.names: list[str] = []

    async def __call__(
        self,
        files: Sequence[ManifestFile],
        settings: Settings,
        *,
        environ: Mapping[str, str],
        progress: Callable[[int, int], None],
    ) -> list[CheckedFile]:
        self.settings = settings
        self.names += [path.name for path, _, _ in files]
        progress(0, len(files))
        progress(len(files), len(files))
        return [
            CheckedFile(path=path, ecosystem=ecosystem.name, assessments=self.verdicts)
            for path, ecosystem, _ in files
        ]


@dataclass(frozen=True)
class Ended:
    """What a run left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    return tmp_path


def ended(
    judge: Judge,
    *paths: Path,
    environ: Mapping[str, str] | None = None,
    format: str = "table",
    color: str = "auto",
    offline: bool = False,
    cached: bool = True,
) -> Ended:
    streams = Streams(out=StringIO(), err=StringIO())
    code = run(
        Request(paths=paths, format=format, color=color, offline=offline, cached=cached),
        judge,
        ecosystems=[NPM, PYPI],
        home=Path("/nonexistent-home"),
        environ=environ or {},
        streams=streams,
    )
    return Ended(code=code, out=streams.out.getvalue(), err=streams.err.getvalue())


def test_a_clean_project(project: Path):
    result = ended(Judge(assessment("left-pad")), project)
    assert result.code == 0
    assert result.err == ""
    assert "left-pad" in result.out
    assert result.out.endswith("1 dependency in 1 file: nothing to report\n")


def test_a_project_with_findings(project: Path):
    result = ended(Judge(DEPRECATED), project)
    assert result.code == 1
    assert "warning: request 2.88.2 is" in result.out
    assert "\x1b" not in result.out


def test_the_json_document_is_all_there_is_on_standard_output(project: Path):
    result = ended(Judge(DEPRECATED), project, format="json")
    assert result.code == 1
    (file,) = json.loads(result.out)["files"]
    assert file["path"] == (project / "package.json").as_posix()
    assert file["dependencies"][0]["findings"][0]["code"] == "deprecated"


def test_a_registry_that_could_not_be_asked_is_named(project: Path):
    result = ended(Judge(assessment("left-pad", lookup=DOWN)), project)
    assert result.code == 2
    assert result.err == (
        "registry-lsp: nothing is known of left-pad: registry.example did not answer in time; "
        "try it again later\n"
    )


def test_what_is_old_is_told_with_its_age(project: Path):
    known = assessment("left-pad").lookup
    asked_at = time.time() - 3 * 3600 - 60
    judge = Judge(assessment("left-pad", lookup=replace(known, asked_at=asked_at, trouble=DOWN)))
    said = "left-pad is as known 3 hours ago: registry.example did not answer in time\n"
    for offline in (False, True):
        result = ended(judge, project, offline=offline)
        assert result.code == (0 if offline else 2)
        assert result.err == f"registry-lsp: what is said of {said}"
        assert "as known 3 hours ago" in result.out


def test_a_path_that_is_no_manifest(project: Path):
    judge = Judge()
    result = ended(judge, project / "setup.cfg")
    assert result.code == 2
    assert "no such file or folder" in result.err
    assert result.out == ""
    assert judge.names == []


def test_one_wrong_path_does_not_silence_the_others(project: Path):
    for format in ("table", "json"):
        result = ended(Judge(), project / "nowhere", project / "package.json", format=format)
        assert result.code == 2
        assert result.err.endswith("nowhere: there is no such file or folder\n")
        assert "package.json" in result.out


def test_a_folder_without_manifests(tmp_path: Path):
    judge = Judge()
    result = ended(judge, tmp_path, format="json")
    assert result.code == 0
    assert "no manifests below" in result.err
    assert json.loads(result.out)["files"] == []
    assert judge.settings is None, "nobody is asked about nothing"


def test_colour_is_for_those_who_want_it(project: Path):
    judge = Judge(DEPRECATED)
    assert "\x1b[33mwarning: " in ended(judge, project, color="always").out
    environ = {"FORCE_COLOR": "1"}
    assert "\x1b" not in ended(judge, project, color="never", environ=environ).out
    assert ended(judge, project, environ=environ).err == ""


def test_options_stand_over_settings(project: Path):
    judge = Judge()
    ended(judge, project)
    assert (judge.settings.network.offline, judge.settings.cache.enabled) == (False, True)
    ended(judge, project, offline=True, cached=False)
    assert (judge.settings.network.offline, judge.settings.cache.enabled) == (True, False)
    environ = {"REGISTRY_LSP_NETWORK_OFFLINE": "1", "REGISTRY_LSP_CACHE_ENABLED": "0"}
    ended(judge, project, environ=environ)
    assert (judge.settings.network.offline, judge.settings.cache.enabled) == (True, False)


def test_settings_come_from_the_environment(project: Path):
    judge = Judge(DEPRECATED)
    environ = {"REGISTRY_LSP_DIAGNOSTICS_SEVERITY_DEPRECATED": "hint"}
    assert ended(judge, project, environ=environ).code == 0
    assert judge.settings.diagnostics.severity_of(Code.DEPRECATED) is Severity.HINT


def test_settings_that_are_not_understood_are_reported(project: Path):
    environ = {
        "REGISTRY_LSP_NETWORK_OFFLINE": "maybe",
        "REGISTRY_LSP_REGISTRIES_NMP_URL": "https://registry.example/",
    }
    result = ended(Judge(), project, environ=environ)
    assert result.code == 0
    assert "registry-lsp: REGISTRY_LSP_NETWORK_OFFLINE: expected true or false" in result.err
    assert "did you mean REGISTRY_LSP_REGISTRIES_NPM_URL?" in result.err


@pytest.mark.parametrize("format", ["table", "json"])
def test_a_reader_that_has_seen_enough_is_no_error(project: Path, format: str):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", encoding="utf-8") as out:
        streams = Streams(out=out, err=StringIO())
        request = Request(paths=(project,), format=format)
        code = run(
            request, Judge(DEPRECATED), ecosystems=[NPM], home=project, environ={}, streams=streams
        )
    assert code == 1
    assert streams.err.getvalue() == ""


def test_an_interruption_is_the_callers(project: Path):
    class Interrupted(Judge):
        async def __call__(self, *_: object, **__: object) -> list[CheckedFile]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ended(Interrupted(), project)
