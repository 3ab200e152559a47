"""The plugin in Neovim itself, with loopback registries."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from support.neovims import NEWER, PLUGIN, Neovim, neovim
from support.stages import Stage, staged

pytestmark = pytest.mark.editors

SERVER = [sys.executable, "-W", "error", "-m", "registry_lsp"]
PACKAGE = """\
{
  "dependencies": {
    "react": "17.0.1",
    "@scope/tool": "1.0.0"
  }
}
"""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A version of Neovim, and a project to open in it."""

    name: str
    stage: Stage
    folder: Path

    def write(self, name: str, text: str) -> Path:
        """A file of the project."""
        path = self.stage.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def neovim(self, init: str | None = None, **environ: str) -> AbstractContextManager[Neovim]:
        """Started with *init*, else with our server and the loopback registries."""
        return neovim(self.name, self.folder, self.setup() if init is None else init, environ)

    def setup(self, **options: Any) -> str:
        """What ``init.lua`` calls."""
        chosen = {"cmd": SERVER, "settings": self.stage.options, **options}
        kept = {name: each for name, each in chosen.items() if each is not None}
        text = json.dumps(kept)
        return f"require('registry_lsp').setup(vim.json.decode([==[{text}]==]))\n"


@pytest.fixture(params=["packaged", NEWER])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with staged(tmp_path) as stage:
        yield Desk(name=request.param, stage=stage, folder=tmp_path)


def test_a_finding_is_shown_explained_and_mended(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("package.json", PACKAGE))
        assert it.findings(2) == ["3 outdated-major", "4 outdated-patch"]
        it.lua("put('react'); vim.lsp.buf.hover()")
        hover = "\n".join(it.page())
        assert "react" in hover
        assert "18.2.0" in hover
        it.lua("""
            put('1.0.0')
            vim.ui.select = function(items, options, choose)
              for _, each in ipairs(items) do
                if options.format_item(each):find('^Update @scope/tool to 1.0.1') then
                  return choose(each)
                end
              end
            end
            vim.lsp.buf.code_action()
        """)
        assert it.findings(1) == ["3 outdated-major"]
        assert it.text() == PACKAGE.replace('"1.0.0"', '"1.0.1"')


