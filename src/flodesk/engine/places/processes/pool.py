"""Shared memory that arrays lie in on their way between processes: made once, used again and again.

The rule of safety: a slot belongs to whoever looks at it. Arrays that came from elsewhere look at their slot, which is
used again only when the last of them is gone; a worker that still holds an array it was given says so, and the slot
waits for it, too. Nothing is ever copied away from under somebody, and nothing is written over.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import secrets
import threading
import weakref
from collections import deque
from collections.abc import Callable, Hashable
from multiprocessing import shared_memory
from typing import Any

from flodesk.engine.link import attach, create, memory_of

BIG = 1 << 16
"""Bytes from which on a buffer goes through shared memory rather than through the pipe."""
MOST_FREE = 1 << 28
"""Bytes of memory that is kept for later; what is free beyond is given back to the system."""


class Slot:
    """A segment of shared memory.

    Attributes
    ----------
    holders : set
        Who looks at it.
    """

    def __init__(self, segment: shared_memory.SharedMemory) -> None:
        self.segment = segment
        self.name = segment.name
        self.memory = memory_of(segment)
        self.size = len(self.memory)
        self.holders: set[Hashable] = set()
        lease = (ctypes.c_ubyte * self.size).from_buffer(self.memory)
        self.address = ctypes.addressof(lease)

    def lease(self, size: int, ended: Callable[[], Any]) -> Any:
        """Return its first bytes as an object that arrays can look at; `ended` is called when the last is gone."""
        lease = (ctypes.c_ubyte * size).from_buffer(self.memory)
        weakref.finalize(lease, ended).atexit = False
        return lease

    def drop(self) -> None:
        """Let go of the memory; what still looks at it keeps it."""
        with contextlib.suppress(BufferError):
            self.memory.release()
            self.segment.close()
            return
        # arrays look at it: it goes with the last of them, and until then nobody must try to close it
        self.segment._buf = None  # type: ignore[attr-defined]
        self.segment._mmap = None  # type: ignore[attr-defined]
        self.segment.close()


class Pool:
    """The slots of one engine."""

    def __init__(self) -> None:
        self._all: dict[str, Slot] = {}
        self._free: dict[int, list[Slot]] = {}
        self._returned: deque[tuple[Slot, Hashable]] = deque()
        self._lock = threading.Lock()
        self._gone: list[str] = []
        self._closed = False
        self._names = 0

    def take(self, size: int, holder: Hashable) -> Slot:
        """Return a slot of at least that size, held by `holder`."""
        with self._lock:
            self._settle()
            rounded = max(BIG, 1 << (max(1, size) - 1).bit_length())
            if not self._free.get(rounded) and sum(slot.size for slot in self._all.values()) > MOST_FREE:
                # the values of a run that has ended may lie in cycles: nobody else knows how much memory that is
                gc.collect()
                self._settle()
            free = self._free.get(rounded)
            if free:
                slot = free.pop()
            else:
                # a name that tells whose it is; macOS takes 30 letters
                slot = Slot(create(rounded, f"flodesk{os.getpid():x}_{secrets.token_hex(4)}"))
                self._all[slot.name] = slot
            slot.holders.add(holder)
            return slot

    def find(self, name: str) -> Slot:
        """Return the slot of that name."""
        return self._all[name]

    def give_back(self, slot: Slot, holder: Hashable) -> None:
        """Note that somebody looks at a slot no more. May be called by the garbage collector: it takes no lock."""
        self._returned.append((slot, holder))

    def value(self, slot: Slot, offset: int, size: int) -> Any:
        """Return bytes of a slot for an array to look at: it is held until the last array is gone."""
        self._names += 1
        holder = ("array", self._names)
        slot.holders.add(holder)
        lease = slot.lease(slot.size, lambda: self.give_back(slot, holder))
        return memoryview(lease).cast("B")[offset : offset + size]

    def place_of(self, address: int, size: int) -> tuple[Slot, int] | None:
        """Return the slot that memory of this process lies in, and where; None if it is none of ours."""
        with self._lock:
            for slot in self._all.values():
                if slot.address <= address and address + size <= slot.address + slot.size:
                    return slot, address - slot.address
        return None

    def gone(self, since: int) -> list[str]:
        """Return the names of slots that were given back to the system, all but the first `since`."""
        return self._gone[since:]

    def close(self) -> None:
        """Unlink everything."""
        with self._lock:
            self._closed = True
            for slot in self._all.values():
                slot.segment.unlink()
                slot.drop()
            self._all.clear()
            self._free.clear()

    def _settle(self) -> None:
        while self._returned:
            slot, holder = self._returned.popleft()
            slot.holders.discard(holder)
            if not slot.holders and slot.name in self._all:
                self._free.setdefault(slot.size, []).append(slot)
        spare = sum(size * len(slots) for size, slots in self._free.items())
        for size in sorted(self._free, reverse=True):
            while spare > MOST_FREE and self._free[size]:
                slot = self._free[size].pop()
                del self._all[slot.name]
                self._gone.append(slot.name)
                slot.segment.unlink()
                slot.drop()
                spare -= size


class Windows:
    """A worker's side of the slots: attached once, and looked at as long as somebody does."""

    def __init__(self) -> None:
        self._slots: dict[str, Slot] = {}
        self._looking: dict[str, int] = {}
        self._ended: deque[str] = deque()

    def at(self, name: str) -> Slot:
        """Return a slot, attached."""
        slot = self._slots.get(name)
        if slot is None:
            slot = self._slots[name] = Slot(attach(name))
        return slot

    def look(self, name: str, offset: int, size: int) -> memoryview:
        """Return bytes of a slot, to read from."""
        slot = self.at(name)
        lease = slot.lease(slot.size, lambda: self._ended.append(name))
        self._looking[name] = self._looking.get(name, 0) + 1
        return memoryview(lease).cast("B")[offset : offset + size].toreadonly()

    def held(self) -> list[str]:
        """Return the names of the slots that something here still looks at."""
        while self._ended:
            name = self._ended.popleft()
            left = self._looking[name] = self._looking[name] - 1
            if not left:
                del self._looking[name]
        return list(self._looking)

    def place_of(self, address: int, size: int) -> tuple[str, int] | None:
        """Return the slot that memory lies in which somebody looks at, and where."""
        for name in self._looking:
            slot = self._slots[name]
            if slot.address <= address and address + size <= slot.address + slot.size:
                return name, address - slot.address
        return None

    def forget(self, names: list[str]) -> None:
        """Let go of slots that are no more."""
        for name in names:
            slot = self._slots.pop(name, None)
            if slot is not None:
                slot.drop()


def address_of(part: Any) -> int:
    """Return where bytes lie in memory."""
    import numpy

    return int(numpy.frombuffer(part, numpy.uint8).__array_interface__["data"][0])
