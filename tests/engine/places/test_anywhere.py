"""One engine for the window: the same run at home and on a queue, with a server and a worker that it starts itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.events import Event, LogLine, RunFinished
from flodesk.engine.places.anywhere import Anywhere

FLOW = """import flodesk
from flodesk.nodes import maths


def flow():
    a = maths.add(2.0, 3.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def engine(events: list[Event], monkeypatch: pytest.MonkeyPatch) -> Iterator[Anywhere]:
    monkeypatch.delenv("FLODESK_REDIS_URL", raising=False)
    made = Anywhere(InProcess())
    made.listener = events.append
    yield made
    made.close()


def wait_for(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def ends(events: list[Event]) -> list[RunFinished]:
    return [e for e in events if isinstance(e, RunFinished)]


def test_the_place_does_not_change_what_comes_out(engine: Anywhere, events: list[Event]) -> None:
    engine.open(FLOW)
    engine.watch({"flow.a"}, set())
    engine.start(place="rq")
    wait_for(lambda: ends(events))
    assert ends(events)[0].reason == "succeeded"
    assert engine.values()["flow.a"].value == 5.0
    said = next(e for e in events if isinstance(e, LogLine) and "one of our own" in e.text)
    assert 0 <= time.time() - said.time < 60
    events.clear()
    engine.start(place="local")
    wait_for(lambda: ends(events))
    wait_for(lambda: "flow.a" in engine.values())
    assert engine.values()["flow.a"].value == 5.0


def test_a_server_that_does_not_answer_ends_the_start_with_a_message(events: list[Event]) -> None:
    lost = Anywhere(InProcess(), redis="redis://127.0.0.1:1/0")
    lost.listener = events.append
    lost.open(FLOW)
    lost.start(place="rq")
    wait_for(lambda: ends(events))
    assert ends(events)[0].reason == "failed"
    assert "No Redis server answers" in ends(events)[0].message
    events.clear()
    lost.start(place="local")
    wait_for(lambda: ends(events))
    assert ends(events)[0].reason == "succeeded"
    lost.close()


def test_a_stop_while_the_place_is_set_up_is_heeded(engine: Anywhere, events: list[Event]) -> None:
    engine.open(FLOW)
    engine.start(place="rq")
    engine.stop()
    wait_for(lambda: ends(events))
    assert ends(events)[0].reason == "stopped"
    time.sleep(1.5)
    assert len(ends(events)) == 1
