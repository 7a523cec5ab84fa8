"""What nodes take, worked out from states that are known."""

from __future__ import annotations

import pytest

from flodesk.engine.client import NodeState
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import Graph, picture
from flodesk.flow.script import read
from flodesk.ui.canvas.heat_paint import heat_color, on_color
from flodesk.ui.heat import Times, memory, percent
from flodesk.ui.theme import DARK, LIGHT, current

TEXT = """
import flodesk
from flodesk.nodes import maths, source, timing


def flow():
    for tick in timing.every(0.1):
        wave = source.sine(tick, frequency=5.0)
        total = maths.add(wave, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture(scope="module")
def graph() -> Graph:
    return picture(read(TEXT), Catalog.builtin(), "flow")


def states(n: int, wave: float, total: float) -> dict[str, NodeState]:
    return {
        "flow.tick": NodeState("running", n, 0.1),
        "flow.wave": NodeState("done", n, wave),
        "flow.total": NodeState("done", n, total),
    }


def test_shares_are_of_the_nodes_that_work_and_not_of_the_producer_that_waits(graph: Graph) -> None:
    times = Times()
    times.take(states(1, 0.003, 0.001))
    heats = times.of_nodes(graph.nodes.values())
    assert heats.keys() == {"wave", "total"}
    assert heats["wave"].share == pytest.approx(0.75)
    assert heats["wave"].brief == "3 ms · 75 %"
    assert heats["wave"].words.startswith("took 3 ms")


def test_means_are_of_the_calls_that_were_seen_and_totals_of_all(graph: Graph) -> None:
    times = Times()
    for n, seconds in ((1, 0.001), (1, 0.001), (11, 0.003), (100, 0.002)):  # the second look has nothing new
        times.take(states(n, seconds, 0.001))
    heat = times.of_nodes(graph.nodes.values())["wave"]
    assert "2 ms a call (mean of 3 calls that were looked at)" in heat.words
    assert "about 0.2 s" in heat.words or "about 200 ms" in heat.words
    assert "100 calls" in heat.words
    assert heat.share == pytest.approx(2 / 3)


def test_a_new_run_begins_anew(graph: Graph) -> None:
    times = Times()
    times.take(states(50, 0.5, 0.5))
    times.take(states(1, 0.001, 0.004))
    heats = times.of_nodes(graph.nodes.values())
    assert heats["total"].share == pytest.approx(0.8)
    times.forget()
    assert not times.of_nodes(graph.nodes.values())


def test_memory_is_that_of_the_outputs_that_are_known(graph: Graph) -> None:
    heats = memory({"flow.wave": 8000, "flow.total": 24_000}, graph)
    assert heats.keys() == {"wave", "total"}
    assert heats["total"].brief == "24 kB"
    assert heats["wave"].share == 0.25
    assert "25 %" in heats["wave"].words
    assert not memory({}, graph)


def test_shares_in_words() -> None:
    assert [percent(share) for share in (0.0, 0.001, 0.015, 0.5, 1.0)] == ["0 %", "< 1 %", "2 %", "50 %", "100 %"]


def _light(color: object) -> float:
    parts = [getattr(color, name)() for name in ("redF", "greenF", "blueF")]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=["dark", "light"])
def test_what_stands_on_a_chip_can_be_read(look: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flodesk.ui.canvas.heat_paint.theme", lambda: look)
    for share in range(101):
        ground = heat_color(share / 100)
        light, dark = sorted((_light(ground), _light(on_color(ground))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, share
    assert current is not None
