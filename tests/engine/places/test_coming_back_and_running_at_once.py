"""Who comes back to a run and is quick with Run, Stop or leaving has one engine there, and what was said counts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from flodesk.engine.client import InProcess
from flodesk.engine.events import Event, LogLine, RunFinished, RunStarted
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.server.stream import PlaceError
from flodesk.engine.places.session import rq
from flodesk.engine.places.session.run_on import RunOn
from flodesk.engine.places.session.runs_there import runs_on

LIVE = """
import flodesk
from flodesk.nodes import maths, timing


def flow():
    for tick in timing.every(0.02):
        more = maths.add(tick, 1)


if __name__ == "__main__":
    flodesk.main(flow)
"""


class Back:
    """A window's engine that is about to come back to a run."""

    def __init__(self, url: str, run: RunOn, on: Callable[[], set[str]]) -> None:
        self.run, self.on = run, on
        self.events: list[Event] = []
        self.engine = Anywhere(InProcess(), url)
        self.engine.listener = self.events.append
        self.engine.open(LIVE)

    def come(self) -> None:
        """Ask for the run. Whoever waits for its server in there is not waited for."""
        asks = threading.Thread(target=self.engine.attach, args=(self.run,), daemon=True)
        asks.start()
        asks.join(0.05)

    def reason(self, run: str) -> str:
        return next((e.reason for e in self.events if isinstance(e, RunFinished) and e.run == run), "")

    def said_as_left(self) -> bool:
        """Return whether the log says, once, that it goes on, and how to come back to it."""
        said = [event.text for event in self.events if isinstance(event, LogLine) and self.run.run in event.text]
        assert len(said) < 2
        return bool(said) and "goes on" in said[0] and f"flodesk stop {self.run.run}" in said[0] and "Attach" in said[0]

    def begun(self, run: str) -> bool:
        return any(isinstance(e, RunStarted) and e.run == run for e in self.events)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[rq.RqEngine]:
    """Give the list of all engines of the queue that are made."""
    engines: list[rq.RqEngine] = []
    real = rq.RqEngine.__init__

    def note(self: rq.RqEngine, *args: Any, **more: Any) -> None:
        time.sleep(0.3)  # as a server takes a while
        real(self, *args, **more)
        engines.append(self)

    monkeypatch.setattr(rq.RqEngine, "__init__", note)
    return engines


@pytest.fixture
def back(server: Any, connection: Redis, start_worker: Any, editors: Any, wait_for: Any) -> Iterator[Back]:
    start_worker(server.url)
    start_worker(server.url)
    editor = editors(server.url)
    name = editor.start(LIVE)
    wait_for(lambda: any(isinstance(e, RunStarted) for e in editor.events), "its begin")
    editor.engine.leave()
    wait_for(lambda: editor.end, "that it is left")

    def on() -> set[str]:
        return {run.run for run in runs_on(connection, find_or_make_key().secret) if not run.over}

    (run,) = (run for run in runs_on(connection, find_or_make_key().secret) if run.run == name)
    window = Back(server.url, run, on)
    yield window
    window.engine.close()


def test_there_is_one_engine_and_stop_ends_the_newest(back: Back, made: list[Any], wait_for: Any) -> None:
    back.come()
    newest = back.engine.start(place="rq")
    wait_for(lambda: back.begun(newest), "its begin")
    assert len(made) == 1
    assert back.reason(back.run.run) == "left"
    assert back.said_as_left()
    back.engine.stop()
    wait_for(lambda: back.reason(newest) == "stopped", "its end")
    assert back.on() == {back.run.run}


