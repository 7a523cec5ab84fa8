"""Dead letters of a run on a Redis queue reach the store of who follows the run, and are in one store at least."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest

from flodesk.engine.events import Event, Rejected
from flodesk.engine.headless import run
from flodesk.engine.letters import Letters, travel
from flodesk.engine.places.session import post
from flodesk.engine.places.session.post import Inbox, Outbox

FLOW = """# /// script
# [tool.flodesk]
# version = 1
# on_error = "reject"
# ///
import flodesk
import numpy


def blocks():
    for k in range(6):
        yield k, numpy.full(1000, k)


def picky(k, block):
    if k % 2:
        raise ValueError(f"{k} is odd")
    return k


def flow():
    for k, block in blocks():
        kept = picky(k, block)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def follow(server, editors):
    """Give a function that runs the flow on a queue, and returns what was told until all is read."""

    def run_on(queue: str):
        editor = editors(server.url, queue=queue)
        editor.run(FLOW, "/measured/far.py")
        editor.engine.close()
        return editor.events

    return run_on


@pytest.fixture
def far(server, start_worker, tmp_path: Path) -> Path:
    """Give the data folder of a worker that is another one than that of the editor."""
    folder = tmp_path / "far"
    folder.mkdir()
    start_worker(server.url, "--queue", "far", FLODESK_DATA=str(folder))
    return folder


def rejected(events: list[Event]) -> list[Rejected]:
    return [event for event in events if isinstance(event, Rejected)]


def left(folder: Path) -> int:
    store = Letters(folder)
    try:
        return store.count()
    finally:
        store.close()


def test_letters_of_a_far_worker_are_here_and_no_more_there(follow, far: Path, wait_for) -> None:
    events = follow("far")
    store = Letters()
    letters = [store.get(letter.id) for letter in store.find()]
    assert [event.letter for event in rejected(events)] == [letter.id for letter in letters if letter]
    assert {event.host for event in rejected(events)} == {""}
    for k, letter in zip((1, 3, 5), letters, strict=True):
        assert letter is not None
        assert letter.path == "/measured/far.py"
        assert letter.host, "it says where it is from"
        number, block = letter.payload[0].value()
        assert number == k
        assert numpy.array_equal(block, numpy.full(1000, k))
        assert letter.inputs[1].value().dtype == block.dtype
        assert letter.failure.message == f"{k} is odd"
    wait_for(lambda: left(far) == 0, "the worker to drop what has arrived")
    mended = FLOW.replace("if k % 2:", "if k == 3:")
    result = run(mended, "/measured/far.py", put_back=[letter.id for letter in letters if letter])
    assert result.reason == "failed"
    assert [letter.failure.message for letter in store.find()] == ["3 is odd"]
    store.close()


def test_a_worker_with_the_same_store_writes_nothing_twice(server, start_worker, follow, data_of_its_own: Path) -> None:
    start_worker(server.url, "--queue", "near", FLODESK_DATA=str(data_of_its_own))
    assert [event.letter for event in rejected(follow("near"))] == [1, 2, 3]
    assert left(data_of_its_own) == 3


def test_where_it_cannot_be_written_here_it_stays_there_and_that_is_said(
    follow, far: Path, data_of_its_own: Path
) -> None:
    (data_of_its_own / "letters.db").mkdir()
    events = follow("far")
    assert left(far) == 3
    assert all(event.host for event in rejected(events))
    said = events.lines("stay on")
    assert len(said) == 1
    assert "see them there with flodesk letters" in said[0]


def test_what_is_too_much_to_travel_stays_and_what_has_arrived_makes_room(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    there = Letters(tmp_path / "there")
    run(FLOW)
    here = Letters()
    made = [here.get(letter.id) for letter in here.find()]
    here.drop([letter.id for letter in made if letter])
    kept = [there.write(letter) for letter in made if letter]
    monkeypatch.setattr(post, "MOST_BYTES", int(kept[0].size * 1.5))
    sent: list[tuple[dict[str, Any], Any]] = []
    outbox = Outbox(lambda head, buffers: sent.append((head, buffers)))
    outbox.post(kept[0], there)
    outbox.post(kept[1], there)
    assert [head["letter"] is None for head, _ in sent] == [False, True]
    said: list[str] = []
    inbox = Inbox(said.append)
    first, second = (inbox.take(head, list(map(bytes, buffers))) for head, buffers in sent)
    assert second is None
    assert first is not None
    outbox.arrived(first["arrived"], True)
    outbox.post(kept[2], there)
    assert sent[2][0]["letter"] is not None
    told = [Rejected("r", letter.failure, 1, letter.id) for letter in kept]
    inbox.take(sent[2][0], list(map(bytes, sent[2][1])))
    assert [bool(inbox.placed(event).host) for event in told] == [False, True, False]
    inbox.close()
    here.close()
    there.close()


def test_a_letter_is_the_same_after_its_journey() -> None:
    run(FLOW)
    store = Letters()
    for found in store.find():
        letter = store.get(found.id)
        assert letter is not None
        head, buffers = travel.to_frame(letter)
        assert travel.from_frame(head, buffers) == letter
    store.close()
