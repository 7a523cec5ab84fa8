"""Who follows a session on a worker, and what each wants of it: several editors may look at one run."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

Command = Mapping[str, Any]
WISHES = ("watch", "probes", "hold", "breaks")
"""Commands that say what an editor wants from now on; what all want together goes to the session."""


class Audience:
    """The editors of a session.

    Parameters
    ----------
    first : str
        Who has started it.

    Attributes
    ----------
    kept : dict or None
        What the last one who left had on the screen: the command that watches it. Who left and had nothing there,
        as one who only came to stop the run, takes nothing of that away.
    """

    def __init__(self, first: str) -> None:
        self._wishes: dict[str, dict[str, Command]] = {first: {}}
        self._asked: dict[int, tuple[str, int]] = {}
        self._numbers = itertools.count(1)
        self.kept: Command | None = None

    def __len__(self) -> int:
        return len(self._wishes)

    @property
    def first(self) -> str:
        """Who has been there longest; empty where there is nobody."""
        return next(iter(self._wishes), "")

    def others(self, who: str) -> bool:
        """Return whether there is somebody else."""
        return any(other != who for other in self._wishes)

    def hear(self, command: Command, who: str) -> list[Command]:
        """Return what the session is to do, where somebody says something."""
        kind = command["c"]
        if kind == "leave":
            return self._leave(who, command.get("keep"))
        if kind in WISHES:
            anew = who not in self._wishes
            self._wishes.setdefault(who, {})[kind] = command
            # one who comes later gets what the others have by now, too
            before = [{"c": "watch", "full": [], "brief": []}, self._together("watch")] if anew else []
            return [*before, self._together(kind)]
        if "q" in command:
            number = next(self._numbers)
            self._asked[number] = who, command["q"]
            return [{**command, "q": number}]
        return [command]

    def answered(self, head: Mapping[str, Any]) -> dict[str, Any]:
        """Return an answer as the one who has asked knows it, and for whom it is."""
        who, number = self._asked.pop(int(head["q"]), ("", head["q"]))
        return {**head, "q": number, "who": who}

    def _leave(self, who: str, keep: Command | None) -> list[Command]:
        if self._wishes.pop(who, None) is None:
            return []
        if keep is not None and (keep.get("full") or keep.get("brief")):
            self.kept = keep
        return [self._together(kind) for kind in WISHES]

    def _together(self, kind: str) -> Command:
        wishes = [own[kind] for own in self._wishes.values() if kind in own]
        if len(wishes) == 1:
            return wishes[0]
        if kind == "watch":
            full, brief = ({name for wish in wishes for name in wish[what]} for what in ("full", "brief"))
            return {"c": "watch", "full": sorted(full), "brief": sorted(brief)}
        if kind == "hold":
            names = {name for wish in wishes for name in wish["names"]}
            return {"c": "hold", "names": sorted(names), "most": max((wish["most"] for wish in wishes), default=0)}
        merged: dict[str, Any] = {}
        for wish in wishes:
            merged |= wish[kind]
        return {"c": kind, kind: merged}
