-- A service of facts: what is known of principals and organizations, as the gate takes it.

local ACCOUNT = '{"id":"acct_7","plan":"team","sso":false}'
local OTHER_ACCOUNT = '{"id":"acct_8","plan":"team","sso":false}'

local PRINCIPALS = {
  su_ci = '{"account":' .. ACCOUNT .. ',"id":"su_ci","memberships":[{"organization":"org-a",'
    .. '"permissions":[],"roles":["org_admin"]}],"permissions":[],"roles":[],'
    .. '"type":"service_user"}',
}
local ORGANIZATIONS = {
  ["org-a"] = '{"account":' .. ACCOUNT .. ',"id":"org-a"}',
  ["org-b"] = '{"account":' .. OTHER_ACCOUNT .. ',"id":"org-b"}',
}

local M = {}

function M.answer()
  local asked = ngx.req.get_uri_args()
  local principal, organization = PRINCIPALS[asked.principal], ORGANIZATIONS[asked.organization]
  if not principal then return ngx.exit(ngx.HTTP_NOT_FOUND) end
  ngx.header["content-type"] = "application/json"
  if organization then
    ngx.print('{"organization":', organization, ',"principal":', principal, "}")
  else
    ngx.print('{"principal":', principal, "}")
  end
end

return M
