-- A report is healthy when the operator took the agent's word. One that was refused stays so:
-- its spec cannot change, and a correct one takes its place.

local accepted = {}
for _, c in ipairs((obj.status or {}).conditions or {}) do
  if c.type == "Accepted" then
    accepted = c
  end
end

if accepted.status == "True" then
  return {status = "Healthy", message = accepted.message}
end
if accepted.status == "False" then
  return {status = "Degraded", message = accepted.reason .. ": " .. accepted.message}
end
return {status = "Progressing", message = "The operator has not judged it yet."}
