"""A place elsewhere: the flow runs in a session on a worker of RQ, and is watched as at home.

`RqEngine` offers what the engine's own process offers (`flodesk.engine.client.Engine`). The job that begins a session
carries the flow as text; events, states and newest values come back by streams (`flodesk.engine.places.server.stream`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redis.exceptions import OutOfMemoryError, RedisError

from flodesk.engine.events import Event, Released, RunFinished, RunStarted
from flodesk.engine.ids import new_run
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.part import Part
from flodesk.engine.places.server.key import Key, find_or_make_key
from flodesk.engine.places.server.refusals import no_room
from flodesk.engine.places.server.stream import PlaceError, hidden
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.audience import WISHES
from flodesk.engine.places.session.baggage import packed_up
from flodesk.engine.places.session.fate import STOP_SECONDS, Fate
from flodesk.engine.places.session.line import Line
from flodesk.engine.places.session.run_on import Account, RunOn, digest, here
from flodesk.engine.places.session.run_there import RunThere
from flodesk.engine.places.session.sending import Sending
from flodesk.engine.probing import probes_command
from flodesk.engine.settings import section
from flodesk.engine.states import USUAL_RATE, NodeState, Sample
from flodesk.engine.steered import Steered
from flodesk.flow.script import read

SENT_SECONDS = 0.7
"""How long it is waited at the end until the last words are sent."""
CLOSE_SECONDS = 2.0


class RqEngine(Steered):
    """Runs flows on a Redis queue.

    Parameters
    ----------
    url : str
        Address of the server (``redis://HOST:PORT/DB``).
    queue : str
        Name of the queue; by default ``flows`` in ``[queue]`` of ``settings.toml``.
    key : Key, optional
        Signs what is sent; by default the one that is here, or one that is made.
    loops : sequence of str
        The functions to run, where others run on other workers; none is all.
    own : bool
        Whether the server has workers of its own: where none listens one is on its way, and nobody has to start it.

    Raises
    ------
    PlaceError
        The server does not answer, or there is no key.
    """

    def __init__(
        self, url: str, *, queue: str = "", key: Key | None = None, loops: Sequence[str] = (), own: bool = False
    ) -> None:
        super().__init__()
        self._loops = [*loops]
        self.listener: Callable[[Event], None] = lambda event: None
        self._url = url
        wire, key = section("queue", Wire()), key or find_or_make_key()
        origin = key.origin
        run = self._run = RunThere(
            lambda told: Fate(told, url, origin, wire.patience, own=own), self._questions,
            told=self._tell, again=self._enqueue, elsewhere=self._go_on,
        )  # fmt: skip
        self._fate = run.fate
        self._line = Line(
            url,
            queue or wire.flows,
            key,
            wire,
            take=run.take,
            quiet=run.fate.watch,
            lost=run.fate.lost,
            back=run.fate.back,
            refused=run.strange,
            said=lambda words: run.say(words, "info"),
            puzzled=run.puzzled,
            deaf=run.deaf,
        )
        run.line = run.fate.line = self._line
        self._sending = Sending(self._line.resend, self._unsent)
        self._text = self._path = ""
        self._elsewhere = False
        """Whether the run was started on another machine, whose files are none of ours."""
        self._changes: dict[tuple[str, str], str] = {}
        self._full: list[str] = []
        self._brief: list[str] = []
        self._opened = ("", "")
        """The flow that the session has."""
        self._asked: list[dict[str, Any]] = []
        """The commands that begin the run."""

    # -------------------------------------------------------------- the protocol of engines
    def open(self, text: str, path: str = "", *, again: bool = False) -> None:
        """Hand over a flow, as text."""
        self._text, self._path, self._changes = text, path, {}
        self._elsewhere = False
        if not again and not self.running:
            self._run.forget()

    def start(
        self,
        *,
        place: str = "rq",
        limits: Limits = UNLIMITED,
        part: Part | None = None,
        run: str = "",
        held: bool = False,
        letters: Sequence[int] = (),
    ) -> str:
        """Start the open flow and return the run's id. A run that is on is stopped first.

        It starts in the session that the run before has left on a worker, or in one that is put on the queue.

        Raises
        ------
        PlaceError
            The server does not answer any more, or a part is asked for, or letters: what these need is not there.
        """
        if part is not None:
            raise PlaceError("A part of a flow runs where its values are: on this machine.")
        if letters:
            raise PlaceError("Dead letters are put back where they are kept: on this machine.")
        if self.running:
            self.stop()
            self._run.over.wait(STOP_SECONDS + 3.0)
        with self._line.lock:
            self._run.begin(run or new_run())
            self._held.clear()
            # what others say from here on waits for the lock, and is sent after the commands that begin the run
            self._fate.running = True
            try:
                self._asked = self._opening(limits, held)
                if self._line.open:
                    self._line.send(*self._asked)
                else:
                    self._enqueue()
            except OutOfMemoryError as error:
                self._fate.running = False
                raise PlaceError(f"The flow could not be put on the queue. {no_room(self._url, error)}.") from error
            except RedisError as error:
                self._fate.running = False
                raise PlaceError(f"The flow could not be put on the queue at {hidden(self._url)}: {error}") from error
        return self._run.id

    def _opening(self, limits: Limits, held: bool) -> list[dict[str, Any]]:
        """Return the commands that begin a run."""
        again = self._line.session is not None and self._opened == (self._text, self._path)
        self._opened = self._text, self._path
        files = packed_up(self._text, self._path, self._line.connection)
        return [
            {"c": "open", "text": self._text, "path": self._path, "again": again, "files": files},
            *({"c": "set", "node": n, "parameter": p, "text": t} for (n, p), t in self._changes.items()),
            *self._wishes(),
            {
                "c": "start",
                "run": self._run.id,
                "place": "rq",
                "limits": limits.to_json() if limits else None,
                "held": held,
                # a worker of before knows no loops, and is not asked for what nobody wants
                **({"loops": self._loops} if self._loops else {}),
            },
        ]

    def _wishes(self) -> list[dict[str, Any]]:
        """Return the commands that say what this editor wants of any run."""
        return [
            {"c": "watch", "full": self._full, "brief": self._brief},
            {"c": "breaks", "breaks": self._breaks},
            probes_command(self._probes),
            self._holding,
        ]

    def _enqueue(self) -> None:
        """Put a session on the queue that begins with this run; one that another editor has started has none."""
        if self._fate.came:
            self._run.finish("crashed", "Its session on the worker is over.")
            return
        fate, run = self._fate, self._run.id
        fate.jobs += 1
        session = run if fate.jobs == 1 else f"{run}-{fate.jobs}"
        self._asked[0]["again"] = False
        there = RunOn(session, run, self._path, here(), time.time(), self._line.queue.name, text=digest(self._text))
        self._line.enqueue(session, self._asked, there)
        self._run.queued(_top(self._text))
        self._line.follow(session)

    def _go_on(self, session: str) -> None:
        """Follow the run where it is begun again; what was set here goes there, as it may have come too late before."""
        self._line.address(session)
        self._run.queued(_top(self._text))
        self._line.follow(session)
        changes = [{"c": "set", "node": n, "parameter": p, "text": t} for (n, p), t in self._changes.items()]
        self._line.send(*self._wishes(), *changes)

    def attach(self, run: RunOn) -> Account:
        """Follow a run that is on there, or show how it has ended; waits for what is told of it.

        What has been said of it is told first, then what comes. Commands go to it as to a run that was started here.

        Raises
        ------
        PlaceError
            The server does not answer, or nobody tells anything of the run.
        """
        if self.running:
            raise PlaceError("A run is on here: stop it, or leave it running, before you attach to another.")
        try:
            self._line.let_go()
            account = self._line.ask(run)
            with self._line.lock:
                self._text, self._path, self._changes = account.text, account.path, {}
                self._elsewhere = run.host != here()
                self._opened = account.text, account.path
                self._held.clear()
                self._run.come_to(account, run.since)
                if not account.over:
                    self._line.follow(run.session, (account.entry, account.after))
                    self._line.send(*self._wishes())
        except RedisError as error:
            raise PlaceError(f"The Redis server at {hidden(self._url)} does not answer: {error}") from error
        return account

    def leave(self) -> None:
        """Let the run go on without this editor; `attach` comes back to it.

        Raises
        ------
        PlaceError
            The server does not answer; the run is followed as before, also where the server hears of it later.
        """
        failed: list[RedisError] = []
        keep = {"c": "watch", "full": self._full, "brief": self._brief}
        decided = threading.Lock()
        """Whoever gets it says what becomes of the run: the sender that it is left, or this that it is not."""

        def leave() -> None:
            if decided.locked():
                return
            try:
                if self._line.leave(keep, lambda: decided.acquire(blocking=False)):
                    self._run.left()
                    return
            except RedisError as error:
                failed.append(error)
            self._line.try_to_send(*self._wishes())  # the session may have heard it, or does when the server is back

        done = self._sending.put(leave) and self._sending.wait(CLOSE_SECONDS) and not failed
        if done or not decided.acquire(blocking=False):
            return
        why = f": {failed[0]}" if failed else ""
        raise PlaceError(f"The Redis server at {hidden(self._url)} does not answer{why}")

    def give_up(self, why: str) -> None:
        """Tell the end of the run, if one is on: its server is gone for good."""
        if self.running:
            self._run.finish("crashed", why)

    def forsake(self) -> None:
        """Follow the run no more, though its server could not be told: it goes on without this editor."""
        self._line.drop()
        self._run.left()

    def stop(self) -> None:
        """Ask the run to stop; a worker that does not obey is ended after a while."""
        if self.running:
            self._fate.stopping()
            self._command({"c": "stop"})

    def set_parameter(self, node: str, parameter: str, text: str) -> None:
        """Change a literal of the running flow, from the next call on."""
        self._changes[node, parameter] = text
        self._command({"c": "set", "node": node, "parameter": parameter, "text": text})

    def press(self, node: str, parameter: str) -> None:
        """Press a button that springs back; the worker tells when it was read."""
        super().press(node, parameter)
        if not self.running:
            self._tell(Released("", node, parameter))

    def save_probe(self, name: str, path: str, told: Callable[[int, str], None]) -> None:
        """Refuse: the file would be written where the worker is."""
        told(0, "The values are with the worker on the queue: run the flow on this machine to save them")

    def swap(self, text: str, path: str | None = None) -> None:
        """Go on with a changed flow from the next turn. If it was saved elsewhere the list of runs says so."""
        self._text, self._changes = text, {}
        beside = self._opened[1]
        """Its modules are those with which the run was begun: who saves a flow elsewhere takes none along."""
        moved = {}
        if path and path != self._path and not self._elsewhere:
            self._path = path
            moved = {"path": path}

        def command() -> dict[str, Any]:
            return {"c": "swap", "text": text, "files": packed_up(text, beside, self._line.connection), **moved}

        self._put(command)

    def use(self, python: str) -> None:
        """Do nothing: a worker runs flows in the interpreter that it was started with."""

    def restart(self) -> None:
        """Stop what runs: each run on a queue has a process of its own, which ends with it."""
        self.stop()

    def watch(self, full: set[str], brief: set[str], rate: float = USUAL_RATE) -> None:
        """Say which values are on the screen; over the network they come no more often than usual."""
        self._full, self._brief = sorted(full), sorted(brief)
        self._command({"c": "watch", "full": self._full, "brief": self._brief})

    def values(self) -> Mapping[str, Sample]:
        """Return the newest samples of what is watched in full."""
        return self._run.shown.values

    def previews(self) -> Mapping[str, Sample]:
        """Return the newest samples of what is watched in brief."""
        return self._run.shown.previews

    def states(self) -> Mapping[str, NodeState]:
        """Return the newest state of each node."""
        return self._run.shown.states

    @property
    def running(self) -> bool:
        """True from `start` to `RunFinished`."""
        return self._fate.running

    @property
    def path(self) -> str:
        """The file of the run, as the list of runs has it; empty where that is none of this machine."""
        return "" if self._elsewhere else self._path

    @property
    def waiting(self) -> bool:
        """Whether a run is on whose server does not answer, and is waited for."""
        return self._fate.away

    def close(self) -> None:
        """Stop, and end the threads and connections. Final. A server that does not answer is not waited for."""
        answers = True
        if self.running:
            self.stop()
            answers = self._sending.wait(SENT_SECONDS)
            if answers:
                self._run.over.wait(STOP_SECONDS + 3.0)
        if answers:
            self._sending.put(self._line.end)
            answers = self._sending.wait(SENT_SECONDS)
        self._sending.close()
        self._line.close(CLOSE_SECONDS if answers else 0.0)
        self._sending.join(SENT_SECONDS)
        self._run.close()

    # -------------------------------------------------------------- inside
    def _steer(self, command: dict[str, Any]) -> None:
        taken = self._command(command)
        if "q" in command and not taken:
            why = "The server does not answer" if self.running else "There is no run"
            self._questions.answer({"q": command["q"], "error": why})

    def _command(self, command: dict[str, Any]) -> bool:
        """Have a command sent, and return whether it will be. Of those that say how it is only the newest is."""
        kind = command["c"]
        key = (kind, command.get("node"), command.get("parameter")) if kind in ("set", *WISHES) else None
        return self._put(lambda: command, key)

    def _put(self, command: Callable[[], dict[str, Any]], key: object = None) -> bool:
        run, noted = self._run.id, False

        def send() -> None:
            nonlocal noted
            if noted:  # the line keeps it, and has sent it again when the server was back
                return None
            try:
                made = command()
            except PlaceError as error:  # it goes on with the modules that it has
                return self._run.say(str(error))
            with self._line.lock:
                if self.running and self._run.id == run:
                    noted = True
                    self._line.send(made)
            return None

        return self.running and self._sending.put(send, key)

    def _unsent(self, error: Exception) -> None:
        """Say that a command did not get there, because of something that is wrong here."""
        self._run.say(f"The run goes on without what was changed here, as it could not be sent: {error}")

    def _tell(self, event: Event) -> None:
        self._note(event)
        if isinstance(event, RunFinished):
            self._questions.give_up("The run has ended")
            if self._fate.came:
                self._line.let_go()  # the next run here gets a session of its own
        self.listener(event)


def _top(text: str) -> list[str]:
    """Return the statements of a flow that come for sure: those that stand in no loop and no arm."""
    flow = read(text)
    return [f"{name}.{s.id}" for name in flow.mains for s in flow.functions[name].body.statements]


__all__ = ["PlaceError", "RqEngine", "RunStarted"]
