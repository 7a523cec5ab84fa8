"""Which nodes need nothing of the process that they run in: they may run anywhere, and again where that has died.

A function that says nothing of itself is taken to be pure, as everywhere. But one of the flow's own file may read what
others write at the top of that file, and another process has a file of its own. So what a function names is looked at:
if it, or a function of the same file that it names, reads a variable there that could change, or writes one, it stays.
"""

from __future__ import annotations

import dis
import inspect
import re
import sys
from collections.abc import Collection, Mapping
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from flodesk.engine.places.travel import stays
from flodesk.engine.plan import Item, Plan
from flodesk.flow.model import Call, Code
from flodesk.markers import Facts

_SETTLED = (type(None), bool, int, float, complex, str, bytes, range, re.Pattern, ModuleType, BuiltinFunctionType)
_WRITES = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL"})
_READS = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})


class Roaming:
    """Says of the items of a plan whether they need nothing but what they are given, and leave nothing but results."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._stays = {name for item in plan.items.values() if stays(plan, item) for name in item.binds}

    def free(self, item: Item) -> bool:
        """Return whether an item may run anywhere."""
        return not self.why_not(item)

    def why_not(self, item: Item) -> str:
        """Say why an item may not run anywhere; empty if it may."""
        if item.kind == "use" or item.owner or item.reads & self._stays:
            return "it has to do with an object that keeps a state"
        facts = getattr(item.target, "__flodesk__", None)
        if isinstance(facts, Facts) and facts.pure is False:
            return "it says that it is not pure"
        if item.kind not in ("call", "code") or not item.pure:
            return "it has effects, keeps a state, or reads what can change"
        if self._plan.in_place.changes(item.id):
            return "it changes what it is given"
        names = _Names(self._plan)
        if _whole(item.inner.plan, names) if item.inner is not None else names.settled(item):
            return ""
        read = f"“{names.changing}”" if names.changing else "a variable"
        return f"it reads {read} at the top of the flow's file, which can change (hand that to it as an argument)"

    def by_default(self, apart: Collection[str] = ()) -> list[str]:
        """Return the items that go elsewhere where nothing is said of them: all that may, but for what is seen here.

        Controls and indicators stay, and so does what has to do with a value that some statement changes in place: who
        has a copy of it would not see that. What is awaited stays with the tasks and connections that it awaits.

        Parameters
        ----------
        apart : collection of str
            Ids of items that are not asked about.
        """
        plan = self._plan
        changed = {name for id in plan.items if plan.in_place.changes(id) for name in plan.in_place.concerned(id)}
        found = []
        for item in plan.items.values():
            shown = any(plan.names.get(name) in plan.indicators for name in item.binds)
            facts = getattr(item.target, "__flodesk__", None)
            control = isinstance(facts, Facts) and facts.role == "control"
            awaited = isinstance(item.statement, Call) and item.statement.awaited
            if item.id in apart or shown or control or awaited or (item.reads | item.binds) & changed:
                continue
            if isinstance(item.statement, Code) and item.statement.leaves:
                continue
            if self.free(item):
                found.append(item.id)
        return found


def _whole(plan: Plan, names: _Names) -> bool:
    """Return whether a subflow is so, with all that it calls: an object of its own is new in each call."""
    for item in plan.items.values():
        if item.inner is not None and not _whole(item.inner.plan, names):
            return False
        if item.inner is None and not names.settled(item):
            return False
    return plan.pure and not plan.indicators


class _Names:
    """What functions of one flow name."""

    def __init__(self, plan: Plan) -> None:
        self._namespace: Mapping[str, Any] = plan.loaded.namespace
        self._folder = str(plan.loaded.folder or "")
        self._seen: set[int] = set()
        self.changing = ""
        """What was found that can change."""

    def settled(self, item: Item) -> bool:
        """Return whether all that an item names stays as it is."""
        if isinstance(item.statement, Code):
            try:
                code = compile(item.statement.text, "code", "exec")
            except SyntaxError:
                return False
            return self._code(code, self._namespace, item.reads | item.binds)
        return item.target is None or self._value(item.target)

    def _value(self, value: Any) -> bool:
        if id(value) in self._seen:
            return True
        self._seen.add(id(value))
        if isinstance(value, FunctionType):
            return self._function(value)
        if isinstance(value, type):
            return not self._own(getattr(value, "__module__", "")) or all(map(self._member, vars(value).values()))
        if isinstance(value, tuple | frozenset):
            return all(map(self._value, value))
        if isinstance(value, _SETTLED):
            return True
        array = getattr(sys.modules.get("numpy"), "ndarray", None)  # another thread may be importing it just now
        if array is not None and isinstance(value, array):
            return not value.flags.writeable and not value.dtype.hasobject
        # what packages offer under a name (ufuncs, partial functions) is theirs; a value made in the file is not
        return callable(value) and not self._own(type(value).__module__) and hasattr(value, "__name__")

    def _member(self, value: Any) -> bool:
        if isinstance(value, staticmethod | classmethod):
            value = value.__func__
        if isinstance(value, property) or inspect.isdatadescriptor(value) or inspect.ismethoddescriptor(value):
            return True
        return self._value(value) or isinstance(value, Mapping)  # annotations, fields of a dataclass

    def _function(self, function: FunctionType) -> bool:
        if not self._own(function.__module__, function):
            return True
        held = [cell.cell_contents for cell in function.__closure__ or ()]
        return all(map(self._value, held)) and self._code(function.__code__, function.__globals__, frozenset())

    def _own(self, module: str, function: FunctionType | None = None) -> bool:
        """Return whether code is of the flow's file, or of a file beside it."""
        if module == self._namespace.get("__name__"):
            return True
        file = str(function.__globals__.get("__file__", "")) if function is not None else ""
        return bool(self._folder) and file.startswith(self._folder)

    def _code(self, code: CodeType, names: Mapping[str, Any], local: frozenset[str]) -> bool:
        for step in dis.get_instructions(code):
            if step.opname in _WRITES:
                self.changing = str(step.argval)
                return False
            named = step.opname in _READS and step.argval not in local and step.argval in names
            if named and not self._value(names[step.argval]):
                self.changing = self.changing or str(step.argval)
                return False
        return all(self._code(inner, names, local) for inner in code.co_consts if isinstance(inner, CodeType))
