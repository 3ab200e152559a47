"""The plugin in Neovim itself, with loopback registries."""

from __future__ import annotations

import pytest

from support.neovim_desks import PACKAGE, Desk
from support.neovims import BETWEEN, NEWER

pytestmark = pytest.mark.editors


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
        it.lua("put('17.0.1')")
        it.keys('ct"<C-x><C-o>')
        offered = it.lua("""
            wait(function() return vim.fn.pumvisible() == 1 end, 'completion')
            local words = {}
            for _, each in ipairs(vim.fn.complete_info({ 'items' }).items) do
              table.insert(words, each.abbr)
            end
            return words
        """)
        assert "^18.2.0" in offered
        it.keys("<C-n>" * offered.index("^18.2.0") + "<C-y><Esc>")
        assert it.findings(1) == ["4 outdated-patch"]
        assert it.text() == PACKAGE.replace("17.0.1", "^18.2.0")


def test_of_a_version_what_is_missing_is_completed(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        it.lua("put('17.0.1')")
        it.keys('ct"17.0<C-x><C-o>')
        offered = it.lua("""
            wait(function() return vim.fn.pumvisible() == 1 end, 'completion')
            local words = {}
            for _, each in ipairs(vim.fn.complete_info({ 'items' }).items) do
              table.insert(words, each.word)
            end
            return words
        """)
        assert sorted(offered) == ["17.0.1", "17.0.2"]
        it.keys("<C-n>" * offered.index("17.0.2") + "<C-y><Esc>")
        it.lua("wait(function() return vim.fn.mode() == 'n' end, 'its end')")
        assert it.text() == PACKAGE.replace("17.0.1", "17.0.2")


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
            vim.lsp.handlers['window/showMessage'] = function(_, shown)
              table.insert(said, shown.message)
            end
            vim.cmd('RegistryLsp updateAll')
            wait(function() return #said == 1 end, 'an answer')
            vim.cmd('RegistryLsp refresh')
            wait(function() return #said == 2 end, 'an answer')
            vim.cmd('RegistryLsp package pypi no-such-package')
            wait(function() return #said == 3 end, 'an answer')
            vim.cmd('RegistryLsp nonsense')
            vim.cmd('RegistryLsp')
            return said
        """)
        assert said[0] == "registry-lsp: There is nothing to update safely in package.json."
        assert said[1] == "registry-lsp: Asking the registries anew."
        assert "no-such-package" in said[2]
        assert "clearCache, log, openPage, package" in said[3]
        assert said[4] == said[3]


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
        # A client that shows nothing is told where the page is.
        how = "shown" if it.version >= (0, 9) else "registry-lsp: The page of react is"
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


def test_without_a_server_a_command_says_how_to_have_one(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        said = it.lua("""
            local said = {}
            vim.notify = function(text) table.insert(said, text) end
            if vim.lsp.get_clients then clients()[1]:stop(true) else clients()[1].stop(true) end
            wait(function() return #require('registry_lsp.client').running() == 0 end, 'its end')
            vim.cmd('RegistryLsp refresh')
            vim.cmd('enew')
            vim.cmd('RegistryLsp refresh')
            return said
        """)
        assert ":RegistryLsp restart" in said[0]
        assert "Open a manifest first." in said[1]
        it.edit(desk.write("package.json", PACKAGE))
        it.lua("vim.cmd('RegistryLsp restart')")
        it.findings(2)


def test_lenses_keep_up_where_they_are_asked_for(desk: Desk):
    with desk.neovim(desk.setup(code_lenses=True)) as it:
        it.edit(desk.write("requirements.txt", "idna==3.6\n"))
        it.lua("wait(function() return #vim.lsp.codelens.get(0) > 0 end, 'a lens')")
        it.lua("vim.cmd('RegistryLsp updateAll')")
        it.findings(0)
        it.lua("wait(function() return #vim.lsp.codelens.get(0) == 0 end, 'none')")


def test_what_a_server_that_stops_refuses_is_not_shown(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("package.json", PACKAGE))
        it.findings(2)
        it.lua("""
            local asked
            vim.schedule(function()
              asked = true
              local here = vim.lsp.util.make_position_params(0, 'utf-16')
              vim.lsp.buf_request(0, 'textDocument/hover', here)
            end)
            vim.cmd('RegistryLsp restart')
            assert(asked)
        """)
        assert it.findings(2) == ["3 outdated-major", "4 outdated-patch"]


def test_a_lens_does_what_it_says(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("requirements.txt", "idna==3.6\n"))
        it.findings(1)
        titles = it.lua("""
            vim.lsp.codelens.refresh()
            wait(function() return #vim.lsp.codelens.get(0) > 0 end, 'a lens')
            local titles = {}
            for _, each in ipairs(vim.lsp.codelens.get(0)) do
              table.insert(titles, each.command.title)
            end
            vim.ui.select = function(items, _, choose) choose(items[1], 1) end
            vim.lsp.codelens.run()
            return titles
        """)
        assert len(titles) == 1
        assert "1" in titles[0]
        it.findings(0)
        assert it.text() == "idna==3.7\n"


def test_a_lens_that_only_tells_does_nothing(desk: Desk):
    with desk.neovim() as it:
        it.edit(desk.write("requirements.txt", "idna==3.6\n"))
        it.findings(1)
        said = it.lua("""
            local said = {}
            vim.notify = function(text) table.insert(said, text) end
            local client, lens = clients()[1], { title = '1 vulnerable', command = '' }
            if client.exec_cmd then
              client:exec_cmd(lens, { bufnr = 0 })
            else
              client.commands[lens.command](lens, { bufnr = 0, client_id = client.id })
            end
            return said
        """)
        assert not said


@pytest.mark.parametrize("desk", [BETWEEN, NEWER], indirect=True)
def test_hints_are_shown_where_that_is_asked_for(desk: Desk):
    with desk.neovim(desk.setup(inlay_hints=True)) as it:
        it.edit(desk.write("requirements.txt", "idna==3.6\n"))
        it.findings(1)
        hints = it.lua("""
            wait(function() return #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0 end, 'a hint')
            return vim.lsp.inlay_hint.get({ bufnr = 0 })[1].inlay_hint.label
        """)
        assert "3.7" in str(hints)