def test_a_version_is_completed(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        it.lua("vim.bo.omnifunc = 'v:lua.vim.lsp.omnifunc'; put('17.0.1')")
        it.keys('ct"<C-x><C-o>')
        offered = it.lua("""
            wait(function() return vim.fn.pumvisible() == 1 end, 'completion')
            local words = {}
            for _, each in ipairs(vim.fn.complete_info({ 'items' }).items) do
              table.insert(words, each.abbr)
            end
            return words
        """)
        assert "18.2.0" in offered
        it.keys("<C-n>" * offered.index("18.2.0") + "<C-y><Esc>")
        assert it.findings(1) == ["4 outdated-patch"]
        assert it.text() == PACKAGE.replace("17.0.1", "^18.2.0")


def test_python_manifests_of_all_kinds(desk: Desk):
    with desk.neovim() as it:
        for name, text in {
            "requirements.txt": "requests==2.32.0\n",
            "requirements/dev.txt": "requests==2.32.0\n",
            "base.in": "requests==2.32.0\n",
            "pyproject.toml": '[project]\nname = "x"\ndependencies = ["requests==2.32.0"]\n',
            "Pipfile": '[packages]\nrequests = "==2.32.0"\n',
            "tool.py": '# /// script\n# dependencies = ["requests==2.32.0"]\n# ///\n',
        }.items():
            it.edit(desk.write(name, text))
            assert {each.split()[1] for each in it.findings(2)} == {"yanked", "outdated-patch"}


def test_nothing_starts_for_other_files(desk: Desk):
    with desk.neovim() as it:
        for name in ("other.json", "notes.txt", "module.py", "my-package.json"):
            it.edit(desk.write(name, "{}\n"))
        assert it.lua("return #require('registry_lsp.client').running()") == 0
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        assert it.lua("return #require('registry_lsp.client').running()") == 1


def test_one_server_looks_after_a_repository(desk: Desk):
    (desk.stage.folder / ".git").mkdir()
    with desk.neovim() as it:
        it.edit(desk.write("web/package.json", PACKAGE))
        it.findings(2)
        it.edit(desk.write("api/requirements.txt", "idna==3.6\n"))
        it.findings(1)
        roots = it.lua("""
            local roots = {}
            for _, each in ipairs(require('registry_lsp.client').running()) do
              table.insert(roots, each.config.root_dir)
            end
            return roots
        """)
        assert roots == [str(desk.stage.folder)]


def test_the_commands(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        it.lua("vim.cmd('RegistryLsp status')")
        assert it.page()[0].startswith("## registry-lsp")
        it.lua("put('react'); vim.cmd('RegistryLsp package')")
        assert "react · npm" in it.page()[0]
        it.lua("vim.cmd('RegistryLsp package pypi requests')")
        assert any("Python HTTP for Humans." in each for each in it.page())
        it.lua("vim.cmd('RegistryLsp updateAll all')")
        it.findings(0)
        assert it.text() == PACKAGE.replace("17.0.1", "18.2.0").replace("1.0.0", "1.0.1")
        said = it.lua("""
            local said = {}
            vim.notify = function(text) table.insert(said, text) end
            vim.cmd('RegistryLsp updateAll')
            wait(function() return #said == 1 end, 'an answer')
            vim.cmd('RegistryLsp refresh')
            wait(function() return #said == 2 end, 'an answer')
            vim.cmd('RegistryLsp package pypi no-such-package')
            wait(function() return #said == 3 end, 'an answer')
            vim.cmd('RegistryLsp nonsense')
            return said
        """)
        assert said[0] == "registry-lsp: There is nothing to update."
        assert said[1] == "registry-lsp: Asking the registries anew."
        assert "no-such-package" in said[2]
        assert "clearCache, log, openPage, package" in said[3]


def test_the_page_of_a_package_is_opened(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        shown = it.lua("""
            local said
            vim.lsp.handlers['window/showDocument'] = function(_, params)
              said = 'shown ' .. params.uri
              return { success = true }
            end
            vim.lsp.handlers['window/showMessage'] = function(_, params) said = params.message end
            vim.cmd('RegistryLsp openPage react')
            wait(function() return said end, 'the page')
            return said
        """)
        how = "shown" if desk.name == NEWER else "registry-lsp: The page of react is"
        assert shown == f"{how} https://react.example/"


def test_the_commands_are_completed(desk: Desk):
    with desk.neovim() as it:
        complete = "return vim.fn.getcompletion('RegistryLsp {}', 'cmdline')"
        assert it.lua(complete.format("re")) == ["refresh", "restart"]
        assert it.lua(complete.format("updateAll ")) == ["all", "safe", "secure"]
        assert it.lua(complete.format("package ")) == ["npm", "pypi"]


def test_a_restart_brings_all_back(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        before = it.lua("return clients()[1].id")
        it.lua("vim.cmd('RegistryLsp restart')")
        it.lua(f"wait(function() return clients()[1] and clients()[1].id ~= {before} end, 'one')")
        assert it.findings(2) == ["3 outdated-major", "4 outdated-patch"]


def program(folder: Path, words: str) -> Path:
    """A server in *folder* that leaves a file behind where it has been run."""
    path = folder / "registry-lsp"
    folder.mkdir(parents=True, exist_ok=True)
    server = " ".join(f"'{each}'" for each in SERVER)
    path.write_text(f"#!/bin/sh\n: >'{folder}/{words}'\nexec {server} \"$@\"\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("trusted", [False, True])
def test_a_program_in_the_project_is_run_where_that_is_trusted(desk: Desk, trusted: bool):
    project = desk.stage.folder
    for each in (project / ".venv" / "bin", project / "node_modules" / ".bin"):
        program(each, "was-run")
    program(desk.folder / "bin", "was-run")
    path = f"node_modules/.bin:.:{desk.folder / 'bin'}:/usr/bin:/bin"
    init = desk.setup(cmd=None, trusted=[str(project.parent)] if trusted else None)
    with desk.neovim(init, PATH=path) as it:
        it.lua(f"vim.cmd('cd ' .. vim.fn.fnameescape({json.dumps(str(project))}))")
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        told = it.lua("return clients()[1].config.settings['registry-lsp'].workspace or {}")
        assert told == ({"trusted": True} if trusted else [])
        it.lua("vim.cmd('checkhealth registry_lsp')")
        assert ("is not trusted" in it.text()) is not trusted
    assert not (project / "node_modules" / ".bin" / "was-run").exists()
    assert (project / ".venv" / "bin" / "was-run").exists() is trusted
    assert (desk.folder / "bin" / "was-run").exists() is not trusted


def test_what_is_open_already_is_attached_to(desk: Desk):
    with desk.neovim("") as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.lua(desk.setup())
        it.findings(2)


@pytest.mark.parametrize("desk", [NEWER], indirect=True)
def test_the_configuration_of_vim_lsp_enable_does_without_setup(desk: Desk):
    bin = program(desk.folder / "bin", "was-run").parent
    settings = json.dumps({"settings": {"registry-lsp": desk.stage.options}})
    init = f"""
        vim.lsp.config('registry_lsp', vim.json.decode([==[{settings}]==]))
        vim.lsp.enable('registry_lsp')
    """
    with desk.neovim(init, PATH=f"{bin}:/usr/bin:/bin") as it:
        it.edit(desk.write("other.json", "{}"))
        it.edit(desk.write("package.json", PACKAGE))
        assert it.findings(2) == ["3 outdated-major", "4 outdated-patch"]
        it.lua("vim.cmd('RegistryLsp restart')")
        it.findings(2)
        assert it.lua("return #require('registry_lsp.client').running()") == 1


def test_a_lens_that_only_tells_does_nothing(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("requirements.txt", "idna==3.6\n"))
        it.findings(1)
        it.lua("""
            local client = clients()[1]
            assert(client.config.commands[''])
            client.config.commands[''](nil, {})
        """)


def test_without_a_server_one_is_told_what_to_do(desk: Desk):
    init = "said = {}\nvim.notify = function(text) table.insert(said, text) end\n"
    with desk.neovim(init + "require('registry_lsp').setup()\n", PATH="/nowhere") as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.edit(desk.write("requirements.txt", "idna\n"))
        said = it.lua("wait(function() return #said > 0 end, 'word'); return said")
        assert len(said) == 1
        assert "pipx install registry-lsp" in said[0]
        health = it.lua("""
            vim.cmd('checkhealth registry_lsp')
            return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')
        """)
        assert "No registry-lsp was found" in health
        assert "pipx install registry-lsp" in health


def test_the_health_check_says_that_all_is_well(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        health = it.lua("""
            vim.cmd('checkhealth registry_lsp')
            return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')
        """)
        assert "ERROR" not in health
        assert "WARNING" not in health
        assert "registry-lsp 0." in health
        assert f"A server is running for {desk.stage.folder}." in health


def test_the_help_has_all_its_tags(desk: Desk):
    with desk.neovim("") as it:
        links = it.lua("""
            vim.cmd('helptags ALL')
            local wrong = {}
            for _, file in ipairs(vim.api.nvim_get_runtime_file('doc/registry-lsp*.txt', true)) do
              for _, line in ipairs(vim.fn.readfile(file)) do
                for tag in line:gmatch('|([^|%s]+)|') do
                  if not pcall(vim.cmd, 'help ' .. tag) then table.insert(wrong, tag) end
                end
              end
            end
            vim.cmd('help registry-lsp-services.osv.url')
            return { wrong = wrong, file = vim.fn.expand('%:t') }
        """)
        assert links["file"] == "registry-lsp-settings.txt"
        assert not links["wrong"]


def test_an_option_that_there_is_not_is_refused(desk: Desk):
    with desk.neovim("") as it:
        said = it.lua("return { pcall(require('registry_lsp').setup, { command = 'x' }) }")
        assert said[0] is False
        assert "there is no option 'command'" in said[1]


def test_the_readme_s_lua_is_lua(desk: Desk):
    blocks = re.findall(
        r"```lua\n(.*?)```", dedent((PLUGIN / "README.md").read_text("utf-8")), re.S
    )
    assert blocks
    with desk.neovim("") as it:
        for each in blocks:
            assert it.lua(f"return {{ loadstring([==[{each}]==]) ~= nil }}") == [True]
