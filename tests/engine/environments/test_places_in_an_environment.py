"""What runs a flow's nodes elsewhere on this machine does so in the environment of the flow's project."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flodesk.engine.child import Host
from flodesk.engine.client import Engine
from flodesk.engine.environments import work as work_module
from flodesk.engine.environments.environment import Environment
from flodesk.engine.events import Event, LogLine, NodeFailed, RunFinished
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.server.local_queue import LOCAL

pytestmark = pytest.mark.skipif(not work_module.find_uv(), reason="there is no uv")

FLOW = """# /// script
# dependencies = ["flodesk", "flo_tiny"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.nodes]
# "flow.version" = {{ place = "{place}" }}
# ///
import flodesk
import flo_tiny


def flow():
    version = flo_tiny.version()


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def engines() -> Iterator[Callable[[str], Anywhere]]:
    made: list[Anywhere] = []

    def make(python: str) -> Anywhere:
        made.append(Anywhere(Host(warm=(), python=python)))
        made[-1].use(python)
        return made[-1]

    yield make
    for engine in made:
        engine.close()
    LOCAL.stop()


def shown(engine: Engine, text: str, place: str = "local", seconds: float = 90.0) -> Any:
    """Run a flow, and return what was seen of its one node."""
    over, events = threading.Event(), []

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, RunFinished):
            over.set()

    engine.listener = listen
    engine.open(text)
    engine.watch({"flow.version"}, set())
    engine.start(place=place)
    assert over.wait(seconds), events
    told = [event for event in events if isinstance(event, LogLine | NodeFailed | RunFinished)]
    assert [event.reason for event in events if isinstance(event, RunFinished)] == ["succeeded"], told
    return engine.values()["flow.version"].value


@pytest.mark.parametrize("place", ["process", "dask", "rq"])
def test_a_node_elsewhere_runs_in_the_environment_and_goes_with_it_to_another(
    two: tuple[Environment, Environment], engines: Callable[[str], Anywhere], place: str
) -> None:
    engine = engines(two[0].python)
    text = FLOW.format(place=place)
    assert shown(engine, text) == "1.0"
    engine.use(two[1].python)
    assert shown(engine, text) == "2.0"


def test_runs_on_the_local_queue_have_workers_in_their_environments_side_by_side(
    two: tuple[Environment, Environment], engines: Callable[[str], Anywhere]
) -> None:
    first, second, text = engines(two[0].python), engines(two[1].python), FLOW.format(place="local")
    assert shown(first, text, "rq") == "1.0"
    assert shown(second, text, "rq") == "2.0"
    assert LOCAL.workers == 2
    assert shown(first, text, "rq") == "1.0"
    first.use(two[1].python)
    assert shown(first, FLOW.format(place="rq"), "rq") == "2.0"  # the worker, and those that it asks
    assert LOCAL.crew(two[1].python) is not None
    assert any(crew.general for crew in LOCAL._crews.values())  # others who name no queue are still listened to
