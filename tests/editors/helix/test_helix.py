"""languages.toml in Helix itself, with loopback registries."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.editor import server_environ
from support.helixes import HELIX, helix, program, programs
from support.stages import staged

pytestmark = pytest.mark.editors

PACKAGE = """\
{
  "dependencies": {
    "react": "17.0.1",
    "@scope/tool": "1.0.0"
  }
}
"""
REACT, TOOL = "react 18.2.0 is available", "@scope/tool 1.0.1 is available"
OTHER = {
    "vscode-json-language-server": (
        sys.executable,
        str(Path(__file__).with_name("other_server.py")),
    )
}


def test_a_finding_is_shown_explained_and_mended(tmp_path: Path):
    with staged(tmp_path) as stage:
        manifest = stage.folder / "package.json"
        manifest.write_text(PACKAGE, encoding="utf-8")
        with helix(stage, tmp_path, "package.json") as it:
            it.see(REACT, TOOL)
            it.select("react")
            it.see('"17.0.1", latest 18.2.0')
            it.press(" k")
            it.see("react · npm", "maintained by ada")
            it.leave("react · npm")
            it.select('1.0.0"')
            it.press(" a")
            it.see("Update @scope/tool to 1.0.1 (patch)", "Ignore outdated-patch of @scope/tool")
            it.press("\r")
            it.see('"@scope/tool": "1.0.1"', REACT)
            it.lose(TOOL)
            it.type("write")
            it.see("written")
        assert manifest.read_text("utf-8") == PACKAGE.replace('"1.0.0"', '"1.0.1"')


def test_a_version_is_completed(tmp_path: Path):
    with staged(tmp_path) as stage:
        manifest = stage.folder / "package.json"
        manifest.write_text(PACKAGE, encoding="utf-8")
        with helix(stage, tmp_path, "package.json") as it:
            it.see(REACT, TOOL)
            it.select("17.0.1")
            it.press("c")
            it.see("18.2.0 ", "latest ", "operator")
            it.complete('"react": "^18.2.0"')
            it.see(TOOL)
            it.lose(REACT)
            it.type("write")
            it.see("written")
        assert manifest.read_text("utf-8") == PACKAGE.replace("17.0.1", "^18.2.0")


def test_manifests_have_languages_of_their_own_and_other_files_keep_theirs(tmp_path: Path):
    with staged(tmp_path) as stage:
        requirement = "requests==2.32.0\n"
        files = {
            "package.json": ("npm-manifest", '{"dependencies": {"react": "17.0.1"}}\n'),
            "pnpm-workspace.yaml": ("npm-catalog", "catalog:\n  react: 17.0.1\n"),
            ".yarnrc.yml": ("npm-catalog", "catalog:\n  react: 17.0.1\n"),
            "pyproject.toml": (
                "python-manifest",
                '[project]\nname = "x"\ndependencies = ["requests==2.32.0"]\n',
            ),
            "Pipfile": ("python-manifest", '[packages]\nrequests = "==2.32.0"\n'),
            "requirements-dev.txt": ("pip-requirements", requirement),
            "requirements/dev.in": ("pip-requirements", requirement),
            "constraints.txt": ("pip-requirements", requirement),
        }
        others = {
            "my-package.json": "json",
            "other.toml": "toml",
            "other.yaml": "yaml",
            "notes.txt": "text",
            "tool.py": "python",
        }
        for name, text in {
            **{name: text for name, (_, text) in files.items()},
            **dict.fromkeys(others, ""),
        }.items():
            path = stage.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        with helix(stage, tmp_path, "notes.txt") as it:
            for name, language in others.items():
                it.open(name, language)
            assert not (tmp_path / "bin" / "registry-lsp.was-run").exists()
            for name, (language, _) in files.items():
                it.open(name, language)
                it.see("18.2.0 is available" if language.startswith("npm") else "was yanked")


def test_it_lives_beside_the_other_server_of_a_language(tmp_path: Path):
    with staged(tmp_path) as stage:
        (stage.folder / "package.json").write_text(PACKAGE, encoding="utf-8")
        (stage.folder / "other.json").write_text("{}\n", encoding="utf-8")
        with helix(stage, tmp_path, "other.json", others=OTHER) as it:
            it.see("what the other one found")
            it.press(" k")
            it.see("what the other one knows")
            it.leave("what the other one knows")
            it.open("package.json", "npm-manifest")
            it.see("what the other one found", REACT, TOOL)
            it.select("react")
            it.press(" k")
            it.see("react · npm")


def test_the_health_check_finds_the_server(tmp_path: Path):
    bin = programs(tmp_path, {})
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "helix").symlink_to(HELIX, target_is_directory=True)
    said = subprocess.run(
        [program(), "--health", "npm-manifest"],
        env={
            **server_environ(tmp_path),
            "PATH": f"{bin}:/usr/bin:/bin",
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    plain = re.sub(r"\x1b\[[\d;]*m", "", said.stdout)
    assert f"✓ registry-lsp: {bin / 'registry-lsp'}\n" in plain
    assert "Highlight queries: ✓" in plain
    assert not said.stderr
