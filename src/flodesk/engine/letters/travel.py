"""A dead letter on its way to another machine: a head of plain JSON values, and the raw bytes of what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from flodesk.engine.events import failure_from_json
from flodesk.engine.letters.letter import Kept, Letter

MOST_BYTES = 64 << 20
"""Bytes of letters that are under way at most; where more are rejected, they stay where they are."""


def to_frame(letter: Letter) -> tuple[dict[str, Any], list[bytes]]:
    """Take a letter apart."""
    bare = replace(letter, payload=(), inputs=())
    head, buffers = asdict(bare), []
    for kind, values in (("payload", letter.payload), ("inputs", letter.inputs)):
        head[kind] = [
            {"name": k.name, "summary": k.summary, "text": k.text, "head": k.head, "why": k.why, "own": len(k.buffers)}
            for k in values
        ]
        buffers += [buffer for kept in values for buffer in kept.buffers]
    return head, buffers


def from_frame(head: dict[str, Any], buffers: Sequence[bytes]) -> Letter:
    """Put a letter together again.

    Raises
    ------
    KeyError, TypeError
        It is none.
    """
    data, rest = dict(head), list(buffers)
    for kind in ("payload", "inputs"):
        values = []
        for part in data[kind]:
            own = part["own"]
            words = {name: part[name] for name in ("name", "summary", "text", "head", "why")}
            values.append(Kept(**words, buffers=tuple(rest[:own])))
            del rest[:own]
        data[kind] = tuple(values)
    data["failure"] = failure_from_json(data["failure"])
    return Letter(**data)
