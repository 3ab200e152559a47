if vim.g.loaded_registry_lsp or vim.fn.has('nvim-0.7') == 0 then
  return
end
vim.g.loaded_registry_lsp = true

require('registry_lsp.commands').define()

-- Neovim itself knows requirements.txt and few of its relatives. Version 0.7 asks this of
-- those only who have set g:do_filetype_lua.
local manifests = require('registry_lsp.manifests')
local detected = {}
for _, glob in ipairs(require('registry_lsp.generated').requirements) do
  local pattern = manifests.lua_pattern(glob):gsub('%$$', '') -- Neovim itself adds the end
  detected['.*' .. pattern] = 'requirements'
end
vim.filetype.add({ pattern = detected })
