"""What a worker has told last, for whoever shows it: newest values, previews and states of one run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flodesk.engine.states import NodeState, Sample
from flodesk.engine.values import decode, preview_from_json

_AT_WORK = ("running", "paused", "waiting", "queued")


class Shown:
    """The newest of each. A mapping that was handed out stays as it is.

    Parameters
    ----------
    strange : callable
        Takes (port, why) of a value that cannot be read here; of each port once.

    Attributes
    ----------
    values, previews : mapping of str to Sample
        By port: what is watched in full, and in brief.
    states : mapping of str to NodeState
        By node.
    """

    def __init__(self, strange: Callable[[str, str], None] = lambda port, why: None) -> None:
        self._strange = strange
        self._told: set[str] = set()
        self.values: Mapping[str, Sample] = {}
        self.previews: Mapping[str, Sample] = {}
        self.states: Mapping[str, NodeState] = {}

    def begin(self, queued: Iterable[str] = ()) -> None:
        """Forget all, as another run begins; these nodes wait for their turn."""
        self.values, self.previews = {}, {}
        self._told.clear()
        self.states = dict.fromkeys(queued, NodeState("queued"))

    def take_states(self, items: Mapping[str, Sequence[Any]]) -> None:
        """Take the states of a frame."""
        self.states = {node: NodeState(*values) for node, values in items.items()}

    def take_values(self, items: Iterable[Mapping[str, Any]], buffers: Sequence[bytes]) -> None:
        """Take the values of a frame."""
        values, previews, at = dict(self.values), dict(self.previews), 0
        for item in items:
            own = buffers[at : at + item["own"]]
            at += item["own"]
            try:
                if "full" in item and _is_newer(item, values):
                    values[item["name"]] = Sample(item["seq"], decode(item["full"], own), item.get("made", 0))
                if "brief" in item and _is_newer(item, previews):
                    previews[item["name"]] = Sample(item["seq"], preview_from_json(item["brief"]), item.get("made", 0))
            except (KeyError, IndexError, TypeError, ValueError) as error:  # a form that only a later flodesk knows
                if item["name"] not in self._told:
                    self._told.add(item["name"])
                    self._strange(item["name"], f"{type(error).__name__}: {error}")
        self.values, self.previews = values, previews

    def end(self) -> None:
        """Note that the run is over, and could not tell it itself: no node is at work any more."""
        self.states = {
            node: NodeState("done" if state.count else "idle", state.count) if state.state in _AT_WORK else state
            for node, state in self.states.items()
        }

    def culprit(self) -> str:
        """Say which node was at work, if one was."""
        running = [node for node, state in self.states.items() if state.state == "running"]
        return f"{running[-1]} was running. " if running else ""


def _is_newer(item: Mapping[str, Any], shown: Mapping[str, Sample]) -> bool:
    """Return whether a value is not older than what is shown: small ones overtake a large one on its way."""
    before = shown.get(item["name"])
    return before is None or before.sequence <= item["seq"]
