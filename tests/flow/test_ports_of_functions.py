"""What a function takes and gives, changed by hand: its text, and that of all who call it; computed values stay."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check, errors
from flodesk.flow.edit import Edit, from_json, to_json
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
TEXT = """\
import flodesk
from flodesk.nodes import maths, show, source


def cleanup(signal, gain: float = 2.0):  # a part
    louder = maths.scale(signal, factor=gain)
    size = maths.add(louder, 1.0)
    return size


def other(x):
    again = cleanup(x, 4.0)
    return again


def flow():
    value = maths.add(1.0, 2.0)
    first = cleanup(value, 3.0)
    second = cleanup(signal=first, gain=0.5)
    third = other(second)
    shown = show.number(third)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def graph_of(flow: Flow, function: str) -> Graph:
    return picture(flow, CATALOG, function)


def done(flow: Flow, edit: Edit) -> tuple[Flow, str]:
    """Do an edit; it travels, has a way back, and reads as it is written."""
    assert from_json(to_json(edit)) == edit
    new, back = edit.apply(flow)
    text = write(new)
    assert read(text) == new
    assert write(back.apply(new)[0]) == write(flow)
    return new, text


def computed(text: str) -> Any:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text.replace("shown = show.number(third)", "return third"), "plain", "exec"), space)
    return space["flow"]()


def test_a_new_input_is_named_and_annotated_after_what_it_is_wired_to_and_open_where_it_is_called() -> None:
    flow = read(TEXT)
    edit, name = wiring.add_input(flow, graph_of(flow, "cleanup"), CATALOG, ("size", "values[1]"))
    new, text = done(flow, edit)
    assert name == "values"
    assert "def cleanup(signal, values, gain: float = 2.0):  # a part\n" in text
    assert "size = maths.add(louder, values)" in text
    assert "first = cleanup(value, gain=3.0)" in text  # what stood there means what it meant
    assert [p.name for p in graph_of(new, "flow").nodes["first"].inputs] == ["signal", "values"]
    assert {(e.node, e.kind) for e in errors(check(new, CATALOG))} >= {("flow.first", "missing-input")} or errors(
        check(new, CATALOG)
    )


def test_its_annotation_is_its_type() -> None:
    flow = read(TEXT.replace("maths.add(louder, 1.0)", "maths.clip(louder, lower=0.0)"))
    edit, name = wiring.add_input(flow, graph_of(flow, "cleanup"), CATALOG, ("louder", "factor"))
    assert name == "factor"
    assert "factor: float" in done(flow, edit)[1]


def test_an_input_without_a_wire_can_be_added_and_removed() -> None:
    flow = read(TEXT)
    edit, name = wiring.add_input(flow, graph_of(flow, "cleanup"), CATALOG)
    new, text = done(flow, edit)
    assert "def cleanup(signal, value, gain: float = 2.0):" in text
    back, text = done(new, wiring.remove_input(new, "cleanup", name))
    assert computed(text) == computed(TEXT)
    assert "def cleanup(signal, gain: float = 2.0):  # a part" in write(back)


def test_removing_one_takes_its_argument_away_wherever_it_is_called() -> None:
    flow = read(TEXT.replace("factor=gain", "factor=2.0"))
    _, text = done(flow, wiring.remove_input(flow, "cleanup", "gain"))
    for line in ("def cleanup(signal):", "cleanup(value)", "cleanup(signal=first)", "again = cleanup(x)"):
        assert line in text


def test_one_that_is_read_is_not_removed() -> None:
    with pytest.raises(wiring.Refused, match="“signal” is read by “louder”"):
        wiring.remove_input(read(TEXT), "cleanup", "signal")


def test_a_new_name_is_that_of_the_keyword_too() -> None:
    flow = read(TEXT)
    _, text = done(flow, wiring.rename_input(flow, "cleanup", "gain", "factor_of_all"))
    assert "def cleanup(signal, factor_of_all: float = 2.0):  # a part" in text
    assert "maths.scale(signal, factor=factor_of_all)" in text
    assert "cleanup(signal=first, factor_of_all=0.5)" in text
    assert "cleanup(value, 3.0)" in text
    assert computed(text) == computed(TEXT)
    for name in ("louder", "no name", "maths", "for"):
        with pytest.raises(wiring.Refused):
            wiring.rename_input(flow, "cleanup", "gain", name)


def test_two_change_places_and_every_call_means_what_it_meant() -> None:
    text = TEXT.replace("gain: float = 2.0", "gain")
    flow = read(text)
    new, moved = done(flow, wiring.move_input(flow, "cleanup", "gain", -1))
    assert "def cleanup(gain, signal):" in moved
    assert "cleanup(3.0, value)" in moved
    assert computed(moved) == computed(text)
    assert done(new, wiring.move_input(new, "cleanup", "gain", 1))[1] == text
    with pytest.raises(wiring.Refused, match="at the end"):
        wiring.move_input(flow, "cleanup", "gain", 1)
    with pytest.raises(wiring.Refused, match="default"):
        wiring.move_input(read(TEXT), "cleanup", "gain", -1)


