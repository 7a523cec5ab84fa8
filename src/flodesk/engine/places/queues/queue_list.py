"""The queues of flows on a Redis server, for those who look after them: how deep, how fast, who reads; peek and purge.

All functions take a connection (`flodesk.engine.places.server.stream.connect`) and return at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from flodesk.engine.places.queues.queue_values import NO_VALUE, value_of, why_no_value
from flodesk.engine.places.queues.redis_queue_reader import Entry
from flodesk.engine.places.queues.redis_queue_scripts import NAMES, QueueKeys
from flodesk.engine.places.server.signing import RefusedError

WHY = b"flodesk:why"
"""The field of a dead letter that says what is wrong with it."""

PUT_BACK = """
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
if #found == 0 then return 0 end
local all, kept = found[1][2], {}
for i = 1, #all, 2 do
  if all[i] ~= ARGV[2] then kept[#kept + 1] = all[i]; kept[#kept + 1] = all[i + 1] end
end
redis.call('XDEL', KEYS[1], ARGV[1])
if #kept == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', unpack(kept))
return 1
"""
"""(dead, values; id, the field that says why): 1 if the entry is in the queue again."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Values a second that are put in and read, as the running loops have told last."""

    put: float = 0.0
    read: float = 0.0


@dataclass(frozen=True, slots=True)
class GroupState:
    """The loops of one name that read a queue.

    Attributes
    ----------
    readers : int
        How many of them run now.
    pending : int
        Values that were given to them and are not finished.
    waiting : int
        Values that were not given to one of them yet; -1 where the server cannot tell.
    """

    name: str
    readers: int
    pending: int
    waiting: int


@dataclass(frozen=True, slots=True)
class QueueState:
    """A queue at one moment.

    Attributes
    ----------
    depth : int
        Values in it, those that are being read among them.
    capacity : int
        Values that it may hold, as the flow said that used it last; 0 where nobody knows.
    writers : int
        How many loops that write to it run now.
    ended : bool
        Every loop that writes to it has ended.
    dead : int
        Entries that were no values, and are kept.
    """

    name: str
    depth: int
    capacity: int
    rate: Rate
    writers: int
    ended: bool
    groups: tuple[GroupState, ...]
    dead: int

    @property
    def readers(self) -> int:
        """How many loops that read it run now."""
        return sum(group.readers for group in self.groups)

    @property
    def pending(self) -> int:
        """How many values are being read."""
        return sum(group.pending for group in self.groups)


@dataclass(frozen=True, slots=True)
class Peeked:
    """An entry of a queue that was looked at.

    Attributes
    ----------
    at : float
        When it was put in, seconds since 1970.
    value : object
        What it holds; None where it is no value, or one of a class that is not known here.
    wrong : str
        Why there is no value.
    size : int
        Its bytes.
    signed : bool
        Whether it has the project's signature, as far as that was looked at: a loop takes one without it from a queue
        alone that is open, and makes a dead letter of it elsewhere.
    """

    id: str
    at: float
    value: Any
    wrong: str
    size: int
    signed: bool = True


def names(connection: Redis) -> list[str]:
    """Return the names of the queues on a server."""
    found: Any = connection.smembers(NAMES)
    return sorted(name.decode() for name in found)


def look(connection: Redis, name: str) -> QueueState:
    """Return how a queue is now. One that nobody knows is empty."""
    keys = QueueKeys(name)
    with connection.pipeline(transaction=False) as pipe:
        pipe.xlen(keys.values)
        pipe.xlen(keys.dead)
        pipe.hget(keys.facts, "capacity")
        pipe.hgetall(keys.writers)
        pipe.hgetall(keys.readers)
        pipe.xinfo_groups(keys.values)
        pipe.time()
        depth, dead, capacity, writers, readers, groups, now = pipe.execute(raise_on_error=False)
    if isinstance(groups, ResponseError):  # there is no stream
        groups = []
    moment = now[0] * 1000 + now[1] // 1000
    writing, reading = _alive(writers, moment), _alive(readers, moment)
    functions = {field: said for field, said in writers.items() if b"|" not in field}
    return QueueState(
        name,
        depth,
        int(capacity or 0),
        # what a process puts in is told by each of its loops that write
        Rate(sum({field.partition(b"|")[2]: told for field, told in writing}.values()), sum(t for _, t in reading)),
        len(writing),
        bool(functions) and not writing and all(said == b"ended" for said in functions.values()),
        tuple(_group(group, reading) for group in groups),
        dead,
    )


def depth(connection: Redis, name: str) -> int:
    """Return how many values are in a queue, those that are being read among them."""
    return int(connection.xlen(QueueKeys(name).values))


def rate(connection: Redis, name: str) -> Rate:
    """Return how many values a second come and go."""
    return look(connection, name).rate


def peek(connection: Redis, name: str, count: int = 10, *, dead: bool = False, key: bytes = b"") -> list[Peeked]:
    """Return the entries that have waited longest, without taking them; of the dead letters those that came last.

    Parameters
    ----------
    key : bytes
        Whether they are signed with this one is looked at, if one is given.
    """
    keys = QueueKeys(name)
    found: Any = connection.xrevrange(keys.dead, count=count) if dead else connection.xrange(keys.values, count=count)
    return [_peeked(entry, name, key) for entry in found]


def purge(connection: Redis, name: str, *, dead: bool = False) -> int:
    """Drop all that is in a queue, or its dead letters alone; returns how many there were.

    Loops that run go on with the empty queue. If nobody runs, nothing is left of it.
    """
    keys, state = QueueKeys(name), look(connection, name)
    with connection.pipeline() as pipe:
        if dead:
            pipe.delete(keys.dead)
        elif state.writers or state.readers:
            pipe.delete(keys.values, keys.dead)
            for group in state.groups:
                pipe.xgroup_create(keys.values, group.name, id="0", mkstream=True)
        else:
            pipe.delete(*keys.all())
            pipe.srem(NAMES, name)
        pipe.execute()
    return state.dead if dead else state.depth


def put_back(connection: Redis, name: str, ids: Collection[str] | None = None) -> int:
    """Put dead letters of a queue into it again, behind what waits there; returns how many.

    For a value that processes have died with, or whose class was not known, once that is mended. What is no value
    comes out as a dead letter again.

    Parameters
    ----------
    ids : collection of str, optional
        Those of the entries; by default all.
    """
    keys = QueueKeys(name)
    step = connection.register_script(PUT_BACK)
    if ids is not None:  # in this order: who came first is read first
        return sum(int(step(keys=[keys.dead, keys.values], args=[id, WHY])) for id in sorted(ids, key=_moment_of))
    done, most = 0, int(connection.xlen(keys.dead))  # those that come back meanwhile are not put back for ever
    while done < most:
        found: Any = connection.xrange(keys.dead, count=min(50, most - done))
        if not found:
            break
        for entry in found:
            done += int(step(keys=[keys.dead, keys.values], args=[entry[0], WHY]))
    return done


def drop(connection: Redis, name: str, ids: Collection[str]) -> int:
    """Drop dead letters of a queue by their ids; returns how many there were."""
    return int(connection.xdel(QueueKeys(name).dead, *ids)) if ids else 0


def watched_keys(name: str) -> list[str]:
    """Return the keys that change about once a second while a loop uses a queue, and when its dead letters do."""
    keys = QueueKeys(name)
    return [keys.writers, keys.readers, keys.dead]


# ------------------------------------------------------------------ inside
def _moment_of(id: str) -> tuple[int, int]:
    at, _, number = id.partition("-")
    return (int(at), int(number or 0)) if at.isdigit() and number.isdigit() else (0, 0)


def _alive(hash: dict[bytes, bytes], moment: int) -> list[tuple[bytes, float]]:
    """Return those of a hash who count as there, each with its values a second."""
    found = []
    for field, said in hash.items():
        until, _, told = said.partition(b" ")
        if b"|" in field and until.isdigit() and int(until) >= moment:
            found.append((field, float(told or 0)))
    return found


def _group(fact: dict[str, Any], reading: Sequence[tuple[bytes, float]]) -> GroupState:
    name = fact["name"]
    lag = fact.get("lag")
    readers = sum(field.startswith(name + b"|") for field, _ in reading)
    return GroupState(name.decode(), readers, fact["pending"], -1 if lag is None else lag)


def _peeked(entry: Entry, queue: str, key: bytes) -> Peeked:
    id, fields = entry[0].decode(), entry[1]
    size = sum(len(name) + len(part) for name, part in fields.items())
    at = int(id.partition("-")[0]) / 1000
    if WHY in fields:
        return Peeked(id, at, None, fields[WHY].decode(errors="replace"), size)
    try:
        try:
            return Peeked(id, at, value_of(fields, queue, key), "", size)
        except RefusedError:
            return Peeked(id, at, value_of(fields), "", size, signed=False)
    except NO_VALUE as error:
        return Peeked(id, at, None, why_no_value(fields, error), size)
