"""Where several loops run side by side, the one that goes wrong is named, and not the one that has begun last."""

from __future__ import annotations

import os
from typing import Any

import pytest

from flodesk.engine.events import LoopFinished, RunFinished

FLOW = """
import ctypes
import os
import time
import flodesk
from flodesk.nodes import timing


def spin(x):
    end = time.perf_counter() + 0.002
    while time.perf_counter() < end:
        pass
    return x


def bad(x):
    if x < 3:
        return x
    print("now")
    time.sleep(0.05)
    {fault}


def flow():
    for k in range(100):
        worse = bad(k)


def busy():
    for j in timing.every(0.001):
        turned = spin(j)


if __name__ == "__main__":
    flodesk.main({functions})
"""


@pytest.mark.parametrize("functions", ["flow, busy", "busy, flow"])
def test_a_crash_names_the_node_of_its_thread(host: Any, functions: str) -> None:
    end = host.run(FLOW.format(fault="ctypes.string_at(0)", functions=functions), seconds=60.0)
    assert end.reason == "crashed"
    assert "while “flow.worse” was running" in end.message
    states = host.engine.states()
    assert {node for node, state in states.items() if state.state == "failed"} == {"flow.worse"}
    assert {e.loop: e.reason for e in host.events if isinstance(e, LoopFinished)} == {
        "flow": "crashed",
        "busy": "crashed",
    }


def test_a_process_that_leaves_without_a_word_may_have_been_any_of_them(host: Any) -> None:
    end = host.run(FLOW.format(fault="os._exit(3)", functions="flow, busy"), seconds=60.0)
    assert end.reason == "crashed"
    assert "“flow.worse”" in end.message
    assert "“busy." in end.message
    assert " or “" in end.message
    assert host.engine.states()["flow.worse"].state == "failed"


def test_a_loop_that_has_stopped_is_not_the_one_that_does_not_return(host: Any) -> None:
    host.start(FLOW.format(fault="time.sleep(1e9)", functions="flow, busy"))
    host.until(lambda: any(line.node == "flow.worse" for line in host.lines()), 60.0)
    host.until(lambda: host.engine.states()["busy.turned"].count > 100, 60.0)
    end = host.stop()
    assert end.reason == "killed"
    assert end.message.startswith("“flow.worse” did not return")
    reasons = {e.loop: e.reason for e in host.events if isinstance(e, LoopFinished)}
    assert reasons == {"busy": "stopped", "flow": "killed"}


@pytest.mark.skipif(os.name != "posix", reason="looks for a pipe in /proc")
def test_what_a_node_writes_between_the_frames_ends_its_process_and_no_more(host: Any) -> None:
    # every pipe that it can write to, as a program does that closes or floods what it has inherited
    fault = (
        (
            'frame = b"\\\\x08\\\\0\\\\0\\\\0\\\\0\\\\0\\\\0\\\\0" + b\'{{"x": 1}}\'\n'
            "    for fd in range(3, 20):\n"
            "        try:\n"
            '            os.write(fd, frame) if "pipe" in os.readlink(f"/proc/self/fd/{{fd}}") else 0\n'
            "        except OSError:\n"
            "            pass\n"
            "    time.sleep(20)"
        )
        .replace("\\\\", "\\")
        .replace("{{", "{")
        .replace("}}", "}")
    )
    end = host.run(FLOW.format(fault=fault, functions="flow, busy"), seconds=60.0)
    assert end.reason == "crashed"
    assert host.run(FLOW.format(fault="return x", functions="flow"), seconds=60.0).reason == "succeeded"


SLOW = """
import time
import flodesk


def stubborn(x):
    end = time.monotonic() + 0.6
    print("now")
    while time.monotonic() < end:
        try:
            time.sleep(0.01)
        except BaseException:
            pass
    return x


def flow():
    for k in range(1000):
        y = stubborn(k)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_run_that_waits_for_the_end_of_another_ends_too(placed: Any) -> None:
    first = placed.start(SLOW)
    placed.until(lambda: placed.lines(), 60.0)
    second = placed.engine.start()  # waits for the first
    third = placed.engine.start()  # in place of the second
    placed.engine.stop()
    ended = placed.until(lambda: len(found := [e for e in placed.events if isinstance(e, RunFinished)]) == 3 and found)
    assert {e.run: e.reason for e in ended} == {first: "stopped", second: "stopped", third: "stopped"}
    assert not placed.engine.running
    assert placed.run(FLOW.format(fault="return x", functions="flow"), seconds=60.0).reason == "succeeded"
