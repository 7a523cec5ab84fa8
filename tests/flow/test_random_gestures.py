"""Whatever a hand does, in whatever order, the script stays one that a reader understands and the checker takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit import Edit
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
TYPES = [
    "control.slider", "control.switch", "source.sine", "maths.add", "maths.subtract", "maths.scale", "maths.greater",
    "dsp.Lowpass", "dsp.rms", "statistics.RunningMean", "collect.Table", "collect.List", "timing.every", "timing.count",
    "show.line", "show.number",
]  # fmt: skip
LEFT_OPEN = {"open-input", "merge-open", "some-arms", "not-yet", "view", "type", "range", "choice"}
"""What a hand may leave behind: inputs to be connected, values to be chosen."""

LIVE = """\
import flodesk
from flodesk.nodes import collect, control, dsp, maths, show, source, timing


def flow():
    cutoff = control.slider(20.0, maximum=200.0)
    lowpass = dsp.Lowpass(order=4)
    rows = collect.Table()
    for tick in timing.every(0.05):
        signal = source.sine(tick, frequency=5.0)
        noisy = maths.add(signal)  # more to come
        clean = lowpass(noisy, cutoff=cutoff)
        # what is shown
        chart = show.line(noisy,
                          clean, title="Both")
        left = dsp.rms(clean)
        rows.add(left)
    found = rows.result()
    sheet = show.table(found)


if __name__ == "__main__":
    flodesk.main(flow)
"""
BRANCHES = """\
import flodesk
from flodesk.nodes import maths, show, timing


def flow():
    k = 5.0
    total = 0.0
    for tick in timing.every(1):
        longer = maths.add(total, tick)
        high = maths.greater(longer, k)
        if high:
            one = maths.scale(longer)
            level = one
        else:
            two = maths.scale(longer, factor=2.0)
            level = two
        for number in timing.count(3):
            inner = maths.add(level, number)
        seen = show.number(level)
        total = longer


if __name__ == "__main__":
    flodesk.main(flow)
"""


def draw_gesture(data: st.DataObject, flow: Flow) -> Callable[[], Edit]:
    """Draw something that a hand can do with what is on the canvas."""
    draw = data.draw
    function = draw(st.sampled_from(list(flow.mains)), "function")
    graph = picture(flow, CATALOG, function)
    nodes = list(graph.nodes)
    outputs = [(n.id, p.name) for n in graph.nodes.values() for p in n.outputs]
    inputs = [(n.id, p.name) for n in graph.nodes.values() for p in n.inputs]
    inputs += [(n.id, f.name) for n in graph.nodes.values() for f in n.fields]
    some = st.lists(st.sampled_from(nodes), min_size=1, max_size=3, unique=True) if nodes else st.nothing()

    def add() -> Edit:
        source = draw(st.none() | st.sampled_from(outputs)) if outputs else None
        path = f"flodesk.nodes.{draw(st.sampled_from(TYPES))}"
        return wiring.add_node(flow, CATALOG, function, path, (0.0, 0.0), source)[0]

    def connect() -> Edit:
        return wiring.connect(flow, graph, draw(st.sampled_from(outputs)), draw(st.sampled_from(inputs)))

    def disconnect() -> Edit:
        return wiring.disconnect(flow, graph, draw(st.sampled_from(graph.wires)))

    def duplicate() -> Edit:
        text = wiring.copy(flow, graph, draw(some))
        return wiring.paste(flow, CATALOG, function, text, (5.0, 5.0))[0]

    kinds: list[Callable[[], Edit]] = [add]
    if nodes:
        kinds += [
            lambda: wiring.remove(flow, graph, draw(some)),
            lambda: wiring.rename(flow, graph, draw(st.sampled_from(nodes)), draw(st.sampled_from(["aa", "bb", "cc"]))),
            duplicate,
        ]
    if outputs and inputs:
        kinds += [connect, connect, connect]
    if graph.wires:
        kinds.append(disconnect)
    return draw(st.sampled_from(kinds), "gesture")


def bad_problems(flow: Flow) -> list[str]:
    return [f"{p.kind}: {p.message}" for p in check(flow, CATALOG) if p.kind not in LEFT_OPEN]


def wires_of(graph: Graph) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    return {(w.source, w.target) for w in graph.wires}


def play(data: st.DataObject, text: str, steps: int) -> None:
    flow = read(text)
    past: list[tuple[Flow, Edit]] = []
    for _ in range(data.draw(st.integers(1, steps), "steps")):
        try:
            edit = draw_gesture(data, flow)()
        except Refused:
            continue
        new, back = edit.apply(flow)
        text = write(new)
        assert read(text) == new, f"{edit.title}\n{write(flow)}\n→\n{text}"
        assert not bad_problems(new), f"{edit.title}: {bad_problems(new)}\n{write(flow)}\n→\n{text}"
        past.append((flow, back))
        flow = new
    for before, back in reversed(past):
        flow, _ = back.apply(flow)
        assert flow == before
        assert write(flow) == write(before)


@pytest.mark.parametrize("text", [LIVE, BRANCHES], ids=["live", "branches"])
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_gestures_leave_a_script_that_is_understood(text: str, data: st.DataObject) -> None:
    play(data, text, 6)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("text", [LIVE, BRANCHES], ids=["live", "branches"])
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_many_gestures_leave_a_script_that_is_understood(text: str, data: st.DataObject) -> None:
    play(data, text, 12)
