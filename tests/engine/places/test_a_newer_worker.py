"""A worker whose flodesk is newer than the editor's: what is not known here is said, and the rest goes on."""

from __future__ import annotations

import pytest

from flodesk.engine import values

TURNS = """
import flodesk
import numpy
from flodesk.nodes import maths, timing


def wave(number):
    return flodesk.Waveform(numpy.ones(5), 0.1)


def flow():
    number = 0
    for tick in timing.every(0.02):
        seen = wave(number)
        number = maths.add(number, 1)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_value_of_an_unknown_form_is_named_once_and_the_others_come(
    editor, monkeypatch: pytest.MonkeyPatch, wait_for
) -> None:
    monkeypatch.delitem(values._DECODE, "waveform")
    editor.engine.watch({"flow.seen", "flow.number"}, set())
    editor.start(TURNS)
    wait_for(lambda: editor.value("flow.number"), "a value")
    wait_for(lambda: editor.lines("newer flodesk"), "that it is told")
    before = editor.value("flow.number")
    wait_for(lambda: editor.value("flow.number") > before + 5, "more values")
    assert editor.value("flow.seen") is None
    editor.engine.stop()
    assert editor.over().reason == "stopped"
    (told,) = editor.lines("newer flodesk")
    assert told.startswith("flow.seen: ")
