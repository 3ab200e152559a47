-- What the versions of Neovim do not do of their own accord.
local options = require('registry_lsp.options')
local M = {}

local CAN_ADJUST = vim.fn.has('nvim-0.10') == 1

--- The label is what an item is filtered by where it says nothing else (LSP 3.17, CompletionItem).
local function leave_out_filters(answer)
  local items = type(answer) == 'table' and (answer.items or answer) or {}
  for _, item in ipairs(items) do
    if item.filterText == item.label then
      item.filterText = nil
    end
  end
end

--- Have the omnifunc complete all of a version that is typed. Before 0.10 it does so only where items
--- say nothing of their filter; else it takes the last word for all, of 18.2 the 2.
function M.complete_from_the_start(client)
  if CAN_ADJUST then
    return
  end
  local request = client.request
  client.request = function(method, params, handler, ...)
    local given = handler
    if given and method == 'textDocument/completion' then
      handler = function(err, answer, ...)
        leave_out_filters(answer)
        return given(err, answer, ...)
      end
    end
    return request(method, params, handler, ...)
  end
end

--- Versions before 0.12 do not ask anew by themselves. What a lens counts are findings.
local function show_lenses(bufnr, is_served)
  if vim.lsp.codelens.enable then
    return vim.lsp.codelens.enable(true, { bufnr = bufnr })
  end
  local function refresh()
    if is_served() then -- not where they have changed since the server has ended
      vim.api.nvim_buf_call(bufnr, function()
        vim.lsp.codelens.refresh({ bufnr = bufnr })
      end)
    end
  end
  local group = vim.api.nvim_create_augroup('registry_lsp_lenses_' .. bufnr, { clear = true })
  vim.api.nvim_create_autocmd('DiagnosticChanged', { group = group, buffer = bufnr, callback = refresh })
  refresh()
end

--- Show in this buffer what the user has asked for, as long as a server is there for it.
function M.attach(bufnr, is_served)
  if vim.bo[bufnr].omnifunc == '' then -- 0.8 and newer have set it
    vim.bo[bufnr].omnifunc = 'v:lua.vim.lsp.omnifunc'
  end
  if options.chosen.inlay_hints and vim.lsp.inlay_hint then
    vim.lsp.inlay_hint.enable(true, { bufnr = bufnr })
  end
  if options.chosen.code_lenses then
    show_lenses(bufnr, is_served)
  end
end

return M
