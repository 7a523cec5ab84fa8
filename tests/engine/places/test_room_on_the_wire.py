"""A value that is too large for the wire stays where it is, that is said once, and all others go."""

from __future__ import annotations

from typing import Any

from flodesk.engine.places.session.room import Room


def test_what_is_too_large_stays_and_is_said_once() -> None:
    said: list[tuple[str, str]] = []
    room = Room(1.0, lambda port, words: said.append((port, words)))
    small, large, last = b"a" * 10, memoryview(bytearray(2_000_000)).cast("d"), b"b"
    items: list[dict[str, Any]] = [
        {"name": "flow.a", "seq": 1, "own": 1, "full": {"t": "a"}},
        {"name": "flow.b", "seq": 2, "own": 1, "full": {"t": "b"}, "brief": "in short"},
        {"name": "flow.c", "seq": 3, "own": 1, "full": {"t": "c"}},
    ]
    for _ in range(2):
        head, buffers = room.let_pass({"f": "values", "n": 1, "items": items}, [small, large, last])
        assert buffers == [small, last]
        assert [item["own"] for item in head["items"]] == [1, 0, 1]
        assert "full" not in head["items"][1]
        assert head["items"][1]["brief"] == "in short"
    ((port, words),) = said
    assert port == "flow.b"
    assert words.startswith("the value takes 2 MB, and 1 MB go to the window at most")
    assert "[queue] in settings.toml" in words


def test_an_answer_that_is_too_large_says_why_and_small_frames_stay_as_they_are() -> None:
    room = Room(1.0, lambda port, words: None)
    head, buffers = room.let_pass({"f": "answer", "q": 7, "value": {}}, [bytes(3_000_000)])
    assert (head["q"], buffers) == (7, [])
    assert "3 MB" in head["error"]
    frame = {"f": "values", "n": 1, "items": [{"name": "flow.a", "own": 1}]}
    assert room.let_pass(frame, [b"x"]) == (frame, [b"x"])
