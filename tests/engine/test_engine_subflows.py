"""What a function that is called as a node means for the engine: its nodes are seen, stopped, changed and named."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.compiling import compile_plan
from flodesk.engine.events import NodeFailed
from flodesk.engine.headless import run
from flodesk.engine.load import load

TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
HEAD = "import time\nimport flodesk\nfrom flodesk.nodes import collect, maths, show, statistics, timing\n\n\n"

THREE_DEEP = (
    HEAD
    + """def grown(x, gain=2.0):
    big = maths.scale(x, factor=gain)
    return big


def cleanup(x):
    once = grown(x)
    scaled = grown(once, gain=10.0)
    return scaled


def flow():
    for k in timing.count(4):
        cleaned = cleanup(k)
    a = cleanup(100.0)
"""
    + TAIL
)


def test_nodes_three_deep_have_states_of_their_own(placed) -> None:
    assert placed.run(THREE_DEEP).reason == "succeeded"
    counts = {name: state.count for name, state in placed.engine.states().items()}
    assert counts == {
        "flow.k": 4, "flow.cleaned": 4, "flow.a": 1,
        "cleanup.once": 5, "cleanup.scaled": 5, "cleanup.return": 5, "grown.big": 10, "grown.return": 10,
    }  # fmt: skip


def test_values_inside_are_seen(placed) -> None:
    placed.engine.watch({"cleanup.once", "grown.gain", "flow.a"}, set())
    placed.run(THREE_DEEP)
    placed.until(lambda: placed.value("flow.a") == 2000.0)
    assert placed.until(lambda: placed.value("cleanup.once") == 200.0)
    assert placed.until(lambda: placed.value("grown.gain") == 10.0)


def test_values_inside_go_with_the_call_unless_somebody_looks() -> None:
    assert set(run(THREE_DEEP, keep_values=True).values) == {"flow.cleaned", "flow.a", "flow.k"}


def test_an_indicator_inside_is_left_at_the_end() -> None:
    text = HEAD + "def seen(x):\n    half = maths.scale(x, factor=0.5)\n    meter = show.number(half)\n\n\n"
    result = run(text + "def flow():\n    a = seen(3.0)\n    b = seen(5.0)\n" + TAIL)
    assert list(result.indicators) == ["seen.meter"]
    assert result.indicators["seen.meter"].value == 2.5


def test_a_failure_names_the_inner_node_the_line_and_the_way_down(tmp_path: Path) -> None:
    text = THREE_DEEP.replace("maths.scale(x, factor=gain)", "maths.scale(x, factor='2')")
    file = tmp_path / "deep.py"
    file.write_text(text, encoding="utf-8")
    result = run(text, str(file))
    (event,) = [event for event in result.events if isinstance(event, NodeFailed)]
    failure = event.failure
    assert (failure.node, failure.way) == ("grown.big", ("flow.cleaned", "cleanup.once"))
    assert (failure.file, failure.code) == (str(file), "big = maths.scale(x, factor='2')")
    assert failure.inputs == (("value", "0"), ("factor", "2"))
    assert result.message.startswith("flow.cleaned → cleanup.once → grown.big failed: ")
    order = [failure.traceback.index(line) for line in ("cleaned = cleanup(k)", "once = grown(x)", "big = maths.scale")]
    assert order == sorted(order)
    assert "flodesk/engine" not in failure.traceback


def test_the_calling_nodes_are_marked_too(placed) -> None:
    placed.run(THREE_DEEP.replace("maths.scale(x, factor=gain)", "maths.scale(x, factor='2')"))
    states = placed.engine.states()
    failed = {name for name, state in states.items() if state.state == "failed"}
    assert failed == {"flow.cleaned", "cleanup.once", "grown.big"}


RECORDS = (
    HEAD
    + """closed = []


class Tool:
    def __init__(self, name="a"):
        self.name = name

    def __call__(self, x):
        closed.append(f"used {self.name}")
        return x

    def close(self):
        closed.append(f"closed {self.name}")
        if self.name == "bad":
            raise OSError("it is stuck")


