"""Nodes in worker processes: the values of the plain script, and every way in which such a process can go wrong."""

from __future__ import annotations

import gc
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.errors import StopRun
from flodesk.engine.events import LogLine, LoopFinished, NodeFailed
from flodesk.engine.headless import Result, run
from flodesk.engine.inprocess import InProcess
from flodesk.engine.patience import Patience
from flodesk.engine.places.processes.pool import Pool
from flodesk.engine.places.processes.process import ProcessPlace
from flodesk.engine.places.processes.seat import ProcessSeat
from flodesk.engine.places.processes.worker_process import Worker
from flodesk.engine.places.protocol import Opened

MEMORY = Path("/dev/shm")


def header(*nodes: str, more: str = "", function: str = "flow") -> str:
    lines = ["# /// script", "# [tool.flodesk]", "# version = 1", f"# [tool.flodesk.places.{function}]"]
    lines += [f'# {node} = "process"' for node in nodes]
    lines += [f"# {line}" for line in more.splitlines()]
    return "\n".join([*lines, "# ///", "import flodesk", ""])


MAIN = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def flow(body: str, *nodes: str, top: str = "", more: str = "") -> str:
    return header(*nodes, more=more) + top + "\n\ndef flow():\n" + body + MAIN


def plain(text: str) -> dict[str, Any]:
    """Run the script as Python does; returns the variables of its function."""
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text.replace("def flow():", "def flow():\n    global there"), "plain", "exec"), space)
    lines = text.split("def flow():\n")[1].split(MAIN)[0]
    body = "\n".join(line[4:] for line in lines.splitlines())
    exec(compile(body, "plain", "exec"), space)
    return space


def values(result: Result) -> dict[str, Any]:
    assert result.reason == "succeeded", (result.message, result.failures)
    return {name.partition(".")[2]: value for name, value in result.values.items()}


def failed(result: Result) -> Any:
    assert result.reason == "failed", result
    return result.failures[0].failure


def children() -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[1]) == os.getpid() and b"process_worker" in command:
                found.append(int(entry.name))
    return found


def segments() -> set[str]:
    return {entry.name for entry in MEMORY.glob(f"flodesk{os.getpid():x}_*")} if MEMORY.exists() else set()


def handles() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


@pytest.fixture(autouse=True)
def nothing_leaks() -> Any:
    before, open_before = segments(), handles()
    yield
    gc.collect()
    assert not children()
    assert segments() <= before
    assert handles() <= open_before + 3  # the tracker's pipe, a source of random bytes


TOP = """
import os
import time
import numpy


class Sum:
    def __init__(self, start=0.0):
        self.total = start
        self.kept = []

    def __call__(self, x):
        self.total += float(numpy.sum(x))
        self.kept.append(x)
        return self.total

    def first(self):
        return float(self.kept[0][0]) if hasattr(self.kept[0], "__len__") else self.kept[0]


def where(x=0):
    return os.getpid()


def inc(x, by=1):
    return x + by


def mul(x, y):
    return x * y


def big(x, n=200_000):
    return numpy.full(n, float(x))


def count(n=5):
    yield from range(n)
"""


def test_values_are_those_of_the_script_and_come_from_another_process() -> None:
    text = flow(
        """\
    a = big(3)
    b = inc(a, by=2)
    c = mul(a, b)
    d = mul(c, y=0.5)
    n = inc(1)
    w = where()
""",
        "b",
        "c",
        "n",
        "w",
        top=TOP,
    )
    got, want = values(run(text, keep_values=True)), plain(text)
    for name in "abcdn":
        assert type(got[name]) is type(want[name])
        assert (got[name] == want[name]).all() if name != "n" else got[name] == want[name]
    assert got["w"] != os.getpid()
    got["b"][0] = 7.0  # a result is its reader's own: it can be written to
    assert got["b"][0] == 7.0


