"""The questions about values, as every client of an engine has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flodesk.engine.asking import Questions
from flodesk.engine.insight import Insight


class Probing:
    """A client that can look closely at values. `_steer` brings a command to the engine."""

    _questions: Questions

    def _steer(self, command: dict[str, Any]) -> None:
        raise NotImplementedError

    def examine(self, name: str, told: Callable[[Insight], None]) -> None:
        """Look closely at the newest value of a port; `told` gets it on the client's reader thread.

        Parameters
        ----------
        name : str
            ``function.variable`` or ``function.variable.field``.
        """
        self._questions.ask(self._steer, {"c": "examine", "name": name}, lambda head, _: told(_insight(head)))


def _insight(head: Mapping[str, Any]) -> Insight:
    return Insight(error=str(head["error"])) if "error" in head else Insight.from_json(head["insight"])
