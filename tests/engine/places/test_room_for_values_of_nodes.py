"""Large values of nodes on a queue have their time on the server: what no call needs is taken away past a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from flodesk.engine.events import Event, LogLine
from flodesk.engine.places.known import Places
from flodesk.engine.places.part import far_values
from flodesk.engine.places.part.far_values import FarValues, MissingError, There
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.run import Run
from flodesk.engine.table import Table

VALUES = "flodesk:parts-*:value:*"
SIZE = 100_000
"""Bytes of an array: large enough to go by its hash."""
FLOW = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# out = "rq"
# more = "rq"
#{jobs}
# ///
import flodesk
import numpy


class Count:
    def __init__(self, start=0):
        self.calls = start

    def __call__(self, x):
        self.calls += 1
        return x + self.calls


def work(x):
    return x + 1.0


def array(n):
    return numpy.full(12_500, float(n))


SEEN = []


def see(x):
    SEEN.append(float(x[0]))


def flow():
    {body}


if __name__ == "__main__":
    flodesk.main(flow)
"""
LOOP = "for i in range(40):\n        x = array(i)\n        out = work(x)\n        seen = see(out)"
JOBS = "x = array(1)\n    out = work(x)\n    more = work(out)\n    seen = see(more)"
STATE = "out = Count()\n    for i in range(3):\n        x = array(10 * i)\n        y = out(x)\n        seen = see(y)"


@pytest.fixture
def places(server: LocalServer, worker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    monkeypatch.setenv("FLODESK_REDIS_URL", server.url)
    made = Places()
    yield made
    made.close()


def played(places: Places, body: str, emit: Callable[[Event], None] = lambda event: None, jobs: str = "") -> list[Any]:
    """Run a flow to its end, and return what its last node was given."""
    text = FLOW.replace("{body}", body).replace("{jobs}", jobs)
    run = Run("run", text, "", emit=emit, table=Table(memoryview(bytearray(1 << 16))), places=places)
    run.start()
    assert run.join(60)
    assert run.report.reason == "succeeded", run.report.message
    assert run.loaded is not None
    found: list[Any] = run.loaded.namespace["SEEN"]
    return found


def test_a_loop_leaves_no_more_on_the_server_than_there_is_room_for(
    places: Places, connection: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(far_values, "MOST_THERE", 4 * SIZE)
    most = []
    put = FarValues.put

    def watched(self: FarValues, parts: Any) -> None:
        put(self, parts)
        most.append(len(connection.keys(VALUES)))

    monkeypatch.setattr(FarValues, "put", watched)
    assert played(places, LOOP) == [i + 1.0 for i in range(40)]
    assert 4 <= max(most) <= 8
    places.close()
    assert not connection.keys(VALUES)


def test_nothing_of_nodes_that_are_jobs_stays(places: Places, connection: Redis) -> None:
    there = len(connection.keys(VALUES))
    assert played(places, JOBS, jobs=' [tool.flodesk.rq]\n# jobs = "node"') == [3.0]
    assert len(connection.keys(VALUES)) - there == 3, "the array, and what each of the two has made of it"
    places.close()
    assert not connection.keys(VALUES)


def test_a_result_that_is_lost_on_its_way_is_brought_again_and_not_made_again(
    places: Places, connection: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[str] = []
    get = FarValues.get

    def losing(self: FarValues, name: str, size: int) -> bytes:
        if name not in lost:
            lost.append(name)
            assert connection.unlink(*self._keys([(name, size)]))
            raise MissingError("lost")
        return get(self, name, size)

    monkeypatch.setattr(FarValues, "get", losing)
    events: list[Event] = []
    assert played(places, STATE, events.append) == [1.0, 12.0, 23.0]
    assert len(lost) == 3
    assert not [event for event in events if isinstance(event, LogLine) and event.level != "info"]


def test_what_calls_need_stays_and_the_oldest_of_the_rest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(far_values, "MOST_THERE", 10)
    there = There()
    there.need("a", {"1": 9, "2": 9})
    there.need("b", {"2": 9, "3": 4})
    assert there.over() == {}
    there.done("a", {"4": 1})
    assert there.over() == {}
    there.done("b", {"5": 1})
    assert there.over() == {"1": 9, "2": 9}
    there.need("c", {"3": 4})
    there.done("c", {"6": 9})
    assert list(there.over()) == ["4", "5", "3"]
    assert there.over() == {}, "what is left has room"
    assert there.over(0) == {"6": 9}
    there.need("d", {"7": 1})
    assert there.over(0) == {}, "a call needs it"
    assert there.everything() == {"7": 1}
    assert there.everything() == there.over() == {}
