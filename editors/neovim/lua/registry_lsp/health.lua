-- :checkhealth registry_lsp
local client = require('registry_lsp.client')
local manifests = require('registry_lsp.manifests')
local server = require('registry_lsp.server')
local M = {}

local report = vim.health or {}
local start = report.start or report.report_start or require('health').report_start
local ok = report.ok or report.report_ok or require('health').report_ok
local info = report.info or report.report_info or require('health').report_info
local warn = report.warn or report.report_warn or require('health').report_warn
local err = report.error or report.report_error or require('health').report_error

--- The project of the buffer that one comes from, else of the current folder.
local function root()
  local bufnr = vim.fn.bufnr('#')
  if bufnr > 0 and vim.api.nvim_buf_is_loaded(bufnr) and manifests.is_manifest(bufnr) then
    return manifests.root(manifests.path(bufnr))
  end
  return manifests.root(vim.fn.getcwd() .. '/.')
end

local function check_server(folder)
  local cmd, from = server.find(folder)
  if not cmd then
    err('No registry-lsp was found ' .. from .. '.', {
      'Install it: pipx install . (in a checkout of registry-lsp)',
      "Or name it: require('registry_lsp').setup({ cmd = { '/path/to/registry-lsp' } })",
      'It needs Python ' .. require('registry_lsp.generated').python .. ' or newer.',
    })
    return false
  end
  local runs, said = server.version(cmd)
  local place = table.concat(cmd, ' ') .. ' (found ' .. from .. ')'
  if not runs then
    err(place .. ' does not run: ' .. said, { 'Install it again: pipx reinstall registry-lsp' })
    return false
  end
  ok(said .. ': ' .. place)
  return true
end

function M.check()
  start('registry-lsp')
  if vim.fn.has('nvim-0.7') == 0 then
    return err('Neovim 0.7 or newer is needed.')
  end
  local folder = root()
  local runs = check_server(folder)
  local passed_over = server.passed_over(folder)
  if passed_over then
    info(passed_over .. " is not run, since this folder is not trusted. See the option 'trusted'.")
  end
  local running = client.running()
  if runs and #running == 0 then
    warn('No server is running.', {
      'Open a manifest, such as package.json or requirements.txt.',
      "Call require('registry_lsp').setup() in your init.lua.",
      ':RegistryLsp log shows what went wrong.',
    })
  end
  for _, each in ipairs(running) do
    ok('A server is running for ' .. tostring(each.config.root_dir) .. '.')
  end
end

return M
