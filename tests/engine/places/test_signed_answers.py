"""What a worker says of a run is signed: nobody who can write to the server makes a window show anything else."""

from __future__ import annotations

import json
import os

import pytest
from redis import Redis

from flodesk.engine.places.server.signing import RefusedError, RepeatedError, signature
from flodesk.engine.places.server.stream import Keys, pack
from flodesk.engine.places.session.answers import Hearing, Saying

KEY = os.environ["FLODESK_KEY"].encode()
LIVE = """
import flodesk
from flodesk.nodes import control, maths, timing


def flow():
    gain = control.number(2.0)
    for tick in timing.every(0.02):
        big = maths.add(0.0, gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""
END = {"f": "event", "event": "RunFinished", "reason": "succeeded", "message": "forged"}


def sent(fields: dict[object, object]) -> dict[bytes, bytes]:
    """Return the fields of an entry as they come from a server."""
    return {_bytes(name): _bytes(value) for name, value in fields.items()}


def signed(key: bytes, session: str, head: dict[str, object]) -> dict[object, object]:
    """Return an entry of a frame with its own number."""
    fields = pack(head)
    return {**fields, "m": signature(key, b"flodesk answer", session.encode(), fields["h"].encode())}


def _bytes(field: object) -> bytes:
    return field if isinstance(field, bytes) else str(field).encode()


def test_nothing_but_the_words_of_its_worker_reaches_an_editor(editor, connection: Redis, wait_for) -> None:
    editor.engine.watch({"flow.big"}, set())
    run = editor.start(LIVE)
    wait_for(lambda: editor.value("flow.big") == 2.0, "the first value")
    keys = Keys(run)
    old = connection.xrange(keys.values)[-1][1]
    editor.engine.set_parameter("flow.gain", "value", "3.0")
    wait_for(lambda: editor.value("flow.big") == 3.0, "the value that was turned to")
    value = {"name": "flow.big", "seq": 9**9, "own": 0, "full": {"t": "float", "v": 66.0}}
    later = {"f": "values", "run": run, "n": 1, "items": [value], "v": 10**6}
    next = json.loads(connection.xrevrange(keys.events, count=1)[0][1][b"h"])["k"] + 1
    end = {**END, "run": run, "seconds": 0.0, "k": next}
    for key in (keys.events, keys.values):
        connection.xadd(key, {"rubbish": "x"})
        for forged in (later, end):
            connection.xadd(key, pack(forged))
            connection.xadd(key, signed(b"the key of somebody else", run, forged))
            connection.xadd(key, signed(KEY, "another run", forged))
            connection.xadd(key, {**signed(KEY, run, {**forged, "f": "nothing"}), "h": pack(forged)["h"]})
        connection.xadd(key, old)
    editor.engine.set_parameter("flow.gain", "value", "4.0")
    seen = set()

    def is_turned() -> bool:
        seen.add(editor.value("flow.big"))
        return editor.value("flow.big") == 4.0

    wait_for(is_turned, "the next value of the worker")
    assert seen <= {3.0, 4.0}
    assert editor.engine.running
    assert len(editor.lines("is not its worker's word")) == 1
    assert "it is not signed" in editor.lines("is not its worker's word")[0]
    editor.engine.stop()
    assert editor.over().reason == "stopped"


def test_a_frame_is_taken_once_and_in_its_own_session() -> None:
    saying, hearing = Saying(KEY, "one"), Hearing(KEY, "one")
    first = sent(saying.entry({"f": "values", "n": 1}, [b"abc", b""]))
    second = sent(saying.entry({"f": "states"}))
    assert hearing.frame(first) == ({"f": "values", "n": 1}, [b"abc", b""])
    assert hearing.frame(second) == ({"f": "states"}, [])
    for again in (first, second):
        with pytest.raises(RepeatedError):
            hearing.frame(again)
    numbered = sent(saying.entry({"f": "event", "k": 7}))
    for _ in range(2):  # who follows the numbers sees that it has come before
        assert hearing.frame(numbered)[0]["k"] == 7
    with pytest.raises(RefusedError, match="signature"):
        Hearing(KEY, "two").frame(first)


@pytest.mark.parametrize(
    "altered", ["head", "buffer", "buffers the other way round", "one more buffer", "one less", "a wrong field"]
)
def test_a_frame_that_was_altered_is_refused(altered: str) -> None:
    fields = sent(Saying(KEY, "one").entry({"f": "values", "n": 1}, [b"abc", b"de"]))
    if altered == "head":
        fields[b"h"] = fields[b"h"].replace(b'"n":1', b'"n":2')
    elif altered == "buffer":
        fields[b"b0"] = b"abd"
    elif altered == "buffers the other way round":
        fields[b"b0"], fields[b"b1"] = fields[b"b1"], fields[b"b0"]
    elif altered == "one more buffer":
        fields[b"b2"] = b""
    elif altered == "one less":
        del fields[b"b1"]
    else:
        fields[b"x"] = b"1"
    with pytest.raises(RefusedError):
        Hearing(KEY, "one").frame(fields)


@pytest.mark.parametrize("unnumbered", [{"f": "event"}, {"f": "values", "v": 0}])
def test_a_frame_without_a_number_is_refused(unnumbered: dict[str, object]) -> None:
    with pytest.raises(RefusedError, match="number"):
        Hearing(KEY, "one").frame(sent(signed(KEY, "one", unnumbered)))


def test_long_and_short_texts_are_signed_alike() -> None:
    """Short ones are put together first: the same parts must not be cut in another way."""
    for size in (10, 100_000):
        whole = b"x" * size
        signs = {signature(KEY, whole), signature(KEY, whole[:5], whole[5:]), signature(KEY, whole, b"")}
        assert len(signs) == 3
        assert signature(KEY, bytearray(whole)) == signature(KEY, whole)
