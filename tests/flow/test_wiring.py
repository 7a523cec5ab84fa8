"""Each gesture gives exactly the lines that a hand would have changed, or says in words why it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from difflib import unified_diff

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Edit, SetParameter
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow, Literal, View
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

HEAD = """\
import flodesk
from flodesk.nodes import collect, control, dsp, maths, show, source, timing


def flow():
"""
TAIL = """

if __name__ == "__main__":
    flodesk.main(flow)
"""
LIVE = """\
    cutoff = control.slider(20.0, maximum=200.0)
    lowpass = dsp.Lowpass(order=4)
    for tick in timing.every(0.05):
        signal = source.sine(tick, frequency=5.0)
        hum = source.sine(tick, frequency=120.0)
        noisy = maths.add(signal, hum)
        clean = lowpass(noisy, cutoff=cutoff)
        chart = show.line(noisy, clean, title="Both")
        left = dsp.rms(clean)
"""
CATALOG = Catalog.builtin()


def flow_of(body: str) -> Flow:
    return read(HEAD + body + TAIL)


def graph_of(flow: Flow, function: str = "flow") -> Graph:
    return picture(flow, CATALOG, function)


def body_of(flow: Flow) -> str:
    """The text of the function `flow`."""
    return write(flow).partition("def flow():\n")[2].partition("\n\n\n")[0] + "\n"


def apply(flow: Flow, edit: Edit) -> Flow:
    """Apply an edit, and hold it to what is promised of every edit."""
    new, back = edit.apply(flow)
    again, forth = back.apply(new)
    assert again == flow
    assert write(again) == write(flow)
    assert write(forth.apply(flow)[0]) == write(new)
    assert read(write(new)) == new, write(new)
    assert "[tool.flodesk.ids]" not in write(new)
    assert edit.title
    return new


def changed(before: Flow, after: Flow) -> list[str]:
    lines = unified_diff(write(before).splitlines(), write(after).splitlines(), lineterm="", n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("---", "+++")]


def connect(flow: Flow, source: tuple[str, str] | str, target: tuple[str, str]) -> Flow:
    source = (source, "") if isinstance(source, str) else source
    return apply(flow, wiring.connect(flow, graph_of(flow), source, target))


def add(flow: Flow, path: str, source: tuple[str, ...] | None = None) -> tuple[Flow, str]:
    edit, name = wiring.add_node(flow, CATALOG, "flow", f"flodesk.nodes.{path}", (10.0, 20.0), source)
    return apply(flow, edit), name


def remove(flow: Flow, *ids: str) -> Flow:
    return apply(flow, wiring.remove(flow, graph_of(flow), ids))


def wire(flow: Flow, target: tuple[str, str]) -> Flow:
    graph = graph_of(flow)
    found = next(w for w in graph.wires if w.target == target)
    return apply(flow, wiring.disconnect(flow, graph, found))


# ------------------------------------------------------------------ adding
def test_a_node_without_wires_goes_before_the_loop() -> None:
    flow = flow_of(LIVE)
    new, name = add(flow, "dsp.spectrum")
    assert name == "spectrum"
    assert changed(flow, new)[-1] == "+    spectrum = dsp.spectrum()"
    assert body_of(new).index("spectrum") < body_of(new).index("for tick")
    assert new.header.canvas["flow"]["spectrum"] == (10.0, 20.0)


def test_the_import_is_added_once_and_in_order() -> None:
    flow = flow_of("    pass\n")
    new, _ = add(flow, "statistics.RunningMean")
    assert "from flodesk.nodes import collect, control, dsp, maths, show, source, statistics, timing\n" in write(new)
    assert "import statistics" not in write(add(flow_of("    pass\n"), "maths.add")[0])
    bare = read("import flodesk\n\n\ndef flow():\n    pass\n\n\nif __name__ == '__main__':\n    flodesk.main(flow)\n")
    new, _ = add(bare, "maths.add")
    assert "import flodesk\nfrom flodesk.nodes import maths\n\n\ndef flow():\n    add = maths.add()\n" in write(new)


def test_an_import_whose_name_is_taken_gets_another() -> None:
    flow = flow_of("    statistics = maths.add(1, 2)\n")
    new, _ = add(flow, "statistics.RunningMean")
    assert "statistics as statistics_nodes" in write(new)
    assert "running_mean = statistics_nodes.RunningMean()" in write(new)


def test_an_import_that_a_variable_hides_is_not_used() -> None:
    flow = flow_of("    dsp = maths.add(1, 2)\n")
    new, _ = add(flow, "dsp.rms")
    assert "import collect, control, dsp, dsp as dsp_nodes, maths" in write(new)
    assert "    rms = dsp_nodes.rms()\n" in write(new)


def test_names_are_free_and_valid() -> None:
    flow = flow_of("    sine = source.sine(1)\n    sine_2 = source.sine(2)\n")
    assert add(flow, "source.sine")[1] == "sine_3"
    assert add(flow_of("    pass\n"), "control.switch")[1] == "switch"
    assert add(flow_of("    pass\n"), "show.line")[1] == "line"
    assert add(flow_of("    x = maths.add(1)\n    print(x + table)\n"), "collect.Table")[1] == "table_2"


def test_a_control_writes_its_first_value_and_has_a_view_and_one_undo_takes_all_out() -> None:
    flow = flow_of(LIVE)
    new, _ = add(flow, "control.slider")
    assert "    slider = control.slider(50.0)\n" in write(new)
    assert new.header.panel["flow"]["slider"] == View("slider", "slider", 0, 0, 5, 2)
    again, name = add(new, "show.line")
    view = again.header.panel["flow"][name]
    assert (view.column, view.row, view.width) == (0, 2, 8), "under the slider: a line is too wide to go beside it"
    third, name = add(again, "control.switch")
    assert (third.header.panel["flow"][name].column, third.header.panel["flow"][name].row) == (5, 0)


def test_state_is_made_before_the_loop_and_called_in_it_once_it_is_wired() -> None:
    flow = flow_of(LIVE)
    new, name = add(flow, "statistics.RunningMean")
    assert (name, body_of(new).splitlines()[2:4]) == (
        "running_mean",
        ["    running_mean = statistics.RunningMean()", "    running_mean_out = running_mean()"],
    )
    assert "running_mean" in graph_of(new).nodes
    assert "running_mean_out" not in graph_of(new).nodes, "both lines are one box"
    wired = connect(new, "left", ("running_mean", "value"))
    assert body_of(wired).splitlines()[2] == "    running_mean = statistics.RunningMean()"
    assert body_of(wired).splitlines()[-1] == "        running_mean_out = running_mean(left)"


def test_a_collector_is_filled_in_the_loop_and_read_after_it() -> None:
    new, name = add(flow_of(LIVE), "collect.Table")
    wired = connect(new, "left", (name, "values[0]"))
    lines = body_of(wired).splitlines()
    assert lines[2] == "    table = collect.Table()"
    assert lines[-2:] == ["        table.add(left)", "    table_result = table.result()"]


def test_a_second_producer_starts_a_flow_of_its_own() -> None:
    flow = flow_of(LIVE)
    new, name = add(flow, "timing.every")
    assert name == "flow_2.tick"
    assert "\n\ndef flow_2():\n    for tick in timing.every():\n        pass\n\n\nif __name__" in write(new)
    assert new.mains == ("flow", "flow_2")
    first, name = add(flow_of("    pass\n"), "timing.every")
    assert name == "tick"
    assert body_of(first) == "    for tick in timing.every():\n        pass\n"


def test_a_node_from_a_wire_is_connected_where_it_fits() -> None:
    flow = flow_of(LIVE)
    new, _ = add(flow, "dsp.spectrum", ("lowpass", ""))
    assert changed(flow, new)[-1] == "+        spectrum = dsp.spectrum(clean)"
    back, _ = add(flow, "control.slider", ("noisy", "values[2]"))
    assert "        noisy = maths.add(signal, hum, slider)\n" in write(back)
    with pytest.raises(Refused, match="no input that takes"):
        add(flow, "file.read_csv", ("lowpass", ""))


def test_a_foreign_type_is_imported_by_its_module() -> None:
    from flodesk.flow.spec import NodeSpec

    spec = NodeSpec(
        path="scipy.signal.savgol_filter", name="savgol_filter", title="Savgol", category="", role="function"
    )
    flow = flow_of(LIVE)
    edit, name = wiring.add_node(flow, CATALOG.plus([spec]), "flow", spec.path, (0, 0))
    new = apply(flow, edit)
    assert "\nimport scipy.signal\n" in write(new)
    assert f"    {name} = scipy.signal.savgol_filter()\n" in write(new)
    again = apply(new, wiring.add_node(new, CATALOG.plus([spec]), "flow", spec.path, (0, 0))[0])
    assert write(again).count("import scipy.signal") == 1


@pytest.mark.parametrize(("path", "words"), [("flodesk.nodes.dsp.spectrun", "Did you mean"), ("flow", "calls itself")])
def test_what_is_no_node_type_is_refused(path: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        wiring.add_node(flow_of(LIVE), CATALOG, "flow", path, (0, 0))


# ------------------------------------------------------------------ connecting
def test_a_wire_in_the_loop_changes_one_line() -> None:
    flow = flow_of(LIVE)
    new = connect(flow, "hum", ("noisy", "values[2]"))
    assert changed(flow, new)[1] == "+        noisy = maths.add(signal, hum, hum)"
    assert changed(flow, connect(flow, "hum", ("noisy", "values[0]")))[1] == "+        noisy = maths.add(hum, hum)"
    assert changed(flow, connect(flow, "signal", ("left", "signal")))[1] == "+        left = dsp.rms(signal)"


def test_a_field_becomes_a_port() -> None:
    flow = flow_of(LIVE)
    new = connect(flow, "cutoff", ("signal", "frequency"))
    assert changed(flow, new)[1] == "+        signal = source.sine(tick, frequency=cutoff)"
    assert any(w.target == ("signal", "frequency") for w in graph_of(new).wires)
    assert changed(flow, connect(flow, "cutoff", ("signal", "amplitude")))[1].endswith(
        "frequency=5.0, amplitude=cutoff)"
    )


def test_what_reads_a_value_of_the_loop_moves_into_it_with_all_that_follows() -> None:
    flow = flow_of(
        "    one = dsp.rms()\n"
        "    two = maths.scale(one)\n"
        "    other = maths.scale(3)\n"
        "    three = maths.add(two, other)\n"
        "    for tick in timing.every(1):\n"
        "        wave = source.sine(tick)\n"
        "        last = maths.scale(three)\n"
    )
    new = connect(flow, "wave", ("one", "signal"))
    assert body_of(new) == (
        "    other = maths.scale(3)\n"
        "    for tick in timing.every(1):\n"
        "        wave = source.sine(tick)\n"
        "        one = dsp.rms(wave)\n"
        "        two = maths.scale(one)\n"
        "        three = maths.add(two, other)\n"
        "        last = maths.scale(three)\n"
    )


def test_what_stands_before_its_new_source_moves_behind_it() -> None:
    flow = flow_of("    a = maths.scale(1)\n    b = maths.scale(a)\n    c = maths.scale(2)\n    d = maths.scale(3)\n")
    new = connect(flow, "d", ("a", "value"))
    assert body_of(new) == (
        "    c = maths.scale(2)\n    d = maths.scale(3)\n    a = maths.scale(d)\n    b = maths.scale(a)\n"
    )


def test_a_control_at_the_end_moves_up_before_the_loop_that_reads_it() -> None:
    after = "    other = maths.scale(1)\n"
    flow = flow_of(LIVE + after + "    base = control.slider(3.0)\n    extra = maths.scale(base)\n")
    new = connect(flow, "extra", ("signal", "frequency"))
    lines = body_of(new).splitlines()
    assert lines[-1] == "    other = maths.scale(1)", "the loop stays where it is, and what follows it too"
    assert lines[2:5] == [
        "    base = control.slider(3.0)",
        "    extra = maths.scale(base)",
        "    for tick in timing.every(0.05):",
    ]
    assert "frequency=extra" in lines[5]


def test_a_producer_moves_into_the_loop_that_feeds_it() -> None:
    flow = flow_of(
        "    for tick in timing.every(1):\n"
        "        few = maths.scale(tick)\n"
        "    for number in timing.count(3):\n"
        "        twice = maths.scale(number)\n"
    )
    new = connect(flow, "few", ("number", "number"))
    assert "        few = maths.scale(tick)\n        for number in timing.count(few):\n            twice =" in body_of(
        new
    )


def test_an_arm_takes_what_reads_from_it() -> None:
    flow = flow_of(
        "    for tick in timing.every(1):\n"
        "        high = maths.greater(tick, 5)\n"
        "        if high:\n"
        "            low = maths.scale(tick)\n"
        "        seen = show.number()\n"
    )
    new = connect(flow, "low", ("seen", "value"))
    assert "            low = maths.scale(tick)\n            seen = show.number(low)\n" in body_of(new)


def test_a_switch_is_tested_by_a_wire() -> None:
    flow = flow_of("    a = maths.greater(1, 2)\n    if False:\n        b = maths.scale(1)\n")
    new = connect(flow, "a", ("if_1", "test[0]"))
    assert changed(flow, new) == ["-    if False:", "+    if a:"]
    assert changed(new, wire(new, ("if_1", "test[0]"))) == ["-    if a:", "+    if False:"]


def test_a_wire_from_an_arm_puts_a_node_into_it() -> None:
    flow = flow_of(
        "    a = maths.greater(1, 2)\n    if a:\n        b = maths.scale(1)\n"
        "    c = maths.scale(2)\n    d = maths.scale(c)\n"
    )
    new = connect(flow, ("if_1", "arm[0]"), ("c", "value"))
    assert body_of(new) == (
        "    a = maths.greater(1, 2)\n    if a:\n        b = maths.scale(1)\n        c = maths.scale(2)\n"
        "        d = maths.scale(c)\n"
    )


MERGED = (
    "    for tick in timing.every(1):\n"
    "        high = maths.greater(tick, 5)\n"
    "        if high:\n"
    "            one = maths.scale(tick)\n"
    "            level = one\n"
    "        else:\n"
    "            two = maths.scale(tick)\n"
    "            level = two\n"
    "        seen = show.number(level)\n"
)


def test_an_arm_feeds_its_merge() -> None:
    flow = flow_of(MERGED)
    new = connect(flow, "high", ("level", "arm[1]"))
    assert changed(flow, new) == ["-            level = two", "+            level = high"]
    with pytest.raises(Refused, match="readable in that arm"):
        connect(flow, "one", ("level", "arm[1]"))
    less = wire(flow, ("level", "arm[1]"))
    assert changed(flow, less) == ["-            level = two"]
    assert changed(less, connect(less, "two", ("level", "arm[1]"))) == ["+            level = two"]


FEEDBACK = (
    "    total = 0.0\n"
    "    for tick in timing.every(1):\n"
    "        longer = maths.add(total, tick)\n"
    "        other = maths.scale(longer)\n"
    "        total = longer\n"
)


def test_feedback_takes_its_next_value_from_anywhere_in_the_loop() -> None:
    flow = flow_of(FEEDBACK)
    new = connect(flow, "other", ("total", "next"))
    assert changed(flow, new) == ["-        total = longer", "+        total = other"]
    left = wire(flow, ("total", "next"))
    assert changed(flow, left) == ["-        total = longer", "+        total = 0.0"]
    assert changed(left, connect(left, "other", ("total", "next"))) == [
        "-        total = 0.0",
        "+        total = other",
    ]


def test_a_wire_that_closes_a_ring_by_way_of_feedback_is_no_circle() -> None:
    flow = flow_of(
        "    total = 0.0\n"
        "    for tick in timing.every(1):\n"
        "        a = maths.add(total, tick)\n"
        "        b = maths.scale(1)\n"
        "        total = b\n"
    )
    assert changed(flow, connect(flow, "a", ("b", "value"))) == [
        "-        b = maths.scale(1)",
        "+        b = maths.scale(a)",
    ]
    with pytest.raises(Refused, match="same turn"):
        wiring.connect(flow, graph_of(flow), ("b", ""), ("b", "value"))


def test_an_argument_after_an_open_one_goes_by_keyword_until_that_is_filled() -> None:
    flow = flow_of("    a = maths.scale(1)\n    b = maths.scale(2)\n    c = maths.subtract()\n")
    names = [p.name for p in graph_of(flow).nodes["c"].inputs]
    second = connect(flow, "b", ("c", names[1]))
    assert changed(flow, second)[1] == f"+    c = maths.subtract({names[1]}=b)"
    both = connect(second, "a", ("c", names[0]))
    assert changed(second, both)[1] == "+    c = maths.subtract(a, b)"


# ------------------------------------------------------------------ refusals
@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        (("noisy", ""), ("noisy", "values[2]"), "same turn"),
        (("lowpass", ""), ("noisy", "values[0]"), "circle.*feedback"),
        (("left", ""), ("lowpass", "order"), "gives a number, the input takes a whole number"),
        (("signal", ""), ("hum", "frequency"), "gives a signal, the input takes a number.*maths.mean"),
        (("signal", ""), ("nobody", "x"), "queue"),
        (("nobody", ""), ("signal", "x"), "queue"),
        (("signal", ""), ("hum", "no_such"), "no input"),
        (("signal", "no_such"), ("hum", "block"), "no output"),
    ],
)
def test_what_cannot_be_is_refused_in_words(source: tuple[str, str], target: tuple[str, str], words: str) -> None:
    flow = flow_of(LIVE)
    with pytest.raises(Refused, match=words):
        wiring.connect(flow, graph_of(flow), source, target)


def test_a_value_of_the_loop_comes_too_late_for_what_is_made_before() -> None:
    flow = flow_of(
        LIVE.replace("lowpass = dsp.Lowpass(order=4)", "recent = dsp.Tail(span=1.0)").replace("lowpass(", "recent(")
    )
    with pytest.raises(Refused, match="circle"):
        wiring.connect(flow, graph_of(flow), ("left", ""), ("recent", "span"))
    apart = flow_of(body_of(flow).replace("dsp.rms(clean)", "dsp.rms(signal)"))
    with pytest.raises(Refused, match="made once, before its loop"):
        wiring.connect(apart, graph_of(apart), ("left", ""), ("recent", "span"))


def test_two_loops_one_after_the_other_need_a_collector() -> None:
    flow = flow_of(
        "    for tick in timing.every(1):\n"
        "        a = maths.scale(tick)\n"
        "    for number in timing.count(3):\n"
        "        b = maths.add(number)\n"
    )
    with pytest.raises(Refused, match="collector"):
        wiring.connect(flow, graph_of(flow), ("a", ""), ("b", "values[1]"))


def test_a_circle_by_way_of_a_collector_is_one() -> None:
    flow = flow_of(
        "    rows = collect.List()\n"
        "    scale = maths.scale(1)\n"
        "    for tick in timing.every(1):\n"
        "        a = maths.add(tick, scale)\n"
        "        rows.add(a)\n"
        "    found = rows.result()\n"
        "    size = maths.mean(found)\n"
    )
    with pytest.raises(Refused, match="circle"):
        wiring.connect(flow, graph_of(flow), ("size", ""), ("scale", "value"))


def test_a_constant_takes_no_wire() -> None:
    flow = flow_of("    k = 5.0\n    a = maths.scale(k)\n    b = maths.scale(1)\n")
    with pytest.raises(Refused, match="constant"):
        wiring.connect(flow, graph_of(flow), ("b", ""), ("k", "value"))


# ------------------------------------------------------------------ disconnecting
def test_an_open_input_in_front_leaves_the_others_by_keyword() -> None:
    flow = flow_of("    a = maths.scale(1)\n    b = maths.scale(2)\n    c = maths.subtract(a, b)\n")
    names = [p.name for p in graph_of(flow).nodes["c"].inputs]
    new = wire(flow, ("c", names[0]))
    assert changed(flow, new)[1] == f"+    c = maths.subtract({names[1]}=b)"


def test_of_many_values_one_goes() -> None:
    flow = flow_of(LIVE)
    assert changed(flow, wire(flow, ("noisy", "values[0]")))[1] == "+        noisy = maths.add(hum)"
    assert changed(flow, wire(flow, ("lowpass", "cutoff")))[1] == "+        clean = lowpass(noisy)"
    assert changed(flow, wire(flow, ("lowpass", "signal")))[1] == "+        clean = lowpass(cutoff=cutoff)"


# ------------------------------------------------------------------ removing
def test_readers_of_a_removed_node_have_open_inputs() -> None:
    flow = flow_of(LIVE)
    new = remove(flow, "noisy")
    assert '        clean = lowpass(cutoff=cutoff)\n        chart = show.line(clean, title="Both")\n' in write(new)
    assert "maths" not in write(new), "nothing needs the import any more"


def test_a_node_goes_with_its_place_and_view_and_all_lines_of_its_object() -> None:
    flow, _ = add(flow_of(LIVE), "control.slider")
    gone = remove(flow, "slider")
    assert body_of(gone) == LIVE
    assert "slider" not in gone.header.canvas.get("flow", {})
    assert "slider" not in gone.header.panel.get("flow", {})
    assert "lowpass" not in write(remove(flow, "lowpass"))


def test_what_stays_of_a_removed_loop_moves_out_to_its_place() -> None:
    flow = flow_of(LIVE)
    new = remove(flow, "tick", "hum")
    assert body_of(new) == (
        "    cutoff = control.slider(20.0, maximum=200.0)\n"
        "    lowpass = dsp.Lowpass(order=4)\n"
        "    signal = source.sine(frequency=5.0)\n"
        "    noisy = maths.add(signal)\n"
        "    clean = lowpass(noisy, cutoff=cutoff)\n"
        '    chart = show.line(noisy, clean, title="Both")\n'
        "    left = dsp.rms(clean)\n"
    )
    assert "timing" not in write(new)


def test_everything_can_go() -> None:
    flow = flow_of(LIVE)
    new = remove(flow, *graph_of(flow).nodes)
    assert body_of(new) == "    pass\n"
    assert "from flodesk.nodes import collect\n" in write(new), "only what was used before goes"


def test_a_switch_that_goes_leaves_its_nodes_and_no_merge() -> None:
    flow = flow_of(MERGED)
    new = remove(flow, "if_1", "level")
    assert body_of(new) == (
        "    for tick in timing.every(1):\n"
        "        high = maths.greater(tick, 5)\n"
        "        one = maths.scale(tick)\n"
        "        two = maths.scale(tick)\n"
        "        seen = show.number()\n"
    )


def test_arms_stay_valid_when_they_are_emptied() -> None:
    flow = flow_of(MERGED)
    new = remove(flow, "one", "level")
    assert "        if high:\n            pass\n        else:\n            two =" in body_of(new)


def test_feedback_goes_with_its_loop_and_its_start_stays() -> None:
    flow = flow_of(FEEDBACK)
    new = remove(flow, "tick")
    assert body_of(new) == ("    total = 0.0\n    longer = maths.add(total)\n    other = maths.scale(longer)\n")
    assert body_of(remove(flow, "total")) == (
        "    for tick in timing.every(1):\n        longer = maths.add(tick)\n        other = maths.scale(longer)\n"
    )
    assert "        total = 0.0\n" in body_of(remove(flow, "longer"))


def test_the_test_of_a_switch_that_goes_leaves_an_arm_that_is_never_taken() -> None:
    new = remove(flow_of(MERGED), "high")
    assert "        if False:\n            one = maths.scale(tick)\n" in body_of(new)


def test_what_leaves_a_loop_cannot_stay_without_it() -> None:
    flow = flow_of(
        "    for tick in timing.every(1):\n        a = maths.scale(tick)\n        if a > 3:\n            break\n"
    )
    with pytest.raises(Refused, match="leaves the loop"):
        wiring.remove(flow, graph_of(flow), ["tick"])


def test_nothing_or_nobody_cannot_be_removed() -> None:
    flow = flow_of(LIVE)
    for ids in ([], ["nobody"]):
        with pytest.raises(Refused):
            wiring.remove(flow, graph_of(flow), ids)


# ------------------------------------------------------------------ names, fields, code
def test_a_rename_is_a_rename() -> None:
    flow = flow_of(LIVE)
    new = apply(flow, wiring.rename(flow, graph_of(flow), "noisy", "mixed"))
    assert body_of(new) == LIVE.replace("noisy", "mixed")


@pytest.mark.parametrize(
    ("name", "words"),
    [("signal", "exists already"), ("dsp", "import"), ("flow", "function of this file"), ("two words", "no name"),
     ("lambda", "no name"), ("sum", "uses")],
)  # fmt: skip
def test_a_name_that_is_taken_is_refused(name: str, words: str) -> None:
    flow = flow_of(LIVE + "    x = sum([1, 2])\n")
    with pytest.raises(Refused, match=words):
        wiring.rename(flow, graph_of(flow), "noisy", name)


def test_a_builtin_that_nobody_uses_is_a_name_like_others() -> None:
    flow = flow_of(LIVE)
    assert "sum = maths.add" in write(apply(flow, wiring.rename(flow, graph_of(flow), "noisy", "sum")))


def set_field(flow: Flow, node: str, name: str, text: str | None) -> Flow:
    return apply(flow, wiring.set_field(flow, graph_of(flow), node, name, text))


def test_a_field_is_written_where_the_script_has_it() -> None:
    flow = flow_of(LIVE)
    assert changed(flow, set_field(flow, "cutoff", "value", "33.0"))[1].startswith("+    cutoff = control.slider(33.0,")
    assert changed(flow, set_field(flow, "lowpass", "order", "6"))[1] == "+    lowpass = dsp.Lowpass(order=6)"
    assert changed(flow, set_field(flow, "lowpass", "order", None))[1] == "+    lowpass = dsp.Lowpass()"
    assert changed(flow, set_field(flow, "signal", "amplitude", "2"))[1].endswith("frequency=5.0, amplitude=2)")
    edit = wiring.set_field(flow, graph_of(flow), "cutoff", "value", "33.0")
    assert isinstance(edit, SetParameter), "the running flow takes it without a restart"
    assert (edit.id, edit.parameter, edit.value) == ("cutoff", "value", Literal("33.0"))
    assert wiring.set_field(flow, graph_of(flow), "signal", "amplitude", None).apply(flow)[0] is flow


def test_a_literal_in_the_place_of_a_wire_and_a_name_in_the_place_of_a_literal() -> None:
    flow = flow_of(LIVE)
    new = set_field(flow, "lowpass", "cutoff", "12.5")
    assert changed(flow, new)[1] == "+        clean = lowpass(noisy, cutoff=12.5)"
    assert (
        changed(new, set_field(new, "lowpass", "cutoff", "cutoff"))[1]
        == "+        clean = lowpass(noisy, cutoff=cutoff)"
    )


@pytest.mark.parametrize("text", ["abc", "1,5 V", "2 * 3", "f(x)", "'open", "tick +"])
def test_a_text_that_is_no_value_is_refused(text: str) -> None:
    flow = flow_of(LIVE)
    with pytest.raises(Refused):
        wiring.set_field(flow, graph_of(flow), "signal", "frequency", text)


def test_the_test_of_a_switch_can_be_written() -> None:
    flow = flow_of(MERGED)
    assert changed(flow, set_field(flow, "if_1", "test[0]", "tick > 3"))[1] == "+        if tick > 3:"


def test_constants_and_starts_of_feedback_are_fields() -> None:
    flow = flow_of(FEEDBACK)
    assert changed(flow, set_field(flow, "total", "start", "1.5")) == ["-    total = 0.0", "+    total = 1.5"]
    flow = flow_of("    k = 5.0\n    a = maths.scale(k)\n")
    assert changed(flow, set_field(flow, "k", "value", "6")) == ["-    k = 5.0", "+    k = 6"]


def test_code_is_written_and_what_is_plain_in_it_becomes_a_node() -> None:
    flow = flow_of("    a = maths.scale(1)\n    b = a + 1\n    c = maths.scale(b)\n")
    new = apply(flow, wiring.set_code(flow, graph_of(flow), "code_1", "b = a * 2\nprint(b)"))
    assert body_of(new) == "    a = maths.scale(1)\n    b = a * 2\n    print(b)\n    c = maths.scale(b)\n"
    plain = apply(flow, wiring.set_code(flow, graph_of(flow), "code_1", "b = maths.scale(a)"))
    assert graph_of(plain).nodes["b"].kind == "call"
    for text in ("b = (", "", "# nothing"):
        with pytest.raises(Refused):
            wiring.set_code(flow, graph_of(flow), "code_1", text)


# ------------------------------------------------------------------ panel
def test_views_are_added_moved_and_removed() -> None:
    flow = flow_of(LIVE)
    new = apply(flow, wiring.add_view(flow, "flow", View("chart", "chart", 0, 0, 8, 6)))
    again = apply(new, wiring.add_view(new, "flow", View("chart", "chart", 0, 6, 8, 6)))
    assert list(again.header.panel["flow"]) == ["chart", "chart_2"]
    moved = apply(again, wiring.move_view(again, "flow", "chart_2", -1, 7, height=3))
    assert moved.header.panel["flow"]["chart_2"] == View("chart_2", "chart", 0, 7, 8, 3)
    gone = apply(moved, wiring.remove_view(moved, "flow", "chart"))
    assert list(gone.header.panel["flow"]) == ["chart_2"]
    calls: list[Callable[[], Edit]] = [
        lambda: wiring.remove_view(flow, "flow", "chart"),
        lambda: wiring.move_view(flow, "flow", "chart", 0, 0),
        lambda: wiring.add_view(flow, "flow", View("x", "", 0, 0, 1, 1)),
    ]
    for call in calls:
        with pytest.raises(Refused):
            call()


# ------------------------------------------------------------------ clipboard
def paste(flow: Flow, text: str) -> tuple[Flow, tuple[str, ...]]:
    edit, ids = wiring.paste(flow, CATALOG, "flow", text, (100.0, 50.0))
    return apply(flow, edit), ids


def test_copied_nodes_are_python_and_keep_the_wires_among_them_only() -> None:
    flow = flow_of(LIVE)
    text = wiring.copy(flow, graph_of(flow), ["signal", "noisy"])
    assert text.endswith(
        "from flodesk.nodes import maths, source\n\n\ndef copied():\n"
        "    signal = source.sine(frequency=5.0)\n    noisy = maths.add(signal)\n"
    )
    new, ids = paste(flow, text)
    assert ids == ("signal_2", "noisy_2")
    assert "    signal_2 = source.sine(frequency=5.0)\n    noisy_2 = maths.add(signal_2)\n    for tick" in body_of(new)
    assert set(new.header.canvas["flow"]) == {"signal_2", "noisy_2"}
    third, ids = paste(new, text)
    assert ids == ("signal_3", "noisy_3")
    assert "noisy_3 = maths.add(signal_3)" in write(third)


def test_pasted_nodes_keep_their_places_to_each_other() -> None:
    flow = apply(flow_of(LIVE), wiring.move("flow", {"signal": (10.0, 20.0), "noisy": (310.0, 0.0)}))
    new, _ = paste(flow, wiring.copy(flow, graph_of(flow), ["signal", "noisy"]))
    assert new.header.canvas["flow"]["signal_2"] == (100.0, 70.0)
    assert new.header.canvas["flow"]["noisy_2"] == (400.0, 50.0)


def test_a_pasted_loop_is_a_flow_of_its_own_where_there_is_one() -> None:
    flow = flow_of(LIVE)
    text = wiring.copy(flow, graph_of(flow), list(graph_of(flow).nodes))
    new, ids = paste(flow, text)
    assert all(name.startswith("flow_2.") for name in ids)
    assert write(new).count("for tick in timing.every(0.05):") == 2
    assert new.mains == ("flow", "flow_2")
    empty, ids = paste(flow_of("    pass\n"), text)
    assert body_of(empty) == LIVE
    assert "flow_2" not in write(empty)


def test_any_python_can_be_pasted_and_reads_what_is_here() -> None:
    flow = flow_of(LIVE)
    new, ids = paste(flow, "peak = dsp.rms(noisy)\nlouder = peak * 2\n")
    assert ids[0] == "peak"
    assert (
        "        noisy = maths.add(signal, hum)\n        peak = dsp.rms(noisy)\n        louder = peak * 2\n"
        in body_of(new)
    )


@pytest.mark.parametrize("text", ["", "def (", "import os\n", "# only words"])
def test_what_holds_no_node_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        paste(flow_of(LIVE), text)


def test_comments_within_a_call_stay_when_a_wire_goes_or_the_node_is_replaced() -> None:
    text = (
        "import flodesk\nfrom flodesk.nodes import maths\n\n\ndef flow():\n    b = maths.add(1.0, 2.0)\n"
        "    a = maths.scale(\n        b,  # one\n        # alone\n        factor=b,  # two\n    )\n"
        "    c = maths.add(a, 1.0)\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    )
    flow = read(text)
    graph = picture(flow, CATALOG, "flow")
    wire = next(w for w in graph.wires if w.target == ("a", "factor"))
    off, back = wiring.disconnect(flow, graph, wire).apply(flow)
    assert "        b,  # one\n        # alone\n        # two\n    )\n" in write(off)
    assert write(back.apply(off)[0]) == text
    other = wiring.replace_node(flow, CATALOG, graph, "a", "flodesk.nodes.maths.greater").edit
    new, back = other.apply(flow)
    assert read(write(new)) == new
    assert "    a = maths.greater(\n        b,  # one\n        # alone\n        # two\n    )\n" in write(new)
    assert write(back.apply(new)[0]) == text
