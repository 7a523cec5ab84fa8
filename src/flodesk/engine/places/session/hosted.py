"""A session of the engine on a worker: frames go to streams, commands come from one, until nobody needs it any more.

It stays when a run has ended: the next run of the same editor is a command, and costs no job. It ends when the editor
says so, when nothing was asked of it for a while, and at once when a job waits for a worker and no run is on.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import Any

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError

from flodesk.engine.events import LogLine, RunFinished, to_json
from flodesk.engine.places.server.guard import Guard
from flodesk.engine.places.server.once import VALID_SECONDS, claim, repeat_mark
from flodesk.engine.places.server.signing import RefusedError, RepeatedError
from flodesk.engine.places.server.stream import BEAT_KEPT_SECONDS, EXPIRE_SECONDS, Keys, pause
from flodesk.engine.places.session.attended import Attended
from flodesk.engine.places.session.large_values import LAST_SECONDS, Bringing, Frames, is_large
from flodesk.engine.places.session.last_words import read_end
from flodesk.engine.places.session.newest_values import LEFT_OUT_SECONDS, STATES, VALUES, NewestValues
from flodesk.engine.places.session.pace import STATES_SECONDS, WAIT_SECONDS, Pace
from flodesk.engine.places.session.post import Outbox
from flodesk.engine.places.session.room import Room
from flodesk.engine.places.session.sent_events import Entry, SentEvents, skipped
from flodesk.engine.places.session.shortage import Shortage
from flodesk.engine.session import Session
from flodesk.engine.table import Layout, Table, states

AGAIN_SECONDS = 0.25
COMES_SECONDS = 2.0
"""How long a run that was begun again waits after its end for who followed it before: that editor may be on its way."""
LISTEN_MS = 500
"""How long it is listened at a time; the end of a session may wait for that, and so may the next job."""
TABLE_BYTES = 1 << 20
VALUES_SECONDS = 0.5
"""How long the last values of a run may take that nobody follows."""


class Hosted:
    """A session whose frames go to streams and whose commands come from one.

    Parameters
    ----------
    job : mapping
        What was signed, as `flodesk.engine.places.session.job.work` has it.
    jobs : sequence of str
        Keys of the lists on the server in which jobs wait for this worker, that of this job first.
    """

    def __init__(self, connection: Redis, job: Mapping[str, Any], guard: Guard, jobs: Sequence[str]) -> None:
        self._connection = connection
        self._name = session = str(job["id"])
        self._keys = Keys(session)
        self._guard = guard
        self._reading = guard.reading(session)
        self._saying = guard.saying(session)
        self._brought: Frames = SimpleQueue()
        where = guard.host.url if guard.host is not None else ""
        self._shortage = Shortage(where, float(job["patience"]), lambda words: self._say("warning", words))
        self._bringing = Bringing(connection, session, self._bring, self._shortage.value)
        self._jobs = jobs
        self._idle = float(job["idle"])
        self._again = str(job.get("again", ""))
        self._repeats = bool(self._again)
        self._told: set[str] = set()
        self._frames: Frames = SimpleQueue()
        self._table = Table(memoryview(bytearray(TABLE_BYTES)))
        self._layouts: dict[str, Layout] = {}
        self._ended: set[str] = set()
        self._run = ""
        self._on: set[str] = set()
        """Runs that were asked for and have not ended."""
        self._since = time.monotonic()
        self._closing = False
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._away = self._given_up = False
        self._reached = time.monotonic()
        self._patience = float(job["patience"])
        self._room = Room(float(job["megabytes"]), lambda port, words: self._say("warning", f"{port}: {words}"))
        self._number = 0
        self._outgoing: list[Entry] = []
        """Entries that are to be sent: the number of an event, `STATES` or `VALUES`; and the fields."""
        self._sent = SentEvents()
        self._values = NewestValues()
        self._expires = False
        self._pace = Pace()
        self._outbox = Outbox(self._take)
        self._session = Session(self._take, self._table, posted=self._outbox.post, own_process=True)
        queue = jobs[0].rpartition(":")[2]
        self._attended = Attended(job, queue, guard.key().secret, self._session.opened)
        self._shown: dict[str, list[Any]] = {}
        """The states of the nodes as they were sent last."""
        self._read: Any = "0"

    def run(self, commands: Sequence[Mapping[str, Any]]) -> None:
        """Give the session these commands, of which the last is the start of a run, and host it to its end."""
        early: list[dict[str, Any]] = []
        with contextlib.suppress(RedisError):
            early.extend(self._come(None))
        *before, start = commands
        # what was sent before the start is in force at the start, and a stop that was sent before it is for it
        stops = [command for command in early if command["c"] in ("stop", "close")]
        for command in [*before, *(c for c in early if c not in stops), start, *stops]:
            self._do({"who": self._attended.first, **command})
        listener = threading.Thread(target=self._listen, name="flodesk commands", daemon=True)
        listener.start()
        try:
            while not self._done():
                self._speak()
            self._outbox.wait()
            self._keep_values()
            with contextlib.suppress(RedisError):  # all that was to be run has come to its end: nobody repeats it
                claim(repeat_mark(self._guard.key().secret, self._name), self._connection)
        finally:
            self._over.set()
            self._bringing.close()
            self._session.close()
            with contextlib.suppress(RedisError):
                self._say_goodbye()
            listener.join(3.0)

    @property
    def failed(self) -> bool:
        """Whether the newest run has failed."""
        return self._attended.failed

    # -------------------------------------------------------------- what is said
    def _take(self, head: dict[str, Any], buffers: list[Any]) -> None:
        self._frames.put((head, buffers))

    def _bring(self, head: dict[str, Any], buffers: list[Any]) -> None:
        """Take a frame whose large buffers are on the server by now."""
        self._brought.put((head, buffers))
        self._frames.put(({"f": "nothing"}, []))

    def _done(self) -> bool:
        """Return whether the session is to end."""
        if self._on or self._outgoing or not self._frames.empty() or (self._bringing.busy and not self._closing):
            return False
        if not self._closing:
            idle = time.monotonic() - self._since
            waits = idle > WAIT_SECONDS and self._pace.due("queue", WAIT_SECONDS) and self._somebody_waits()
            with self._lock:
                # a run that is asked for after this starts another session, and one that came before keeps this
                alone = not self._attended.audience and not (self._repeats and idle < COMES_SECONDS)
                self._closing = not self._on and (waits or alone or idle > self._idle)
        return self._closing

    def _somebody_waits(self) -> bool:
        with contextlib.suppress(RedisError):
            return any(self._connection.llen(jobs) for jobs in self._jobs)
        return False

    def _speak(self) -> None:
        """Send what the session says by now, many frames in one round trip."""
        with contextlib.suppress(Empty):
            self._note(*self._frames.get(timeout=self._pace.wait(idle=not self._on)))
            while True:
                self._note(*self._frames.get_nowait())
        self._note_states()
        left_out = self._values.waiting and not any(number == VALUES for number, _ in self._outgoing)
        if left_out and self._pace.due("left out", LEFT_OUT_SECONDS):
            self._note_newest()  # there may be room by now
        if self._pace.due("expiry", EXPIRE_SECONDS / 10):
            self._expires = True
        try:
            self._see_whose_it_is()
            self._attended.look(self._connection)
            self._send()
            self._shortage.over()
        except OutOfMemoryError as error:
            self._outgoing = self._events()  # the end of a run before its values
            self._shortage.bear(error, self._connection, self._keys, self._bringing)
            self._values.lost()
        except RedisError as error:
            self._wait_for_server(error)
        if taken := self._pace.taken():
            self._session.taken(taken)

    def _send(self) -> None:
        """Send what is noted. What of it has arrived where this fails is sent twice, and taken once."""
        events = self._events()
        room = self._values.room(len(self._outgoing) - len(events))
        with self._connection.pipeline(transaction=False) as pipe:
            for number, fields in self._outgoing:
                if number > 0:
                    pipe.xadd(self._keys.events, fields)
                else:
                    pipe.xadd(self._keys.values, fields, maxlen=room, approximate=False)
            if events:
                # who comes later is told what was so far: what is older than this is for nobody
                pipe.xtrim(self._keys.events, maxlen=self._sent.room + len(events), approximate=True)
            self._attended.write(pipe, self._shown)
            if self._expires:
                # of a run that is on enough is kept to run it again when some day its worker is started again
                kept = int(VALID_SECONDS) if self._on else EXPIRE_SECONDS
                for key in (self._keys.events, self._keys.commands):
                    pipe.expire(key, kept)
                pipe.expire(self._keys.values, EXPIRE_SECONDS)
            answers: list[Any] = pipe.execute(raise_on_error=False) if pipe.command_stack else []
        errors = [at for at, answer in enumerate(answers) if isinstance(answer, RedisError)]
        arrived = min([*errors, len(self._outgoing)])  # of a full server the first ones may have found room
        self._sent.note([entry for entry in self._outgoing[:arrived] if entry[0] > 0])
        self._values.went(self._outgoing[:arrived])
        self._outgoing = self._outgoing[arrived:]
        if errors:
            raise answers[errors[0]]
        self._expires = False

    def _wait_for_server(self, error: RedisError) -> None:
        """Wait until the server is back: the run goes on meanwhile, and what it says is kept."""
        begun, self._away, tries = time.monotonic(), True, 0
        while self._away:
            if time.monotonic() - begun > self._patience:
                # nobody can follow it any more, and nobody could stop it
                raise RuntimeError(f"the Redis server was lost, so the run was given up: {error}") from error
            time.sleep(pause(tries))
            tries += 1
            with contextlib.suppress(RedisError):
                self._away = not self._connection.ping()
        # its memory may be empty: what was sent last goes before all that was kept, and is taken once
        self._outgoing = [*self._sent.taken_back(), *self._outgoing]
        self._values.lost()
        self._note_newest()

    def _see_whose_it_is(self) -> None:
        """Give the run up if it was out of reach for so long that others have taken it for dead."""
        silent = time.monotonic() - self._reached
        if silent > BEAT_KEPT_SECONDS and read_end(self._connection, self._guard.key().secret, self._name) is not None:
            self._given_up = True
            raise RuntimeError(f"it was out of reach for {silent:.0f} s and taken for dead, so the run was given up")
        self._reached = time.monotonic()

    def _note(self, head: dict[str, Any], buffers: list[Any]) -> None:
        """Note one frame that is to be sent."""
        if head["f"] == "nothing":
            self._note_brought()
            return
        if head["f"] == "again":
            self._note_again(head["after"])
            return
        if head["f"] == "account":
            self._note_states(last=True)
            self._attended.ask(str(head["to"]), self._number)
            return
        if head.get("event") == "RunFinished":
            self._bringing.wait(LAST_SECONDS)
            self._note_brought()
        head = self._attended.tell(head, self._number + 1)
        head, buffers = self._room.let_pass(head, buffers)
        if head["f"] in ("values", "answer") and is_large(buffers) and not self._closing:
            self._bringing.take(head, buffers)
            return
        if head["f"] == "values":
            self._note_values(head, buffers)
            if self._closing:
                self._attended.values = head, buffers
            return
        event = head.get("event")
        if head["f"] == "layout":
            layout = Layout.from_json(head)
            self._layouts[layout.function] = layout
            return  # what stands in its cells is sent by the names of nodes
        if event == "RunStarted":
            self._run = str(head["run"])
            self._on.add(self._run)
            if "+" not in self._run:  # what only goes on keeps its states
                self._layouts, self._ended = {}, set()
                self._shortage.begin()
            if self._again:
                self._say("warning", f"This run is begun anew, as it has no effects: {self._again}.")
                self._again = ""
        elif event == "LoopStarted":
            head = {**head, "again": self._session.repeatable}
        elif event == "LoopFinished":
            self._ended.add(str(head["loop"]))
        elif event == "RunFinished":
            self._end(str(head["run"]))
            head = self._shortage.ended(head)
        self._note_numbered(head, buffers)

    def _note_numbered(self, head: dict[str, Any], buffers: list[Any]) -> None:
        self._number += 1
        self._outgoing.append((self._number, self._saying.entry({**head, "k": self._number}, buffers)))

    def _note_values(self, head: dict[str, Any], buffers: list[Any]) -> None:
        self._pace.sent(int(head["n"]))
        head, buffers = self._values.put(head, buffers)
        self._outgoing = self._events()  # this takes the place of what was newest
        self._outgoing.append((VALUES, self._saying.entry(head, buffers)))

    def _note_newest(self) -> None:
        """Note what is newest, before the events that wait: what was sent of it is lost, or was left out."""
        events, self._outgoing = self._events(), []
        if self._values.waiting is not None:
            self._outgoing.append((VALUES, self._saying.entry(*self._values.waiting)))
        self._note_states(last=True)
        self._outgoing += events

    def _events(self) -> list[Entry]:
        """Return what is to be sent but for what is newest."""
        return [entry for entry in self._outgoing if entry[0] > 0]

    def _note_brought(self) -> None:
        """Note what was waited for until its large buffers were on the server."""
        with contextlib.suppress(Empty):
            while True:
                head, buffers = self._brought.get_nowait()
                (self._note_values if head["f"] == "values" else self._note_numbered)(head, buffers)

    def _end(self, run: str) -> None:
        with self._lock:
            self._on.discard(run)
            self._since = time.monotonic()
        self._note_states(last=True)
        self._expires = True

    def _note_states(self, *, last: bool = False) -> None:
        """Note the states if it is time, and they have changed."""
        if not last and not self._pace.due("states", STATES_SECONDS):
            return
        found = states(self._table.cells, self._layouts.values(), {}, bool(self._on), self._ended)
        items = {
            node: [s.state, s.count, s.seconds, s.progress, s.failures, s.behind, s.took, s.items, s.of]
            for node, s in found.items()
        }
        self._shown = items
        if last or self._pace.changed(items):
            self._outgoing.append((STATES, self._saying.entry({"f": "states", "run": self._run, "items": items})))

    def _keep_values(self) -> None:
        """Get the last values that the last one had on the screen who left while the run was on."""
        if self._attended.audience or self._attended.audience.kept is None:
            return
        self._session.receive(self._attended.audience.kept)
        with contextlib.suppress(Empty):
            while self._attended.values is None:
                self._note(*self._frames.get(timeout=VALUES_SECONDS))

    def _say_goodbye(self) -> None:
        if self._given_up:
            return  # how it has ended was told by whoever has taken it for dead
        while not self._frames.empty():
            self._note(*self._frames.get_nowait())
        self._note({"f": "closed"}, [])
        self._expires = True
        self._send()
        with self._connection.pipeline(transaction=False) as pipe:
            self._attended.write_end(pipe, self._number, self._shown)
            pipe.execute()

    def _note_again(self, after: int) -> None:
        """Note what was sent after that frame once more: the server may have lost it, or who asks came too late."""
        kept = self._sent.after(after)
        left_out = skipped(after, kept, self._attended.numbered())
        again = [*((int(head["k"]), self._saying.entry(head)) for head in left_out), *kept]
        self._outgoing = [*again, *self._outgoing]

    # -------------------------------------------------------------- what is heard
    def _listen(self) -> None:
        """Hand the editor's commands to the session."""
        while not self._over.is_set() and not (self._closing and not self._on):
            try:
                for command in self._come(LISTEN_MS if self._on else LISTEN_MS // 5):
                    self._do(command)
            except RedisError:
                self._over.wait(AGAIN_SECONDS)

    def _come(self, block: int | None) -> Iterator[dict[str, Any]]:
        """Yield the commands that have come and may be obeyed.

        Whoever checks one may have to ask the server: where it does not answer, that entry is read once more.
        """
        found: Any = self._connection.xread({self._keys.commands: self._read}, block=block)
        for _, entries in found or ():
            for at, fields in entries:
                commands: list[dict[str, Any]] = []
                # a command that makes no sense comes from another version: it must not end the run
                with contextlib.suppress(KeyError, TypeError, ValueError):
                    commands = self._allowed(fields)
                self._read = at
                yield from commands

    def _allowed(self, fields: Mapping[bytes, bytes]) -> list[dict[str, Any]]:
        """Return the commands of an entry, none of them if one of them is refused."""
        together: list[dict[str, Any]] = []
        try:
            command, _ = self._reading.command(fields)
            together = command["commands"] if command["c"] == "all" else [command]
            who = fields[b"s"].decode("ascii")
            return [{**self._guard.check(one, self._connection), "who": who} for one in together]
        except RedisError:
            self._reading.give_back(fields)
            raise
        except RepeatedError:
            pass  # sent again after the server had been away
        except RefusedError as error:
            self._refuse(str(error))
            for one in together:
                if one["c"] == "start":
                    end = RunFinished(one["run"], "failed", f"The worker refused to run it: {error}")
                    self._take({"f": "event", **to_json(end)}, [])
        return []

    def _do(self, said: Mapping[str, Any]) -> None:
        """Do what an editor has said."""
        own = {key: value for key, value in said.items() if key != "who"}
        with contextlib.suppress(KeyError, TypeError, ValueError):
            for command in self._attended.hear(own, said["who"]):
                self._obey(command, said["who"])
            if own["c"] in ("leave", "close"):
                self._take({"f": "nothing"}, [])  # whoever waits for something to say looks whether it is to end

    def _obey(self, command: Mapping[str, Any], who: str) -> None:
        with contextlib.suppress(KeyError, TypeError, ValueError):
            kind = command["c"]
            if kind == "again":
                self._take({"f": "again", "after": int(command["after"])}, [])
            elif kind == "letters":
                self._outbox.arrived(command["arrived"], command["same"])
            elif kind == "missing":
                self._bringing.bring_again(command["names"])
            elif kind == "account":
                self._take({"f": "account", "to": command["to"]}, [])
            elif kind == "close" and self._attended.audience.others(who):
                self._do({"c": "leave", "who": who})
            elif kind in ("close", "end"):  # the worker itself ends it whoever follows
                self._closing = True
                self._session.receive({"c": "stop"})
            elif kind == "start":
                with self._lock:
                    if self._closing:
                        return  # whoever asked hears that the session is over, and asks elsewhere
                    self._on.add(str(command["run"]))
                self._session.receive(command)
            else:
                self._session.receive(command)
                if kind in ("set", "swap") and self._attended.audience.others(who):
                    turned = {name: command.get(name, "") for name in ("node", "parameter", "text")}
                    self._take({"f": "turned", "run": self._run, "who": who, **turned}, [])

    def _refuse(self, why: str) -> None:
        """Say, here and to who follows the run, that something was not done; of each kind once."""
        if why not in self._told:
            self._told.add(why)
            print(f"flodesk worker: run {self._name}: {why}", file=sys.stderr, flush=True)
            self._say("error", f"The worker: {why}")

    def _say(self, level: str, text: str) -> None:
        self._take({"f": "event", **to_json(LogLine(self._run, "", level, text, time.time()))}, [])
