"""Functions that are called as nodes and have nodes themselves: which of them have steps, and how a call is bound.

A function of the file (or of a file beside it) whose body has nodes is a plan of its own, made once for each function
that runs; every call goes over fresh slots. All others (a generator, a function of one expression, one that
calls itself) are called as plain Python, which comes to the same.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

from flodesk.engine.calls import UNBOUND, Given, Group
from flodesk.engine.load import Loaded, LoadError, load_beside
from flodesk.flow.model import Address, Function


class Home(NamedTuple):
    """Where a function that is called stands: its file, its statement, and the name under which its nodes go."""

    loaded: Loaded
    statement: Function
    name: str


@dataclass
class Homes:
    """Finds the functions of the file that runs, and of the files beside it, which are read once each.

    Parameters
    ----------
    folder : str, optional
        Where the files beside it are, empty if none of them shall be read; by default those of the file that runs.
    """

    root: Loaded
    folder: str | None = None
    beside: dict[str, Loaded | None] = field(default_factory=dict)
    _found: dict[int, tuple[FunctionType, Home | None]] = field(default_factory=dict)

    def of(self, target: Any) -> Home | None:
        """Return where a function stands, if it has nodes that can be run one after the other; else None."""
        if not isinstance(target, FunctionType):
            return None
        found = self._found.get(id(target))
        if found is None:
            # with the function: as long as that is there, no other one has its number
            found = self._found[id(target)] = target, self._home(target)
        return found[1]

    def _home(self, target: FunctionType) -> Home | None:
        code = target.__code__
        name = code.co_qualname
        if target.__globals__ is self.root.namespace:
            found = self.root.flow.functions.get(name)
            own = self.root.namespace.get(name) is target
            steps = found is not None and own and self.root.read.has_steps(name)
            return Home(self.root, found, name) if found is not None and steps else None
        loaded = self._file(code.co_filename, target)
        found = loaded.flow.functions.get(name) if loaded is not None else None
        if loaded is None or found is None or not loaded.read.has_steps(name):
            return None
        if loaded.lines.get(Address("", name)) != code.co_firstlineno:
            return None  # the file was changed since it was imported
        return Home(loaded, found, f"{target.__module__}.{name}")

    def _file(self, file: str, target: FunctionType) -> Loaded | None:
        if file not in self.beside:
            loaded: Loaded | None = None
            if self._is_beside(file):
                try:
                    loaded = load_beside(file, target.__globals__)
                except (OSError, LoadError):
                    loaded = None
            self.beside[file] = loaded
        return self.beside[file]

    def _is_beside(self, file: str) -> bool:
        folder = str(self.root.folder or "") if self.folder is None else self.folder
        return bool(folder) and Path(folder).resolve() in Path(file).resolve().parents


def bind_call(target: Callable[..., Any], givens: Sequence[Given]) -> dict[str, Group] | None:
    """Return what each parameter of a function gets in a call; None where Python would refuse the call."""
    positional = [given for given in givens if not given.keyword]
    named = {given.keyword: given for given in givens if given.keyword}
    try:
        return dict(inspect.signature(target).bind(*positional, **named).arguments)
    except TypeError:
        return None


def given_at_first(function: Any) -> dict[str, Any]:
    """Return what the parameters of a function begin with; unbound are those that a call has to give."""
    several: dict[Any, Any] = {inspect.Parameter.VAR_POSITIONAL: (), inspect.Parameter.VAR_KEYWORD: {}}
    found: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        own = UNBOUND if parameter.default is parameter.empty else parameter.default
        found[name] = several.get(parameter.kind, own)
    return found
