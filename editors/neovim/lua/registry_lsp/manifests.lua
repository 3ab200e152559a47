-- Which buffers are manifests, and which folder is their project.
local generated = require('registry_lsp.generated')
local M = {}

local UV = vim.uv or vim.loop -- so called before 0.10

-- Of a script the name does not tell; this line does (PEP 723).
local METADATA = '# /// script'
local LINES = 200

--- The end of a path that a glob such as **/requirements/*.txt stands for.
function M.lua_pattern(glob)
  local ending = glob:gsub('^%*%*/', ''):gsub('[%^%$%(%)%%%.%[%]%+%-%?]', '%%%0')
  return '/' .. ending:gsub('%*', '[^/]*') .. '$'
end

local PATTERNS = {}
for _, glob in ipairs(generated.patterns) do
  table.insert(PATTERNS, M.lua_pattern(glob))
end

function M.path(bufnr)
  local name = vim.api.nvim_buf_get_name(bufnr)
  if name == '' or vim.bo[bufnr].buftype ~= '' or name:match('^%a[%w+.-]+://') then
    return nil
  end
  return (vim.fn.fnamemodify(name, ':p'):gsub('\\', '/'))
end

local function has_metadata(bufnr)
  local lines = vim.api.nvim_buf_get_lines(bufnr, 0, LINES, false)
  for _, line in ipairs(lines) do
    if vim.startswith(line, METADATA) then
      return true
    end
  end
  return false
end

--- Whether the server has anything to say of this buffer.
function M.is_manifest(bufnr)
  local path = M.path(bufnr)
  if not path then
    return false
  end
  for _, pattern in ipairs(PATTERNS) do
    if path:match(pattern) then
      return path:match('%.py$') == nil or has_metadata(bufnr)
    end
  end
  return false
end

local function upwards(folder)
  local folders = {}
  while true do
    table.insert(folders, folder)
    local parent = vim.fn.fnamemodify(folder, ':h')
    if parent == folder then
      return folders
    end
    folder = parent
  end
end

local function has_any(folder, names)
  for _, name in ipairs(names) do
    if UV.fs_stat(folder .. '/' .. name) then
      return true
    end
  end
  return false
end

--- The project of a path: the repository around it, else the nearest folder with a manifest in it,
--- else its own folder.
function M.root(path)
  local folders = upwards(vim.fn.fnamemodify(path, ':h'))
  for _, names in ipairs({ { '.git', '.hg', '.jj' }, generated.root_markers }) do
    for _, folder in ipairs(folders) do
      if has_any(folder, names) then
        return folder
      end
    end
  end
  return folders[1]
end

return M
