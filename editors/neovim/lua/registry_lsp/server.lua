-- Where the server is. A program that lies in a project is run only where that is trusted: a
-- folder that was just cloned may hold anything.
local options = require('registry_lsp.options')
local M = {}

local WINDOWS = vim.fn.has('win32') == 1
local PROGRAM = WINDOWS and 'registry-lsp.exe' or 'registry-lsp'
local BIN = WINDOWS and 'Scripts' or 'bin'

M.MISSING = 'registry-lsp is not installed, or not on the PATH. Install it (pipx install registry-lsp), '
  .. "or set the option 'cmd'. :checkhealth registry_lsp says what was tried."

local function is_absolute(path)
  return path:match('^/') ~= nil or (WINDOWS and path:match('^%a:[/\\]') ~= nil)
end

-- Not by exepath(): a relative folder on the PATH, such as node_modules/.bin, is the project's.
local function on_path()
  local folders = vim.split(vim.env.PATH or '', WINDOWS and ';' or ':', { plain = true })
  for _, folder in ipairs(folders) do
    local program = folder .. '/' .. PROGRAM
    if is_absolute(folder) and vim.fn.executable(program) == 1 then
      return program
    end
  end
end

local function in_project(root)
  for _, environment in ipairs({ '.venv', 'venv' }) do
    local program = table.concat({ root, environment, BIN, PROGRAM }, '/')
    if vim.fn.executable(program) == 1 then
      return program
    end
  end
end

--- The command for the project in this folder and where it comes from; nil where there is none.
function M.find(root)
  local cmd = options.chosen.cmd
  if cmd then
    cmd = type(cmd) == 'string' and { cmd } or cmd
    return vim.fn.executable(cmd[1]) == 1 and cmd or nil, "the option 'cmd'"
  end
  local program = root and options.trusts(root) and in_project(root)
  if program then
    return { program }, "the project's virtual environment"
  end
  program = on_path()
  return program and { program } or nil, 'the PATH'
end

--- A program in the project that is passed over, as the project is not trusted.
function M.passed_over(root)
  return not options.chosen.cmd and not options.trusts(root) and in_project(root) or nil
end

return M
