"""The edits that come while a flow runs: literals that differ from its text, and texts that wait for their turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from flodesk.engine.errors import PlanError
from flodesk.engine.flow_text import FlowText
from flodesk.engine.inputs import set_literal
from flodesk.engine.load import Loaded
from flodesk.engine.loop import Runner
from flodesk.engine.prepare import Plans, override, override_all, prepare, with_overrides

Say = Callable[[str, str, str], None]
"""Takes (node, level, text)."""


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
    refused : dict
        Those that came while it was being loaded, and turned out to be no values.
    """

    def __init__(self, overrides: Mapping[tuple[str, str], str]) -> None:
        self.overrides = dict(overrides)
        self._before: dict[tuple[str, str], str] | None = dict(overrides)
        self._in_force: dict[tuple[str, str], str] = {}
        self.refused: dict[tuple[str, str], str] = {}
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

    def prepare(self, text: str, path: str, read: FlowText | None, say: Say) -> tuple[Loaded, Plans]:
        """Load the flow with what is set, also while it is being loaded; `say` is told what of that is no value.

        Raises
        ------
        LoadError, PlanError
            What is wrong with the file, with a node, or with a value that was set before the start.
        """
        self._prepared = False
        self._in_force = dict(self.overrides if self._before is None else self._before)
        loaded, plans = prepare(text, path, self._in_force, read)
        for key in self._late():
            with self._refusing(key, say):
                loaded, plans = with_overrides(loaded, path, plans, self._in_force)
        self._before = None
        return loaded, plans

    def prepared(self, plans: Plans, say: Say) -> None:
        """Note that what runs stands, and store what came since the flow was loaded."""
        with self._lock:
            for key in self._late():
                with self._refusing(key, say):
                    if not override(plans, key, self._in_force[key]):
                        say(key[0], "warning", f"{key[1]}: the change takes effect at the next start of the run")
            self._prepared = True

    def _late(self) -> Iterator[tuple[str, str]]:
        """Note as in force, one by one, what has been set since."""
        while late := [key for key, value in list(self.overrides.items()) if self._in_force.get(key) != value]:
            self._in_force[late[0]] = self.overrides[late[0]]
            yield late[0]

    @contextmanager
    def _refusing(self, key: tuple[str, str], say: Say) -> Iterator[None]:
        try:
            yield
        except PlanError as error:
            say(error.node, "error", str(error))
            self.refused[key] = self._in_force.pop(key)
            self.overrides.pop(key, None)

    # -------------------------------------------------------------- texts
    def wait(self, text: str) -> bool:
        """Note a text that has to be taken over; returns False where somebody is at it, who will see this one, too."""
        with self._lock:
            self._texts.append(text)
            self.overrides, self._before = {}, None  # from now on: what is set after this text was written
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

    def hand_on(self, plans: Plans, runners: Mapping[str, Runner], say: Say) -> None:
        """Give the functions the plans of a new text, with what was set since it was written."""
        with self._lock:
            override_all(plans, self.overrides, say)
            for function, plan in plans.items():
                if function in runners:  # else the flow is being loaded just now, which sees that its text has changed
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
