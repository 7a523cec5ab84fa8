"""What is written of a run: by real runs, in every way that one can end."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from flodesk.engine.events import Failure, LogLine, LoopFinished, NodeFailed, RunFinished, RunStarted
from flodesk.engine.headless import run
from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.history.records import About, RunRecord
from flodesk.engine.history.settings import History
from flodesk.engine.ids import new_part, new_run
from flodesk.engine.limits import Limits
from flodesk.engine.part import Part
from flodesk.engine.states import NodeState

FLOW = '''# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk", "rich>=13", "nowhere_to_be_found==1.0"]
# ///
"""A flow that does this and that."""
import flodesk


def pace(x: float, wait: float = 0.002) -> float:
    flodesk.context().sleep(wait)
    return x


def worse(x: float) -> float:
    flodesk.context().log("it comes", "warning")
    return x / 0


def flow():
    for number in range(10):
        value = pace(number, wait=0.001)
    last = pace(1.0)


if __name__ == "__main__":
    flodesk.main(flow)
'''


@pytest.fixture
def recorder():
    said: list[str] = []
    made = Recorder(said.append)
    made.said_of_test = said
    yield made
    made.close()


def only() -> RunRecord:
    with history() as connection:
        (found,) = store.listed(connection)
    return found


def test_a_run_leaves_its_nodes_its_text_and_where_it_ran(recorder: Recorder) -> None:
    result = run(FLOW, "/somewhere/measure.py", settings={"value.wait": "0.002"}, recorder=recorder)
    assert recorder.flush()
    assert recorder.said_of_test == []
    found = only()
    assert (found.id, found.state, found.name, found.path) == (
        result.run,
        "succeeded",
        "measure",
        "/somewhere/measure.py",
    )
    assert found.iterations == 10
    assert found.parameters == {"flow.value.wait": "0.002"}
    assert 0.02 < found.seconds < 10
    assert found.end - found.start == pytest.approx(found.seconds, abs=0.5)
    assert abs(found.start - time.time()) < 30
    packages = found.environment["packages"]
    assert {"numpy", "scipy", "pandas", "rich"} <= packages.keys()
    assert "nowhere_to_be_found" not in packages
    with history() as connection:
        assert store.text_of(connection, found.flow) == FLOW
        nodes = {n.node: n for n in store.nodes_of(connection, found.id)}
    assert nodes.keys() == {"flow.number", "flow.value", "flow.last"}
    assert (nodes["flow.value"].count, nodes["flow.last"].count) == (10, 1)
    assert nodes["flow.last"].seconds == nodes["flow.last"].last == pytest.approx(0.002, abs=0.05)
    assert nodes["flow.value"].seconds == pytest.approx(10 * nodes["flow.value"].last)


def test_a_failure_is_kept_with_its_traceback_its_inputs_and_the_log(recorder: Recorder) -> None:
    run(FLOW.replace("last = pace(1.0)", "last = worse(1.0)"), recorder=recorder)
    recorder.flush()
    found = only()
    assert found.state == "failed"
    assert found.message.startswith("flow.last failed: ZeroDivisionError")
    assert "worse" in found.error["traceback"]
    assert [name for name, _ in found.error["inputs"]] == ["x"]
    with history() as connection:
        nodes = {n.node: n for n in store.nodes_of(connection, found.id)}
        (line,) = store.lines_of(connection, found.id)
    assert nodes["flow.last"].state == "failed"
    assert nodes["flow.last"].error == "ZeroDivisionError: float division by zero"
    assert nodes["flow.value"].state == "done"
    assert (line.node, line.level, line.text) == ("flow.last", "warning", "it comes")


@pytest.mark.parametrize(
    ("limits", "state", "message"),
    [
        (Limits(seconds=0.05), "stopped", "The time that it was given was up."),
        (Limits(timeout=0.2), "failed", "The run did not end within its time limit of 0.2 s: flow."),
        (Limits(iterations=4), "succeeded", ""),
    ],
)
def test_limits_end_a_run_in_the_state_that_they_mean(
    recorder: Recorder, limits: Limits, state: str, message: str
) -> None:
    run(FLOW.replace("range(10)", "range(1_000_000)"), limits=limits, recorder=recorder)
    recorder.flush()
    found = only()
    assert found.state == state
    assert found.message.startswith(message)
    assert found.iterations == 4 or state != "succeeded"


def test_a_file_that_does_not_load_is_a_failed_run(recorder: Recorder) -> None:
    run("import nowhere_to_be_found\nimport flodesk\n", recorder=recorder)
    recorder.flush()
    assert only().state == "failed"
    assert "nowhere_to_be_found" in only().message


def test_the_text_of_a_flow_is_kept_once(recorder: Recorder, data_of_its_own: Path) -> None:
    for _ in range(3):
        run(FLOW, recorder=recorder)
    recorder.flush()
    with sqlite3.connect(data_of_its_own / "history.db") as raw:
        assert raw.execute("select count(*) from runs").fetchone() == (3,)
        assert raw.execute("select count(*) from flows").fetchone() == (1,)
    raw.close()


def told(recorder: Recorder, id: str, *events: object, states: dict[str, NodeState] | None = None) -> None:
    recorder.begin(id, About("x = 1", "/x.py", states=lambda: states or {}))
    for event in events:
        recorder.take(event)
    assert recorder.flush()


def test_states_follow_the_events(recorder: Recorder) -> None:
    told(recorder, "a")
    assert only().state == "queued"
    recorder.take(RunStarted("a", 0.0, "rq"))
    recorder.flush()
    assert (only().state, only().place) == ("running", "rq")
    recorder.take(RunFinished("a", "crashed", "it died", 3.0))
    recorder.flush()
    assert (only().state, only().message, only().seconds) == ("failed", "it died", 3.0)


def test_what_is_computed_again_after_the_end_is_a_line_of_its_run(recorder: Recorder) -> None:
    states = {"flow.a": NodeState("done", 1, 0.5)}
    told(recorder, "a", RunStarted("a", 0.0), RunFinished("a", "succeeded", "", 2.0), states=states)
    recorder.take(RunStarted("a+1", 0.0))
    recorder.take(NodeFailed("a+1", Failure("flow.a", "ValueError", "no")))
    recorder.take(LoopFinished("a+1", "flow", "failed", 0))
    recorder.take(RunFinished("a+1", "failed", "worse", 0.1))
    recorder.flush()
    assert (only().state, only().message, only().seconds, only().error) == ("succeeded", "", 2.0, None)
    with history() as connection:
        assert [(n.node, n.state) for n in store.nodes_of(connection, "a")] == [("flow.a", "done")]
        (line,) = store.lines_of(connection, "a")
    assert (line.node, line.level) == ("flow.a", "error")
    assert "after the end of the run" in line.text


def test_a_part_is_a_run_of_its_own(recorder: Recorder) -> None:
    whole = new_run()
    part = new_part(whole)
    told(recorder, whole, RunStarted(whole, 0.0), RunFinished(whole, "succeeded"))
    recorder.begin(part, About("", path="/data/sunspots.py", part="to flow.peak"))
    for event in (RunStarted(part, 0.0), NodeFailed(part, Failure("flow.peak", "ValueError", "no"))):
        recorder.take(event)
    recorder.take(RunFinished(part, "failed", "worse"))
    recorder.flush()
    with history() as connection:
        found = store.listed(connection)
    assert [(run.name, run.state) for run in found] == [
        ("sunspots: to flow.peak", "failed"),
        ("x", "succeeded"),
    ]


def test_events_of_runs_that_nobody_announced_are_not_written(recorder: Recorder) -> None:
    told(recorder, "a", RunStarted("b", 0.0), RunFinished("b", "failed"))
    assert only().id == "a"


def test_of_a_long_log_the_beginning_and_the_end_are_kept(recorder: Recorder) -> None:
    lines = [LogLine("a", "flow.a", "info", f"line {n}", float(n + 1)) for n in range(5000)]
    told(recorder, "a", RunStarted("a", 0.0), *lines)
    with history() as connection:
        kept = [line.number for line in store.lines_of(connection, "a")]
    assert kept[:200] == list(range(1, 201))
    assert kept[200:] == list(range(4201, 5001))


def test_loops_side_by_side_count_together(recorder: Recorder) -> None:
    ends = [LoopFinished("a", "one", "succeeded", 5), LoopFinished("a", "two", "stopped", 7)]
    told(recorder, "a", RunStarted("a", 0.0), *ends, RunFinished("a", "stopped"))
    assert only().iterations == 12


def test_what_is_on_when_the_program_is_closed_is_stopped(recorder: Recorder) -> None:
    told(recorder, "a", RunStarted("a", 0.0))
    recorder.close()
    assert (only().state, only().message) == ("stopped", "flodesk was closed while it was on.")


def test_estimated_times_add_up_over_glances(recorder: Recorder) -> None:
    now = {"flow.a": NodeState("done", 10, 0.1)}
    recorder.begin("a", About("x = 1", states=lambda: now))
    recorder.take(RunStarted("a", 0.0))
    recorder.flush()
    now["flow.a"] = NodeState("running", 30, 0.2)
    recorder.take(RunFinished("a", "succeeded"))
    recorder.flush()
    with history() as connection:
        (node,) = store.nodes_of(connection, "a")
    assert (node.count, node.last, node.state) == (30, 0.2, "done")
    assert node.seconds == pytest.approx(10 * 0.1 + 20 * 0.2)


# ------------------------------------------------------------------ what must not disturb a run
def test_a_folder_that_cannot_be_written_is_said_once_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "file" / "data"))
    said: list[str] = []
    recorder = Recorder(said.append)
    for _ in range(3):
        assert run(FLOW, recorder=recorder).reason == "succeeded"
        assert recorder.flush()
    recorder.close()
    (sentence,) = said
    assert "cannot be written" in sentence


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, data_of_its_own: Path) -> None:
    monkeypatch.setenv("FLODESK_HISTORY", "off")
    said: list[str] = []
    recorder = Recorder(said.append)
    run(FLOW, recorder=recorder)
    recorder.close()
    assert said == []
    assert list(data_of_its_own.iterdir()) == []


def test_a_locked_file_delays_nothing_and_is_written_later(
    recorder: Recorder, data_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flodesk.engine.database.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("flodesk.engine.history.writer.AGAIN_SECONDS", 0.05)
    run(FLOW, recorder=recorder)
    recorder.flush()
    other = sqlite3.connect(data_of_its_own / "history.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    assert run(FLOW, recorder=recorder).reason == "succeeded"
    assert time.monotonic() - begun < 5
    deadline = time.monotonic() + 60
    while not recorder.said_of_test and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "locked" in recorder.said_of_test[0]
    other.execute("ROLLBACK")
    other.close()
    recorder.close()
    assert len(recorder.said_of_test) == 1, "it is said once"
    with history() as connection:
        assert [r.state for r in store.listed(connection)] == ["succeeded", "succeeded"]


def test_a_run_hardly_notices(recorder: Recorder) -> None:
    """What a run's own thread spends: a generous bound, the benchmark has the number."""
    states = {f"flow.n{n}": NodeState("done", 1, 0.1) for n in range(20)}
    failed = NodeFailed("a", __import__("flodesk.engine.events", fromlist=["Failure"]).Failure("flow.n1", "E", "m"))
    best = 1.0
    for n in range(50):
        begun = time.perf_counter()
        recorder.begin(f"a{n}", About("x = 1", "/x.py", states=lambda: states))
        for event in (RunStarted(f"a{n}", 0.0), failed, RunFinished(f"a{n}", "succeeded")):
            recorder.take(event)
        best = min(best, time.perf_counter() - begun)
    assert best < 0.0005
    assert recorder.flush()


