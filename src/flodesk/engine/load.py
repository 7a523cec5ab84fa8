"""From the text of a flow to the callables that it names: the file's own text is executed as a module."""

from __future__ import annotations

import builtins
import linecache
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from flodesk.engine.errors import failure
from flodesk.engine.events import Failure
from flodesk.engine.relocate import relocate
from flodesk.engine.standing import compare
from flodesk.flow.in_place import FileInPlace
from flodesk.flow.model import (
    Address,
    Block,
    Flow,
    Function,
    Literal,
    Loop,
    Source,
    Statement,
    Switch,
    Symbol,
)
from flodesk.flow.script import ScriptError, read

MODULE_NAME = "flodesk_flow"
"""``__name__`` while the file's text runs: not ``__main__``, so that its last lines do not start it again."""

UNSAVED = "<flow>"
"""What tracebacks name where there is no file."""

_EXTRAS = {
    "pyvisa": "visa",
    "pyvisa_py": "visa",
    "pyvisa_sim": "visa",
    "redis": "redis",
    "rq": "redis",
    "distributed": "dask",
}


class LoadError(Exception):
    """The file does not load: `failure` says what and where."""

    def __init__(self, failed: Failure) -> None:
        super().__init__(failed.message)
        self.failure = failed


@dataclass
class Loaded:
    """A flow with the names that its text binds.

    Attributes
    ----------
    file : str
        What tracebacks name: the path, or ``<flow>`` for a flow that was never saved.
    lines : dict
        Line of each statement in the text, from 1.
    """

    flow: Flow
    text: str
    file: str
    namespace: dict[str, Any]
    lines: dict[Address, int] = field(default_factory=dict)
    anew: tuple[str, ...] = ()
    """Objects at the top that a swap has made anew, though their own lines are the same."""
    rebound: frozenset[str] | None = field(default=None, repr=False)
    """Names that functions declare global, once somebody has asked for them."""

    @cached_property
    def in_place(self) -> FileInPlace:
        """What its functions do to the values that they are given."""
        return FileInPlace(self.flow, Path(self.file).resolve().parent if self.saved else None)

    @property
    def saved(self) -> bool:
        """False for a flow that never was in a file."""
        return self.file != UNSAVED

    def resolve(self, name: str) -> Any:
        """Return what a dotted name stands for at module level.

        Raises
        ------
        NameError, AttributeError
            There is no such name.
        """
        head, *rest = name.split(".")
        if head in self.namespace:
            value = self.namespace[head]
        elif hasattr(builtins, head):
            value = getattr(builtins, head)
        else:
            raise NameError(f"name {head!r} is not defined")
        for part in rest:
            value = _attribute(value, part)
        return value

    def value(self, literal: Literal) -> Any:
        """Return what a literal stands for; a name is looked up at module level."""
        value = literal.value
        if not isinstance(value, Symbol):
            return value
        if all(part.isidentifier() for part in value.text.split(".")):
            return self.resolve(value.text)
        return eval(value.text, self.namespace)  # the file's own text: what the script would do here


def _attribute(value: Any, name: str) -> Any:
    try:
        return getattr(value, name)
    except AttributeError:
        if isinstance(value, ModuleType):
            raise AttributeError(f"the module {value.__name__} has no {name!r}") from None
        raise


def parse(text: str, path: str) -> Flow:
    """Read a flow.

    Raises
    ------
    LoadError
        The text is no Python.
    """
    try:
        return read(text)
    except ScriptError as error:
        file = file_name(path)
        remember(text, file)
        # its text says the line, and the failure does, too: once is enough
        raise LoadError(replace(failure("", error, file=file, line=error.line), message=error.message)) from error


def file_name(path: str) -> str:
    """Return what tracebacks name."""
    return path or UNSAVED


def remember(text: str, file: str) -> None:
    """Let tracebacks show the lines of the text that runs, whether or not it was saved."""
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)


