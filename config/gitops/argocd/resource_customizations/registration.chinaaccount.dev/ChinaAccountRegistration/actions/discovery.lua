-- What may be asked for now. Argo CD's server holds nobody to "disabled": each action
-- asks again.

local status = obj.status or {}
local suspended = obj.spec.suspend == true

local function isMended()
  for _, requirement in ipairs(status.requirements or {}) do
    if requirement.code == "DossierUnchanged" then
      return false
    end
  end
  return true
end

local function isResubmittable()
  local filing = status.filing or {}
  return status.phase == "Rejected"
    and not (status.rejection or {}).final
    and filing.filedTime ~= nil
    and obj.spec.resubmitAfterAttempt ~= filing.attempt
    and isMended()
end

return {
  ["refresh"] = {iconClass = "fa fa-fw fa-sync", displayName = "Refresh"},
  ["resubmit"] = {disabled = not isResubmittable(), iconClass = "fa fa-fw fa-paper-plane", displayName = "Resubmit"},
  ["suspend"] = {disabled = suspended or status.phase == "Active", iconClass = "fa fa-fw fa-pause", displayName = "Suspend"},
  ["resume"] = {disabled = not suspended, iconClass = "fa fa-fw fa-play", displayName = "Resume"},
}
