-- For vim.lsp.enable('registry_lsp') in Neovim 0.11 and newer.
return require('registry_lsp.client').config()