def test_an_object_stays_in_its_process_with_the_arrays_that_it_was_given() -> None:
    body = """\
    s = Sum(10.0)
    for k in count(6):
        a = big(k)
        t = s(a)
    f = s.first()
"""
    text = flow(body, "s", top=TOP)
    got = values(run(text, keep_values=True))
    want = plain(text)
    assert got["t"] == want["t"]
    assert got["f"] == want["f"] == 0.0  # the array of the first turn was not written over by those after it


def test_arrays_that_came_from_elsewhere_keep_their_values_while_somebody_has_them() -> None:
    top = TOP + "\nkept = []\n\n\ndef keep(x):\n    kept.append(x)\n    return len(kept)\n"
    body = """\
    for k in count(8):
        a = big(k)
        b = inc(a)
        n = keep(b)
"""
    result = run(flow(body, "b", top=top), keep_values=True)
    assert result.reason == "succeeded"
    kept = sys.modules["flodesk_flow"].kept
    assert [float(array[0]) for array in kept] == [float(k + 1) for k in range(8)]
    assert [float(array[-1]) for array in kept] == [float(k + 1) for k in range(8)]
    kept.clear()


def test_memory_that_a_worker_gave_back_and_was_given_again_is_not_used_for_others() -> None:
    """Who gives memory back is looked at later, when room is needed: by then it may have been given to him again."""
    pool = Pool()
    worker = Worker({}, "")
    seat = ProcessSeat(ProcessPlace({"cpus": 1}, ""), pool, worker, Opened("r", "f", "", "", 8, lambda *said: None))
    try:
        slot = pool.take(1 << 20, "room")
        array = pool.value(slot, 0, 1 << 20)
        pool.give_back(slot, "room")
        seat._place_for(memoryview(array), {})
        seat._settle(set())  # the worker looks at it no more
        seat._place_for(memoryview(array), {})  # and gets it once more
        assert pool.take(1 << 20, "another") is not slot
        del array
        gc.collect()
        assert pool.take(1 << 20, "another") is not slot, "the worker looks at it still"
        seat._settle(set())
        taken = [pool.take(1 << 20, "another") for _ in range(3)]
        assert [found is slot for found in taken].count(True) == 1
    finally:
        seat._place.close()
        pool.close()
        for end in (worker.sock, worker._other):
            end.close()


def test_a_node_that_writes_into_its_input_is_told_not_to() -> None:
    top = TOP + "\n\ndef spoil(x):\n    x[0] = -1.0\n    return x\n"
    told = failed(run(flow("    a = big(1)\n    b = spoil(a)\n", "b", top=top)))
    assert told.node == "flow.b"
    assert "read-only" in told.message


def test_code_and_branches_and_names_that_are_not_bound() -> None:
    body = """\
    for k in count(4):
        high = k > 1
        if high:
            v = inc(k, by=10)
            level = v
        else:
            u = inc(k, by=20)
            level = u
        w = inc(level)
        if k == 2: extra = k * 100
        last = inc(w, by=0)
"""
    text = flow(body, "v", "w", "last", top=TOP)
    got, want = values(run(text, keep_values=True)), plain(text)
    for name in ("w", "last", "level"):
        if name in got:
            assert got[name] == want[name]
    assert "last" in got


def test_lines_arrive_under_their_node_and_what_is_printed_where_it_is_at_home(
    capsys: pytest.CaptureFixture[str],
) -> None:
    top = TOP + "\n\ndef say(x):\n    print('hello', x)\n    flodesk.context().log('logged', 'warning')\n    return x\n"
    result = run(flow("    a = inc(1)\n    b = say(a)\n", "a", "b", top=top))
    lines = [(e.node, e.level, e.text) for e in result.events if isinstance(e, LogLine)]
    assert ("flow.b", "warning", "logged") in lines
    assert capsys.readouterr().out == "hello 2\n"


