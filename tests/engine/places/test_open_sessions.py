"""A session stays on its worker for the next run of the same editor, and lets go of the worker when others need it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from redis import Redis
from rq import Worker

from flodesk.engine.places.session.hosted import Pace

PID = """
import flodesk
import os


def flow():
    number = NUMBER
    pid = os.getpid()


if __name__ == "__main__":
    flodesk.main(flow)
"""
LIVE = """
import flodesk
from flodesk.nodes import timing


def flow():
    for tick in timing.every(0.02):
        seen = abs(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def pid(editor, number: int = 1) -> int:
    """Run a flow; returns the process that it was in."""
    editor.engine.watch({"flow.pid", "flow.number"}, set())
    end = editor.run(PID.replace("NUMBER", str(number)))
    assert end.reason == "succeeded", end
    assert editor.value("flow.number") == number
    return int(editor.value("flow.pid"))


def jobs(connection: Redis) -> int:
    return len(connection.keys("rq:job:*"))


def test_runs_of_an_editor_share_a_session_and_its_job(editor, connection: Redis, wait_for) -> None:
    before = jobs(connection)
    pids = {pid(editor, number) for number in (1, 1, 2, 3)}
    assert len(pids) == 1
    assert jobs(connection) == before + 1
    editor.start(LIVE)
    wait_for(lambda: editor.engine.states().get("flow.seen") and editor.engine.states()["flow.seen"].count, "turns")
    editor.engine.stop()
    assert editor.over().reason == "stopped"
    assert {pid(editor, 4)} == pids, "what was stopped well leaves the session as it is"


def test_an_idle_session_makes_room_for_another_editor(server, editor, editors) -> None:
    second, process = editors(server.url), pid(editor)
    assert pid(second) != process, "the only worker was free for it"
    assert pid(editor, 2) != process, "and the first editor gets another session in turn"
    assert len(editor.events.ends) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_session_that_has_died_in_its_sleep_is_replaced_in_silence(editor) -> None:
    process = pid(editor)
    os.kill(process, signal.SIGKILL)
    assert pid(editor, 2) != process
    assert len(editor.events.ends) == 1


def test_a_session_that_nobody_uses_ends_by_itself(
    server, worker, editors, connection: Redis, data_of_its_own: Path, wait_for
) -> None:
    (data_of_its_own / "settings.toml").write_text("[queue]\nidle = 0.3\n", encoding="utf-8")
    editor = editors(server.url)
    process = pid(editor)
    wait_for(lambda: all(found.get_state() == "idle" for found in Worker.all(connection)), "the worker to be free")
    assert pid(editor, 2) != process


def test_values_go_at_once_after_quiet_and_no_faster_than_a_screen_shows_them(wait_for) -> None:
    pace = Pace()
    pace.sent(1)
    assert pace.taken() == 1, "the next may come at once"
    pace.sent(2)
    pace.sent(3)
    assert pace.taken() == 0
    assert 0.0 < pace.wait(idle=False) <= 2 / 30
    wait_for(lambda: pace.taken() == 3, "the time of the next")
    assert pace.taken() == 0, "each is asked for once"


def test_a_value_that_is_too_large_for_the_wire_is_named_and_the_others_come(
    server, worker, editors, data_of_its_own: Path
) -> None:
    (data_of_its_own / "settings.toml").write_text("[queue]\nmegabytes = 0.0001\n", encoding="utf-8")
    editor = editors(server.url)
    editor.engine.watch({"flow.pid", "flow.number"}, set())
    text = PID.replace("NUMBER", "abs(numpy.arange(100.0))").replace("import os", "import numpy\nimport os")
    assert editor.run(text).reason == "succeeded"
    assert "flow.pid" in editor.engine.values()
    assert "flow.number" not in editor.engine.values()
    assert editor.lines("flow.number: the value takes")
