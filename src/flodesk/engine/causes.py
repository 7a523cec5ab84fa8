"""What has failed in a run, each cause once, with how often it was told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from flodesk.engine.events import Event, NodeFailed, Rejected

MOST = 10
"""So many causes of each node are kept; a message may be another each time, and then one run has as many as turns."""


@dataclass
class Causes:
    """The causes of one run, as its events come.

    Attributes
    ----------
    first : list of NodeFailed or Rejected
        The first event of each cause.
    """

    first: list[NodeFailed | Rejected] = field(default_factory=list)
    _times: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _more: Counter[str] = field(default_factory=Counter)
    _untold: set[tuple[str, str, str]] = field(default_factory=set)

    def take(self, event: Event) -> None:
        """Take an event; what is no failure is left alone."""
        if not isinstance(event, NodeFailed | Rejected):
            return
        key = _key(event)
        if key not in self._times and sum(known[0] == key[0] for known in self._times) >= MOST:
            self._more[key[0]] += 1
            return
        if key in self._untold and isinstance(event, NodeFailed):
            return  # of these the first and the last are told alone: the message of the run has their number
        self._times[key] += 1
        if self._times[key] == 1:
            self.first.append(event)
            if isinstance(event, NodeFailed) and event.goes_on:
                self._untold.add(key)

    def times(self, event: NodeFailed | Rejected) -> str:
        """Say how often a cause was told, behind its message; nothing if that was once."""
        count = self._times[_key(event)]
        return f" ({count:,} times)" if count > 1 else ""

    def more(self) -> list[str]:
        """Say in sentences how often nodes failed for further causes."""
        return [
            f"{node} failed {'once' if count == 1 else f'{count:,} times'} more, with other messages"
            for node, count in self._more.items()
        ]


def _key(event: NodeFailed | Rejected) -> tuple[str, str, str]:
    failure = event.failure
    return failure.node, failure.type, failure.message
