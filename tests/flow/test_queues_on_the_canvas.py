"""A queue on the canvas: both ends show it, a hand makes it, renames it and takes it away in one step each."""

from __future__ import annotations

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit import Edit, Rename, RenameShared, from_json, to_json
from flodesk.flow.edit.base import EditError
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
EMPTY = '''\
"""A measurement."""
import flodesk
from flodesk.nodes import source, timing


def flow():
    for tick in timing.every(0.1):
        volt = source.constant(tick)


if __name__ == "__main__":
    flodesk.main(flow)
'''
BOTH = """\
import flodesk
from flodesk.nodes import maths, queue, timing

jobs = queue.Queue(size=5)
level = queue.Latest(0.0)


def acquire():
    for n in timing.count(3):
        sent = jobs.put(n)
        level.put(n)


def report():
    for value in jobs:
        now = level.get()
        more = maths.add(value, now)


if __name__ == "__main__":
    flodesk.main(acquire, report)
"""


def graph(flow: Flow, function: str) -> Graph:
    return picture(flow, CATALOG, function)


def apply(flow: Flow, edit: Edit) -> Flow:
    new, back = edit.apply(flow)
    assert write(back.apply(new)[0]) == write(flow)
    assert write(from_json(to_json(edit)).apply(flow)[0]) == write(new)
    assert read(write(new)) == new, write(new)
    return new


def add(flow: Flow, path: str, source: tuple[str, str] | None = None, function: str = "flow") -> tuple[Flow, str]:
    edit, node = wiring.add_node(flow, CATALOG, function, path, (10.0, 20.0), source)
    return apply(flow, edit), node


# ------------------------------------------------------------------ the picture
def test_both_ends_show_the_queue():
    flow = read(BOTH)
    nodes = {**graph(flow, "acquire").nodes, **graph(flow, "report").nodes}
    assert {name: (node.title, node.type, node.role) for name, node in nodes.items() if node.type[:4] != "flod"} == {
        "sent": ("Put into jobs", "jobs.put", "function"),
        "call_1": ("Put into level", "level.put", "function"),
        "value": ("From jobs", "jobs", "producer"),
        "now": ("Latest of level", "level.get", "function"),
    }
    assert [(p.name, p.required) for p in nodes["sent"].inputs] == [("value", True)]
    assert [(p.label, p.type) for p in nodes["value"].outputs] == [("value", "any")]
    for name in ("sent", "value"):
        fields = {f.name: (f.text, f.given, f.module) for f in nodes[name].fields if f.module}
        assert fields == {
            "size": ("5", True, True), "full": ("'block'", False, True), "readers": ("'each'", False, True),
        }  # fmt: skip
    assert not check(flow, CATALOG)


def test_a_drag_draws_the_same_types_again():
    flow = read(BOTH)
    first, second = CATALOG.with_flow(flow), CATALOG.with_flow(read(BOTH))
    assert first.find("jobs.put") is second.find("jobs.put")


def test_the_library_has_queue_and_latest_and_the_ends_of_those_that_are_there():
    assert {s.title for s in CATALOG.search("queue")} >= {"Queue"}
    assert {s.title for s in CATALOG.search("latest")} >= {"Latest"}
    found = CATALOG.with_flow(read(BOTH)).search("jobs")
    assert {s.title for s in found} >= {"Put into jobs", "From jobs"}


# ------------------------------------------------------------------ making it
def test_a_queue_from_the_library_is_made_at_the_top_of_the_file():
    flow, node = add(read(EMPTY), "flodesk.nodes.queue.Queue")
    assert node == "sent"
    text = write(flow)
    assert "from flodesk.nodes import queue, source, timing\n\njobs = queue.Queue()\n\n\ndef flow():\n" in text
    assert "    sent = jobs.put()\n" in text
    assert [p.kind for p in check(flow, CATALOG)] == ["open-input", "queue"]


def test_dragged_from_a_value_it_takes_it():
    flow, _ = add(read(EMPTY), "flodesk.nodes.queue.Queue", ("volt", ""))
    assert "        volt = source.constant(tick)\n        sent = jobs.put(volt)\n" in write(flow)


def test_a_second_queue_has_a_name_of_its_own():
    flow, _ = add(read(EMPTY), "flodesk.nodes.queue.Queue", ("volt", ""))
    flow, _ = add(flow, "flodesk.nodes.queue.Queue", ("volt", ""))
    text = write(flow)
    assert "\n\njobs = queue.Queue()\njobs_2 = queue.Queue()\n\n\n" in text
    assert "sent_2 = jobs_2.put(volt)" in text


def test_one_more_value_goes_into_a_queue_that_is_there():
    flow, _ = add(read(EMPTY), "flodesk.nodes.queue.Queue", ("volt", ""))
    flow, node = add(flow, "jobs.put", ("tick", ""))
    assert node == "sent_2"
    assert "sent_2 = jobs.put(tick)" in write(flow)