# ------------------------------------------------------------------ failures
def test_a_failure_names_the_node_the_line_and_what_it_was_given() -> None:
    top = TOP + "\n\ndef bad(x):\n    y = 1\n    raise KeyError('gone')\n"
    text = flow("    a = inc(1)\n    b = bad(a)\n    c = inc(b)\n", "a", "b", "c", top=top)
    told = failed(run(text))
    assert told.node == "flow.b"
    assert told.type == "KeyError"
    assert told.code == "raise KeyError('gone')"
    assert text.splitlines()[told.line - 1].strip() == told.code
    assert told.inputs == (("x", "2"),)
    assert "process_worker" not in told.traceback
    assert "b = bad(a)" in told.traceback


CRASHES = {
    "exit": ("os._exit(3)", "exit code 3"),
    "segfault": ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    "killed": ("os.kill(os.getpid(), 9)", "SIGKILL"),
}


@pytest.mark.parametrize("kind", CRASHES)
def test_a_worker_that_dies_is_an_error_of_its_node_and_the_next_run_has_a_fresh_one(here: Any, kind: str) -> None:
    code, said = CRASHES[kind]
    top = TOP + f"\n\ndef crash(x):\n    if x > 1:\n        {code}\n    return x\n"
    text = flow("    a = inc(1)\n    b = crash(a)\n    c = inc(b)\n", "a", "b", "c", top=top)
    assert here.run(text).reason == "failed"
    told = here.failures[-1]
    assert told.node == "flow.b"
    assert said in told.message
    assert told.code == "b = crash(a)"
    assert here.run(text.replace("inc(1)", "inc(0)")).reason == "succeeded"


def test_a_node_that_hangs_is_ended_with_its_process(placed: Any) -> None:
    top = (
        TOP
        + """

def hang(x):
    while True:
        try:
            print("hanging")
            time.sleep(60)
        except BaseException:
            pass
"""
    )
    text = flow("    a = inc(1)\n    b = hang(a)\n", "b", top=top)
    placed.start(text)
    placed.until(lambda: any("hanging" in line.text for line in placed.lines()))
    before = time.monotonic()
    finished = placed.stop()
    assert time.monotonic() - before < 15  # measured: 1.6 s; it would sleep on for 60 s
    assert finished.reason == "killed"
    assert "flow.b" in finished.message
    ends = [e for e in placed.events if isinstance(e, LoopFinished)]
    assert ends[-1].reason == "killed"
    text = flow("    a = inc(1)\n    b = inc(a)\n    w = where()\n", "b", "w", top=TOP)
    assert placed.run(text).reason == "succeeded"


