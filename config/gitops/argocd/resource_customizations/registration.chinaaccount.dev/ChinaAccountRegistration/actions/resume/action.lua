-- What waits is filed, answered or withdrawn.

if obj.spec.suspend ~= true then
  error("it is not suspended", 0)
end

obj.spec.suspend = false
return obj
