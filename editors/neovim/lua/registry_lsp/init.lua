local M = {}

--- Start the server for manifests. See :help registry-lsp-options.
function M.setup(given)
  require('registry_lsp.options').choose(given)
  require('registry_lsp.client').enable()
end

return M
