"""What is offered where functions meet: a queue or a latest value between two flows, an error inside a subflow."""

from __future__ import annotations

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit import from_json, to_json
from flodesk.flow.fixes import Fix, fixes_of
from flodesk.flow.problem import Problem
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
HEAD = "import flodesk\nfrom flodesk.nodes import maths, queue, source, timing\n"
TWO = """

def one():
    for n in timing.count(3):
        a = maths.scale(n)


def two():
    b = maths.absolute(a)
    c = maths.scale(a)
"""
MAIN = "\n\nif __name__ == '__main__':\n    flodesk.main({})\n"


def offered(text: str, kind: str) -> list[tuple[Problem, Fix]]:
    flow = read(text)
    return [(p, fix) for p in check(flow, CATALOG) if p.kind == kind for fix in fixes_of(flow, CATALOG, p)]


def done(text: str, fix: Fix) -> str:
    """Do a fix: it travels, is undone to the letter, what is written is what is read, and the undo menu says it."""
    flow = read(text)
    assert fix.edit is not None
    assert fix.edit.title == fix.title
    new, back = fix.edit.apply(flow)
    assert write(back.apply(new)[0]) == text
    assert from_json(to_json(fix.edit)).apply(flow)[0] == new
    assert read(write(new)) == new
    return write(new)


def test_what_another_flow_gives_is_sent_through_a_queue() -> None:
    text = HEAD + TWO + MAIN.format("one, two")
    _, fix = offered(text, "two-loops")[0]
    assert fix.title == "Send “a” through a queue: put it in “one”, loop over it in “two”"
    after = done(text, fix)
    assert "\njobs = queue.Queue()\n" in after
    assert "        a = maths.scale(n)\n        sent = jobs.put(a)\n" in after
    assert "    for a in jobs:\n        b = maths.absolute(a)\n        c = maths.scale(a)\n" in after
    assert check(read(after), CATALOG) == ()


def test_into_a_loop_that_turns_it_is_handed_over_as_the_latest_value() -> None:
    inner = TWO.replace("    b = maths.absolute(a)\n    c = maths.scale(a)\n", "")
    text = f"{HEAD}{inner}    for t in timing.every(1.0):\n        b = maths.absolute(a)\n{MAIN.format('one, two')}"
    _, fix = offered(text, "two-loops")[0]
    assert fix.title == "Hand “a” over as the latest value: put it in “one”, get it in “two”"
    after = done(text, fix)
    assert "    for t in timing.every(1.0):\n        a = latest.get()\n        b = maths.absolute(a)\n" in after
    assert "latest.put(a)" in after
    assert check(read(after), CATALOG) == ()


def test_what_is_wrong_in_a_subflow_can_be_mended_from_where_it_is_called() -> None:
    inner = "\n\ndef grown(x, by=2.0):\n    big = maths.scale(x, factr=by)\n    return big\n\n\n"
    inner += "def twice(x):\n    once = grown(x)\n    return once\n\n\ndef flow():\n    a = twice(3.0)\n"
    text = HEAD + inner + MAIN.format("flow")
    found = offered(text, "subflow")
    assert {problem.node for problem, _ in found} == {"flow.a", "twice.once"}
    for _, fix in found:
        assert fix.title.startswith("In “grown”: ")
    assert "big = maths.scale(x, factor=by)" in done(text, found[0][1])


def test_a_function_that_calls_itself_is_followed_once() -> None:
    inner = "\n\ndef grown(x):\n    big = maths.scale(x, factr=2)\n    again = grown(big)\n    return again\n\n\n"
    text = f"{HEAD}{inner}def flow():\n    a = grown(3.0)\n{MAIN.format('flow')}"
    assert all(fix.title for _, fix in offered(text, "subflow"))


@pytest.mark.parametrize("made", ["python_queue.Queue()", "python_queue.Queue(5)", "python_queue.Queue(maxsize=5)"])
def test_a_queue_of_python_becomes_one_that_a_loop_can_go_over(made: str) -> None:
    head = "import queue as python_queue\nimport flodesk\nfrom flodesk.nodes import maths, queue, timing\n"
    text = f"{head}\njobs = {made}\n\n\ndef flow():\n    for job in jobs:\n        c = maths.absolute(job)\n"
    text += f"\n\ndef other():\n    for n in timing.count(2):\n        sent = jobs.put(n)\n{MAIN.format('flow, other')}"
    ((_, fix),) = offered(text, "queue")
    after = done(text, fix)
    assert f"jobs = queue.Queue({'size=5' if '5' in made else ''})" in after
    assert check(read(after), CATALOG) == ()
    assert offered(text.replace(made, "python_queue.Queue(5, 6)"), "queue") == []


def test_a_queue_that_is_made_inside_a_function_goes_to_the_top_and_one_that_nobody_reads_is_put_into_no_more() -> None:
    text = f"{HEAD}\n\ndef flow():\n    jobs = queue.Queue(size=3)\n    for n in timing.count(2):\n"
    text += f"        sent = jobs.put(n)\n{MAIN.format('flow')}"
    ((_, fix),) = [(p, fix) for p, fix in offered(text, "queue") if fix.kind == "move"]
    after = done(text, fix)
    assert "\njobs = queue.Queue(size=3)\n" in after
    assert "    jobs = " not in after
    ((_, fix),) = offered(after, "queue")
    assert fix.title == "Remove “sent”"
    assert "put" not in done(after, fix)
