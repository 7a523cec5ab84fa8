"""A server that hangs: whoever turns a knob, watches, swaps, stops or closes does not wait for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.events import Event, LogLine, RunFinished, RunStarted
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server import stream
from flodesk.engine.places.server.stream import PlaceError
from flodesk.engine.places.session import fate, rq

LIVE = """
import flodesk
from flodesk.nodes import control, maths, timing


def flow():
    gain = control.number(1.0)
    for tick in timing.every(0.02):
        big = maths.scale(tick, factor=gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def hung(mortal: Any, start_worker: Any, editors: Any, monkeypatch: pytest.MonkeyPatch, wait_for: Any) -> Iterator[Any]:
    """Give an editor whose flow runs on a server that has been stopped, and that waits for it for ever."""
    monkeypatch.setattr(stream, "REPLY_SECONDS", None)
    start_worker(mortal.url)
    editor = editors(mortal.url)
    editor.engine.watch({"flow.gain", "flow.big"}, set())
    editor.start(LIVE)
    wait_for(lambda: editor.value("flow.gain") == 1.0, "a value")
    mortal.process.send_signal(signal.SIGSTOP)
    yield editor
    os.kill(mortal.process.pid, signal.SIGCONT)


@pytest.mark.timeout(60)
def test_what_is_said_while_a_server_hangs_is_done_when_it_goes_on(hung, mortal, wait_for) -> None:
    for number in range(1000):
        hung.engine.set_parameter("flow.gain", "value", str(float(number)))
    hung.engine.watch({"flow.gain"}, set())
    mortal.process.send_signal(signal.SIGCONT)
    wait_for(lambda: hung.value("flow.gain") == 999.0, "the newest value")
    hung.engine.stop()
    assert hung.over().reason == "stopped"


BESIDE = LIVE.replace("\n\ndef flow", "import beside\n\n\ndef flow", 1).replace(
    "factor=gain)", "factor=gain)\n        more = maths.add(beside.one(), 1.0)"
)


@pytest.mark.timeout(60)
def test_a_changed_flow_with_modules_beside_it_gets_there_when_a_server_that_hung_goes_on(
    mortal, start_worker, editors, tmp_path, wait_for
) -> None:
    (tmp_path / "beside.py").write_text("def one():\n    return 1.0\n", encoding="utf-8")
    start_worker(mortal.url)
    editor = editors(mortal.url)
    engine = editor.engine
    engine.watch({"flow.more"}, set())
    editor.start(BESIDE, str(tmp_path / "flow.py"))
    wait_for(lambda: editor.value("flow.more") == 2.0, "a value")
    connection = engine._line.connection
    connection.connection_pool.connection_kwargs["socket_timeout"] = 0.3
    connection.connection_pool.disconnect()
    again, tried = engine._sending._again, []
    engine._sending._again = lambda: (tried.append(1), again())  # it was asked for in vain, and the line asks again
    mortal.process.send_signal(signal.SIGSTOP)
    engine.swap(BESIDE.replace("one(), 1.0", "one(), 41.0"))
    wait_for(lambda: tried, "the sender to wait for the server")
    mortal.process.send_signal(signal.SIGCONT)
    wait_for(lambda: editor.value("flow.more") == 42.0, "the changed flow")


@pytest.mark.timeout(60)
def test_what_cannot_be_sent_is_said_and_the_next_is_sent(mortal, start_worker, editors, wait_for, tmp_path) -> None:
    start_worker(mortal.url)
    editor = editors(mortal.url)
    editor.engine.watch({"flow.gain", "flow.big"}, set())
    editor.start(LIVE, str(tmp_path / "flow.py"))
    wait_for(lambda: editor.value("flow.gain") == 1.0, "a value")
    editor.engine.swap(LIVE.replace("import flodesk", f"import {'x' * 300}\nimport flodesk", 1))
    wait_for(lambda: editor.lines("x" * 300), "the worker's word on the module")
    assert not editor.lines("could not be sent")
    editor.engine._put(lambda: {"c": object()})
    wait_for(lambda: editor.lines("could not be sent"), "what is wrong")
    editor.engine.set_parameter("flow.gain", "value", "7.0")
    wait_for(lambda: editor.value("flow.gain") == 7.0, "the next")


@pytest.mark.timeout(60)
def test_a_run_that_could_not_be_left_is_stopped_when_the_server_goes_on(
    hung, mortal, wait_for, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rq, "CLOSE_SECONDS", 0.3)
    with pytest.raises(PlaceError, match="does not answer"):
        hung.engine.leave()
    assert hung.engine.running
    monkeypatch.setattr(fate, "STOP_SECONDS", 60.0)  # it is to stop because it was asked to
    hung.engine.stop()
    mortal.process.send_signal(signal.SIGCONT)
    assert hung.over().reason == "stopped"


@pytest.mark.timeout(60)
def test_it_is_closed_while_its_server_hangs(hung) -> None:
    hung.engine.stop()
    hung.engine.close()


# ------------------------------------------------------------------ what the window does
class Window:
    """What a window has: one engine for all places, whose server can hang. What would wait for that waits for ever."""

    def __init__(self, mortal: Any, wait_for: Callable[..., None]) -> None:
        self.events: list[Event] = []
        self.engine = Anywhere(InProcess(), mortal.url)
        self.engine.listener = self.events.append
        self._wait_for, self._process = wait_for, mortal.process

    def begin(self) -> None:
        """Run the flow until it has given something."""
        self.engine.open(LIVE)
        self.engine.watch({"flow.gain", "flow.big"}, set())
        self.engine.start(place="rq")
        self.gives(1.0)

    def gives(self, gain: float) -> None:
        def newest() -> Any:
            sample = self.engine.values().get("flow.gain")
            return None if sample is None else sample.value

        self._wait_for(lambda: newest() == gain, f"{gain}")

    def over(self) -> RunFinished:
        self._wait_for(lambda: self._ends, "the end of the run")
        return self._ends[0]

    @property
    def _ends(self) -> list[RunFinished]:
        return [event for event in self.events if isinstance(event, RunFinished)]

    def said(self, words: str) -> list[str]:
        return [event.text for event in self.events if isinstance(event, LogLine) and words in event.text]

    def hang(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)


@pytest.fixture
def window(mortal: Any, start_worker: Any, monkeypatch: pytest.MonkeyPatch, wait_for: Any) -> Iterator[Window]:
    monkeypatch.setattr(stream, "REPLY_SECONDS", None)
    start_worker(mortal.url)
    made = Window(mortal, wait_for)
    yield made
    made.go_on()
    made.engine.close()


@pytest.mark.timeout(120)
def test_a_run_is_asked_for_while_its_server_hangs_and_begins_with_what_was_turned_since(window) -> None:
    window.begin()
    window.engine.stop()
    assert window.over().reason == "stopped"
    window.hang()
    window.events.clear()
    run = window.engine.start(place="rq")
    window.engine.set_parameter("flow.gain", "value", "3.0")
    window.engine.set_parameter("flow.gain", "value", "4.0")
    window.go_on()
    window.gives(4.0)
    assert [event.run for event in window.events if isinstance(event, RunStarted)] == [run]
    window.engine.stop()
    assert window.over().reason == "stopped"


@pytest.mark.timeout(120)
def test_a_run_that_was_asked_for_and_stopped_while_its_server_hangs_ends_once(window, wait_for) -> None:
    window.begin()
    window.engine.stop()
    assert window.over().reason == "stopped"
    window.hang()
    window.events.clear()
    window.engine.start(place="rq")
    window.engine.stop()
    window.go_on()
    assert window.over().reason == "stopped"
    window.events.clear()
    window.engine.start(place="rq")
    window.gives(1.0)
    assert not window._ends
    window.engine.stop()
    assert window.over().reason == "stopped"


@pytest.mark.timeout(120)
def test_a_run_is_left_while_its_server_hangs(window) -> None:
    window.begin()
    window.hang()
    window.engine.leave()
    assert not window._ends
    window.go_on()
    assert window.over().reason == "left"
    assert not window.said("does not answer")


@pytest.mark.timeout(120)
def test_a_run_on_a_server_that_stays_away_is_left_with_a_warning(window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "REPLY_SECONDS", 1.0)
    window.begin()
    window.hang()
    window.engine.leave()
    assert window.over().reason == "left"
    assert "open its file again to come back to it" in window.said("does not answer")[-1]


@pytest.mark.timeout(120)
def test_a_window_closes_while_its_server_hangs(window) -> None:
    window.begin()
    window.hang()
    window.engine.close()
