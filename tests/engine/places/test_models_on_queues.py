"""Models of scikit-learn go to the workers of a Redis queue and back: signed, and of known types only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from flodesk.engine.events import Event, NodeFailed
from flodesk.engine.places.known import Places
from flodesk.engine.places.part.exchange import Exchange
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.run import Run
from flodesk.engine.table import Table

pytest.importorskip("sklearn")
pytest.importorskip("skops")

FLOW = """
# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# PLACES
# ///
import flodesk
import numpy
import pandas
from flodesk.nodes import learn
from sklearn.preprocessing import FunctionTransformer


def cases():
    x = numpy.linspace(0.0, 1.0, 200)
    return pandas.DataFrame({"x": x, "target": 2.0 * x + 1.0})


def mine(values):
    return values


def foreign(table):
    return FunctionTransformer(mine).fit(table[["x"]])


def kind(model):
    return type(model).__name__


def flow():
    table = cases()
    model = learn.MAKER(table)
    found = learn.predict(model, table)
    made = foreign(table)
    name = kind(made)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def places(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    monkeypatch.setenv("FLODESK_REDIS_URL", server.url)
    made = Places()
    yield made
    made.close()


@pytest.fixture(scope="module")
def worker(server: LocalServer, start_lasting_worker: Callable[..., Any]) -> Any:
    return start_lasting_worker(server.url, "--allow", "sklearn", heard=True)


def played(places: Places, maker: str, *away: str) -> tuple[Run, list[Event]]:
    text = FLOW.replace("MAKER", maker).replace("# PLACES", "\n".join(f'# {name} = "rq"' for name in away) or "#")
    events: list[Event] = []
    run = Run(
        "run", text, "", emit=events.append, table=Table(memoryview(bytearray(1 << 16))), places=places, keep=True
    )
    run.start()
    assert run.join(120)
    return run, events


def value(run: Run, name: str) -> Any:
    plan = run.runners["flow"].plan
    return plan.slots[plan.names[name]]


@pytest.mark.parametrize("away", ["model", "found"])
def test_a_model_is_fitted_there_and_used_here_and_the_other_way_round(places: Places, worker: Any, away: str) -> None:
    home, _ = played(places, "tree_regressor")
    run, _ = played(places, "tree_regressor", away)
    assert run.report.reason == "succeeded", run.report.message
    assert type(value(run, "model")) is type(value(home, "model"))
    assert value(run, "found").equals(value(home, "found"))


def test_a_model_of_unknown_types_is_refused_at_its_node(places: Places, worker: Any) -> None:
    run, events = played(places, "tree_regressor", "made")
    assert run.report.reason == "failed"
    (failed,) = [event.failure for event in events if isinstance(event, NodeFailed)]
    assert failed.node == "flow.made"
    assert "mine" in failed.message
    assert "cannot be sent to another process" in failed.message


def test_a_model_that_was_exchanged_on_the_server_is_not_loaded(
    places: Places, worker: Any, connection: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hash stands in what is signed."""
    first, _ = played(places, "forest_regressor", "model")
    assert first.report.reason == "succeeded", first.report.message
    keys = connection.keys("flodesk:parts-*:value:*")
    assert keys, "it is large enough to go by its hash"
    for key in keys:
        data = connection.get(key)
        name, _, at = key.decode().rpartition(":")
        assert at == "0", "in one piece"
        assert hashlib.sha256(data).hexdigest() == name.rpartition(":")[2]
        connection.set(key, b"another" + data)
    (exchange,) = [each for each in Exchange._all.values() if not each.over]
    for hosting in list(exchange._idle):  # who has it does not ask for it
        hosting.kill()
        hosting.end("")
    run, _ = played(places, "forest_regressor", "found")
    assert run.report.reason == "failed" or value(run, "found").equals(value(first, "found"))
