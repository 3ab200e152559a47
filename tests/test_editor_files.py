"""The editors' plugins and configurations know the files and settings that the server knows."""

from __future__ import annotations

import json
from pathlib import PurePath

import pytest

from registry_lsp.ecosystems import discover
from support.editor_files import (
    LANGUAGES,
    NAMELESS,
    ROOT,
    between,
    is_telling,
    language,
    of_language,
    patterns,
)
from support.editor_texts import FILES, root_markers

RENEW = "PYTHONPATH=tests python scripts/editors.py --write renews it"
VSCODE = json.loads((ROOT / "editors" / "vscode" / "package.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.path)
def test_a_file_is_fresh(file):
    assert file.read() == file.renewed(file.read()), RENEW


def test_every_sample_has_a_name_that_is_in_the_patterns():
    for ecosystem in discover():
        for name in ecosystem.samples:
            path = PurePath("folder", name)
            assert any(path.match(each.removeprefix("**/")) for each in patterns())


def test_every_pattern_has_a_language():
    by_language = [each for name in dict.fromkeys(LANGUAGES.values()) for each in of_language(name)]
    assert sorted(by_language) == sorted(patterns())
    assert language("**/package.json") == "json"
    assert language("**/Pipfile") == "toml"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pip-requirements", ""),
        ("json", '{"dependencies": {"react": "^17"}}'),
        ("jsonc", '{"dependencies": {"react": "^17"}}'),
        ("toml", "[tool.poetry]\n"),
        ("python", "# /// script\n# dependencies = []\n# ///\n"),
    ],
)
def test_a_language_may_make_a_manifest_of_what_has_no_name(language, text):
    assert language in NAMELESS
    assert any(each.nameless(language, text) for each in discover())


def test_what_any_file_may_be_called_tells_nothing():
    assert is_telling("**/package.json")
    assert is_telling("**/requirements/*.txt")
    assert not is_telling("**/*.py")
    assert not is_telling("**/*.in")


def test_root_markers_are_manifests_by_their_whole_names():
    assert {"package.json", "pyproject.toml", "requirements.txt"} <= set(root_markers())
    for name in root_markers():
        assert any(PurePath(name).match(each.removeprefix("**/")) for each in patterns())


def test_vs_code_starts_for_manifests_and_for_languages_that_mostly_have_such():
    other, languages = [], set()
    for event in VSCODE["activationEvents"]:
        kind, _, what = event.partition(":")
        if kind == "onLanguage":
            languages.add(what)
        elif not (kind == "workspaceContains" and is_telling(what)):
            other.append(event)
    assert languages == {"python", "pip-requirements", "toml"}
    assert other == ["onFileSystem:registry-lsp-schema"]


def test_vs_code_starts_for_a_manifest_without_a_folder():
    requirements, toml = VSCODE["contributes"]["languages"]
    assert "**/requirements*.txt" in requirements["filenamePatterns"]
    assert toml["filenames"] == ["pyproject.toml", "Pipfile", "hatch.toml"]
    (schema,) = VSCODE["contributes"]["jsonValidation"]
    assert schema["fileMatch"] == ["package.json", "untitled:Untitled-*"]
    scheme = schema["url"].partition(":")[0]
    source = ROOT / "editors" / "vscode" / "src" / "editor" / "schema.ts"
    assert f'const SCHEME = "{scheme}";' in source.read_text(encoding="utf-8")


def test_vs_code_leaves_a_workspace_without_trust_nothing_that_leads_elsewhere():
    restricted = VSCODE["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    pages = VSCODE["contributes"]["configuration"]
    properties = {name: each for page in pages for name, each in page["properties"].items()}
    assert "registry-lsp.server.path" in restricted
    assert "registry-lsp.registries.npm.url" in restricted
    assert set(restricted) <= set(properties)
    assert properties["registry-lsp.server.download"]["scope"] == "machine"
    assert "registry-lsp.workspace.trusted" not in properties


@pytest.mark.parametrize("mark", ["#", "//", "--", ";;"])
def test_lines_stand_between_the_marks(mark):
    begin, end = f"  {mark} generated: scripts/editors.py --write\n", f"  {mark} end\n"
    text = f"before\n{begin}  old\n  older\n{end}after\n"
    after = f"before\n{begin}  new\n\n{end}after\n"
    assert between(text, ["new", ""]) == after
    assert between(after, ["new", ""]) == after


def test_marks_that_are_missing_are_missed():
    with pytest.raises(AssertionError, match="0 places"):
        between("nothing\n", ["new"])
