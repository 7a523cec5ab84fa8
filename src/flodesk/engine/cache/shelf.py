"""Encoded values on disk, a file each, under a hash: written whole or not at all, and the oldest go first."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flodesk.engine.codec import CodecError, decode, encode

BUDGET = 4_000_000_000
"""Bytes that the cache may take on the disk; `FLODESK_CACHE_BYTES` says otherwise."""

_MAGIC = b"flodesk value 1\n"


@dataclass(frozen=True, slots=True)
class Stored:
    """A value as it was stored. `made` is when, in s since 1970; `facts` what was noted beside it."""

    value: Any
    made: float
    facts: Mapping[str, Any]


class Shelf:
    """A folder of encoded values.

    Parameters
    ----------
    folder : Path
        It is there already.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Stored | None:
        """Return what is stored under a key; None if nothing is. A file that cannot be read is taken away."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        try:
            stored = _unpack(data)
        except (CodecError, ValueError, KeyError, TypeError):
            with suppress(OSError):
                path.unlink()  # cut off, or of a class that is gone: whoever asked makes it anew
            return None
        with suppress(OSError):
            os.utime(path)  # what is used stays longest
        return stored

    def put(self, key: str, value: Any, facts: Mapping[str, Any] | None = None) -> None:
        """Store a value.

        Raises
        ------
        CodecError
            It has no form.
        OSError
            The disk is full, or the folder is gone.
        """
        head, buffers = encode(value)
        views = [memoryview(part).cast("B") for part in buffers]
        note = {"head": head, "sizes": [v.nbytes for v in views], "made": time.time(), "facts": dict(facts or {})}
        line = json.dumps(note, separators=(",", ":")).encode()
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC)
                file.write(len(line).to_bytes(8, "little"))
                file.write(line)
                for view in views:
                    file.write(view)
            Path(part).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(part).unlink()
            raise

    def prune(self, budget: int | None = None) -> None:
        """Take the files away that were used longest ago, until the others fit into the budget."""
        if budget is None:
            budget = int(os.environ.get("FLODESK_CACHE_BYTES", BUDGET))
        files = []
        for path in self.folder.rglob("*.value"):
            with suppress(OSError):
                facts = path.stat()
                files.append((facts.st_mtime, facts.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= budget:
                return
            with suppress(OSError):
                path.unlink()
                total -= size

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.value"


def _unpack(data: bytes) -> Stored:
    start = len(_MAGIC) + 8
    if not data.startswith(_MAGIC) or len(data) < start:
        raise ValueError("no stored value")
    end = start + int.from_bytes(data[len(_MAGIC) : start], "little")
    note = json.loads(data[start:end])
    whole = memoryview(data)
    buffers = []
    for size in note["sizes"]:
        if end + size > len(data):
            raise ValueError("it is cut off")
        buffers.append(whole[end : end + size])
        end += size
    # the bytes that were read cannot be written to, and an array that a node gives can
    return Stored(decode(note["head"], buffers, copy=True), float(note["made"]), note["facts"])
