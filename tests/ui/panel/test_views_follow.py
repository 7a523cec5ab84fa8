"""A view follows what it shows through every edit of the flow, says so when it is gone, and is never silently dead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit import Edit, EditError, Rename, RenameFunction
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow, View
from flodesk.flow.script import read, write
from flodesk.ui.panel.setting import Gone, Reading, Setting, Shown, shown

CATALOG = Catalog.builtin()
TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# gain = [0, 0, 5, 2]
# wave = { at = [0, 2, 8, 6], options = { as = "show.line" } }
# rate = { at = [0, 8, 3, 2], shows = "wave.rate" }
# amplitude = { at = [0, 8, 3, 2], shows = "wave.amplitude" }
# low = { at = [3, 8, 3, 2], shows = "parts.low" }
# over = { at = [6, 8, 3, 2], shows = "parts.limit" }
# twice = [9, 8, 3, 2]
# inner = { at = [0, 10, 3, 2], shows = "level.factor" }
# smooth = { at = [3, 10, 3, 2], shows = "average" }
# window = { at = [6, 10, 3, 2], shows = "average.window" }
# tick = [9, 10, 3, 2]
# best = [0, 12, 3, 2]
# thrice = [6, 12, 3, 2]
# mine = { at = [9, 12, 3, 2], shows = "code_1.twice" }
# seen = [3, 12, 3, 2]
#
# [tool.flodesk.panel.louder]
# given = { at = [0, 14, 3, 2], shows = "def.factor" }
# made = [3, 14, 3, 2]
# ///
from typing import NamedTuple

import flodesk
from flodesk.nodes import control, maths, show, source, statistics, timing


class Parts(NamedTuple):
    low: float
    high: float


def split(value: float, limit: float = 0.5) -> Parts:
    return Parts(min(value, limit), max(value, limit))


def louder(value: float, factor: float = 2.0):
    made = maths.scale(value, factor=factor)
    return made


def flow():
    gain = control.slider(1.0)
    average = statistics.RunningMean(window=20)
    for tick in timing.every(0.1):
        wave = source.sine(tick, amplitude=gain, rate=500.0)
        smooth = average(tick)
        parts = split(smooth, limit=0.7)
        level = louder(parts.low, factor=3.0)
        twice, thrice = level * 2, level * 3
        high = maths.greater(level, 5.0)
        if high:
            best = maths.scale(twice)
        else:
            best = maths.scale(thrice)
        seen = show.number(best)


if __name__ == "__main__":
    flodesk.main(flow)
"""
NAMES = ["aa", "bb", "cc", "dd"]


def pictures(flow: Flow) -> dict[str, Graph]:
    return {name: picture(flow, CATALOG.with_flow(flow), name) for name in flow.functions}


def panel(flow: Flow) -> dict[tuple[str, str], tuple[View, Shown]]:
    """All views, and what they show."""
    graphs = pictures(flow)
    found = {}
    for function, views in flow.header.panel.items():
        for name, view in views.items():
            found[function, name] = view, shown(view, graphs.get(function, Graph(function, {}, ())))
    return found


def check_alive(flow: Flow, words: str) -> list[str]:
    """Check that each view shows a value that there is, sets a literal that there is, or says what is gone."""
    graphs = pictures(flow)
    values = {g.value(n.id, p) for g in graphs.values() for n in g.nodes.values() for p in n.outputs} - {""}
    gone = []
    for (function, name), (view, what) in panel(flow).items():
        at = f"{words}: {function}.{name} shows {view.shows}\n{write(flow)}"
        match what:
            case Reading():
                assert what.variable in values or what.written is not None, at
            case Setting():
                what.edit(flow, what.value)
            case Gone():
                assert view.shows.partition(".")[0] in what.message, at
                gone.append(f"{function}.{name}")
    return gone


def test_the_checker_misses_nothing_that_is_there() -> None:
    assert [problem.message for problem in check(read(TEXT), CATALOG) if problem.kind == "view"] == []


