"""For what the plugin starts a server, which one, and what it says where it cannot."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest

from support.neovim_desks import PACKAGE, SERVER, Desk
from support.neovims import BETWEEN, NEWER, PLUGIN

pytestmark = pytest.mark.editors


def program(folder: Path, words: str) -> Path:
    """A server in *folder* that notes in a file which folder it has been run in."""
    path = folder / "registry-lsp"
    folder.mkdir(parents=True, exist_ok=True)
    server = " ".join(f"'{each}'" for each in SERVER)
    path.write_text(f"#!/bin/sh\npwd >>'{folder}/{words}'\nexec {server} \"$@\"\n", "utf-8")
    path.chmod(0o755)
    return path


def test_nothing_starts_for_other_files(desk: Desk):
    with desk.neovim() as it:
        for name in ("other.json", "notes.txt", "module.py", "my-package.json"):
            it.edit(desk.write(name, "{}\n"))
        assert it.lua("return #require('registry_lsp.client').running()") == 0
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        assert it.lua("return #require('registry_lsp.client').running()") == 1


@pytest.mark.parametrize("desk", [BETWEEN, NEWER], indirect=True)
def test_the_files_of_pip_have_a_filetype(desk: Desk):
    with desk.neovim("") as it:
        for name in ("requirements-dev.txt", "dev-requirements.in", "constraints.in", "a/b.txt"):
            it.edit(desk.write(name, ""))
            expected = "text" if name == "a/b.txt" else "requirements"
            assert it.lua("return vim.bo.filetype") == expected


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
    run, spared = (each / "bin" / "was-run" for each in (project / ".venv", desk.folder))
    if not trusted:
        run, spared = spared, run
    assert not spared.exists()
    assert str(project) not in run.read_text("utf-8")


@pytest.mark.parametrize("desk", [NEWER], indirect=True)
def test_what_there_was_before_vim_lsp_config_does_too(desk: Desk):
    older = """
        local has = vim.fn.has
        vim.fn.has = function(name) return name == 'nvim-0.11' and 0 or has(name) end
        vim.lsp.enable = nil
    """
    with desk.neovim(older + desk.setup()) as it:
        it.edit(desk.write("package.json", PACKAGE))
        assert it.findings(2) == ["3 outdated-major", "4 outdated-patch"]
        it.edit(desk.write("base.in", "idna==3.6\n"))
        it.findings(1)
        assert it.lua("return #require('registry_lsp.client').running()") == 1
        it.lua("vim.cmd('RegistryLsp updateAll')")
        it.findings(0)


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


def test_without_a_server_one_is_told_what_to_do(desk: Desk):
    init = "said = {}\nvim.notify = function(text) table.insert(said, text) end\n"
    with desk.neovim(init + "require('registry_lsp').setup()\n", PATH="/nowhere") as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.edit(desk.write("requirements.txt", "idna\n"))
        said = it.lua("wait(function() return #said > 0 end, 'word'); return said")
        assert len(said) == 1
        assert ":checkhealth registry_lsp" in said[0]
        health = it.lua("""
            vim.cmd('checkhealth registry_lsp')
            return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')
        """)
        assert "No registry-lsp was found on the PATH." in health
        assert "pipx install ." in health
        assert "No server is running" not in health


@pytest.mark.parametrize("desk", [NEWER], indirect=True)
def test_what_is_to_be_done_with_all_servers_is_done_with_ours(desk: Desk):
    init = "vim.lsp.config('*', { on_attach = function() attached = true end })\n"
    with desk.neovim(init + desk.setup(inlay_hints=True)) as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        assert it.lua("return { attached, vim.lsp.inlay_hint.is_enabled({ bufnr = 0 }) }") == [
            True,
            True,
        ]


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


def test_the_health_check_says_what_does_not_run(desk: Desk):
    broken = desk.folder / "broken"
    broken.write_text("#!/bin/sh\necho 'no such thing' >&2\nexit 3\n", "utf-8")
    broken.chmod(0o755)
    with desk.neovim(desk.setup(cmd=[str(broken)])) as it:
        it.lua("vim.cmd('checkhealth registry_lsp')")
        assert f"{broken} (found by the option 'cmd') does not run: no such thing" in it.text()


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


def test_the_lua_of_the_readme_and_the_help_is_lua(desk: Desk):
    readme = dedent((PLUGIN / "README.md").read_text("utf-8"))
    manual = (PLUGIN / "doc" / "registry-lsp.txt").read_text("utf-8")
    blocks = re.findall(r"```lua\n(.*?)```", readme, re.S)
    blocks += re.findall(r" >\n\n((?:require|vim|    require|    vim).*?)\n<", manual, re.S)
    assert len(blocks) >= 5
    with desk.neovim("") as it:
        for each in blocks:
            assert it.lua(f"return {{ loadstring([==[{each}]==]) ~= nil }}") == [True], each
