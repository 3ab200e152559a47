-- What is shown in a window of its own, as Markdown.
local M = {}

local function known(value)
  return value ~= nil and value ~= vim.NIL and value ~= '' and value ~= false
end

local function people(list)
  local names = {}
  for _, each in ipairs(list or {}) do
    if known(each.name) and #names < 5 then
      table.insert(names, each.name)
    end
  end
  return #names > 0 and table.concat(names, ', ') or nil
end

--- The lines of a package, from the record of the command registry-lsp.package.
function M.package(record)
  local lines = { '# ' .. record.name .. ' · ' .. record.registry, '' }
  local function add(text)
    table.insert(lines, text)
  end
  if known(record.description) then
    vim.list_extend(lines, vim.split(record.description, '\n'))
    add('')
  end
  if known(record.version) then
    local date = known(record.published_at) and ', ' .. record.published_at:sub(1, 10) or ''
    add('- latest: `' .. record.version .. '`' .. date .. ' (' .. record.release_count .. ' releases)')
  end
  for _, each in ipairs({
    { 'deprecated', record.deprecated },
    { 'yanked', known(record.yanked) and (known(record.yanked_reason) and record.yanked_reason or 'yes') },
    { 'status', record.status ~= 'active' and record.status },
    { 'licence', record.license },
    { 'runs on', known(record.requires) and '`' .. record.requires .. '`' },
    { 'by', people(record.authors) },
    { 'maintained by', people(record.maintainers) },
    { 'page', record.page },
    { 'homepage', record.homepage },
    { 'repository', record.repository },
    { 'documentation', record.documentation },
    { 'changelog', record.changelog },
    { 'issues', record.issues },
  }) do
    if known(each[2]) then
      add('- ' .. each[1] .. ': ' .. tostring(each[2]):gsub('%s+', ' '))
    end
  end
  return lines
end

--- A floating window with these lines. A second call for it enters it; q closes it.
function M.show(lines)
  local bufnr, window = vim.lsp.util.open_floating_preview(lines, 'markdown', {
    border = 'rounded',
    focus_id = 'registry_lsp',
    close_events = { 'CursorMoved', 'CursorMovedI', 'BufHidden', 'InsertCharPre' },
  })
  return bufnr, window
end

return M