def draw_gesture(data: st.DataObject, flow: Flow) -> tuple[Callable[[], Edit], str]:
    """Draw something that a hand can do, and what it is."""
    draw = data.draw
    function = draw(st.sampled_from(list(flow.functions)), "function")
    graph = pictures(flow)[function]
    nodes = list(graph.nodes)
    name = draw(st.sampled_from(NAMES), "name")
    some = st.lists(st.sampled_from(nodes), min_size=1, max_size=3, unique=True) if nodes else st.nothing()
    one = st.sampled_from(nodes) if nodes else st.nothing()
    known = CATALOG.with_flow(flow)
    variables = [p.variable for n in graph.nodes.values() for p in n.outputs if p.variable.isidentifier()]
    outputs = [(n.id, p.name) for n in graph.nodes.values() for p in n.outputs]
    inputs = [(n.id, p.name) for n in graph.nodes.values() for p in n.inputs]
    parameters = [p.name for n in graph.nodes.values() if n.kind == "inputs" for p in n.outputs]
    kinds: dict[str, Callable[[], Edit]] = {"rename the function": lambda: RenameFunction(function, name)}
    if nodes:
        kinds |= {
            "rename": lambda: wiring.rename(flow, graph, draw(one), name),
            "subflow": lambda: wiring.make_subflow(flow, graph, draw(some))[0],
            "apart": lambda: wiring.inline_subflow(flow, function, draw(one))[0],
            "loop": lambda: wiring.put_into_loop(flow, graph, draw(some))[0],
            "if": lambda: wiring.put_into_if(flow, graph, known, draw(some))[0],
            "off": lambda: wiring.switch(flow, graph, draw(some), "off").edit,
            "remove": lambda: wiring.remove(flow, graph, draw(some)),
        }
    if nodes and name not in parameters:  # a hand is told that it is an input (`wiring.rename`); the edit asks nobody
        kinds["rename a variable"] = lambda: Rename(function, draw(st.sampled_from(variables)), name)
    if parameters:
        kinds["rename an input"] = lambda: wiring.rename_input(flow, function, draw(st.sampled_from(parameters)), name)
    if names := wiring.output_names(flow, function):
        kinds["rename an output"] = lambda: wiring.rename_output(flow, function, draw(st.sampled_from(names)), name)
    if outputs and inputs:
        kinds["wire"] = lambda: wiring.connect(
            flow, graph, draw(st.sampled_from(outputs)), draw(st.sampled_from(inputs))
        )
    if graph.wires:
        kinds["take a wire out"] = lambda: wiring.disconnect(flow, graph, draw(st.sampled_from(graph.wires)))
    kind = draw(st.sampled_from(list(kinds)), "gesture")
    return kinds[kind], kind


_ENDS = ("remove", "take a wire out", "off")
"""What may leave a view behind that shows nothing any more."""


def play(data: st.DataObject, steps: int) -> None:
    flow = read(TEXT)
    past: list[tuple[Flow, Edit]] = []
    assert check_alive(flow, "at first") == []
    gone: set[str] = set()
    for _ in range(data.draw(st.integers(1, steps), "steps")):
        make, kind = draw_gesture(data, flow)
        try:
            edit = make()
            new, back = edit.apply(flow)
        except (wiring.Refused, EditError, NotImplementedError):
            continue
        before, count = len(gone), len(panel(flow))
        now = check_alive(new, f"{kind}: {edit.title}\n{write(flow)}")
        if kind not in _ENDS:
            assert len(now) <= before, f"{kind}: {edit.title} loses {now}\n{write(flow)}\n→\n{write(new)}"
            assert len(panel(new)) >= count, f"{kind}: {edit.title} takes views off\n{write(flow)}\n→\n{write(new)}"
        assert read(write(new)) == new
        gone = set(now)
        past.append((flow, back))
        flow = new
    for before_edit, back in reversed(past):
        flow, _ = back.apply(flow)
        assert flow == before_edit


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_edited_no_view_is_silently_dead(data: st.DataObject) -> None:
    play(data, 4)


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=800, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_edited_for_long_no_view_is_silently_dead(data: st.DataObject) -> None:
    play(data, 10)
