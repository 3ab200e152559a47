"""What is to be copied is what its editor reads, and leaves no manifest out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import tomli

from registry_lsp import __version__
from support.editor_files import ROOT, is_telling, language, patterns
from support.setting_pages import entries

EDITORS = ROOT / "editors"
READMES = sorted(
    path
    for path in EDITORS.rglob("README.md")
    if "node_modules" not in path.relative_to(EDITORS).parts
)
NAMES = {each.leaf.name for each in entries()}


def with_comments(path: Path) -> Any:
    """The JSON in *path*, without the comments that stand in lines of their own."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return json.loads("\n".join(each for each in lines if not each.lstrip().startswith("//")))


def leaves(tree: dict[str, Any], prefix: str = "") -> set[str]:
    """The dotted names of all that is set in *tree*."""
    found = set()
    for key, value in tree.items():
        found |= leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key}
    return found


HELIX = tomli.loads((EDITORS / "helix" / "languages.toml").read_text(encoding="utf-8"))


def test_helix_has_a_language_for_every_manifest_whose_name_tells():
    server = HELIX["language-server"]["registry-lsp"]
    assert server["command"] == "registry-lsp"
    assert leaves(server["config"]) <= NAMES
    globs = [each["glob"] for it in HELIX["language"] for each in it["file-types"]]
    expected = [each.removeprefix("**/") for each in filter(is_telling, patterns())]
    assert sorted(globs) == sorted(expected)


def test_helix_takes_its_languages():
    for each in HELIX["language"]:
        # A language that a version of Helix does not know is no language without a scope, and then
        # it reads none of them.
        assert each["scope"]
        # Versions up to 25.01 ask for a hover only the first one.
        assert each["language-servers"][0] == "registry-lsp"
        grammar = each.get("grammar")
        queries = EDITORS / "helix" / "runtime" / "queries" / each["name"]
        found = {path.read_text(encoding="utf-8") for path in queries.glob("*.scm")}
        assert found == ({f"; inherits: {grammar}\n"} if grammar else set())
        assert (queries / "highlights.scm").exists() is bool(grammar)


SCOPES = {"pip-requirements": "text.plain"}
"""Sublime Text's names of languages, where they are others than ``source.`` and ours."""
ZED = {
    "json": "JSON",
    "yaml": "YAML",
    "toml": "TOML",
    "python": "Python",
    "pip-requirements": "Python requirements",
}
"""Zed's names of the languages that it or an extension has."""


def test_sublime_text_has_a_client():
    settings = with_comments(EDITORS / "sublime" / "LSP.sublime-settings")
    (client,) = settings["clients"].values()
    assert client["command"] == ["registry-lsp"]
    assert leaves(client["initializationOptions"]) <= NAMES
    wanted = {SCOPES.get(each, f"source.{each}") for each in map(language, patterns())}
    assert set(client["selector"].split(" | ")) == wanted


def test_zed_has_an_extension_and_settings():
    settings = with_comments(EDITORS / "zed" / "settings.json")
    assert leaves(settings["lsp"]["registry-lsp"]["initialization_options"]) <= NAMES
    extension = tomli.loads((EDITORS / "zed" / "extension.toml").read_text(encoding="utf-8"))
    crate = tomli.loads((EDITORS / "zed" / "Cargo.toml").read_text(encoding="utf-8"))
    assert extension["version"] == crate["package"]["version"] == __version__
    assert set(settings["lsp"]) == set(extension["language_servers"])
    (server,) = extension["language_servers"].values()
    wanted = {ZED[each] for each in map(language, patterns())}
    assert set(server["languages"]) == wanted | {"JSONC", "Python constraints"}
    assert set(settings["file_types"]) <= wanted


def test_zeds_readme_names_every_manifest_that_it_starts_for():
    readme = (EDITORS / "zed" / "README.md").read_text(encoding="utf-8")
    for pattern in filter(is_telling, patterns()):
        assert language(pattern) == "pip-requirements" or f"`{pattern[3:]}`" in readme


@pytest.mark.parametrize("readme", READMES, ids=lambda each: each.parent.name)
def test_what_a_readme_leads_to_is_there(readme: Path):
    links = re.findall(r"\]\((?!\w+:)([^)#]+)", readme.read_text(encoding="utf-8"))
    assert not [each for each in links if not (readme.parent / each).exists()]


def test_the_index_names_every_editor():
    index = (EDITORS / "README.md").read_text(encoding="utf-8")
    for folder in EDITORS.iterdir():
        assert folder.is_file() or f"({folder.name}/README.md)" in index
