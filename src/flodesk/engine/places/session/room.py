"""How much of a value goes over the network to a window: what is larger stays with the worker, and that is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


class Room:
    """Lets frames pass that are not too large.

    Parameters
    ----------
    megabytes : float
        How large the buffers of one value, or of one answer, may be.
    said : callable
        Takes (port, sentence) about a value that does not go; of each port once.
    """

    def __init__(self, megabytes: float, said: Callable[[str, str], None]) -> None:
        self._megabytes = megabytes
        self._said = said
        self._told: set[str] = set()

    def let_pass(self, head: dict[str, Any], buffers: Sequence[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Return a frame without what is too large; an answer that is says why instead."""
        most = self._megabytes * 1e6
        if sum(map(_size, buffers)) <= most:
            return head, list(buffers)
        if head["f"] == "answer":
            return {"f": "answer", "q": head["q"], "error": self._words(sum(map(_size, buffers)))}, []
        if head["f"] != "values":
            return head, list(buffers)
        items, passed, at = [], [], 0
        for item in head["items"]:
            own = list(buffers[at : at + item["own"]])
            at += item["own"]
            if (size := sum(map(_size, own))) <= most:
                items.append(item)
                passed += own
                continue
            if item["name"] not in self._told:
                self._told.add(item["name"])
                self._said(item["name"], self._words(size))
            items.append({**{key: value for key, value in item.items() if key != "full"}, "own": 0})
        return {**head, "items": items}, passed

    def _words(self, size: float) -> str:
        return (
            f"the value takes {size / 1e6:.0f} MB, and {self._megabytes:g} MB go to the window at most: show less of "
            "it, or raise megabytes under [queue] in settings.toml"
        )


def _size(buffer: Any) -> int:
    return memoryview(buffer).nbytes