def test_runs_at_once_from_several_threads(recorder: Recorder) -> None:
    threads = [
        threading.Thread(
            target=lambda n=n: [told(recorder, f"r{n}.{k}", RunFinished(f"r{n}.{k}", "succeeded")) for k in range(5)]
        )
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with history() as connection:
        found = store.listed(connection, last=100)
    assert len(found) == 20
    assert {r.state for r in found} <= {"succeeded", "queued"}


# ------------------------------------------------------------------ how long it is kept
def test_the_oldest_runs_are_dropped_with_all_that_belongs_to_them(data_of_its_own: Path) -> None:
    recorder = Recorder(settings=History(keep_runs=0, keep_days=0))
    for n in range(8):
        line = LogLine(f"r{n}", "", "info", "hello")
        told(recorder, f"r{n}", line, RunFinished(f"r{n}", "succeeded"), states={"flow.a": NodeState("done", 1)})
    told(recorder, "on", RunStarted("on", 0.0))
    with history() as connection:
        assert store.prune(connection, keep_runs=3) == 5
        assert [r.id for r in store.listed(connection)] == ["on", "r7", "r6", "r5"]
        assert store.lines_of(connection, "r4") == store.nodes_of(connection, "r4") == []
        assert store.prune(connection, keep_days=1.0) == 0
        assert store.prune(connection, keep_days=1.0, now=time.time() + 2 * 86400) == 3
        assert [r.id for r in store.listed(connection)] == ["on"], "what is on is never dropped"
    recorder.close()
    with history() as connection:
        assert store.drop(connection, ["on"]) == 1
    with sqlite3.connect(data_of_its_own / "history.db") as raw:
        assert raw.execute("select count(*) from flows").fetchone() == (0,)
    raw.close()


def test_settings_say_how_much_is_kept(data_of_its_own: Path) -> None:
    first = Recorder(settings=History())
    for n in range(6):
        told(first, f"r{n}", RunFinished(f"r{n}", "succeeded"))
    first.close()
    (data_of_its_own / "settings.toml").write_text("[history]\nkeep_runs = 2\nkept_days = 3\n")
    said: list[str] = []
    second = Recorder(said.append)
    told(second, "s", RunFinished("s", "succeeded"))
    second.close()
    assert "no setting kept_days = 3" in said[0]
    with history() as connection:
        assert [r.id for r in store.listed(connection)] == ["s", "r5"]
    (data_of_its_own / "settings.toml").write_text("[history\n")
    third = Recorder(said.append)
    told(third, "t", RunFinished("t", "succeeded"))
    third.close()
    assert "settings.toml cannot be read" in said[1]


def test_a_run_is_found_by_the_beginning_or_the_end_of_its_name(recorder: Recorder) -> None:
    for id in ("06gaaa11", "06gaaa22", "06gbbb%_"):
        told(recorder, id)
    with history() as connection:
        assert [r.id for r in store.found(connection, "06gaaa11")] == ["06gaaa11"]
        assert [r.id for r in store.found(connection, "22")] == ["06gaaa22"]
        assert [r.id for r in store.found(connection, "%_")] == ["06gbbb%_"]
        assert len(store.found(connection, "06g")) == 3
        assert store.found(connection, "x") == []
        assert [r.id for r in store.listed(connection, flow="X.PY", last=1)] == ["06gbbb%_"]
        assert store.listed(connection, flow="_.py") == []
        assert store.listed(connection, state="failed") == []


@pytest.mark.parametrize("written", [True, False])
def test_a_part_that_is_refused_is_no_run(recorder: Recorder, written: bool) -> None:
    text = FLOW.replace("pace(1.0)", "pace(value)")
    if written:
        result = run(text, part=Part("node", "flow.last"), recorder=recorder)
        assert (result.reason, result.failures[0].failure.type) == ("failed", "MissingInputError")
    else:  # all is told before anything is written
        id, failure = new_run(), Failure("flow.last", "MissingInputError", "its input has no value")
        recorder.begin(id, About(text))
        for event in (RunStarted(id, 1.0), NodeFailed(id, failure), RunFinished(id, "failed", "cannot run")):
            recorder.take(event)
        recorder.take(LogLine(id, "", "info", "too late", 1.0))
    assert recorder.flush()
    run(text, recorder=recorder)
    assert recorder.flush()
    assert only().state == "succeeded"
    assert recorder.said_of_test == []
