"""How frames travel between two processes: over a pipe, their arrays through shared memory."""

from __future__ import annotations

import json
import queue
import signal
import struct
import sys
import threading
from collections.abc import Sequence
from multiprocessing import resource_tracker, shared_memory
from typing import Any, BinaryIO

from flodesk.engine.values import Buffers

_SYSTEM: str = sys.platform
LARGEST = 1 << 30
"""Bytes of a frame; a longer one is no frame of ours."""
TABLE_BYTES = 1 << 21
ARENA_BYTES = 1 << 23

_LENGTHS = struct.Struct("<II")


class LinkError(Exception):
    """The other side is gone, or what came is no frame."""


class NoSharedMemoryError(OSError):
    """There is no memory that two processes could share."""


def pack(head: dict[str, Any], buffers: Buffers = ()) -> bytes:  # type: ignore[assignment]
    """Make the bytes of a frame: two lengths, the head as JSON, the buffers one after the other."""
    if buffers:
        head = {**head, "sizes": [memoryview(part).nbytes for part in buffers]}
    text = json.dumps(head, separators=(",", ":")).encode()
    body = b"".join(bytes(part) for part in buffers)
    return _LENGTHS.pack(len(text), len(body)) + text + body


def unpack(data: bytes) -> tuple[dict[str, Any], list[memoryview]]:
    """Make (head, buffers) of the bytes of a whole frame.

    Raises
    ------
    LinkError
        It is no frame.
    """
    try:
        length, _ = _LENGTHS.unpack_from(data)
        start = _LENGTHS.size
        head = json.loads(data[start : start + length])
        return head, split(memoryview(data)[start + length :], head.get("sizes", ()))
    except (struct.error, ValueError, AttributeError) as error:
        raise LinkError(f"no frame: {error}") from error


def split(body: memoryview, sizes: Sequence[int]) -> list[memoryview]:
    """Cut the body of a frame into its buffers."""
    parts, place = [], 0
    for size in sizes:
        parts.append(body[place : place + size])
        place += size
    return parts


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], list[memoryview]]:
    """Wait for a frame.

    Raises
    ------
    LinkError
        The stream has ended, or what came is no frame.
    """
    lengths = _exactly(stream, _LENGTHS.size)
    head, body = _LENGTHS.unpack(lengths)
    if head + body > LARGEST:
        raise LinkError(f"a frame of {head + body} bytes is none of ours")
    return unpack(lengths + _exactly(stream, head + body))


def _exactly(stream: BinaryIO, count: int) -> bytes:
    parts = []
    while count:
        try:
            part = stream.read(count)
        except (OSError, ValueError) as error:
            raise LinkError(str(error)) from error
        if not part:
            raise LinkError("the other side has ended")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


class Outbox:
    """Writes frames in a thread of its own, so that no sender waits, and none is cut in half by an exception."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._frames: queue.SimpleQueue[bytes | threading.Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name=name, daemon=True)
        self._thread.start()

    def put(self, frame: bytes) -> None:
        """Send a frame, soon."""
        self._frames.put(frame)

    def flush(self, seconds: float = 0.5) -> None:
        """Wait until what was put so far is written: what must arrive although the process may die the next moment."""
        written = threading.Event()
        self._frames.put(written)
        written.wait(seconds)

    def close(self, seconds: float = 1.0) -> None:
        """Send what waits, and end."""
        self._frames.put(None)
        self._thread.join(seconds)

    def _write(self) -> None:
        while (frame := self._frames.get()) is not None:
            if isinstance(frame, threading.Event):
                frame.set()
                continue
            try:
                rest = memoryview(frame)
                while rest:  # a pipe without a buffer may take a part at a time
                    rest = rest[self._stream.write(rest) :]
                self._stream.flush()
            except (OSError, ValueError):
                return  # the other side is gone: whoever reads from it finds out


class Arena:
    """Shared memory in two halves that carries the arrays of one batch of values after the other."""

    def __init__(self, memory: memoryview) -> None:
        self._memory = memory
        self._half = len(memory) // 2
        self._odd = 0

    def put(self, buffers: Buffers) -> tuple[int, list[int]] | None:
        """Copy buffers in; returns (where, sizes), or None if they do not fit."""
        sizes = [memoryview(part).nbytes for part in buffers]
        if sum(sizes) > self._half:
            return None
        self._odd = 1 - self._odd
        place = start = self._odd * self._half
        for part, size in zip(buffers, sizes, strict=True):
            self._memory[place : place + size] = memoryview(part).cast("B")
            place += size
        return start, sizes

    def get(self, place: int, sizes: Sequence[int]) -> list[memoryview]:
        """Look at the buffers that were put there."""
        return split(self._memory[place:], sizes)

    def release(self) -> None:
        """Let go of the memory."""
        self._memory.release()


def create(size: int, name: str | None = None) -> shared_memory.SharedMemory:
    """Make a segment that this process owns: it unlinks it, or, if it dies, its resource tracker does.

    Raises
    ------
    NoSharedMemoryError
        The system gives none; the text says what to do about it.
    """
    _begin_tracker()
    try:
        return shared_memory.SharedMemory(name, create=True, size=size)
    except OSError as error:
        where = ". It lies in /dev/shm, which has to be there, writable and not full" if _SYSTEM == "linux" else ""
        why = error.strerror or str(error)
        raise NoSharedMemoryError(f"The system gives no memory that two processes could share: {why}{where}") from error


def _begin_tracker() -> None:
    """Start Python's own process that removes the memory of one that was killed, so that it does so without a word.

    It would say on the terminal that objects had leaked, to somebody who has just killed the program. It leaves Ctrl+C
    to others by itself; a terminal that is closed has to be kept from it, or it forgets what there is to remove.
    """
    if _SYSTEM == "win32":
        return  # there memory goes with the last process that has it
    words = "ignore:resource_tracker:UserWarning"
    sys.warnoptions.append(words)  # which it inherits; one that is there already stays as it is
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGHUP,))  # it inherits this, too
    try:
        resource_tracker.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        sys.warnoptions.remove(words)


def memory_of(segment: shared_memory.SharedMemory) -> memoryview:
    """Return the bytes of an open segment."""
    assert segment.buf is not None
    return segment.buf


_ATTACH = threading.Lock()


def attach(name: str) -> shared_memory.SharedMemory:
    """Open a segment that another process owns.

    Up to Python 3.12 opening registers it as one's own, and this process's end would unlink it under the other's feet
    (bpo-38119).
    """
    if sys.version_info >= (3, 13):
        return shared_memory.SharedMemory(name=name, track=False)
    with _ATTACH:
        register = resource_tracker.register
        resource_tracker.register = lambda name, rtype: None
        try:
            return shared_memory.SharedMemory(name=name)
        finally:
            resource_tracker.register = register
