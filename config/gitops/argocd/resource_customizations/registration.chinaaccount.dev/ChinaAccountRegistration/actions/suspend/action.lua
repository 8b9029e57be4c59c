-- Nothing is filed, answered or withdrawn from now on.

if (obj.status or {}).phase == "Active" then
  error("the account is active: there is nothing to suspend", 0)
end
if obj.spec.suspend == true then
  error("it is suspended already", 0)
end

obj.spec.suspend = true
return obj
