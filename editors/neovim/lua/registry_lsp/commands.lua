-- :RegistryLsp
local client = require('registry_lsp.client')
local manifests = require('registry_lsp.manifests')
local pages = require('registry_lsp.pages')
local M = {}

local TIERS = { 'safe', 'all', 'secure' }
local REGISTRIES = { 'npm', 'pypi' }
local PACKAGE_KIND = 4 -- SymbolKind.Package

local function say(text, level)
  vim.notify('registry-lsp: ' .. text, level or vim.log.levels.INFO)
end

local function current()
  local bufnr = vim.api.nvim_get_current_buf()
  return client.running(bufnr)[1] or client.running()[1], bufnr
end

local function none_runs(bufnr)
  if manifests.is_manifest(bufnr) then
    return 'No server is running. :RegistryLsp restart starts one, and :checkhealth registry_lsp says what '
      .. 'is wrong where that does not help.'
  end
  return 'No server is running. Open a manifest first.'
end

--- Ask the server, and hand on what it answers, unless that is an error.
local function execute(command, argument, done)
  local running, bufnr = current()
  if not running then
    return say(none_runs(bufnr), vim.log.levels.WARN)
  end
  local params = { command = 'registry-lsp.' .. command, arguments = { argument } }
  client.request(running, 'workspace/executeCommand', params, function(err, result)
    local trouble = err or (type(result) == 'table' and result.error)
    if not trouble then
      done(result)
    elseif trouble.shown ~= true then -- the server itself may have shown it
      say(trouble.message or tostring(trouble), vim.log.levels.WARN)
    end
  end, bufnr)
end

local function here()
  return { uri = vim.uri_from_bufnr(0) }
end

--- The dependency at the cursor, by the server's outline.
local function name_at_cursor(done)
  local running, bufnr = current()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local params = { textDocument = here() }
  client.request(running, 'textDocument/documentSymbol', params, function(_, symbols)
    local found, nearest
    local function look(list)
      for _, each in ipairs(list or {}) do
        local range = each.range or each.location.range
        if each.kind == PACKAGE_KIND and range.start.line < row and row <= range['end'].line + 1 then
          local is_before = range.start.line < row - 1 or range.start.character <= column
          nearest = nearest or each.name
          found = is_before and each.name or found
        end
        look(each.children)
      end
    end
    look(symbols)
    done(found or nearest)
  end, bufnr)
end

--- Calls done with the registry and name of a package: those that are given, or those of the
--- dependency at the cursor.
local function subject(words, done)
  if vim.tbl_contains(REGISTRIES, words[1]) and words[2] then
    return done({ registry = words[1], name = words[2] })
  end
  execute('status', nil, function(status)
    local uri = here().uri
    local registry
    for _, each in ipairs(status.documents) do
      registry = each.uri == uri and each.ecosystem or registry
    end
    if not registry then
      return say('Open a manifest, or say which registry: npm NAME or pypi NAME.', vim.log.levels.WARN)
    elseif words[1] then
      return done({ registry = registry, name = words[1] })
    end
    name_at_cursor(function(name)
      if name then
        done({ registry = registry, name = name })
      else
        say('Put the cursor on a dependency, or give the name of a package.', vim.log.levels.WARN)
      end
    end)
  end)
end

local function log_file()
  local log = vim.lsp.log
  return log and log.get_filename and log.get_filename() or vim.lsp.get_log_path()
end

-- Of some the server tells itself what has come of them.
local function nothing() end

local COMMANDS = {
  refresh = function()
    execute('refresh', here(), function(result)
      say(result.refreshed > 0 and 'Asking the registries anew.' or 'This is no manifest.')
    end)
  end,
  clearCache = function()
    execute('clearCache', nil, nothing)
  end,
  updateAll = function(words)
    local tier = words[1] or 'safe'
    if not vim.tbl_contains(TIERS, tier) then
      return say('updateAll takes safe, all or secure.', vim.log.levels.WARN)
    end
    -- where there is nothing to do the server says so
    execute('updateAll', vim.tbl_extend('error', here(), { tier = tier }), function() end)
  end,
  status = function()
    execute('status', nil, function(result)
      pages.show(vim.split(result.text, '\n'))
    end)
  end,
  package = function(words)
    subject(words, function(package)
      execute('package', package, function(record)
        pages.show(pages.package(record))
      end)
    end)
  end,
  openPage = function(words)
    subject(words, function(package)
      execute('openPage', package, nothing)
    end)
  end,
  restart = function()
    client.restart()
  end,
  log = function()
    vim.cmd('tabedit ' .. vim.fn.fnameescape(log_file()))
  end,
}

local ARGUMENTS = { updateAll = TIERS, package = REGISTRIES, openPage = REGISTRIES }

local function complete(lead, line)
  local words = vim.split(line, '%s+')
  local offered = #words <= 2 and vim.tbl_keys(COMMANDS) or (#words == 3 and ARGUMENTS[words[2]] or {})
  local found = vim.tbl_filter(function(each)
    return vim.startswith(each, lead)
  end, offered)
  table.sort(found)
  return found
end

function M.run(words)
  local command = COMMANDS[words[1]]
  if not command then
    local names = vim.tbl_keys(COMMANDS)
    table.sort(names)
    return say('There is ' .. table.concat(names, ', ') .. '.', vim.log.levels.WARN)
  end
  command({ unpack(words, 2) })
end

function M.define()
  vim.api.nvim_create_user_command('RegistryLsp', function(given)
    M.run(given.fargs)
  end, { nargs = '*', complete = complete, desc = 'What registry-lsp can do' })
end

return M
