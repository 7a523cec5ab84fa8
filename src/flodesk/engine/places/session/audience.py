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
    gone : set of str
        Who has gone without a word. What they want is kept: they may come back, as after a cut of the network.
    """

    def __init__(self, first: str) -> None:
        self._wishes: dict[str, dict[str, Command]] = {first: {}}
        self._asked: dict[int, tuple[str, int]] = {}
        self._numbers = itertools.count(1)
        self.kept: Command | None = None
        self.gone: set[str] = set()

    def __len__(self) -> int:
        return len(self._there)

    @property
    def names(self) -> list[str]:
        """All who have come and have not said that they leave."""
        return list(self._wishes)

    @property
    def _there(self) -> list[str]:
        return [who for who in self.names if who not in self.gone]

    @property
    def first(self) -> str:
        """Who has been there longest; empty where there is nobody."""
        return next(iter(self._there), "")

    def others(self, who: str) -> bool:
        """Return whether there is somebody else."""
        return any(other != who for other in self._there)

    def miss(self, gone: set[str]) -> None:
        """Note who has gone without a word: what they had on the screen is kept as that of those who leave."""
        for who in gone - self.gone:
            self._keep(self._wishes.get(who, {}).get("watch"))
        self.gone = gone

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
        self._keep(keep)
        return [self._together(kind) for kind in WISHES]

    def _keep(self, watch: Command | None) -> None:
        if watch is not None and (watch.get("full") or watch.get("brief")):
            self.kept = watch

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