def load(text: str, path: str, *, flow: Flow | None = None, kept: Loaded | None = None) -> Loaded:
    """Execute the text of a flow as a module.

    Parameters
    ----------
    flow : Flow, optional
        The text, already read.
    kept : Loaded, optional
        What ran before a swap: objects at module level that hang on nothing that has changed are kept.

    Raises
    ------
    LoadError
        The text is no Python, or what stands at module level raised (an import, most often).
    """
    flow = flow if flow is not None else parse(text, path)
    file = file_name(path)
    remember(text, file)
    lines: dict[Address, int] = {}
    for address, line in _lines(flow, text):
        lines.setdefault(address, line)  # a switch goes by its first arm
    if kept is not None and _same_module(kept.flow, flow):
        relocate(kept.namespace, compile(text, file, "exec", dont_inherit=True), MODULE_NAME)
        if path:
            kept.namespace["__file__"] = path
        return Loaded(flow, text, file, kept.namespace, lines)
    namespace: dict[str, Any] = {"__name__": MODULE_NAME, "__builtins__": builtins}
    if path:
        namespace["__file__"] = path
    module = ModuleType(MODULE_NAME)
    # dataclasses, pickling and typing look a class's module up by its name
    module.__dict__.update(namespace)
    namespace = module.__dict__
    sys.modules[MODULE_NAME] = module
    code = compile(text, file, "exec", dont_inherit=True)
    try:
        exec(code, namespace)
    except ImportError as error:
        raise LoadError(_import_failure(error, file)) from error
    except (Exception, SystemExit) as error:
        # whatever stands at module level of the user's file
        raise LoadError(failure("", error, file=file)) from error
    anew = _carry(kept, text, namespace, code) if kept is not None else ()
    return Loaded(flow, text, file, namespace, lines, anew)


def load_beside(file: str, namespace: dict[str, Any]) -> Loaded:
    """Read a file that a flow has imported a function from: its text as a flow, its names as they are.

    Raises
    ------
    OSError, LoadError
        It cannot be read (any more).
    """
    text = Path(file).read_text(encoding="utf-8")
    flow = parse(text, file)
    lines: dict[Address, int] = {}
    for address, line in _lines(flow, text):
        lines.setdefault(address, line)
    return Loaded(flow, text, file, namespace, lines)


def _import_failure(error: ImportError, file: str) -> Failure:
    failed = failure("", error, file=file)
    name = (error.name or "").partition(".")[0]
    if not isinstance(error, ModuleNotFoundError) or not name or name in sys.modules:
        return failed
    package = f"'flodesk[{_EXTRAS[name]}]'" if name in _EXTRAS else name
    message = f"{error}. Install it: pip install {package}"
    return Failure(
        failed.node,
        failed.type,
        message,
        failed.file,
        failed.line,
        failed.code,
        failed.inputs,
        failed.traceback,
    )


def module_statements(flow: Flow) -> list[Statement]:
    """Return what runs at module level and is no flow function."""
    return [s for s in flow.module.statements if not (isinstance(s, Function) and s.name in flow.mains)]


def _same_module(old: Flow, new: Flow) -> bool:
    return module_statements(old) == module_statements(new)


def _carry(kept: Loaded, text: str, namespace: dict[str, Any], code: CodeType) -> tuple[str, ...]:
    """Keep the objects at module level that hang on nothing that has changed; returns what was made anew with others.

    Functions and classes are kept as well: an object that is kept is one of the class that its name stands for.
    """
    standing = compare(kept.text, text)
    same = {name: kept.namespace[name] for name in standing.kept if name in kept.namespace}
    namespace.update(same)
    relocate(same, code, MODULE_NAME)
    return tuple(name for name in standing.anew if not isinstance(namespace.get(name), _VALUES))


_VALUES = (int, float, complex, str, bytes, type(None), FunctionType, BuiltinFunctionType, ModuleType)
"""Nobody would miss the state of these."""


# ------------------------------------------------------------------ lines
def _lines(flow: Flow, text: str) -> Iterator[tuple[Address, int]]:
    """Give the line of each statement, by looking its own text up in the file from where the last one ended."""
    place = 0
    line = 1
    for owner, address in _sources(flow.module, ""):
        if not owner.raw:
            continue
        found = text.find(owner.raw, place + len(owner.lead))
        if found < 0:
            found = text.find(owner.raw, place)
        if found < 0:
            continue
        line += text.count("\n", place, found)
        place = found + len(owner.raw)
        yield address, line
        line += owner.raw.count("\n")


def _sources(block: Block, function: str) -> Iterator[tuple[Source, Address]]:
    for statement in block.statements:
        address = Address(function, statement.id)
        if isinstance(statement, Switch):
            for arm in statement.arms:
                yield arm, address
                yield from _sources(arm.body, function)
        elif isinstance(statement, Loop):
            yield statement, address
            yield from _sources(statement.body, function)
        elif isinstance(statement, Function):
            yield statement, address
            yield from _sources(statement.body, statement.name)
        else:
            yield statement, address


__all__ = ["LoadError", "Loaded", "file_name", "load", "module_statements", "parse", "remember"]
