"""What stands in a file beside the values: of which flow, with which settings, by which instruments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Any

from flodesk.instruments.owner import identities
from flodesk.nodes._recording.columns import Column, own_columns
from flodesk.nodes._recording.ring import Turn
from flodesk.public import Change, Context


class Particulars:
    """What is known of a recording, and what changes while it goes on.

    Parameters
    ----------
    run : Context
        The run that is recorded.
    """

    def __init__(self, run: Context) -> None:
        self._run = run
        self._changes: SimpleQueue[Change] = SimpleQueue()
        self._next: Change | None = None
        run.about(self._hear)

    def _hear(self, change: Change) -> None:
        self._changes.put(change)

    def marked(self, turns: list[Turn]) -> list[Turn]:
        """Return turns, each with what has changed before it and after the one before."""
        if self._next is None and self._changes.empty():
            return turns
        found = []
        for turn in turns:
            changed: dict[str, str] = {}
            while (change := self._coming()) is not None and change.at <= turn.came:
                changed[change.what] = change.text
                self._next = None
            found.append(turn._replace(changed=json.dumps(changed, ensure_ascii=False)) if changed else turn)
        return found

    def _coming(self) -> Change | None:
        if self._next is None and not self._changes.empty():
            self._next = self._changes.get()
        return self._next

    def head(self, columns: Sequence[Column], part: int) -> dict[str, Any]:
        """Return what is known when a file is begun, as JSON has it."""
        about = self._run.about()
        who = identities()
        instruments = {name: {"address": address} for name, address in about.connections.items()}
        for name, known in who.items():
            instruments.setdefault(name, {}).update(known)
        return {
            "flodesk": about.version,
            "started": _now(),
            "part": part,
            "flow": {"path": about.path, "hash": about.hash, "run": about.run},
            "columns": [column.name for column in columns],
            "own": [own.name for own in own_columns(columns)],
            "kinds": {column.name: column.kind for column in columns if column.samples},
            "units": {column.name: column.unit for column in columns if column.unit},
            "t0": {column.name: column.t0 for column in columns if column.dt},
            "dt": {column.name: column.dt for column in columns if column.dt},
            "parameters": dict(about.parameters),
            "instruments": instruments,
        }

    def tail(self, turns: int, dropped: int) -> dict[str, Any]:
        """Return what is known when it is closed."""
        return {"ended": _now(), "turns": turns, "dropped": dropped}


def _now() -> str:
    return datetime.now(UTC).isoformat()