def test_its_other_end_starts_a_function_of_its_own():
    flow, _ = add(read(EMPTY), "flodesk.nodes.queue.Queue", ("volt", ""))
    flow, node = add(flow, "jobs")
    assert node == "flow_2.value"
    text = write(flow)
    assert "def flow_2():\n    for value in jobs:\n        pass\n" in text
    assert "flodesk.main(flow, flow_2)" in text
    assert check(flow, CATALOG) == ()


def test_a_latest_value_and_getting_it():
    flow, _ = add(read(EMPTY), "flodesk.nodes.queue.Latest", ("volt", ""))
    assert "latest = queue.Latest()" in write(flow)
    assert "sent = latest.put(volt)" in write(flow)
    flow, node = add(flow, "latest.get")
    assert f"{node} = latest.get()" in write(flow)


def test_a_wire_drawn_back_from_an_input_gets_the_latest_value():
    flow, node = add(read(EMPTY), "flodesk.nodes.queue.Latest", ("volt", "value"))
    assert f"{node} = latest.get()" in write(flow)
    assert f"volt = source.constant({node})" in write(flow)
    with pytest.raises(Refused, match="a loop of its own"):
        add(read(EMPTY), "flodesk.nodes.queue.Queue", ("volt", "value"))


# ------------------------------------------------------------------ its settings, its name, its end
def test_its_size_is_set_from_either_end():
    flow = read(BOTH)
    for function, node in (("acquire", "sent"), ("report", "value")):
        new = apply(flow, wiring.set_field(flow, graph(flow, function), node, "size", "9"))
        assert "jobs = queue.Queue(size=9)" in write(new)
        new = apply(flow, wiring.set_field(flow, graph(flow, function), node, "full", "'newest'"))
        assert "jobs = queue.Queue(size=5, full='newest')" in write(new)
        new = apply(flow, wiring.set_field(flow, graph(flow, function), node, "size", None))
        assert "jobs = queue.Queue()" in write(new)
    with pytest.raises(Refused, match="Nothing here is called"):
        wiring.set_field(flow, graph(flow, "report"), "value", "size", "more")
    with pytest.raises(Refused, match="at the top of the file"):
        wiring.connect(flow, graph(flow, "acquire"), ("n", ""), ("sent", "size"))


def test_a_rename_reaches_all_that_use_it():
    extra = "def drain(source):\n    found = [x for x in jobs]\n    return source\n\n\ndef report():\n"
    flow = read(BOTH.replace("def report():\n", extra).replace("more = maths.add(value, now)", "more = drain(jobs)"))
    new = apply(flow, wiring.rename_everywhere(flow, "jobs", "readings"))
    text = write(new)
    assert "jobs" not in text
    for line in ("readings = queue.Queue(size=5)", "sent = readings.put(n)", "for value in readings:",
                 "found = [x for x in readings]", "more = drain(readings)"):  # fmt: skip
        assert line in text
    assert len(text.splitlines()) == len(write(flow).splitlines())


def test_a_variable_of_the_same_name_is_left_alone():
    own = "def other():\n    jobs = 3\n    x = maths.add(jobs, 1)\n\n\ndef report():\n"
    text = write(apply(read(BOTH.replace("def report():\n", own)), RenameShared("jobs", "readings")))
    assert "    jobs = 3\n    x = maths.add(jobs, 1)\n" in text


@pytest.mark.parametrize("name", ["sent", "report", "queue", "level", "2x", "for", "n"])
def test_a_name_that_cannot_be_is_refused(name):
    with pytest.raises(Refused):
        wiring.rename_everywhere(read(BOTH), "jobs", name)
    with pytest.raises(EditError):
        RenameShared("jobs", name).apply(read(BOTH))
    with pytest.raises(EditError):
        RenameShared("nothing", "x").apply(read(BOTH))


def test_the_renaming_of_a_node_leaves_the_queue_alone():
    new = apply(read(BOTH), Rename("report", "value", "item"))
    assert "for item in jobs:" in write(new)


def test_the_queue_goes_with_the_last_of_its_ends():
    flow = read(BOTH)
    once = apply(flow, wiring.remove(flow, graph(flow, "acquire"), ["sent"]))
    assert "jobs = queue.Queue(size=5)" in write(once)
    twice = apply(once, wiring.remove(once, graph(once, "report"), ["value", "now", "more"]))
    assert "jobs" not in write(twice)
    assert "level = queue.Latest(0.0)" in write(twice)
    last = apply(twice, wiring.remove(twice, graph(twice, "acquire"), ["call_1"]))
    assert "queue" not in write(last)
