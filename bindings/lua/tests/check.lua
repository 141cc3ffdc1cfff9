-- What the tests say that must be so.

local check = { count = 0 }

function check.yes(value, what)
  check.count = check.count + 1
  if not value then error("it is not so: " .. what, 2) end
end

function check.equal(is, should, what)
  check.count = check.count + 1
  if is ~= should then
    error(("%s is %s, and should be %s"):format(what, tostring(is), tostring(should)), 2)
  end
end

--- A call that returns nil and an error of this code.
function check.fails(code, answer, problem)
  check.count = check.count + 1
  if answer ~= nil or type(problem) ~= "table" or problem.code ~= code then
    error(("there is no error %d, but %s, %s"):format(code, tostring(answer), tostring(problem)), 2)
  end
  return problem
end

--- A function that raises an error of this code.
function check.raises(code, f, ...)
  local ran, problem = pcall(f, ...)
  check.count = check.count + 1
  if ran or type(problem) ~= "table" or problem.code ~= code then
    error(("no error %d is raised, but %s"):format(code, tostring(problem)), 2)
  end
  return problem
end

return check
