"""A server that is killed during a run, and comes back with an empty memory: the run goes on, and nothing is lost."""

from __future__ import annotations

import sys
import time

import pytest

from flodesk.engine.places.server.stream import connect
from flodesk.engine.places.workers.job_list import look

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
COUNTS = """
import flodesk
from flodesk.nodes import maths, timing


def said(number):
    print("turn", int(number))
    return number


def flow():
    number = 0
    for tick in timing.every(0.05):
        more = maths.add(number, 1)
        number = more
        told = said(number)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def turns(editor) -> list[int]:
    return [int(line.split()[1]) for line in editor.lines("turn ")]


@pytest.mark.parametrize("seconds", [2.0, pytest.param(30.0, marks=pytest.mark.long)])
def test_a_run_goes_on_though_its_server_was_away(mortal, start_worker, editors, wait_for, seconds: float) -> None:
    start_worker(mortal.url)
    editor = editors(mortal.url)
    editor.start(COUNTS)
    wait_for(lambda: len(turns(editor)) > 3, "turns")
    mortal.kill()
    wait_for(lambda: editor.lines("does not answer"), "that it is told")
    time.sleep(seconds)
    before = len(turns(editor))
    mortal.start()
    wait_for(lambda: editor.lines("answers again") or editor.end, "that it is told")
    assert editor.end is None
    wait_for(lambda: len(turns(editor)) > before + 4 * seconds, "the turns meanwhile")
    editor.engine.stop()
    assert editor.over().reason == "stopped"
    assert turns(editor) == list(range(1, len(turns(editor)) + 1)), "none is lost, none comes twice"
    assert len(editor.lines("does not answer")) == len(editor.lines("answers again")) == 1
    with connect(mortal.url) as connection:
        wait_for(lambda: [worker.alive for worker in look(connection).workers] == [True], "the worker in the list")


def test_a_worker_is_listed_again_and_takes_flows_where_its_server_came_back_empty(
    mortal, start_worker, editors, wait_for
) -> None:
    start_worker(mortal.url, heard=True)
    for _ in range(2):  # at its first look at the queues, and while it waits
        mortal.kill()
        mortal.start()
        with connect(mortal.url) as connection:
            wait_for(lambda: [one.queues for one in look(connection).workers if one.alive], "the worker in the list")
    editor = editors(mortal.url)
    assert editor.run(COUNTS.replace("timing.every(0.05)", "[1, 2]")).reason == "succeeded"
    assert not editor.lines("No worker listens")
