-- A Registrar is healthy when filings can reach it.

local status = obj.status or {}
local ready = {}
for _, c in ipairs(status.conditions or {}) do
  if c.type == "Ready" then
    ready = c
  end
end

if ready.status == nil or (status.observedGeneration or -1) < (obj.metadata.generation or 0) then
  return {status = "Progressing", message = "The operator has not looked at this generation yet."}
end
if ready.status == "True" then
  return {status = "Healthy", message = ready.message}
end
return {status = "Degraded", message = ready.message}
