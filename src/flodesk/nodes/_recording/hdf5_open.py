"""Opening an HDF5 file to read it: one that is whole, is written now, or was left in the middle.

What its recorder was killed over is marked as being written, and HDF5 opens it in its mode for reading along alone:
there it reads what is damaged again and again, for minutes and more, while the whole program stands still. That mode is
therefore for files that a recorder has now. All others are read as if they were whole, and damage is an error at once.
"""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import Any

from flodesk.nodes._recording.claims import CONVERSION, holder

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_VERSION, _FLAGS, _END, _SUM, _SIZE = 8, 11, 28, 44, 48
"""Where in a superblock of version 3 stand its version, what is done with it, where the file ends, and a checksum."""
_MASK = 0xFFFFFFFF


def open_hdf5(path: Path) -> Any:
    """Open a file with h5py.

    Raises
    ------
    OSError
        It is none, or none that can be read.
    """
    import h5py

    with path.open("rb") as file:
        block = file.read(_SIZE)
    written = len(block) == _SIZE and block[: _VERSION + 1] == _SIGNATURE + b"\x03" and block[_FLAGS]
    if not written:
        return h5py.File(path, "r", locking=False)  # its lock would keep a recorder from the name
    if holder(path) not in ("", CONVERSION):
        return h5py.File(path, "r", libver="latest", swmr=True)
    return h5py.File(_Left(path), "r")


class _Left(io.RawIOBase):
    """A file that was left in the middle, as if it had been closed; it is when h5py lets go of it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        size = os.fstat(self._file.fileno()).st_size
        block = bytearray(self._file.read(_SIZE))
        block[_FLAGS] = 0
        # what was written since it said so for the last time is in it, too; of one that was cut the rest is not there
        self._end = max(size, int.from_bytes(block[_END : _END + 8], "little"))
        block[_END : _END + 8] = self._end.to_bytes(8, "little")
        block[_SUM:_SIZE] = _checksum(bytes(block[:_SUM])).to_bytes(4, "little")
        self._block = bytes(block)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a byte."""
        if whence == os.SEEK_END:
            return self._file.seek(self._end + offset)
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return where it is."""
        return self._file.tell()

    def close(self) -> None:
        """Close it."""
        if not self.closed:
            self._file.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Read what stands there; an error where nothing does, as the disk was full: no zeros for values."""
        view = memoryview(buffer).cast("B")
        at = self._file.tell()
        count = 0
        while count < len(view) and (more := self._file.readinto(view[count:])):
            count += more
        if count < len(view) and at + count < self._end:
            raise OSError(errno.EIO, "the file was cut before this place")
        if at < _SIZE:
            block = self._block[at : at + count]
            view[: len(block)] = block
        return count


def _checksum(data: bytes) -> int:
    """Return Jenkins' lookup3 of a text, as the checksums of HDF5 are."""
    a = b = c = (0xDEADBEEF + len(data)) & _MASK
    words = [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4)]
    words += [0] * (-len(words) % 3)
    for at in range(0, len(words), 3):
        a, b, c = ((x + y) & _MASK for x, y in zip((a, b, c), words[at : at + 3], strict=True))
        if at + 3 < len(words):
            for left, right, by in ((0, 2, 4), (1, 0, 6), (2, 1, 8), (0, 2, 16), (1, 0, 19), (2, 1, 4)):
                v = [a, b, c]
                v[left] = ((v[left] - v[right]) & _MASK) ^ _turned(v[right], by)
                v[right] = (v[right] + v[(left + 1) % 3]) & _MASK
                a, b, c = v
    for left, right, by in ((2, 1, 14), (0, 2, 11), (1, 0, 25), (2, 1, 16), (0, 2, 4), (1, 0, 14), (2, 1, 24)):
        v = [a, b, c]
        v[left] = ((v[left] ^ v[right]) - _turned(v[right], by)) & _MASK
        a, b, c = v
    return c


def _turned(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & _MASK
