"""A flow that is saved under another name while it runs elsewhere is of that file in the list of runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from redis import Redis

from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.session.run_on import RunOn
from flodesk.engine.places.session.runs_there import runs_on

COUNTS = """
import flodesk
from flodesk.nodes import control, maths, timing


def flow():
    gain = control.number(1.0)
    for tick in timing.every(0.02):
        big = maths.scale(tick, factor=gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""
TURNED = COUNTS.replace("1.0", "-1.0")


def test_the_list_of_runs_has_the_file_of_this_machine(
    server: LocalServer, worker: object, editors: Callable[..., Any], wait_for: Callable[..., None], connection: Redis
) -> None:
    def listed() -> RunOn | None:
        runs = runs_on(connection, find_or_make_key().secret)
        return next((one for one in runs if one.run == run and one.state == "running"), None)

    def path() -> str:
        found = listed()
        return "" if found is None else found.path

    first = editors(server.url)
    run = first.start(COUNTS, "/lab/counts.py")
    wait_for(lambda: path() == "/lab/counts.py", "the run")
    first.engine.swap(COUNTS, "/lab/there.py")
    assert first.engine.path == "/lab/there.py"
    wait_for(lambda: path() == "/lab/there.py", "its file of now")
    first.engine.leave()

    there = listed()
    assert there is not None
    other = editors(server.url)
    other.engine.watch({"flow.big"}, set())
    other.engine.attach(replace(there, host="another machine"))
    other.engine.swap(TURNED, "/home/other/there.py")
    assert other.engine.path == "", "a file of another machine is none that is left here"
    wait_for(lambda: (other.value("flow.big") or 0) < 0, "the change")
    assert path() == "/lab/there.py", "its host would not know the file of this one"
    other.engine.stop()
    wait_for(lambda: listed() is None, "its end")
