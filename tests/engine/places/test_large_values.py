"""Large values come beside the stream: in pieces, each content once, as a whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from flodesk.engine.places.server.pieces import MOST_KEPT, PIECE
from flodesk.engine.places.session.large_values import LARGE, Bringing, Fetching, is_large
from flodesk.engine.places.session.shown import Shown

PICTURES = """
import flodesk
import numpy
from flodesk.nodes import control


def picture(level: float, shade: float) -> numpy.ndarray:
    return numpy.full((1200, 1200), level)


def flow():
    level = control.number(LEVEL)
    shade = control.number(1.0)
    seen = picture(level, shade)


if __name__ == "__main__":
    flodesk.main(flow)
"""


class Ends:
    """Both ends of a session, and what has come."""

    def __init__(self, connection: Redis, session: str = "large") -> None:
        self.connection, self.session = connection, session
        self.frames: list[tuple[dict[str, Any], list[bytes]]] = []
        self.lost: list[str] = []
        self.said: list[str] = []
        self.here = Fetching(connection, session, self._take, self.lost.extend, self.said.append)
        self.there = Bringing(connection, session, self.named)

    def named(self, head: dict[str, Any], buffers: list[Any]) -> None:
        """Carry a frame that names its large buffers."""
        self.heads = {**head}
        self.here.put(head, buffers)

    def _take(self, head: dict[str, Any], buffers: list[bytes]) -> None:
        self.frames.append((head, buffers))

    def send(self, head: dict[str, Any], *buffers: Any) -> None:
        self.there.take(head, buffers)
        self.there.wait(60.0)
        self.here.wait(60.0)

    def pieces(self) -> list[bytes]:
        return sorted(self.connection.keys(f"flodesk:{self.session}:large:*"))


def values(*buffers: Any, name: str = "flow.a", run: str = "r") -> dict[str, Any]:
    return {"f": "values", "run": run, "n": 1, "items": [{"name": name, "seq": 1, "own": len(buffers)}]}


@pytest.fixture
def ends(connection: Redis) -> Iterator[Ends]:
    made = Ends(connection)
    for key in made.pieces():
        connection.delete(key)
    yield made
    made.there.close()
    made.here.close()


def test_what_the_other_end_has_is_sent_once_and_got_once(ends: Ends) -> None:
    picture, mask = bytes(range(256)) * (3 * PIECE // 256 // 2), b"m" * LARGE
    for _ in range(3):
        ends.send(values(picture, b"small", mask), picture, b"small", mask)
    assert [buffers for _, buffers in ends.frames] == [[picture, b"small", mask]] * 3
    assert all(head == values(picture, b"small", mask) for head, _ in ends.frames)
    assert ends.there.sent == ends.here.got == len(picture) + len(mask)
    assert len(ends.pieces()) == 3  # one and a half pieces, and one
    assert all(0 < ends.connection.ttl(key) <= 120 for key in ends.pieces())


def test_an_array_is_sent_as_it_was_when_it_was_shown(ends: Ends) -> None:
    memory = bytearray(b"a" * LARGE)
    ends.there.take(values(memory), [memory])
    memory[:] = b"b" * LARGE
    ends.there.wait(60.0)
    ends.here.wait(60.0)
    assert ends.frames[0][1] == [b"a" * LARGE]


@pytest.mark.parametrize("harm", ["gone", "half", "another"])
def test_half_of_a_value_does_not_count_and_is_asked_for_once_more(ends: Ends, harm: str) -> None:
    picture, frame = b"p" * (PIECE + 10), []
    ends.there._hand_on = lambda head, buffers: frame.append((head, buffers))
    ends.send(values(picture), picture)
    first, second = ends.pieces()
    if harm == "gone":
        ends.connection.delete(first)
    else:
        ends.connection.set(second, b"p" * 9 if harm == "half" else b"q" * 10)
    ends.here.put({**frame[0][0]}, frame[0][1])
    ends.here.wait(60.0)
    assert ends.frames == []
    assert ends.lost == [frame[0][0]["large"]["0"][0]]
    ends.there._hand_on = ends.named
    ends.there.bring_again(ends.lost)
    ends.there.wait(60.0)
    ends.here.wait(60.0)
    assert [buffers for _, buffers in ends.frames] == [[picture]]


def test_a_server_that_cannot_keep_it_is_not_asked_for_ever(ends: Ends) -> None:
    frame = {**values(b"x"), "large": {"0": ["0" * 64, LARGE]}}
    for _ in range(3):
        ends.here.put({**frame}, [b""])
        ends.here.wait(60.0)
    assert len(ends.lost) == 1
    assert "flow.a: the value was lost on the Redis server, twice" in ends.said[0]


def test_an_answer_that_was_lost_says_so(ends: Ends) -> None:
    ends.here.put({"f": "answer", "q": 3, "large": {"0": ["0" * 64, LARGE]}}, [b""])
    ends.here.wait(60.0)
    ((head, _),) = ends.frames
    assert head["q"] == 3
    assert "ask once more" in head["error"]


def test_of_values_that_wait_each_port_keeps_its_newest(ends: Ends) -> None:
    """Who is slow misses what is old, and of no port all."""
    hold, held = threading.Event(), threading.Event()

    def wait_first(head: dict[str, Any], buffers: list[Any]) -> None:
        held.set()
        hold.wait(60.0)
        ends.named(head, buffers)

    ends.there._hand_on = wait_first
    ends.there.take(values(b""), [b"0" * LARGE])
    assert held.wait(60.0)
    for name, letter in (("flow.a", b"1"), ("flow.b", b"2"), ("flow.a", b"3")):
        ends.there.take(values(b"", name=name), [letter * LARGE])
    hold.set()
    ends.there.wait(60.0)
    ends.here.wait(60.0)
    last = {}
    for head, buffers in ends.frames:
        last |= {item["name"]: part[:1] for item, part in zip(head["items"], buffers, strict=True)}
    assert last == {"flow.a": b"3", "flow.b": b"2"}
    assert ends.there.sent == 3 * LARGE  # the first, and the newest of both


def test_the_server_keeps_no_more_than_there_is_room_for(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flodesk.engine.places.server.pieces.MOST_KEPT", 3 * LARGE)
    for letter in (b"a", b"b", b"c", b"d", b"a"):
        ends.send(values(b""), letter * LARGE)
    assert len(ends.pieces()) == 3
    assert ends.there.sent == 5 * LARGE  # the first had to go, and was brought again
    assert [buffers[0][:1] for _, buffers in ends.frames] == [b"a", b"b", b"c", b"d", b"a"]
    assert MOST_KEPT > 64e6  # one of the largest that may go


def test_small_buffers_stay_in_the_stream() -> None:
    assert not is_large([b"a" * (LARGE - 1), b""])
    assert is_large([b"", b"a" * LARGE])


def test_a_small_value_that_has_overtaken_a_large_one_stays() -> None:
    shown = Shown()
    shown.take_values([{"name": "flow.a", "seq": 5, "own": 0, "full": {"t": "int", "v": 5}}], [])
    shown.take_values([{"name": "flow.a", "seq": 4, "own": 0, "full": {"t": "int", "v": 4}}], [])
    assert shown.values["flow.a"].value == 5.0
    shown.begin()
    shown.take_values([{"name": "flow.a", "seq": 1, "own": 0, "full": {"t": "int", "v": 1}}], [])
    assert shown.values["flow.a"].value == 1.0


def test_a_picture_is_there_when_its_run_has_ended_and_comes_once(
    editor, connection: Redis, wait_for: Callable[..., None]
) -> None:
    editor.engine.watch({"flow.seen"}, set())

    def brought() -> int:
        return len(connection.keys("flodesk:*:large:*"))

    before = brought()
    assert editor.run(PICTURES.replace("LEVEL", "2.0")).reason == "succeeded"
    assert editor.value("flow.seen").nbytes > LARGE
    assert editor.value("flow.seen")[7, 7] == 2.0
    assert brought() == before + 1
    for _ in range(2):
        connection.config_resetstat()
        assert editor.run(PICTURES.replace("LEVEL", "2.0")).reason == "succeeded"
        assert editor.value("flow.seen")[7, 7] == 2.0
        written = int(connection.info("stats")["total_net_input_bytes"])
        read = int(connection.info("stats")["total_net_output_bytes"])
        assert written < 200_000
        assert read < 200_000
    assert editor.run(PICTURES.replace("LEVEL", "3.0")).reason == "succeeded"
    assert editor.value("flow.seen")[7, 7] == 3.0
    assert brought() == before + 2
