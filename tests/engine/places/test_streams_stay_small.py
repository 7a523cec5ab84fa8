"""The stream of a session's events stays small, and who has missed more than it keeps is told what still counts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.events import LoopStarted, RunStarted
from flodesk.engine.places.server.stream import Keys, connect
from flodesk.engine.places.session.following import Following

CHATTERS = """
import flodesk
from flodesk.nodes import timing


def said(number, text):
    print("line", number, text)
    return number


def flow():
    for number in numbers(LINES):
        told = said(number, "of many")
    for tick in timing.every(0.05):
        more = said(0, "the end")


def numbers(count: int):
    yield from range(1, count + 1)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def chatters(lines: int) -> str:
    return CHATTERS.replace("LINES", str(lines))


FORGETFUL = """
import runpy
from flodesk.engine.places.session import account, sent_events

sent_events.KEPT_EVENTS, sent_events.KEPT_BYTES = 100, 1000
account.MOST_TOLD["LogLine"] = 50
runpy.run_module("flodesk", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def editor(mortal: Any, editors: Any, tmp_path: Path) -> Iterator[Any]:
    """Give an editor whose worker keeps a hundred events, and fifty lines for who comes late."""
    process = subprocess.Popen(
        [sys.executable, "-c", FORGETFUL, "worker", "--redis", mortal.url],
        env={**os.environ, "FLODESK_DATA": str(tmp_path), "FLODESK_TRUST": "all"},
        stdout=subprocess.DEVNULL,
    )
    yield editors(mortal.url)
    process.terminate()
    process.wait(30)


def test_the_stream_of_events_does_not_grow_with_the_run(mortal, editor, wait_for) -> None:
    run = editor.start(chatters(400))
    wait_for(lambda: editor.lines("the end"), "the end of the lines")
    with connect(mortal.url) as connection:
        wait_for(lambda: connection.xlen(Keys(run).events) < 300, "the lines of the rush to go")
    assert len(editor.lines("line ")) > 400, "who reads has had them all"
    editor.engine.stop()
    assert editor.over().reason == "stopped"


def test_who_could_not_read_for_long_is_told_what_counts_and_how_much_is_lost(
    editor, monkeypatch: pytest.MonkeyPatch, wait_for
) -> None:
    take, away = Following._hand_over, [True]

    def heard(self: Following, key: bytes, entry: bytes, fields: dict[bytes, bytes]) -> None:
        if b"the end" in fields[b"h"]:
            away.clear()
        if not away:
            take(self, key, entry, fields)

    monkeypatch.setattr(Following, "_hand_over", heard)
    editor.start(chatters(400))
    wait_for(lambda: len(editor.lines("the end")) > 3, "what comes then")
    begun = [type(event) for event in editor.events if isinstance(event, RunStarted | LoopStarted)]
    assert begun == [RunStarted, LoopStarted]
    assert len(editor.lines("lines of this run were lost")) == 1
    assert editor.lines("line 400 ")
    numbers = [int(line.split()[1]) for line in editor.lines("line ") if not line.startswith("line 0")]
    assert sorted(set(numbers)) == numbers, "in their order, and none twice"
    editor.engine.stop()
    assert editor.over().reason == "stopped"
