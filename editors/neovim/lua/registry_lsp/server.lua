-- Where the server is. A program that lies in a project is run only where that is trusted: a
-- folder that was just cloned may hold anything.
local options = require('registry_lsp.options')
local M = {}

local UV = vim.uv or vim.loop -- so called before 0.10

local WINDOWS = vim.fn.has('win32') == 1
local PROGRAM = WINDOWS and 'registry-lsp.exe' or 'registry-lsp'
local BIN = WINDOWS and 'Scripts' or 'bin'

-- Where it runs: not in a project, which may have files that programs read without being asked.
M.HOME = UV.os_homedir()

M.MISSING = 'registry-lsp is not installed, or not on the PATH. Install it as its README says, or set '
  .. "the option 'cmd'. :checkhealth registry_lsp says what was tried."

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
    cmd = type(cmd) == 'string' and { cmd } or vim.deepcopy(cmd)
    local found = vim.fn.exepath(cmd[1])
    cmd[1] = found
    return found ~= '' and cmd or nil, "by the option 'cmd'"
  end
  local program = root and options.trusts(root) and in_project(root)
  if program then
    return { program }, "in the project's virtual environment"
  end
  program = on_path()
  return program and { program } or nil, 'on the PATH'
end

--- What the command says of its version; whether it has run at all comes first.
function M.version(cmd)
  local said = {}
  local function note(_, lines)
    vim.list_extend(said, lines)
  end
  local job = vim.fn.jobstart(vim.list_extend(vim.deepcopy(cmd), { '--version' }), {
    cwd = M.HOME,
    stdout_buffered = true,
    stderr_buffered = true,
    on_stdout = note,
    on_stderr = note,
  })
  local code = vim.fn.jobwait({ job }, 10000)[1]
  return code == 0, vim.trim(table.concat(said, '\n'))
end

--- A program in the project that is passed over, as the project is not trusted.
function M.passed_over(root)
  return not options.chosen.cmd and not options.trusts(root) and in_project(root) or nil
end

return M
