"""A run on a worker, as its editor hears of it: frames become events, newest values and states."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from flodesk.engine.asking import Questions
from flodesk.engine.events import Event, LogLine, Reason, Rejected, RunFinished, RunStarted, Turned, from_json
from flodesk.engine.places.session.fate import Fate
from flodesk.engine.places.session.line import Line
from flodesk.engine.places.session.post import Inbox
from flodesk.engine.places.session.run_on import LEFT, Account
from flodesk.engine.places.session.shown import Shown


class RunThere:
    """The newest run of an editor.

    Parameters
    ----------
    fate : callable
        Given this, returns what watches over it.
    questions : Questions
        Get the answers that come.
    told : callable
        Takes its events.
    again : callable
        Puts a session on the queue that begins with it.
    elsewhere : callable
        Follows the session of this name, which begins it again.

    Attributes
    ----------
    id : str
        Of the run; empty before the first.
    shown : Shown
        Newest values and states.
    over : Event
        Set from the end of a run to the start of the next.
    line : Line
        Leads to its session; set before anything comes from there.
    """

    line: Line

    def __init__(
        self,
        fate: Callable[[RunThere], Fate],
        questions: Questions,
        *,
        told: Callable[[Event], None],
        again: Callable[[], None],
        elsewhere: Callable[[str], None],
    ) -> None:
        self.id = ""
        self.shown = Shown(self._newer)
        self.over = threading.Event()
        self.fate = fate(self)
        self._questions = questions
        self._told = told
        self._again = again
        self._elsewhere = elsewhere
        self._inbox = Inbox(self.say)

    def begin(self, run: str) -> None:
        """Hear of this run from now on."""
        self.id = run
        self.shown.begin()
        self.over.clear()
        self.fate.begin()

    def forget(self) -> None:
        """Hear of no run any more, and show nothing of the one that was: another flow is open."""
        self.id = ""
        self.shown.begin()

    def queued(self, statements: Iterable[str]) -> None:
        """Note that it waits in the queue, and these statements with it."""
        self.shown.begin(statements)
        self.fate.queued()

    @property
    def _who(self) -> str:
        return self.line.writing.sender

    def _take_others(self, head: dict[str, Any]) -> None:
        """Take what concerns another editor: what that has turned is turned here, too."""
        if head["f"] == "turned" and head["run"] == self.id:
            self.tell(Turned(self.id, str(head["node"]), str(head["parameter"]), str(head["text"])))

    def come_to(self, account: Account, since: float = 0.0) -> None:
        """Hear of a run that is on, or was, from this account on; `since` is when it began, in s since 1970."""
        self.begin(account.run)
        self.fate.came = self.fate.running = True
        self.shown.take_states(account.states)
        for head in account.events:
            self._take_event(dict(head))
        if since:
            self.fate.on_since(since)
        if account.values is not None:
            self.shown.take_values(account.values["items"], account.buffers)

    def left(self) -> None:
        """Hear of it no more: it goes on."""
        if self.fate.running:
            self.fate.running = False
            self.tell(RunFinished(self.id, "left", LEFT, time.monotonic() - self.fate.began))

    def take(self, head: dict[str, Any], buffers: list[bytes]) -> None:
        """Take a frame of the session."""
        kind = head["f"]
        if head.get("who", self._who) != self._who:
            self._take_others(head)  # another editor has asked, or was given it
            return
        if kind == "event":
            self._take_event(head)
        elif kind == "closed":
            with self.line.lock:
                if not self.line.open:  # else another session is followed by now
                    self.renew()
        elif kind == "letter":
            arrived = self._inbox.take(head, buffers)
            if arrived is not None and self.fate.running:
                self.line.try_to_send(arrived)
        elif kind == "expired":
            self.fate.stopping(head["late"] or "Its time was over")
        elif kind == "skipped":
            self._questions.give_up("The answer was lost on its way")
            if head["lost"]:
                self.say(f"{head['lost']} lines of this run were lost: nobody could read them for too long.")
        elif kind == "answer":
            self._questions.answer(head, buffers)
        elif kind == "states" and _whole(head["run"]) == self.id:
            self.shown.take_states(head["items"])
        elif kind == "values" and _whole(head["run"]) == self.id:
            self.shown.take_values(head["items"], buffers)

    def _take_event(self, head: dict[str, Any]) -> None:
        event = from_json({k: v for k, v in head.items() if k not in ("f", "again")})
        if getattr(event, "run", "") not in ("", self.id):
            return  # late news of a run that has ended are not the next one's
        if isinstance(event, RunStarted):
            self.fate.begun = True
            if self.fate.repeated:
                return  # it was told
            self.fate.on_since(time.time())  # what it was waited for is no time of it
        if isinstance(event, RunFinished):
            self.fate.running = False
        self.tell(self._inbox.placed(event) if isinstance(event, Rejected) else event)

    def tell(self, event: Event) -> None:
        """Tell an event of it."""
        try:
            self._told(event)
        finally:  # also where whoever is told raises
            if isinstance(event, RunFinished):
                self.over.set()

    # -------------------------------------------------------------- what its fate says
    def culprit(self) -> str:
        """Say which node was at work, if one was."""
        return self.shown.culprit()

    def say(self, text: str, level: str = "warning") -> None:
        """Write a line to its log."""
        self.tell(LogLine(self.id, "", level, text, time.time()))

    def strange(self, why: str) -> None:
        """Say that something came for it that its worker has not said."""
        self.say(
            f"Something came for this run that is not its worker's word, and was left: {why}. Who can write to the "
            "Redis server can do that; so does a worker of another version of flodesk."
        )

    def puzzled(self, what: str) -> None:
        """Say that something of its worker could not be taken, and was left."""
        self.say(
            f"Something that its worker says could not be taken, and was left: {what}. A worker of a later version of "
            "flodesk may say more than this one understands."
        )

    def deaf(self, why: str) -> None:
        """Tell the end of a run of which nothing can be heard any more."""
        if not self.fate.running:
            self.line.drop()
            return
        self.finish(
            "crashed",
            f"What its worker says cannot be read here any more ({why}). The run may go on there: attach to it, or "
            "stop it there and run the flow again.",
        )

    def _newer(self, port: str, why: str) -> None:
        self.say(
            f"{port}: its value has a form that this flodesk does not know ({why}), and is not shown. Its worker has a "
            "newer flodesk: install the same version here."
        )

    def renew(self) -> None:
        """Note that the session is over; a run that came too late for it gets another."""
        with self.line.lock:
            self.line.drop()
            if self.fate.running and not self.fate.begun:
                self._again()

    def go_on(self, session: str) -> None:
        """Follow the run in another session, which begins it again."""
        with self.line.lock:
            self.line.drop()
            self._elsewhere(session)

    def finish(self, reason: Reason, message: str) -> None:
        """Tell the end of a run that cannot tell it itself; its session is over."""
        self.fate.running = False
        self.line.drop()
        self.shown.end()
        self.tell(RunFinished(self.id, reason, message, time.monotonic() - self.fate.began))

    def close(self) -> None:
        """Keep no more letters. Final."""
        self._inbox.close()


def _whole(run: str) -> str:
    """Return the run that has gone on, after its end, with what was set too late for it: its values are the newest."""
    return run.partition("+")[0]
