-- Filing again is an explicit act: it names the attempt that was rejected.

local status = obj.status or {}
local filing = status.filing or {}

if status.phase ~= "Rejected" then
  error("only what was rejected is filed again", 0)
end
if (status.rejection or {}).final then
  error("the rejection is final: the registrar takes no other attempt", 0)
end
if filing.attempt == nil or filing.filedTime == nil then
  error("it is being filed again already", 0)
end
if obj.spec.resubmitAfterAttempt == filing.attempt then
  error("it was asked for already: it is filed as soon as preflight passes", 0)
end
for _, requirement in ipairs(status.requirements or {}) do
  if requirement.code == "DossierUnchanged" then
    error("the dossier is just as it was filed: mend it first", 0)
  end
end

obj.spec.resubmitAfterAttempt = filing.attempt
return obj
