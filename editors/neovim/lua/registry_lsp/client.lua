-- The client for Neovim's own LSP, in each version's way.
local comforts = require('registry_lsp.comforts')
local manifests = require('registry_lsp.manifests')
local options = require('registry_lsp.options')
local server = require('registry_lsp.server')
local M = {}

M.NAME = 'registry_lsp'
local SECTION = 'registry-lsp'
local HAS_CONFIG = vim.fn.has('nvim-0.11') == 1

local has_complained = false

local function complain()
  if not has_complained then
    has_complained = true
    vim.notify(server.MISSING, vim.log.levels.WARN)
  end
end

--- The settings are what the server begins with, for older versions are not asked for them. What is
--- trusted it hears too, unless they say it themselves.
local function tell_settings(params, config)
  local ours = config.settings[SECTION] or vim.empty_dict()
  local workspace = ours.workspace or {}
  if workspace.trusted == nil and config.root_dir and options.trusts(config.root_dir) then
    workspace = vim.tbl_extend('force', workspace, { trusted = true })
    ours = vim.tbl_extend('force', ours, { workspace = workspace })
    config.settings[SECTION] = ours
  end
  params.initializationOptions = params.initializationOptions or ours
end

-- Some code lenses only tell something. Their command is '', which is nothing to be done.
local function nothing() end

local function common()
  local chosen = options.chosen
  local is_set = next(chosen.settings) ~= nil
  return {
    name = M.NAME,
    settings = { [SECTION] = is_set and vim.deepcopy(chosen.settings) or vim.empty_dict() },
    on_attach = chosen.on_attach,
    capabilities = chosen.capabilities,
    before_init = tell_settings,
    commands = { [''] = nothing },
  }
end

--- For vim.lsp.config(). There are no filetypes in it, since names tell what a manifest is.
function M.config()
  local asked
  return vim.tbl_extend('error', common(), {
    root_dir = function(bufnr, on_dir)
      if not manifests.is_manifest(bufnr) then
        return
      end
      asked = manifests.root(manifests.path(bufnr))
      if type(vim.lsp.config[M.NAME].cmd) == 'table' or server.find(asked) then
        on_dir(asked)
      else
        complain()
      end
    end,
    cmd = function(dispatchers, config)
      local root = config and config.root_dir or asked
      local cmd = assert(server.find(root), server.MISSING)
      return vim.lsp.rpc.start(cmd, dispatchers, { cwd = server.HOME })
    end,
  })
end

local started = {} -- by root, where there is no vim.lsp.start()

local function start(bufnr, config)
  if vim.lsp.start then
    return vim.lsp.start(config, { bufnr = bufnr })
  end
  local id = started[config.root_dir]
  local client = id and vim.lsp.get_client_by_id(id)
  if not client or client.is_stopped() then
    id = vim.lsp.start_client(config)
    started[config.root_dir] = id
  end
  if id then
    vim.lsp.buf_attach_client(bufnr, id)
  end
end

local function config_before_0_11(root)
  local cmd = server.find(root)
  local config = cmd
    and vim.tbl_extend('error', common(), {
      cmd = cmd,
      cmd_cwd = server.HOME,
      root_dir = root,
      workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    })
  if config then
    config.capabilities = config.capabilities or vim.lsp.protocol.make_client_capabilities()
    config.on_init = comforts.complete_from_the_start
    config.on_attach = function(client, bufnr)
      M.comfort(bufnr)
      if options.chosen.on_attach then
        options.chosen.on_attach(client, bufnr)
      end
    end
  end
  return config
end

--- Have the server look after this buffer, if it is a manifest.
function M.attach(bufnr)
  if not vim.api.nvim_buf_is_loaded(bufnr) or not manifests.is_manifest(bufnr) then
    return
  end
  if HAS_CONFIG then
    local config = vim.deepcopy(vim.lsp.config[M.NAME])
    return config.root_dir(bufnr, function(root)
      config.root_dir = root
      start(bufnr, config)
    end)
  end
  local config = config_before_0_11(manifests.root(manifests.path(bufnr)))
  if config then
    start(bufnr, config)
  else
    complain()
  end
end

local function attach_all()
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    M.attach(bufnr)
  end
end

--- Start the server for each manifest that is opened from now on, and those that are open.
function M.enable()
  has_complained = false
  local group = vim.api.nvim_create_augroup('registry_lsp', { clear = true })
  if HAS_CONFIG then
    vim.lsp.config(M.NAME, M.config())
    vim.lsp.enable(M.NAME)
    -- Not by on_attach, which would stand in for the one that the user has for all servers.
    vim.api.nvim_create_autocmd('LspAttach', {
      group = group,
      callback = function(args)
        local client = vim.lsp.get_client_by_id(args.data.client_id)
        if client and client.name == M.NAME then
          M.comfort(args.buf)
        end
      end,
    })
  end
  attach_all()
  -- With vim.lsp.enable() too: it leaves out what has no filetype, and what becomes a manifest.
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile', 'BufFilePost', 'BufWritePost' }, {
    group = group,
    callback = function(args)
      if #M.running(args.buf) == 0 then
        M.attach(args.buf)
      end
    end,
  })
end

function M.comfort(bufnr)
  comforts.attach(bufnr, function()
    return #M.running(bufnr) > 0
  end)
end

--- Our clients; of one buffer, where that is named.
function M.running(bufnr)
  if vim.lsp.get_clients then
    return vim.lsp.get_clients({ name = M.NAME, bufnr = bufnr })
  end
  local all = bufnr and vim.lsp.buf_get_clients(bufnr) or vim.lsp.get_active_clients()
  return vim.tbl_filter(function(each)
    return each.name == M.NAME
  end, vim.tbl_values(all))
end

function M.request(client, method, params, handler, bufnr)
  if HAS_CONFIG then
    client:request(method, params, handler, bufnr)
  else
    client.request(method, params, handler, bufnr)
  end
end

--- A server that stops refuses what it is asked then (it may just have said that there is news), and
--- Neovim shows that.
local function hush(client)
  client.handlers = setmetatable(client.handlers or {}, {
    __index = function(_, method)
      return vim.startswith(method, 'textDocument/') and function() end or nil
    end,
  })
end

--- Stop the servers and start them again for what they had.
function M.restart()
  local buffers = {}
  for _, client in ipairs(M.running()) do
    for bufnr in pairs(client.attached_buffers or {}) do
      buffers[bufnr] = true
    end
    hush(client)
    if HAS_CONFIG then
      client:stop()
    else
      client.stop()
    end
  end
  if not next(buffers) then
    buffers[vim.api.nvim_get_current_buf()] = true
  end
  has_complained = false
  vim.wait(5000, function()
    return #M.running() == 0
  end, 20)
  for bufnr in pairs(buffers) do
    M.attach(bufnr)
  end
end

return M
