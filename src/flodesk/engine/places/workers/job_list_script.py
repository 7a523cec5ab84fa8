"""The step of a server that tells of all queues, workers and jobs of RQ at one moment: in one round trip."""

from __future__ import annotations

JOB = (
    "status", "description", "meta", "created_at", "enqueued_at", "started_at", "ended_at", "worker_name", "origin",
    "aside", "kept",
)  # fmt: skip
"""What is told of a job. Not its ``data``: that is the text of its flow."""
WORKER = (
    "hostname", "pid", "queues", "state", "current_job", "birth", "last_heartbeat", "successful_job_count",
    "failed_job_count", "flodesk",
)  # fmt: skip
"""What is told of a worker."""
PLACES = ("waiting", "taken", "running", "failed", "finished", "deferred", "canceled")
"""Where a job can be: in its queue, in the hands of a worker that has not begun it, or in one of RQ's registries."""

_ASK = """
local function ask(...)  -- what somebody else has put there under such a name is nothing
  local found = redis.pcall(...)
  if type(found) == 'table' and found.err then return nil end
  return found
end
local function cut(value, most)
  if type(value) == 'string' and #value > most then return string.sub(value, 1, most) end
  return value
end
local function job(id)
  local found = ask('HMGET', 'rq:job:' .. id, @JOB@) or {}
  for at = 1, @JOBS@ do found[at] = cut(found[at] or false, 2000) end
  return found
end
local function last(id)  -- what came of it: when, who ran it, and why not
  local found = ask('XREVRANGE', 'rq:results:' .. id, '+', '-', 'COUNT', 1)
  if not found or #found == 0 then return false end
  local said = {found[1][1], '', ''}
  for at = 1, #found[1][2], 2 do
    local name, value = found[1][2][at], found[1][2][at + 1]
    if name == 'worker_name' then said[2] = cut(value, 300) end
    if name == 'exc_string' and #value < 300000 then said[3] = value end
  end
  return said
end
"""
LOOK = (
    _ASK
    + """
local most = tonumber(ARGV[1])
local places = {
  {'waiting', 'rq:queue:%s'}, {'taken', 'rq:queue:%s:intermediate'}, {'running', 'rq:wip:%s'},
  {'failed', 'rq:failed:%s'}, {'finished', 'rq:finished:%s'}, {'deferred', 'rq:deferred:%s'},
  {'canceled', 'rq:canceled:%s'}
}
local workers, known, names = {}, {}, {}
for _, key in ipairs(ask('SMEMBERS', 'rq:workers') or {}) do
  local name = string.match(key, '^rq:worker:(.*)$')
  local found = name and ask('HMGET', key, @WORKER@)
  if found and (found[1] or found[6]) then
    for at = 1, @WORKERS@ do found[at] = cut(found[at] or false, 4000) end
    workers[#workers + 1] = {name, found, ask('PTTL', 'flodesk:beat:' .. name) or -2}
    for queue in string.gmatch(found[3] or '', '[^,]+') do known['rq:queue:' .. queue] = true end
  end
end
for _, key in ipairs(ask('SMEMBERS', 'rq:queues') or {}) do known[key] = true end
local queues, jobs = {}, {}
for key in pairs(known) do
  local name = string.match(key, '^rq:queue:(.*)$')
  if name then
    local counts = {}
    for _, place in ipairs(places) do
      local at = string.gsub(place[2], '%%s', (string.gsub(name, '%%', '%%%%')))
      local list = place[1] == 'waiting' or place[1] == 'taken'
      counts[#counts + 1] = ask(list and 'LLEN' or 'ZCARD', at) or 0
      local ids = ask(list and 'LRANGE' or 'ZREVRANGE', at, 0, most - 1) or {}
      for _, id in ipairs(ids) do
        if place[1] == 'running' then id = string.match(id, '^(.*):[^:]*$') or id end
        jobs[#jobs + 1] = {id, name, place[1], job(id), place[1] == 'failed' and last(id)}
      end
    end
    queues[#queues + 1] = {name, counts}
  end
end
local now = redis.call('TIME')
return {now, queues, workers, jobs}
"""
)
"""(; how many jobs of each place of each queue): now, queues, workers, jobs."""


def _quoted(fields: tuple[str, ...]) -> str:
    return ", ".join(f"'{field}'" for field in fields)


LOOK = (
    LOOK.replace("@JOB@", _quoted(JOB))
    .replace("@JOBS@", str(len(JOB)))
    .replace("@WORKER@", _quoted(WORKER))
    .replace("@WORKERS@", str(len(WORKER)))
)
