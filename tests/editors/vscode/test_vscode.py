"""The extension in VS Code itself: code-server in a headless browser, and loopback registries.

One tour visits all that is shown (``tour.mjs``), another what goes wrong (``troubles.mjs``), and
each test looks at one stop. Their pictures are in ``build/editors/vscode``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support import stages
from support.loopback import serve_in_thread
from support.real_editors import CodeServer, code_server, served, settings
from support.registries import NpmPackage, Registries
from support.services import Services

pytestmark = pytest.mark.editors

HERE = Path(__file__).parent
SHOTS = HERE.parents[2] / "build" / "editors" / "vscode"
TOUR_SECONDS = 170

REACT = NpmPackage(
    versions={
        "16.14.0": {},
        "17.0.1": {},
        "17.0.2": {"dependencies": {"loose-envify": "^1.1.0"}},
        "18.0.0-rc.1": {},
        "18.2.0": {"engines": {"node": ">=14"}},
    },
    tags={"latest": "18.2.0", "next": "18.0.0-rc.1"},
    times={
        "16.14.0": "2020-10-14T19:41:01.000Z",
        "17.0.1": "2020-10-22T20:41:01.000Z",
        "17.0.2": "2021-03-22T21:56:19.536Z",
        "18.0.0-rc.1": "2022-03-01T10:00:00.000Z",
        "18.2.0": "2022-06-14T19:46:38.369Z",
    },
    document={
        "description": "The library for web and native <b>interfaces</b>",
        "license": "MIT",
        "homepage": "https://react.example/",
        "repository": {"type": "git", "url": "git+https://code.example/react.git"},
        "maintainers": [{"name": "ada", "email": "ada@people.example"}],
    },
)
NPM = {**stages.NPM, "react": REACT}
PACKAGE_JSON = """\
{
  "name": "shop",
  "dependencies": {
    "react": "^17.0.1",
    "@scope/tool": "1.0.0",
    "request": "2.88.2"
  }
}
"""
REQUIREMENTS = "requests==2.32.0\nidna==3.6\n"
TOKEN = "a-token-that-only-trust-sends"


@dataclass(frozen=True, kw_only=True)
class Window:
    """VS Code on a project, and the registry that it has."""

    server: CodeServer
    url: str
    folder: Path
    registry: Any

    @property
    def project(self) -> Path:
        return self.folder / "shop"

    @property
    def ran(self) -> Path:
        """What is there once the environment's program has been run."""
        return self.folder / "ran"

    def tour(self, script: str) -> dict[str, Any]:
        """What was seen, by the stop."""
        options = {
            "chromium": self.server.chromium,
            "url": self.url,
            "folder": str(self.project),
            "shots": str(SHOTS),
            "ran": str(self.ran),
            "extensions": str(self.folder / "extensions"),
            "alone": [str(each) for each in _alone(self.folder)],
        }
        process = subprocess.run(
            [str(self.server.node), str(HERE / script), json.dumps(options)],
            env={**os.environ, "EDITOR_MODULES": str(self.server.folder)},
            stdout=subprocess.PIPE,
            encoding="utf-8",
            timeout=TOUR_SECONDS,
            check=True,
        )
        stops = [json.loads(line) for line in process.stdout.splitlines()]
        for each in stops:
            print(json.dumps(each, indent=1), file=sys.stderr)
        return {each["name"]: each for each in stops}


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    server, folder = code_server(), tmp_path_factory.mktemp("vscode")
    project = folder / "shop"
    project.mkdir()
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir(parents=True)
    (project / "package.json").write_text(PACKAGE_JSON, encoding="utf-8")
    (project / "requirements.txt").write_text(REQUIREMENTS, encoding="utf-8")
    services = Services(npm={"react": 25_000_000}, pypi={})
    with (
        serve_in_thread(Registries(npm=dict(NPM), pypi=dict(stages.PYPI))) as registry,
        serve_in_thread(services) as counts,
    ):
        host = registry.url.partition(":")[2]
        npmrc = f"registry={registry.url}npm/\n{host}npm/:_authToken=${{SHOP_TOKEN}}\n"
        (project / ".npmrc").write_text(npmrc, encoding="utf-8")
        environ = {
            "npm_config_registry": f"{registry.url}npm/",
            "npm_config_cache": str(folder / "npm"),
            "PIP_INDEX_URL": f"{registry.url}simple/",
            "REGISTRY_LSP_CACHE_DIRECTORY": str(folder / "cache"),
            "SHOP_TOKEN": TOKEN,
        }
        with served(server, folder, settings=_settings(counts.url), environ=environ) as url:
            it = Window(server=server, url=url, folder=folder, registry=registry)
            _environment(it.project, it.ran)
            yield it


