"""A server that hangs: whoever turns a knob, watches, swaps, stops or closes does not wait for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from flodesk.engine.places.server import stream

LIVE = """
import flodesk
from flodesk.nodes import control, maths, timing


def flow():
    gain = control.number(1.0)
    for tick in timing.every(0.02):
        big = maths.scale(tick, factor=gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def hung(mortal: Any, start_worker: Any, editors: Any, monkeypatch: pytest.MonkeyPatch, wait_for: Any) -> Iterator[Any]:
    """Give an editor whose flow runs on a server that has been stopped, and that waits for it for ever."""
    monkeypatch.setattr(stream, "REPLY_SECONDS", None)
    start_worker(mortal.url)
    editor = editors(mortal.url)
    editor.engine.watch({"flow.gain", "flow.big"}, set())
    editor.start(LIVE)
    wait_for(lambda: editor.value("flow.gain") == 1.0, "a value")
    mortal.process.send_signal(signal.SIGSTOP)
    yield editor
    os.kill(mortal.process.pid, signal.SIGCONT)


@pytest.mark.timeout(60)
def test_what_is_said_while_a_server_hangs_is_done_when_it_goes_on(hung, mortal, wait_for) -> None:
    for number in range(1000):
        hung.engine.set_parameter("flow.gain", "value", str(float(number)))
    hung.engine.watch({"flow.gain"}, set())
    mortal.process.send_signal(signal.SIGCONT)
    wait_for(lambda: hung.value("flow.gain") == 999.0, "the newest value")
    hung.engine.stop()
    assert hung.over().reason == "stopped"


@pytest.mark.timeout(60)
def test_it_is_closed_while_its_server_hangs(hung) -> None:
    hung.engine.stop()
    hung.engine.close()
