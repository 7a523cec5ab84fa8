"""The commands and questions that go, as they are, to the engine that has the newest run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flodesk.engine.client import Engine, How, Look
from flodesk.engine.events import Paused
from flodesk.engine.insight import Insight
from flodesk.engine.places.past_handed_on import PastHandedOn
from flodesk.engine.probing import Answer, At, Kept, Rows
from flodesk.engine.recalling import Of
from flodesk.engine.states import NodeState, Sample
from flodesk.engine.steered import Written
from flodesk.indicators.as_text import Text


class HandedOn(PastHandedOn):
    """What does not depend on where the newest run is.

    Parameters
    ----------
    engine : Engine
        Has it; ``_now`` is changed when another one gets a run.
    """

    def __init__(self, engine: Engine) -> None:
        self._now = engine

    def set_parameter(self, node: str, parameter: str, text: str) -> None:
        """Change a literal of the running flow."""
        self._now.set_parameter(node, parameter, text)

    def press(self, node: str, parameter: str) -> None:
        """Press a button that springs back."""
        self._now.press(node, parameter)

    def pause(self) -> None:
        """Hold every loop."""
        self._now.pause()

    def resume(self, function: str = "") -> None:
        """Let a function go on, or all of them."""
        self._now.resume(function)

    def step(self, how: How = "over", function: str = "") -> None:
        """Let a function, or what is held, go on for a step."""
        self._now.step(how, function)

    def inspect(self, function: str, told: Callable[[Look], None], variable: str = "") -> None:
        """Ask what is bound where a function is held."""
        self._now.inspect(function, told, variable)

    def why(self, node: str, told: Callable[[str], None]) -> None:
        """Ask why a node ran, or did not, in the newest run."""
        self._now.why(node, told)

    def expect(self, text: str, path: str, told: Callable[[Written], None]) -> None:
        """Ask what the newest run has given, to be expected of that flow."""
        self._now.expect(text, path, told)

    def examine(self, name: str, told: Callable[[Insight], None]) -> None:
        """Look closely at the newest value of a port."""
        self._now.examine(name, told)

    def weigh(self, names: Sequence[str], told: Callable[[Mapping[str, int]], None]) -> None:
        """Ask how many bytes the newest values of ports take."""
        self._now.weigh(names, told)

    def look(self, seen: Mapping[str, tuple[int, int]], told: Callable[[Answer], None], at: At | None = None) -> None:
        """Ask what the probes hold."""
        self._now.look(seen, told, at)

    def pin(self, mark: str, at: At | None, told: Callable[[], None], *, pinned: bool = True) -> None:
        """Keep what all probes hold at a moment under a mark."""
        self._now.pin(mark, at, told, pinned=pinned)

    def rows(
        self,
        name: str,
        start: int,
        count: int,
        sort: tuple[int, bool] | None,
        find: str,
        told: Callable[[Rows], None],
        of: Of | None = None,
    ) -> None:
        """Ask for rows of the table that a port has."""
        self._now.rows(name, start, count, sort, find, told, of)

    def give(self, name: str, path: str, told: Callable[[int, str], None], of: Of | None = None) -> None:
        """Write all of what a port has to a file."""
        self._now.give(name, path, told, of)

    def text(self, name: str, how: Mapping[str, Any], told: Callable[[Text, str], None], of: Of | None = None) -> None:
        """Ask for cells of the table that a port has, or all of its value, as text."""
        self._now.text(name, how, told, of)

    def compare(self, name: str, told: Callable[[tuple[Kept | None, ...]], None]) -> None:
        """Ask for the values of a port at A and at B, and their difference."""
        self._now.compare(name, told)

    def text_of(self, name: str, number: int, told: Callable[[str], None]) -> None:
        """Ask for all of one value that a probe holds."""
        self._now.text_of(name, number, told)

    def save_probe(self, name: str, path: str, told: Callable[[int, str], None]) -> None:
        """Write what a probe holds to a file."""
        self._now.save_probe(name, path, told)

    @property
    def held(self) -> Mapping[str, Paused]:
        """Where each function is that is held."""
        return self._now.held

    def values(self) -> Mapping[str, Sample]:
        """Return the newest samples of the place of the newest run."""
        return self._now.values()

    def previews(self) -> Mapping[str, Sample]:
        """Return the newest previews."""
        return self._now.previews()

    def states(self) -> Mapping[str, NodeState]:
        """Return the newest states."""
        return self._now.states()

    @property
    def running(self) -> bool:
        """True while a run is on."""
        return self._now.running
