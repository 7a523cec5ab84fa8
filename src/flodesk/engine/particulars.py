"""What a run says of itself to its nodes: recorders write it beside their values, and hear what changes."""

from __future__ import annotations

import hashlib
import threading
import time
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from flodesk.engine.inputs import argument_names
from flodesk.engine.load import Loaded
from flodesk.engine.plan import Plan
from flodesk.flow.model import Bind, Call, Literal, Loop
from flodesk.public import About, Change

Told = Callable[[Change], None]
Overrides = Mapping[tuple[str, str], str]


class Particulars:
    """The flow of a run as it is now.

    Parameters
    ----------
    overrides : callable
        Gives the texts of values that were set beside the text, by (node, parameter).
    """

    def __init__(self, overrides: Callable[[], Overrides] = dict) -> None:
        self._overrides = overrides
        self._listeners: list[weakref.WeakMethod[Told]] = []
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None
        self._plans: Collection[Plan] = ()
        self._known: dict[str, str] | None = None  # once somebody has asked
        self.run = ""

    def begin(self, run: str, loaded: Loaded, plans: Collection[Plan]) -> None:
        """Know what a run runs."""
        self.run, self._loaded, self._plans, self._known = run, loaded, tuple(plans), None

    def about(self, told: Told | None = None) -> About:
        """Say what is known; `told`, a method, gets each change from now on."""
        if told is not None:
            with self._lock:
                self._listeners = [known for known in self._listeners if known() is not None]
                self._listeners.append(weakref.WeakMethod(told))
        loaded = self._loaded
        if loaded is None:
            return About()
        path = loaded.file if loaded.saved else ""
        connections = loaded.flow.header.settings.get("connections", {})
        named = {str(k): str(v) for k, v in connections.items()} if isinstance(connections, Mapping) else {}
        if self._known is None:
            self._known = self._parameters()
        return About(path, _hash(loaded.text), self.run, dict(self._known), named)

    @contextmanager
    def setting(self, node: str, parameter: str, text: str) -> Iterator[None]:
        """While in it a literal is changed: that is told with the time at which it began, unless it was no value."""
        at = time.monotonic()
        yield
        if self._known is not None:
            self._known[f"{node}.{parameter}"] = text
        self._tell({f"{node}.{parameter}": text}, at)

    def exchange(self, loaded: Loaded, plans: Collection[Plan]) -> None:
        """Know what runs from now on, and tell what is different."""
        old, before = self._loaded, self._known
        self._loaded, self._plans = loaded, tuple(plans)
        if old is None or before is None:
            return
        self._known = after = self._parameters()
        changed = {key: after.get(key, "") for key in {**before, **after} if before.get(key) != after.get(key)}
        if (new := _hash(loaded.text)) != _hash(old.text):
            changed["flow"] = new
        self._tell(changed, time.monotonic())

    def _tell(self, changed: Mapping[str, str], at: float) -> None:
        with self._lock:
            listeners = [told for known in self._listeners if (told := known()) is not None]
        for told in listeners:
            for what, text in changed.items():
                told(Change(at, what, text))

    def _parameters(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for plan in self._plans:
            for inner in (plan, *plan.inner.values()):
                found |= literals_of(inner)
        set_now = dict(self._overrides())  # whole: another thread may set one meanwhile
        return found | {f"{node}.{parameter}": text for (node, parameter), text in set_now.items()}


def literals_of(plan: Plan) -> dict[str, str]:
    """Return the texts of the literals of a function, by ``function.node.parameter``."""
    found = {}
    for item in plan.items.values():
        statement = item.statement
        if isinstance(statement, Bind) and isinstance(statement.value, Literal):
            found[f"{plan.node(item)}.value"] = statement.value.text
        elif isinstance(statement, Call | Loop):
            for name, argument in zip(argument_names(plan, item), statement.arguments, strict=False):
                if isinstance(argument.value, Literal):
                    found[f"{plan.node(item)}.{name}"] = argument.value.text
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