def test_it_is_told_also_where_the_exception_meant_for_nodes_here_comes_while_it_is_waited_for(
    here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = TOP + "\n\ndef hang(x):\n    print('hanging')\n    return sum(range(10**13))\n"
    here.start(flow("    b = hang(1)\n", "b", top=top))
    here.until(lambda: any("hanging" in line.text for line in here.lines()))
    over, came = Patience.over, []

    def interrupted(patience: Patience, seconds: float) -> bool:
        came.append(seconds)
        if len(came) == 3:
            raise StopRun
        return over(patience, seconds)

    monkeypatch.setattr(Patience, "over", interrupted)
    finished = here.stop()
    assert len(came) > 3
    assert (finished.reason, "its process was ended" in finished.message) == ("killed", True)


def test_a_node_that_waits_politely_ends_at_once_and_keeps_its_process(here: Any) -> None:
    top = TOP + "\n\ndef wait(x):\n    print('waiting')\n    flodesk.context().sleep(60)\n"
    here.start(flow("    b = wait(1)\n", "b", top=top))
    here.until(lambda: any("waiting" in line.text for line in here.lines()))
    pids = set(children())
    before = time.monotonic()
    assert here.stop().reason == "stopped"
    assert time.monotonic() - before < 15  # measured: 20 ms; it would sleep on for 60 s
    assert pids <= set(children())


def test_a_node_that_prints_without_end_is_stopped(here: Any) -> None:
    top = TOP + "\n\ndef chatter(x):\n    while True:\n        print('again and again')\n"
    here.start(flow("    b = chatter(1)\n", "b", top=top))
    here.until(lambda: len(here.lines()) > 50)
    before = time.monotonic()
    assert here.stop().reason == "stopped"
    assert time.monotonic() - before < 15
    assert len(here.lines()) < 3000


@pytest.mark.parametrize("node", ["b", "c"])
def test_what_cannot_travel_is_named_with_its_type_and_what_to_do(node: str) -> None:
    top = TOP + "\nimport threading\n\n\ndef lock(x):\n    return [threading.Lock()]\n\n\ndef take(x):\n    return 1\n"
    told = failed(run(flow("    a = inc(1)\n    b = lock(a)\n    c = take(b)\n", node, top=top)))
    assert told.node == f"flow.{node}"
    assert "“b” cannot travel" in told.message
    assert "lock" in told.message
    assert "in one place" in told.message
    assert told.type == "CannotTravelError"


def test_what_stays_in_one_segment_need_not_travel() -> None:
    top = (
        TOP
        + "\nimport threading\n\n\ndef lock(x):\n    return threading.Lock()\n\n\ndef held(x):\n    return x.locked()\n"
    )
    text = flow("    for k in count(3):\n        b = lock(k)\n        c = held(b)\n", "b", "c", top=top)
    assert run(text).reason == "succeeded"


def test_objects_are_closed_in_their_process_at_the_end(here: Any) -> None:
    top = (
        TOP
        + """

class Port:
    def __call__(self, x):
        return x

    def close(self):
        flodesk.context().log(f'closed in {os.getpid() != PARENT}')
"""
    )
    here.run(flow("    p = Port()\n    a = p(1)\n", "p", top=top.replace("PARENT", str(os.getpid()))))
    assert [line.text for line in here.lines()] == ["closed in True"]
    top = top.replace("flodesk.context().log(f'closed in {os.getpid() != PARENT}')", "raise OSError('jammed')")
    assert here.run(flow("    p = Port()\n    a = p(1)\n", "p", top=top)).reason == "failed"
    assert (here.failures[-1].node, here.failures[-1].message) == ("flow.p", "jammed")


# ------------------------------------------------------------------ settings, changes
def test_environment_and_working_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    top = TOP + "\n\ndef look(x):\n    return os.environ.get('FLODESK_TEST'), os.getcwd()\n"
    more = '[tool.flodesk.process]\ncpus = 1\nfolder = "data"\nenvironment = { FLODESK_TEST = "yes" }'
    file = tmp_path / "f.py"
    text = flow("    a = look(1)\n", "a", top=top, more=more)
    assert values(run(text, str(file), keep_values=True))["a"] == ("yes", str(tmp_path / "data"))


def test_a_parameter_takes_effect_at_the_next_call_and_an_edit_keeps_the_state(here: Any) -> None:
    body = """\
    s = Sum(0.0)
    for k in forever():
        a = inc(1, by=1)
        t = s(a)
"""
    top = TOP + "\n\ndef forever():\n    while True:\n        flodesk.context().sleep(0.005)\n        yield 1\n"
    text = flow(body, "s", "a", top=top)
    here.engine.watch({"flow.a", "flow.t"}, set())
    here.start(text)
    here.until(lambda: here.value("flow.a") == 2)
    here.engine.set_parameter("flow.a", "by", "5")
    here.until(lambda: here.value("flow.a") == 6)
    total = here.until(lambda: here.value("flow.t"))
    here.engine.swap(text.replace("by=1", "by=7").replace("        t = s(a)", "        b = inc(a)\n        t = s(a)"))
    here.until(lambda: here.value("flow.a") == 8)
    assert here.value("flow.t") > total
    later = here.value("flow.t")
    here.until(lambda: here.value("flow.t") > later)
    assert here.stop().reason == "stopped"


def test_a_changed_parameter_after_the_end_runs_only_what_hangs_on_it(here: Any) -> None:
    text = flow("    a = inc(1, by=1)\n    b = big(a)\n    c = inc(b, by=1)\n", "a", "b", "c", top=TOP)
    here.engine.watch({"flow.a"}, {"flow.c"})
    assert here.run(text).reason == "succeeded"
    here.finished.clear()
    here.engine.set_parameter("flow.a", "by", "4")
    assert here.wait().reason == "succeeded"
    here.until(lambda: here.value("flow.a") == 5)
    assert "6" in here.until(lambda: here.value("flow.c")).detail


def test_two_functions_have_workers_of_their_own(here: Any) -> None:
    second = header("w", function="other").splitlines()[3:5]
    text = flow("    for k in count(3):\n        w = where(k)\n", "w", top=TOP)
    text = text.replace("# ///\nimport", "\n".join([*second, "# ///", "import"]))
    text = text.replace(MAIN, "\n\ndef other():\n    for k in count(3):\n        w = where(k)\n" + MAIN)
    text = text.replace("main(flow)", "main(flow, other)")
    here.engine.watch({"flow.w", "other.w"}, set())
    assert here.run(text).reason == "succeeded"
    assert here.value("flow.w") != here.value("other.w")
    pids = set(children())
    assert here.run(text).reason == "succeeded"
    assert set(children()) == pids, "workers are kept over runs"


def test_independent_branches_run_in_several_workers() -> None:
    top = TOP + "\n\ndef slow(x):\n    time.sleep(0.3)\n    return os.getpid()\n"
    text = flow("    a = slow(1)\n    b = slow(2)\n", "a", "b", top=top, more="[tool.flodesk.process]\ncpus = 2")
    got = values(run(text, keep_values=True))
    assert got["a"] != got["b"]


def test_parts_hand_on_to_each_other_what_nobody_else_needs() -> None:
    body = """\
    for k in count(3):
        a = big(k)
        b = inc(a, by=2)
        c = mul(a, y=3)
        d = mul(b, c)
        e = mul(d, y=1.0)
        n = inc(e)
"""
    more = "[tool.flodesk.process]\ncpus = 2"
    result = run(flow(body + "    z = inc(0)\n", "a", "b", "c", "d", top=TOP, more=more), keep_values=True)
    assert result.reason == "succeeded", result.message
    text = flow(body + "    last = mul(n, y=1.0)\n", "a", "b", "c", "d", top=TOP, more=more)
    got, want = values(run(text, keep_values=True)), plain(text)
    assert (got["last"] == want["last"]).all()


def test_the_first_failure_in_the_order_of_the_script_is_told() -> None:
    top = TOP + "\n\ndef bad(x, after):\n    time.sleep(after)\n    raise ValueError(x)\n"
    text = flow(
        "    a = bad(1, 0.4)\n    b = bad(2, 0.0)\n", "a", "b", top=top, more="[tool.flodesk.process]\ncpus = 2"
    )
    assert failed(run(text)).node == "flow.a"


# ------------------------------------------------------------------ refusals before a run
REFUSED = [
    ("    a = inc(1)\n", ("a",), '"nowhere"', "there is no place “nowhere”"),
    ("    for k in count():\n        a = inc(k)\n", ("k",), '"process"', "a loop cannot run in another place"),
    ("    s = Sum()\n    a = s(1)\n    b = inc(s)\n", ("s",), '"process"', "stays in the place process"),
]


@pytest.mark.parametrize(("body", "nodes", "place", "said"), REFUSED, ids=[said for *_, said in REFUSED])
def test_what_cannot_be_is_refused_before_the_run(body: str, nodes: tuple[str, ...], place: str, said: str) -> None:
    result = run(flow(body, *nodes, top=TOP).replace('"process"', place))
    assert result.reason == "failed"
    assert said in result.message


# ------------------------------------------------------------------ subflows
SUB = (
    TOP
    + """

def twice(x):
    y = inc(x)
    z = mul(y, y)
    return z
"""
)


def test_parts_of_a_subflow_and_whole_subflows_run_elsewhere() -> None:
    text = flow("    a = twice(3)\n    b = twice(a)\n", "b", top=SUB)
    inner = text.replace('places.flow]\n# b = "process"', 'places.twice]\n# y = "process"')
    for script in (text, inner):
        got = values(run(script, keep_values=True))
        assert (got["a"], got["b"]) == (16, 289)


@pytest.mark.parametrize("table", ['flow]\n# a = "process"', 'twice]\n# z = "process"'])
def test_a_failure_in_a_subflow_elsewhere_names_the_inner_node(table: str) -> None:
    top = SUB.replace("mul(y, y)", "mul(y, 'x', 1)")
    text = flow("    a = twice(3)\n", "a", top=top).replace('flow]\n# a = "process"', table)
    told = failed(run(text))
    assert told.node == "twice.z"
    assert told.code == "z = mul(y, 'x', 1)"
    assert told.way == ("flow.a",)


# ------------------------------------------------------------------ leaks
def test_workers_and_memory_go_with_an_engine_that_is_killed(host: Any) -> None:
    top = TOP + "\n\ndef hang(x):\n    print(os.getpid())\n    while True:\n        time.sleep(60)\n"
    host.start(flow("    a = big(1)\n    b = hang(a)\n", "b", top=top))
    pid = int(host.until(lambda: host.lines())[0].text)
    engine = host.engine.pid
    memory = f"flodesk{engine:x}_*"
    assert not MEMORY.exists() or list(MEMORY.glob(memory))
    os.kill(engine, 9)
    assert host.wait().reason == "crashed"
    host.until(lambda: not Path(f"/proc/{pid}").exists())
    host.until(lambda: not list(MEMORY.glob(memory)))


def cycles(count: int) -> None:
    engine = InProcess()
    text = flow("    for k in count(3):\n        a = big(k)\n        b = inc(a)\n", "b", top=TOP)
    try:
        for n in range(count):
            engine.open(text)
            engine.start()
            if n % 3:
                end = time.monotonic() + 60
                while engine.running and time.monotonic() < end:
                    time.sleep(0.002)
            else:
                engine.stop()
        assert len(children()) <= 2
        assert len(segments()) < 40  # the values of runs that only the garbage collector ends take some
    finally:
        engine.close()


def test_ten_starts_and_stops_leave_nothing() -> None:
    cycles(10)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_two_hundred_starts_and_stops_leave_nothing() -> None:
    cycles(200)


@pytest.mark.long
def test_a_worker_that_is_killed_in_every_run_leaves_nothing() -> None:
    engine = InProcess()
    text = flow("    a = big(1)\n    b = crash(a)\n", "b", top=TOP + "\n\ndef crash(x):\n    os._exit(1)\n")
    events: list[Any] = []
    engine.listener = events.append
    try:
        for _ in range(50):
            engine.open(text)
            engine.start()
            end = time.monotonic() + 60
            while engine.running and time.monotonic() < end:
                time.sleep(0.002)
    finally:
        engine.close()
    assert sum(isinstance(e, NodeFailed) for e in events) == 50


def test_a_side_branch_in_a_process_gives_what_the_script_gives() -> None:
    """The branch and the loop use one process by turns; the object that both hang on stays in it."""
    top = "import os\n\n\nclass Sum:\n    def __init__(self):\n        self.all = 0\n\n    def __call__(self, x):\n"
    top += "        self.all += x\n        return self.all, os.getpid()\n\n\ndef twice(x):\n    return 2 * x\n"
    body = (
        "    total = Sum()\n    rows = collect.List()\n    for k in range(40):\n        a = twice(k)\n"
        "        b = twice(a)\n        c = total(b)\n        rows.add(c)\n    found = rows.result()\n"
    )
    more = "[tool.flodesk.detached.flow]\nb = 3"
    text = flow(body, "a", "b", "total", top="from flodesk.nodes import collect\n" + top, more=more)
    found = values(run(text, keep_values=True))["found"]
    sums = [2 * k * (k + 1) for k in range(40)]
    assert [value for value, _ in found] == sums
    assert len({process for _, process in found}) == 1
    assert found[0][1] != os.getpid()
