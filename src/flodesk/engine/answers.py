"""Answers that take their time: given from a thread beside the loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flodesk.engine.threads import spawn_thread
from flodesk.engine.values import Buffers

Send = Callable[[dict[str, Any], Buffers], None]
"""Takes the head of a frame and its buffers."""


def answer_beside(send: Send, q: int, what: str, told: Callable[[], tuple[dict[str, Any], Buffers]]) -> None:
    """Send what `told` gives as the answer to a question; where that fails, why."""

    def work() -> None:
        try:
            head, buffers = told()
        except Exception as error:  # noqa: BLE001 - values are foreign, and whoever asks waits for an answer
            head, buffers = {"error": f"The {what} failed: {error}"}, []
        send({"f": "answer", "q": q, **head}, buffers)

    spawn_thread(work, f"flodesk {what}")


__all__ = ["Send", "answer_beside"]