@pytest.fixture
def hangs(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Let coming to a run hang in its server; give what tells that it does, and what lets it go on."""
    there, on = threading.Event(), threading.Event()
    real = rq.RqEngine.attach

    def wait(self: rq.RqEngine, run: RunOn) -> Any:
        there.set()
        assert on.wait(30)
        return real(self, run)

    monkeypatch.setattr(rq.RqEngine, "attach", wait)
    yield there, on
    on.set()


@pytest.mark.parametrize("place", ["rq", "local"])
def test_a_run_whose_server_is_being_asked_is_left_for_another(
    back: Back, hangs: tuple[threading.Event, threading.Event], place: str, wait_for: Any
) -> None:
    there, on = hangs
    back.come()
    assert there.wait(30)
    newest = back.engine.start(place=place)
    assert not back.engine.can_leave, "what is to begin is no run that is on"
    if place == "rq":  # the other begins at home at once, and what is shown is its
        assert not back.engine.states(), "nothing of it is shown"
    on.set()
    wait_for(lambda: back.begun(newest), "its begin")
    wait_for(lambda: back.reason(back.run.run) == "left", "that it is left")
    wait_for(back.said_as_left, "that it is said")
    back.engine.stop()
    wait_for(lambda: back.reason(newest) == "stopped", "its end")
    assert back.on() == {back.run.run}


def test_stop_is_about_the_other_that_was_asked_for(
    back: Back, hangs: tuple[threading.Event, threading.Event], wait_for: Any
) -> None:
    there, on = hangs
    back.come()
    assert there.wait(30)
    newest = back.engine.start(place="rq")
    back.engine.stop()
    assert back.reason(newest) == "stopped"
    on.set()
    wait_for(lambda: back.reason(back.run.run) == "left", "that it is left")
    assert back.on() == {back.run.run}


def test_a_run_that_waits_to_be_come_back_to_is_left_for_one_at_home(
    back: Back, made: list[Any], wait_for: Any
) -> None:
    back.come()
    newest = back.engine.start()
    assert back.reason(back.run.run) == "left"
    assert back.said_as_left()
    wait_for(lambda: back.begun(newest), "its begin")
    wait_for(lambda: made, "the engine of the queue")
    time.sleep(0.3)
    assert not back.begun(back.run.run), "it does not come after all"
    back.engine.stop()
    wait_for(lambda: back.reason(newest) == "stopped", "its end")
    assert back.on() == {back.run.run}


def test_one_that_cannot_be_come_back_to_does_not_keep_another_from_its_begin(
    back: Back, monkeypatch: pytest.MonkeyPatch, wait_for: Any
) -> None:
    there, on = threading.Event(), threading.Event()

    def refuse(self: rq.RqEngine, run: RunOn) -> Any:
        there.set()
        assert on.wait(30)
        raise PlaceError("Nobody tells anything of it")

    monkeypatch.setattr(rq.RqEngine, "attach", refuse)
    back.come()
    assert there.wait(30)
    newest = back.engine.start(place="rq")
    on.set()
    wait_for(lambda: back.begun(newest), "its begin")
    assert back.reason(back.run.run) == "failed"


def test_a_stop_at_once_ends_the_run_that_is_come_back_to(back: Back, wait_for: Any) -> None:
    back.come()
    back.engine.stop()
    wait_for(lambda: back.reason(back.run.run) == "stopped", "its end")
    assert not back.on()


def test_who_leaves_at_once_leaves_it(back: Back, wait_for: Any) -> None:
    back.come()
    assert back.engine.can_leave
    back.engine.leave()
    wait_for(lambda: back.reason(back.run.run) == "left", "that it is left")
    assert back.run.run in back.on()


def test_why_a_run_cannot_be_followed_is_told_as_its_end(wait_for: Any) -> None:
    events: list[Event] = []
    engine = Anywhere(InProcess(), redis="redis://127.0.0.1:1/0")
    engine.listener = events.append
    engine.attach(RunOn("gone", "gone"))
    wait_for(lambda: events, "its end")
    (end,) = events
    assert isinstance(end, RunFinished)
    assert (end.run, end.reason) == ("gone", "failed")
    assert end.message.startswith("The run on the queue cannot be followed: No Redis server answers")
    assert not engine.can_leave
    engine.close()
