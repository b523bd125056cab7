-- For wrk: distinct pushes of BODY bytes, each of another entity, so that no consumer can take them for copies.
-- Environment: BODY (bytes), HOOK (path), CLOSE (not empty: a connection per push).
local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local before, after, sent = "", "", 0
function init()
  local size = tonumber(os.getenv("BODY"))
  local head = '{"event":"invoice.updated","data":{"id":"%08x-0000-11f1-8000-0123456789ab",' ..
    '"lastUpdatedAt":"2026-11-24T02:00:00Z","note":"'
  local tail = '"}}'
  local fields = string.format("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: wrk\r\n", os.getenv("HOOK")) ..
    "Content-Type: application/json\r\nContent-Length: " .. size .. "\r\n"
  if (os.getenv("CLOSE") or "") ~= "" then fields = fields .. "Connection: close\r\n" end
  after = string.rep("x", size - #string.format(head, 0) - #tail) .. tail
  before = fields .. "\r\n" .. head
end

-- An odd factor spreads the ids over all 32 bits without repeating one, as the first digits of version 1 UUIDs are spread.
function request()
  sent = sent + 1
  return string.format(before, ((sent * 16 + number) * 2654435761) % 4294967296) .. after
end