@pytest.fixture(scope="module")
def tour(window: Window) -> dict[str, Any]:
    """What was seen, by the stop; under ``sent`` what the registry was told, before trust and after
    it; and under ``output`` what is written in our output.
    """
    seen = window.tour("tour.mjs")
    sent = [each.headers.get("authorization") for each in window.registry.requests]
    output = [
        each.read_text("utf-8") for each in (window.folder / "data").rglob("registry-lsp.log")
    ]
    return {**seen, "sent": sent, "output": "".join(output)}


@pytest.fixture(scope="module")
def troubles(window: Window, tour: dict[str, Any]) -> dict[str, Any]:
    """What was seen, by the stop, where something goes wrong; after the tour, which trusts."""
    return window.tour("troubles.mjs")


def _settings(services: str) -> dict[str, Any]:
    return settings(
        {
            "registry-lsp.diagnostics.severity.outdated-major": "warning",
            "registry-lsp.trace.server": "messages",
            "registry-lsp.services.osv.enabled": False,
            "registry-lsp.services.npmDownloads.url": services,
            "registry-lsp.services.pypiDownloads.enabled": False,
            "registry-lsp.services.djangoPackages.enabled": False,
            "security.workspace.trust.enabled": True,
            "workbench.colorTheme": "Default Dark Modern",
        }
    )


def _environment(project: Path, ran: Path) -> None:
    """A virtual environment whose server only leaves a trace: whether it was run."""
    program = project / ".venv" / "bin" / "registry-lsp"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\nexit 1\n")
    program.chmod(0o755)


def _alone(folder: Path) -> list[Path]:
    """Manifests, each in a folder that nobody opens."""
    texts = {
        "package.json": '{"dependencies": {"@scope/tool": "1.0.0"}}\n',
        "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["idna==3.6"]\n',
        "requirements.txt": "idna==3.6\n",
    }
    for name, text in texts.items():
        (folder / "alone" / name).mkdir(parents=True, exist_ok=True)
        (folder / "alone" / name / name).write_text(text, encoding="utf-8")
    return [folder / "alone" / name / name for name in texts]


def seen(tour: dict[str, Any], stop: str) -> Any:
    assert stop in tour, "the tour ended before"
    assert "error" not in tour[stop], f"{tour[stop]['error']}; see {SHOTS}"
    return tour[stop]["seen"]


def test_without_trust_nothing_of_the_workspace_runs_and_no_credential_is_sent(tour):
    at = seen(tour, "not trusted")
    assert at["item"] == "2 outdated, 1 other finding"
    assert not at["ran"]
    assert tour["sent"][0] is None


def test_trust_is_passed_on(tour):
    assert seen(tour, "trusted")["ran"]
    assert f"Bearer {TOKEN}" in tour["sent"]


def test_what_passes_is_traced_where_that_is_set(tour):
    assert "Sending notification 'textDocument/didOpen'" in tour["output"]


def test_findings_hints_and_lenses_are_seen(tour):
    at = seen(tour, "open")
    assert at["item"] == "2 outdated, 1 other finding"
    assert at["squiggles"]["squiggly-warning"] == 2  # outdated-major, as it is set, and deprecated
    assert at["squiggles"]["squiggly-info"] == 1
    assert at["hints"] == ["latest 18.2.0", "latest 1.0.1"]
    assert at["lenses"] == ["Update 1 (safe)", "Update all 2 (1 may break)"]


