"""What was done to a run while it was on is written with it: that it was paused, and that its text was changed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

import pytest

from flodesk.cli import runs as command
from flodesk.engine.events import Changed, Paused, Resumed, RunFinished, RunStarted
from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.history.records import About, Note, RunRecord
from flodesk.engine.history.writer import NOTES_MOST

LIVE = """import flodesk
from flodesk.nodes import maths, timing


def flow():
    for tick in timing.every(0.01):
        a = maths.add(tick, 1)
        b = maths.add(a, 1)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    made = Recorder()
    yield made
    made.close()


def only() -> RunRecord:
    with history() as connection:
        (found,) = store.listed(connection)
    return found


def notes(run: str) -> list[Note]:
    with history() as connection:
        return store.notes_of(connection, run)


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    parser = argparse.ArgumentParser()
    command.add(parser)
    command.main(parser.parse_args(["show", *words]))
    return capsys.readouterr().out


def test_a_run_that_is_held_is_paused_until_nothing_of_it_is(recorder: Recorder) -> None:
    recorder.begin("a", About("x = 1"))
    recorder.take(RunStarted("a", 0.0))
    for event, state in (
        (Paused("a", "one", "one.n", 3, "paused"), "paused"),
        (Paused("a", "two", "two.n", 4, "n > 3"), "paused"),
        (Resumed("a", "one"), "paused"),
        (Resumed("a", "two"), "running"),
    ):
        recorder.take(event)
        assert recorder.flush()
        assert only().state == state
    assert [note.words() for note in notes("a")] == [
        "paused at one.n", "paused at two.n (n > 3)", "one went on", "two went on",
    ]  # fmt: skip
    recorder.take(Paused("a", "one", "one.n", 3, "paused"))
    recorder.take(RunFinished("a", "stopped"))
    recorder.take(Resumed("a", "one"))
    recorder.flush()
    assert only().state == "stopped", "what comes late changes nothing"


def test_a_paused_run_of_a_dead_process_is_interrupted(recorder: Recorder) -> None:
    recorder.begin("a", About("x = 1"))
    recorder.take(RunStarted("a", 0.0))
    recorder.take(Paused("a", "flow", "flow.n", 1, "paused"))
    recorder.flush()
    with history() as connection:
        connection.exec_driver_sql("update runs set process = 'long ago'")
    assert only().state == "interrupted"


def test_of_very_many_pauses_the_first_are_kept_and_every_change(recorder: Recorder) -> None:
    recorder.begin("a", About("x = 1"))
    recorder.take(RunStarted("a", 0.0))
    for n in range(NOTES_MOST):
        recorder.take(Paused("a", "flow", "flow.n", n, "step"))
        recorder.take(Resumed("a", "flow"))
    recorder.take(Changed("a", "x = 2"))
    recorder.flush()
    found = notes("a")
    assert [note.number for note in found] == list(range(1, NOTES_MOST + 2))
    assert found[-1].kind == "changed"


def test_texts_of_changes_go_with_their_run(recorder: Recorder) -> None:
    for name in "ab":
        recorder.begin(name, About("x = 1"))
        recorder.take(RunStarted(name, 0.0))
        recorder.take(Changed(name, f"x = {name!r}"))
        recorder.take(Changed(name, "x = 1"))
        recorder.take(RunFinished(name, "stopped"))
    recorder.flush()
    with history() as connection:
        assert store.drop(connection, ["a"]) == 1
        left = {row[0] for row in connection.exec_driver_sql("select text from flows")}
        assert left == {"x = 1", "x = 'b'"}
        assert [store.text_of(connection, note.flow or "") for note in store.notes_of(connection, "b")] == [
            "x = 'b'", "x = 1",
        ]  # fmt: skip


def test_pauses_and_changes_of_a_real_run_are_told(
    placed: Any, recorder: Recorder, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = placed.engine.listener

    def listen(event: Any) -> None:
        recorder.take(event)
        taken(event)

    placed.engine.listener = listen
    placed.engine.open(LIVE)
    recorder.begin("r1", About(LIVE, states=placed.engine.states))
    placed.finished.clear()
    placed.engine.start(run="r1")
    placed.until(lambda: placed.engine.states().get("flow.b") and placed.engine.states()["flow.b"].count > 2)
    placed.engine.pause()
    placed.until(lambda: placed.engine.held)
    recorder.flush()
    assert only().state == "paused"
    placed.engine.resume()
    placed.until(lambda: not placed.engine.held)
    changed = LIVE.replace("maths.add(a, 1)", "maths.subtract(a, 1)")
    placed.engine.swap(changed)
    placed.until(lambda: [event for event in placed.events if isinstance(event, Changed)])
    placed.engine.swap(changed.replace("maths.subtract(a, 1)", "maths.nonsense(a)"))
    placed.until(lambda: [line for line in placed.lines() if "not in effect" in line.text])
    placed.stop()
    recorder.flush()
    assert [note.kind for note in notes("r1")] == ["paused", "resumed", "changed"], "what was refused is no change"
    out = shown(capsys, "r1")
    assert "paused at flow." in out
    assert "flow went on" in out
    assert "went on with a changed text (flodesk runs show r1 --change 1)" in out
    assert shown(capsys, "r1", "--change", "1") == changed
    assert shown(capsys, "r1", "--text") == LIVE
    assert shown(capsys, "r1", "--change", "2") == ""
    assert [note["kind"] for note in json.loads(shown(capsys, "r1", "--json"))["notes"]] == [
        "paused", "resumed", "changed",
    ]  # fmt: skip


def test_a_flow_without_loops_that_is_gone_on_with_is_changed_too(here: Any) -> None:
    text = "import flodesk\nfrom flodesk.nodes import maths\n\n\ndef flow():\n    a = maths.add(1, 1)\n\n\n"
    text += 'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    here.run(text)
    here.finished.clear()
    here.engine.swap(text.replace("add(1, 1)", "subtract(3, 1)"))
    here.wait()
    assert [event.text for event in here.events if isinstance(event, Changed)] == [
        text.replace("add(1, 1)", "subtract(3, 1)")
    ]
