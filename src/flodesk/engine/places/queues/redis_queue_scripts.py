"""What a queue is on a Redis server: its keys, and the steps that the server takes as one.

A queue is a stream; each function that reads it is a consumer group of it, and each process that runs that function is
a consumer. An entry is in the stream until every group has acknowledged it, so the length of the stream is what counts
against the capacity. Who writes and who reads stands in two hashes beside it, with the moment until which they count
as there: they renew it as long as they live.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

NAMES = "flodesk:queues"
"""The set of the names of all queues on a server."""


@dataclass(frozen=True, slots=True)
class QueueKeys:
    """Names of the keys of a queue."""

    name: str

    def _key(self, part: str) -> str:
        return f"flodesk:queue:{{{self.name}}}:{part}"  # braces: a cluster keeps them on one server

    @property
    def values(self) -> str:
        """The stream."""
        return self._key("values")

    @property
    def writers(self) -> str:
        """A hash: of each writing function whether it has ended, and of each that runs until when it counts."""
        return self._key("writers")

    @property
    def readers(self) -> str:
        """A hash: of each reader that runs until when it counts."""
        return self._key("readers")

    @property
    def facts(self) -> str:
        """A hash: capacity, generation (how often writing began anew), and which generation each group has read."""
        return self._key("facts")

    @property
    def counts(self) -> str:
        """A hash: how many values each running writer has put in."""
        return self._key("counts")

    @property
    def waiting(self) -> str:
        """How many writers wait for room."""
        return self._key("waiting")

    @property
    def room(self) -> str:
        """A list that writers who wait for room block on."""
        return self._key("room")

    @property
    def dead(self) -> str:
        """The stream of entries that are no values."""
        return self._key("dead")

    def all(self) -> list[str]:
        """Return all of them."""
        parts = ("values", "writers", "readers", "facts", "counts", "waiting", "room", "dead")
        return [self._key(part) for part in parts]


@dataclass(frozen=True, slots=True)
class Script:
    """A script of Lua that the server runs as one step."""

    text: str

    @property
    def sha(self) -> str:
        """The name by which the server knows it."""
        return hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    def call(self, keys: list[str], *arguments: str | int | bytes) -> tuple[str | int | bytes, ...]:
        """Return the command that runs it."""
        return ("EVALSHA", self.sha, len(keys), *keys, *arguments)


_NOW = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function moment(text) return tonumber(string.match(text, '^%d+')) or 0 end
local function has_ended(W)  -- every function that writes has ended, and nobody runs one
  local all, known, open, live = redis.call('HGETALL', W), false, false, 0
  for i = 1, #all, 2 do
    if string.find(all[i], '|', 1, true) then
      if moment(all[i + 1]) < now then redis.call('HDEL', W, all[i]) else live = live + 1 end
    else
      known = true
      if all[i + 1] ~= 'ended' then open = true end
    end
  end
  return known and not open and live == 0, live
end
"""

PUT = Script(
    """
local last = redis.call('HGET', KEYS[2], ARGV[1])
if last and tonumber(last) >= tonumber(ARGV[2]) then return 0 end  -- it is in; the answer to it was lost
local capacity, gone = tonumber(ARGV[3]), 0
if redis.call('XLEN', KEYS[1]) >= capacity then
  if ARGV[4] == 'fail' then return -2 end
  if ARGV[4] == 'block' then
    redis.call('INCR', KEYS[3])
    redis.call('PEXPIRE', KEYS[3], 5000)
    return -1
  end
  local kept = 0
  if ARGV[4] == 'drop_oldest' then kept = capacity - 1 end
  gone = redis.call('XTRIM', KEYS[1], 'MAXLEN', '=', kept)
end
redis.call('XADD', KEYS[1], '*', unpack(ARGV, 5))
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return gone
"""
)
"""(values, counts, waiting; who, its count, capacity, policy, fields): how many were dropped, -1 wait, -2 full."""

ACKNOWLEDGE = Script(
    """
redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, 2))
local groups = redis.call('XINFO', 'GROUPS', KEYS[1])
if #groups == 1 then
  redis.call('XDEL', KEYS[1], unpack(ARGV, 2))
else  -- what every group is done with goes
  local function parts(id) local a, b = string.match(id, '^(%d+)-(%d+)$') return tonumber(a), tonumber(b) end
  local ms, seq
  for _, group in ipairs(groups) do
    local fact = {}
    for i = 1, #group, 2 do fact[group[i]] = group[i + 1] end
    local a, b
    if fact['pending'] > 0 then
      a, b = parts(redis.call('XPENDING', KEYS[1], fact['name'], '-', '+', 1)[1][1])
    else
      a, b = parts(fact['last-delivered-id'])
      b = b + 1
    end
    if not ms or a < ms or (a == ms and b < seq) then ms, seq = a, b end
  end
  redis.call('XTRIM', KEYS[1], 'MINID', '=', string.format('%.0f-%.0f', ms, seq))
end
local waiting = tonumber(redis.call('GET', KEYS[2]) or 0)
if waiting > 0 then
  redis.call('DEL', KEYS[2])
  for i = 1, waiting do redis.call('RPUSH', KEYS[3], '1') end
  redis.call('PEXPIRE', KEYS[3], 2000)
end
return 1
"""
)
"""(values, waiting, room; group, ids): done with these entries."""