def test_each_dependency_stands_once_in_the_outline(tour):
    names = seen(tour, "outline")
    assert len(names) == len(set(names))
    assert "react" in " ".join(names)


def test_the_counts_stay_while_the_output_is_read_and_lead_to_all_that_can_be_done(tour):
    at = seen(tour, "output in front")
    assert at["item"] == at["before"]
    assert len(at["actions"]) == 8
    assert "Clear the cache" in at["actions"][3]


def test_a_hover_tells_of_the_package_and_leads_to_its_details(tour):
    text = seen(tour, "hover")
    assert text.startswith("react · npm")
    assert "The library for web and native <b>interfaces</b>" in text
    assert "25M downloads last week" in text
    assert "Package details · registry-lsp" in text


def test_the_details_show_releases_downloads_and_people(tour):
    at = seen(tour, "details")
    downloads, releases = at["plots"]
    assert "25,000,000 in the last week" in downloads
    assert releases == "Releases: 2 in 2020, 1 in 2021, 1 in 2022."
    assert at["text"].startswith("react 18.2.0")
    assert "The library for web and native <b>interfaces</b>" in at["text"]
    assert "and 1 prerelease" in at["text"]
    assert "ada <ada@people.example> maintainer" in at["text"]
    assert at["scripts"] == 0
    assert at["complaints"] == []


def test_our_completions_come_before_those_of_the_npm_extension(tour):
    at = seen(tour, "completion")
    theirs = ['"18.2.0"', '"^18.2.0"', '"~18.2.0"']
    assert sorted(at["labels"][-3:]) == sorted(theirs)
    assert sorted(at["labels"][:3]) == ["18.2.0", "^18.2.0", "~18.2.0"]
    assert at["labels"][3:6] == ["^17.0.2", "^17.0.1", "^16.14.0"]
    assert at["behind"][:4] == ["18.2.0", "17.0.2", "17.0.1", "16.14.0"]
    assert at["behind"][-1] == '"^18.2.0"'
    assert at["lines"][3] == '    "react": "^17.0.2",'


def test_a_quick_fix_is_made_and_its_finding_is_gone(tour):
    at = seen(tour, "quick fix")
    assert at["actions"][0] == "Update @scope/tool to 1.0.1 (patch)"
    assert at["lines"][4] == '    "@scope/tool": "1.0.1",'
    assert at["item"] == "1 outdated, 1 other finding"


def test_a_lens_updates_a_requirements_file(tour):
    at = seen(tour, "requirements")
    assert at["lines"][:2] == ["requests==2.32.3", "idna==3.7"]
    assert "Pip Requirements" in at["bar"]


def test_what_was_chosen_by_its_title_is_not_asked_about_again(tour):
    assert seen(tour, "nothing to confirm")[3] == '    "react": "^18.2.0",'


def test_updates_that_may_break_something_can_be_chosen_among(tour):
    assert seen(tour, "a choice")[3] == '    "react": "^17.0.2",'


def test_a_document_without_a_name_is_a_manifest_by_its_language(tour):
    at = seen(tour, "no name")
    assert at["item"] == "1 outdated, 1 other finding"
    assert at["lines"][0] == "requests==2.32.0"


def test_the_status_is_told(tour):
    text = seen(tour, "status")
    assert "3 manifests open" in text
    assert "npm: http://127.0.0.1:" in text


def test_a_server_that_is_killed_is_started_again(troubles):
    assert seen(troubles, "crash") == {"count": 1, "item": "1 outdated, 1 other finding"}


def test_a_restart_while_a_start_is_waited_for_leaves_one_server(troubles):
    at = seen(troubles, "restart after a crash")
    assert at == {"count": 1, "item": "1 outdated, 1 other finding"}


def test_who_asks_while_a_start_is_waited_for_is_answered(troubles):
    at = seen(troubles, "a question after a crash")
    assert at == {"count": 1, "item": "1 outdated, 1 other finding", "dialogs": 0}


def test_a_manifest_needs_no_folder_around_it(troubles):
    assert seen(troubles, "alone") == {
        "package.json": "1 outdated",
        "pyproject.toml": "1 outdated",
        "requirements.txt": "1 outdated",
    }