def test_a_second_output_gives_both_a_name_and_callers_read_the_first_as_before() -> None:
    flow = read(TEXT)
    new, text = done(flow, wiring.add_output(flow, graph_of(flow, "cleanup"), ("louder", "")))
    assert "class Cleanup(typing.NamedTuple):\n    size: " in text
    assert "    return Cleanup(size, louder)\n" in text
    assert ") -> Cleanup:" in text
    assert "    first_parts = cleanup(value, 3.0)\n    first = first_parts.size\n" in text
    graph = graph_of(new, "flow")
    assert [p.name for p in graph.nodes["first_parts"].outputs] == ["size", "louder"]
    assert computed(text) == computed(TEXT)
    third, text = done(new, wiring.add_output(new, graph_of(new, "cleanup"), ("def", "signal")))
    assert "return Cleanup(size, louder, signal)" in text
    assert [p.name for p in graph_of(third, "flow").nodes["first_parts"].outputs] == ["size", "louder", "signal"]
    assert computed(text) == computed(TEXT)
    fewer, text = done(third, wiring.remove_output(third, CATALOG, "cleanup", 1))
    assert "return Cleanup(size, signal)" in text
    assert computed(text) == computed(TEXT)
    with pytest.raises(wiring.Refused, match="is read by"):
        wiring.remove_output(fewer, CATALOG, "cleanup", 0)


def test_what_a_loop_alone_gives_a_value_is_not_returned() -> None:
    loop = "    for k in range(3):\n        inner = maths.scale(louder, factor=k)\n    size ="
    flow = read(TEXT.replace("    size =", loop))
    for name in ("inner", "k"):
        with pytest.raises(wiring.Refused, match=f"“{name}” gets its value in the loop of “k”, which may make no turn"):
            wiring.add_output(flow, graph_of(flow, "cleanup"), (name, ""))
    started = read(write(flow).replace("    for k", "    inner = maths.scale(louder, factor=0.0)\n    for k"))
    boxes = graph_of(started, "cleanup").nodes
    box = next(node for node in boxes.values() if any(port.variable == "inner" for port in node.outputs))
    _, text = done(started, wiring.add_output(started, graph_of(started, "cleanup"), (box.id, "")))
    assert "return Cleanup(size, inner)" in text


def test_the_first_output_is_returned_as_it_is() -> None:
    flow = read(TEXT.replace("    return size\n", ""))
    _, text = done(flow, wiring.add_output(flow, graph_of(flow, "cleanup"), ("louder", "")))
    assert "    return louder\n" in text
    assert "NamedTuple" not in text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("", ""), "is run by itself"),
        (
            ("third = other(second)", "third = sum(cleanup(n) for n in [second])"),
            r"“code_1” in “flow” \(line 20\) uses “cleanup” in its own text",
        ),
        (("signal, gain: float = 2.0)", "signal,  # what comes in\n    gain: float = 2.0\n)"), "Comments stand"),
    ],
)
def test_what_cannot_be_is_refused_in_words(change: tuple[str, str], says: str) -> None:
    flow = read(TEXT.replace(*change) if change[0] else TEXT)
    function = "flow" if not change[0] else "cleanup"
    with pytest.raises(wiring.Refused, match=says):
        wiring.add_input(flow, graph_of(flow, function), CATALOG)


def test_a_subflow_that_is_made_of_nodes_has_the_types_that_are_known() -> None:
    text = (
        "import flodesk\nfrom flodesk.nodes import control, dsp, show, source\n\n\ndef flow():\n"
        "    level = control.slider(2.0)\n    on = control.switch(True)\n"
        "    signal = source.sine(level, samples=50)\n    size = dsp.rms(signal)\n"
        "    shown = show.number(size)\n    lamp = show.lamp(on)\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    )
    flow = read(text)
    new = wiring.make_subflow(flow, graph_of(flow, "flow"), ["signal", "size"])[0].apply(flow)[0]
    assert "def make_size(level: float) -> float:\n" in write(new)
    assert [p.type for p in graph_of(new, "flow").nodes["size"].outputs] == ["number"]
    other = wiring.make_subflow(flow, graph_of(flow, "flow"), ["size"])[0].apply(flow)[0]
    assert "def make_size(signal: flodesk.Signal) -> float:\n" in write(other)
    assert [p.type for p in graph_of(other, "make_size").nodes["def"].outputs] == ["signal"]