BEGIN = Script(
    _NOW
    + """
local ends = now + tonumber(ARGV[2])
if has_ended(KEYS[1]) and tonumber(ARGV[4]) > 0 then  -- writing begins anew
  redis.call('DEL', KEYS[1])
  redis.call('HINCRBY', KEYS[2], 'generation', 1)
end
redis.call('HSET', KEYS[2], 'capacity', ARGV[3], 'at', now)
local at, here, all, groups = 6, tonumber(ARGV[4]), tonumber(ARGV[5]), {}
for i = 1, all do
  local writer = ARGV[at + i]
  if i <= here then
    redis.call('HSET', KEYS[1], writer, 'on', writer .. '|' .. ARGV[1], ends)
  else
    redis.call('HSETNX', KEYS[1], writer, 'awaited')
  end
end
for i = at + all + 1, #ARGV do redis.pcall('XGROUP', 'CREATE', KEYS[3], ARGV[i], '0', 'MKSTREAM') end
return 1
"""
)
"""(writers, facts, values; who, time-out in ms, capacity, writers here, all writers, -, writers, groups): take part."""

ENTER = Script(
    _NOW
    + """
redis.pcall('XGROUP', 'CREATE', KEYS[4], ARGV[1], '0', 'MKSTREAM')
redis.call('HSET', KEYS[3], ARGV[1] .. '|' .. ARGV[2], now + tonumber(ARGV[3]))
local known = redis.call('HGETALL', KEYS[3])
local there = {}
for i = 1, #known, 2 do
  if moment(known[i + 1]) < now then redis.call('HDEL', KEYS[3], known[i]) else there[known[i]] = true end
end
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[4], ARGV[1])) do
  local fact = {}
  for i = 1, #consumer, 2 do fact[consumer[i]] = consumer[i + 1] end
  if fact['pending'] == 0 and not there[ARGV[1] .. '|' .. fact['name']] then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[4], ARGV[1], fact['name'])
  end
end
local generation = redis.call('HGET', KEYS[2], 'generation') or '0'
if has_ended(KEYS[1]) and redis.call('HGET', KEYS[2], 'done:' .. ARGV[1]) == generation then return generation end
return ''
"""
)
"""(writers, facts, readers, values; group, who, time-out in ms): the generation that the group has read already."""

LOOK = Script(
    _NOW
    + """
local generation = redis.call('HGET', KEYS[2], 'generation') or '0'
local ended, live = has_ended(KEYS[1])
if not ended or generation == ARGV[2] then return live > 0 and 0 or -1 end
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[3])) do
  local fact = {}
  for i = 1, #group, 2 do fact[group[i]] = group[i + 1] end
  if fact['name'] == ARGV[1] then
    local after = redis.call('XRANGE', KEYS[3], '(' .. fact['last-delivered-id'], '+', 'COUNT', 1)
    if fact['pending'] > 0 or #after > 0 then return 0 end
  end
end
redis.call('HSET', KEYS[2], 'done:' .. ARGV[1], generation)
return 1
"""
)
"""(writers, facts, values; group, a generation that does not count): 1 if there is nothing more to read, -1 if nobody
runs that could write."""

BEAT = Script(
    _NOW
    + """
local ends = now + tonumber(ARGV[2])
for i = 1, tonumber(ARGV[4]) do redis.call('HSET', KEYS[1], ARGV[4 + i] .. '|' .. ARGV[1], ends .. ' ' .. ARGV[3]) end
for i = 5 + tonumber(ARGV[4]), #ARGV, 3 do
  local group, who = ARGV[i], ARGV[i + 1]
  redis.call('HSET', KEYS[2], group .. '|' .. who, ends .. ' ' .. ARGV[i + 2])
  local held = redis.pcall('XPENDING', KEYS[3], group, '-', '+', 1000, who)
  if not held.err and #held > 0 then  -- they are not given to others while this one lives
    local ids = {}
    for _, entry in ipairs(held) do ids[#ids + 1] = entry[1] end
    ids[#ids + 1] = 'JUSTID'
    redis.call('XCLAIM', KEYS[3], group, who, 0, unpack(ids))
  end
end
return 1
"""
)
"""(writers, readers, values; who, time-out in ms, values a second, count, writers, then of each reader group, who and
values a second): they live."""

LEAVE = Script(
    """
for i = 2, #ARGV do
  redis.call('HSET', KEYS[1], ARGV[i], 'ended')
  redis.call('HDEL', KEYS[1], ARGV[i] .. '|' .. ARGV[1])
end
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.find(field, '|' .. ARGV[1], 1, true) then return 1 end
end
redis.call('HDEL', KEYS[2], ARGV[1])
return 1
"""
)
"""(writers, counts; who, functions): these functions have ended here."""

RETURN = Script(
    """
redis.call('HDEL', KEYS[2], ARGV[1] .. '|' .. ARGV[2])
local held = redis.pcall('XPENDING', KEYS[1], ARGV[1], '-', '+', 1000, ARGV[2])
if held.err then return 0 end
for _, entry in ipairs(held) do  -- as if nobody had been heard of for a day: the next who looks takes them over
  redis.call('XCLAIM', KEYS[1], ARGV[1], 'returned', 0, entry[1], 'IDLE', 86400000, 'RETRYCOUNT', 0, 'JUSTID')
end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return #held
"""
)
"""(values, readers; group, who): a reader has ended; what it has not acknowledged goes to the next."""

SCRIPTS = (PUT, ACKNOWLEDGE, BEGIN, ENTER, LOOK, BEAT, LEAVE, RETURN)