def work(x):
    one = Tool()
    two = Tool(name="b")
    y = one(x)
    z = two(y)
    return z


"""
)


def closed() -> list[str]:
    found: list[str] = sys.modules["flodesk_flow"].closed
    return found


def test_what_a_call_makes_is_closed_at_its_end_the_last_first() -> None:
    result = run(RECORDS + "def flow():\n    a = work(1)\n    b = work(a)\n" + TAIL)
    assert result.reason == "succeeded"
    assert closed() == ["used a", "used b", "closed b", "closed a"] * 2


def test_what_a_call_makes_is_closed_also_when_it_fails() -> None:
    text = RECORDS.replace("z = two(y)", "z = maths.scale(y, factor='x')") + "def flow():\n    a = work(1)\n" + TAIL
    assert run(text).failures[0].failure.node == "work.z"
    assert closed() == ["used a", "closed b", "closed a"]


def test_what_cannot_be_closed_fails_the_call_and_the_others_are_closed() -> None:
    result = run(RECORDS.replace('name="b"', 'name="bad"') + "def flow():\n    a = work(1)\n" + TAIL)
    assert (result.failures[0].failure.node, result.failures[0].failure.way) == ("work.two", ("flow.a",))
    assert closed()[-2:] == ["closed bad", "closed a"]


def test_what_a_call_gives_back_lives_on_where_it_was_called() -> None:
    made = "def make(name):\n    tool = Tool(name=name)\n    return tool\n\n\n"
    made += "def both(name):\n    tool = make(name)\n    x = tool(1)\n    other = make('c')\n    return x, other\n\n\n"
    text = RECORDS + made + "def flow():\n    tool = make('x')\n    a = tool(1)\n    b = both('y')\n    c = tool(2)\n"
    assert run(text + TAIL).reason == "succeeded"
    assert closed()[:4] == ["used x", "used y", "closed y", "used x"]
    assert sorted(closed()[4:]) == ["closed c", "closed x"]


WAITS = (
    HEAD
    + """def inside(n):
    for tick in timing.every(0.005):
        y = maths.scale(tick, factor=2.0)
    return n


def flow():
    a = inside(1)
