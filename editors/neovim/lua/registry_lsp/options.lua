-- What the user has chosen.
local M = {}

local UV = vim.uv or vim.loop -- so called before 0.10

local DEFAULTS = {
  cmd = nil, -- the program and its arguments, in place of the one that is found
  trusted = false, -- true, or a list of folders: whose projects may name programs and credentials
  settings = {}, -- what the server's settings say, nested at their dots
  inlay_hints = false, -- whether they are shown, in 0.10 and newer
  code_lenses = false,
  on_attach = nil,
  capabilities = nil,
}

local NAMES = { 'cmd', 'trusted', 'settings', 'inlay_hints', 'code_lenses', 'on_attach', 'capabilities' }

M.chosen = DEFAULTS

function M.choose(given)
  for name in pairs(given or {}) do
    if not vim.tbl_contains(NAMES, name) then
      error("registry_lsp: there is no option '" .. name .. "'. See :help registry-lsp-options.", 0)
    end
  end
  M.chosen = vim.tbl_extend('force', DEFAULTS, given or {})
end

local function real(path)
  local expanded = vim.fn.fnamemodify(vim.fn.expand(path), ':p'):gsub('[/\\]+$', '')
  return ((UV.fs_realpath(expanded) or expanded):gsub('\\', '/'))
end

--- Whether the user trusts what lies in this folder.
function M.trusts(folder)
  local trusted = M.chosen.trusted
  if type(trusted) ~= 'table' then
    return trusted == true
  end
  local inner = real(folder) .. '/'
  for _, each in ipairs(trusted) do
    if vim.startswith(inner, real(each) .. '/') then
      return true
    end
  end
  return false
end

return M
