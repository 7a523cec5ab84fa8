"""The edits that come while a flow runs: literals that differ from its text, and texts that wait for their turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping

from flodesk.engine.inputs import set_literal
from flodesk.engine.loop import Runner
from flodesk.engine.prepare import Plans, override, override_all


class Edits:
    """The edits of one run.

    Parameters
    ----------
    overrides : mapping
        Texts of values by (node, parameter) that were set before it started.

    Attributes
    ----------
    overrides : dict
        Those that are set now, beside the newest text.
    """

    def __init__(self, overrides: Mapping[tuple[str, str], str]) -> None:
        self.overrides = dict(overrides)
        self._texts: list[str] = []
        self._prepared = False
        self._lock = threading.Lock()

    # -------------------------------------------------------------- literals
    def set(self, node: str, parameter: str, text: str, runners: Callable[[], Collection[Runner]]) -> bool:
        """Change a literal from the next call on; returns False where that takes another plan.

        Raises
        ------
        ValueError
            The text is no value.
        """
        function, _, statement = node.rpartition(".")
        with self._lock:
            self.overrides[node, parameter] = text
            if not self._prepared:
                return True  # it is still being loaded, and sees to it before its first step
        try:
            done = [set_in(runner, function, statement, parameter, text) for runner in runners()]
            return any(done)
        except ValueError:
            with self._lock:
                self.overrides.pop((node, parameter), None)
            raise

    def begin(self) -> dict[tuple[str, str], str]:
        """Note that the flow is being loaded; returns the literals to load it with."""
        self._prepared = False
        return dict(self.overrides)

    def catch_up(self, plans: Plans, loaded_with: Mapping[tuple[str, str], str]) -> None:
        """Note that it has been loaded, and store what came meanwhile.

        Raises
        ------
        PlanError
            It is no value.
        """
        with self._lock:
            for key, text in self.overrides.items():
                if loaded_with.get(key) != text:
                    override(plans, key, text)
            self._prepared = True

    # -------------------------------------------------------------- texts
    def wait(self, text: str) -> bool:
        """Note a text that has to be taken over; returns False where somebody is at it, who will see this one, too."""
        with self._lock:
            self._texts.append(text)
            self.overrides = {}  # from now on: what is set after this text was written
            return len(self._texts) == 1

    def take_all(self, take: Callable[[str], None]) -> None:
        """Take over the newest text until none has come meanwhile."""
        while True:
            with self._lock:
                text = self._texts[-1]
            take(text)
            with self._lock:
                if self._texts[-1] is text:
                    self._texts.clear()
                    return

    def hand_on(self, plans: Plans, runners: Mapping[str, Runner], say: Callable[[str, str, str], None]) -> None:
        """Give the functions the plans of a new text, with what was set since it was written."""
        with self._lock:
            override_all(plans, self.overrides, say)
            for function, plan in plans.items():
                runners[function].control.exchange(plan)

    def forget(self) -> None:
        """Forget what was set: the text that is taken over now holds it."""
        self.overrides = {}


def set_in(runner: Runner, function: str, statement: str, parameter: str, text: str) -> bool:
    """Store another value for a literal of a running function, of its subflows, and of the plan that waits for it.

    Raises
    ------
    ValueError
        The text is no value.
    """
    done = False
    for plan in runner.plan.plans_of(function):
        if set_literal(plan, statement, parameter, text):
            done = True
            runner.frames.follow(plan, statement)
    for coming in runner.control.plans():
        for plan in coming.plans_of(function):
            set_literal(plan, statement, parameter, text)
    if done:
        runner.changes.note(function, statement)
    return done
