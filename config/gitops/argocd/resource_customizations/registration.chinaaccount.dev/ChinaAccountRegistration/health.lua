-- The table is in docs/gitops-argocd.md. Health comes from the conditions, never from the
-- phase. Argo CD closes Lua's libraries string and math to scripts from argocd-cm.

local status = obj.status or {}
local shown = 3

local function condition(kind)
  for _, c in ipairs(status.conditions or {}) do
    if c.type == kind then
      return c
    end
  end
  return {}
end

local function isTrue(kind)
  return condition(kind).status == "True"
end

local function told(requirement)
  local from = {Applicant = "the applicant", Agent = "the agent", Registrar = "the registrar"}
  local text = requirement.code
  if requirement.path ~= nil and requirement.path ~= "" then
    text = text .. " at " .. requirement.path
  end
  if from[requirement.awaiting] ~= nil then
    text = text .. ", from " .. from[requirement.awaiting]
  end
  if requirement.dueTime ~= nil then
    text = text .. ", until " .. requirement.dueTime
  end
  return text
end

local function due()
  local list = {}
  local requirements = status.requirements or {}
  for i, requirement in ipairs(requirements) do
    if i <= shown then
      table.insert(list, told(requirement))
    end
  end
  if #requirements > shown then
    table.insert(list, "and " .. tostring(#requirements - shown) .. " more")
  end
  if #list == 0 then
    return ""
  end
  return " [due: " .. table.concat(list, "; ") .. "]"
end

local function health(code)
  return {status = code, message = (condition("Ready").message or "") .. due()}
end

local seen = status.observedGeneration or -1
if condition("Ready").status == nil or seen < (obj.metadata.generation or 0) then
  return {status = "Progressing", message = "The operator has not looked at this generation yet."}
end
if isTrue("Ready") then
  return health("Healthy")
end
if isTrue("Suspended") then
  return health("Suspended")
end
if isTrue("Stalled") then
  return health("Degraded")
end
if isTrue("Reconciling") then
  return health("Progressing")
end
-- Somebody else's turn, and in good order.
return health("Suspended")
