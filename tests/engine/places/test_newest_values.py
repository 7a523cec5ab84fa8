"""A value that never changes again comes to the window, however far who reads is behind and whatever was lost."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.events import Event, RunStarted
from flodesk.engine.places.session import newest_values
from flodesk.engine.places.session.newest_values import KEPT_VALUES, MOST_ENTRIES, STATES, VALUES, NewestValues, merged

FLOW = """
import flodesk
import time
from pathlib import Path


def turns(folder: str):
    for number in range(12):
        time.sleep(0.05)
        yield number
    Path(folder, "done").touch()


def flow():
    early = 1 + 1
    for number in turns(FOLDER):
        late = number + 1


if __name__ == "__main__":
    flodesk.main(flow)
"""


def frame(run: str = "run", large: dict[str, Any] | None = None, **values: tuple[int, list[bytes]]) -> Any:
    """Return a batch of values, each with its number and its buffers."""
    items = [{"name": name, "seq": seq, "own": len(own)} for name, (seq, own) in values.items()]
    head = {"f": "values", "run": run, "n": 1, "items": items}
    return {**head, "large": large} if large is not None else head, [part for _, own in values.values() for part in own]


def told(one: Any) -> dict[str, tuple[int, list[bytes]]]:
    head, buffers = one
    found, at = {}, 0
    for item in head["items"]:
        found[item["name"]] = item["seq"], buffers[at : at + item["own"]]
        at += item["own"]
    assert at == len(buffers)
    return found


def test_who_reads_late_has_them_all(server: Any, worker: Any, editor: Any, tmp_path: Path, wait_for: Any) -> None:
    ended = threading.Event()
    take = editor.engine.listener

    def slow(event: Event) -> None:
        if isinstance(event, RunStarted):
            ended.wait(60)
        take(event)

    editor.engine.listener = slow
    editor.engine.watch({"flow.early", "flow.late"}, set())
    editor.start(FLOW.replace("FOLDER", repr(str(tmp_path))))
    wait_for((tmp_path / "done").exists, "the last turn")
    ended.set()
    assert editor.over().reason == "succeeded"
    assert editor.value("flow.late") == 12
    assert editor.value("flow.early") == 2


def test_what_waits_goes_with_the_next_and_what_was_lost_waits_again() -> None:
    values = NewestValues()
    changing = bytearray(b"one")
    values.put(*frame(a=(1, [changing]), b=(2, [])))
    changing[:] = b"two"
    both = values.put(*frame(a=(3, [b"new"]), c=(4, [b"x", b"y"])))
    assert told(both) == {"a": (3, [b"new"]), "b": (2, []), "c": (4, [b"x", b"y"])}
    values.went([(7, {"h": "an event"}), (STATES, {"h": "states"}), (VALUES, {"h": "values"})])
    assert values.waiting is None
    values.put(*frame(b=(5, [b"z"])))
    values.lost()
    assert values.waiting is not None
    assert told(values.waiting) == {"a": (3, [b"new"]), "b": (5, [b"z"]), "c": (4, [b"x", b"y"])}
    values.went([(VALUES, {"h": "values"})])
    values.put(*frame("another", a=(6, [])))
    values.lost()
    assert told(values.waiting) == {"a": (6, [])}, "those of the run before are nobody's any more"


def test_buffers_that_lie_beside_the_stream_are_found_in_their_new_places() -> None:
    old = frame(large={"1": ("big", 9)}, a=(1, [b"a"]), b=(2, [b"", b"c"]))
    head, buffers = merged(old, frame(a=(3, []), d=(4, [b"d"])))
    assert told((head, buffers)) == {"a": (3, []), "b": (2, [b"", b"c"]), "d": (4, [b"d"])}
    assert head["large"] == {"0": ("big", 9)}
    late = merged(frame(a=(5, [b"new"])), old)
    assert told(late)["a"] == (5, [b"new"]), "a large one was overtaken"


def test_the_stream_keeps_few_large_entries_and_some_more_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest_values, "MOST_BYTES", 1000)
    values = NewestValues()
    assert values.room(1) == KEPT_VALUES
    for _ in range(20):
        values.went([(STATES, {"h": "x" * 400})])
    assert values.room(0) == KEPT_VALUES
    for _ in range(1000):
        values.went([(STATES, {"h": "x"})])
    assert values.room(2) == MOST_ENTRIES + 2