"""
    + TAIL
)


def test_a_loop_inside_stops_between_its_nodes(placed) -> None:
    placed.start(WAITS)
    placed.until(lambda: (s := placed.engine.states().get("inside.y")) and s.count > 3)
    assert placed.engine.states()["flow.a"].state == "running"
    assert placed.stop().reason == "stopped"
    assert not placed.failures


def test_a_parameter_inside_a_loop_that_is_on_changes_at_the_next_call(placed) -> None:
    placed.engine.watch({"inside.y", "inside.tick"}, set())
    placed.start(WAITS.replace("tick, factor=2.0", "1.0, factor=2.0"))
    placed.until(lambda: placed.value("inside.y") == 2.0)
    placed.engine.set_parameter("inside.y", "factor", "5.0")
    placed.until(lambda: placed.value("inside.y") == 5.0)
    assert placed.stop().reason == "stopped"


def test_a_producer_inside_that_waits_starts_anew_with_its_new_parameter(placed) -> None:
    placed.engine.watch({"inside.tick"}, set())
    placed.start(WAITS.replace("timing.every(0.005)", "timing.every(1000.0)"))
    placed.until(lambda: placed.value("inside.tick") is not None)
    before = placed.engine.states()["inside.y"].count
    placed.engine.set_parameter("inside.tick", "period", "0.005")
    placed.until(lambda: placed.engine.states()["inside.y"].count > before + 3)
    placed.stop()


def test_a_parameter_inside_changes_the_next_call_of_a_loop_and_what_stands_above_it(placed) -> None:
    text = HEAD + "def twice(x):\n    y = maths.scale(x, factor=2.0)\n    return y\n\n\n"
    text += "def flow():\n    above = twice(1.0)\n    for tick in timing.every(0.005):\n        below = twice(3.0)\n"
    text += "        both = maths.add(above, below)\n"
    placed.engine.watch({"flow.both"}, set())
    placed.start(text + TAIL)
    placed.until(lambda: placed.value("flow.both") == 8.0)
    placed.engine.set_parameter("twice.y", "factor", "10.0")
    placed.until(lambda: placed.value("flow.both") == 40.0)
    placed.stop()


def test_a_parameter_inside_a_flow_without_loops_runs_the_calls_again(placed) -> None:
    text = HEAD + "def twice(x):\n    y = maths.scale(x, factor=2.0)\n    return y\n\n\n"
    text += "def flow():\n    a = twice(1.0)\n    b = maths.add(a, 1.0)\n    c = maths.add(5.0, 1.0)\n" + TAIL
    placed.engine.watch({"flow.b"}, set())
    placed.run(text)
    placed.finished.clear()
    placed.engine.set_parameter("twice.y", "factor", "10.0")
    placed.wait()
    placed.until(lambda: placed.value("flow.b") == 11.0)
    counts = {name: state.count for name, state in placed.engine.states().items()}
    assert counts["flow.c"] == 1


def test_a_changed_subflow_is_taken_over_between_two_turns(placed) -> None:
    text = HEAD + "def twice(x):\n    y = maths.scale(x, factor=2.0)\n    return y\n\n\n"
    text += "def flow():\n    total = 0.0\n    for tick in timing.every(0.005):\n        below = twice(3.0)\n"
    text += "        more = maths.add(total, 1.0)\n        total = more\n" + TAIL
    placed.engine.watch({"flow.below", "flow.more"}, set())
    placed.start(text)
    placed.until(lambda: placed.value("flow.below") == 6.0)
    before = placed.until(lambda: placed.value("flow.more"))
    placed.engine.swap(text.replace("    return y\n", "    z = maths.add(y, 0.5)\n    return z\n"))
    placed.until(lambda: placed.value("flow.below") == 6.5)
    assert placed.value("flow.more") >= before, "feedback goes on"
    assert placed.engine.states()["twice.z"].count > 0
    placed.stop()


def test_a_change_while_a_loop_inside_is_all_that_runs_starts_the_run_anew(placed) -> None:
    placed.engine.watch({"inside.y"}, set())
    placed.start(WAITS.replace("tick, factor=2.0", "1.0, factor=2.0"))
    placed.until(lambda: placed.value("inside.y") == 2.0)
    placed.engine.swap(WAITS.replace("maths.scale(tick, factor=2.0)", "maths.add(1.0, 6.0)"))
    placed.until(lambda: placed.value("inside.y") == 7.0)
    placed.stop()


def test_recursion_without_end_is_an_error_at_its_node() -> None:
    result = run(HEAD + "def down(x):\n    y = maths.add(x, 1)\n    z = down(y)\n    return z\n\n\n"
                 "def flow():\n    a = down(1)\n" + TAIL)  # fmt: skip
    failure = result.failures[0].failure
    assert (failure.type, failure.node, failure.way) == ("RecursionError", "down.z", ("flow.a",))


def test_a_flow_may_be_a_node_of_another_one() -> None:
    text = HEAD + "def one():\n    a = maths.add(1.0, 2.0)\n    return a\n\n\n"
    text += "def two():\n    b = one()\n    c = maths.scale(b, factor=2.0)\n"
    result = run(text + TAIL.replace("(flow)", "(one, two)"), keep_values=True)
    assert result.reason == "succeeded"
    assert result.values["two.c"] == 6.0


def test_two_functions_that_call_the_same_one_are_counted_together(placed) -> None:
    text = HEAD + "def twice(x):\n    y = maths.scale(x, factor=2.0)\n    return y\n\n\n"
    text += "def one():\n    a = twice(1.0)\n\n\ndef two():\n    for k in timing.count(3):\n        b = twice(k)\n"
    assert placed.run(text + TAIL.replace("(flow)", "(one, two)")).reason == "succeeded"
    assert placed.engine.states()["twice.y"].count == 4


def test_progress_and_log_of_a_bare_line_are_those_of_the_calling_node(placed) -> None:
    text = HEAD + "def slow(x):\n    context = flodesk.context()\n    context.progress(0.5)\n    context.log('here')\n"
    text += "    context.sleep(30)\n    return x\n\n\ndef flow():\n    a = slow(1)\n" + TAIL
    placed.start(text)
    assert placed.until(lambda: (s := placed.engine.states().get("flow.a")) and s.progress) == 0.5
    placed.stop()
    assert [line.node for line in placed.lines() if line.text == "here"] == ["flow.a"]


# ------------------------------------------------------------------ from other files
FILTERS = HEAD + "def clean(x, gain=3.0):\n    y = deeper(x)\n    z = maths.scale(y, factor=gain)\n    return z\n\n\n"
FILTERS = FILTERS.replace("import flodesk\n", "import flodesk\nfrom below_filters import deeper\n")
BELOW = HEAD + "def deeper(x):\n    y = maths.add(x, 1.0)\n    return y\n"


@pytest.fixture
def beside(tmp_path: Path) -> Any:
    (tmp_path / "kept_filters.py").write_text(FILTERS, encoding="utf-8")
    (tmp_path / "below_filters.py").write_text(BELOW, encoding="utf-8")
    text = HEAD + "from kept_filters import clean\n\n\ndef flow():\n    a = clean(1.0)\n    b = clean(2.0, gain=5.0)\n"
    file = tmp_path / "main.py"
    file.write_text(text + TAIL, encoding="utf-8")
    yield file
    for name in ("kept_filters", "below_filters"):
        sys.modules.pop(name, None)


def test_a_function_of_another_file_is_a_subflow_to_any_depth(beside: Path, placed) -> None:
    assert placed.run(beside.read_text(encoding="utf-8"), str(beside)).reason == "succeeded"
    counts = {name: state.count for name, state in placed.engine.states().items()}
    assert counts["kept_filters.clean.z"] == 2
    assert counts["below_filters.deeper.y"] == 2


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("below_filters.deeper.y", "below_filters.deeper.y"),
        ("kept_filters.clean.y -> z.x", "kept_filters.clean.y"),
    ],
)
def test_a_breakpoint_in_another_file_holds(beside: Path, placed, place: str, where: str) -> None:
    placed.engine.set_breaks({place: ""})
    placed.start(beside.read_text(encoding="utf-8"), str(beside))
    assert placed.until(lambda: placed.engine.held)["flow"].node == where
    placed.engine.set_breaks({})
    placed.engine.resume()
    assert placed.wait().reason == "succeeded"


def test_a_failure_in_another_file_names_that_file(beside: Path) -> None:
    (beside.parent / "below_filters.py").write_text(BELOW.replace("x, 1.0", "x, '1'"), encoding="utf-8")
    failure = run(beside.read_text(encoding="utf-8"), str(beside)).failures[0].failure
    assert failure.way == ("flow.a", "kept_filters.clean.y")
    assert failure.node == "below_filters.deeper.y"
    assert Path(failure.file).name == "below_filters.py"
    assert failure.code == "y = maths.add(x, '1')"


# ------------------------------------------------------------------ what has steps
@pytest.mark.parametrize(
    ("body", "inner"),
    [
        ("y = maths.add(x, 1)\n    return y", True),
        ("y = maths.add(x, 1)", True),
        ("return x + 1", False),
        ("if x > 1:\n        return 1\n    y = maths.add(x, 1)\n    return y", True),
        ("y = maths.add(x, 1)\n    yield y", False),
        ("global other\n    other = 1\n    y = maths.add(x, 1)\n    return y", False),
        ("y = maths.nothing(x)\n    return y", False),
    ],
)
def test_which_functions_have_steps(body: str, inner: bool) -> None:
    loaded = load(HEAD + f"def inside(x):\n    {body}\n\n\ndef flow():\n    a = inside(1)\n" + TAIL, "")
    assert bool(compile_plan(loaded, "flow").inner) is inner
