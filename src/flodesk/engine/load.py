"""From the text of a flow to the callables that it names: the file's own text is executed as a module."""

from __future__ import annotations

import builtins
import linecache
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from flodesk.engine.errors import failure
from flodesk.engine.events import Failure
from flodesk.engine.flow_text import FlowText
from flodesk.engine.relocate import relocate
from flodesk.engine.standing import compare
from flodesk.flow.in_place import FileInPlace
from flodesk.flow.installing import missing_hint
from flodesk.flow.model import Address, Flow, Function, Literal, Statement, Symbol
from flodesk.flow.script import ScriptError, read

MODULE_NAME = "flodesk_flow"
"""``__name__`` while the file's text runs: not ``__main__``, so that its last lines do not start it again."""

UNSAVED = "<flow>"
"""What tracebacks name where there is no file."""


class LoadError(Exception):
    """The file does not load: `failure` says what and where."""

    def __init__(self, failed: Failure) -> None:
        super().__init__(failed.message)
        self.failure = failed


@dataclass
class Loaded:
    """A flow with the names that its text binds."""

    read: FlowText
    namespace: dict[str, Any]
    anew: tuple[str, ...] = ()
    """Objects at the top that a swap has made anew, though their own lines are the same."""
    rebound: frozenset[str] | None = field(default=None, repr=False)
    """Names that functions declare global, once somebody has asked for them."""

    @property
    def flow(self) -> Flow:
        """Its text, as it was read."""
        return self.read.flow

    @property
    def text(self) -> str:
        """Its text."""
        return self.read.text

    @property
    def file(self) -> str:
        """What tracebacks name: the path, or ``<flow>`` for a flow that was never saved."""
        return self.read.file

    @property
    def lines(self) -> Mapping[Address, int]:
        """Line of each statement in the text, from 1."""
        return self.read.lines

    @property
    def in_place(self) -> FileInPlace:
        """What its functions do to the values that they are given."""
        return self.read.in_place

    @property
    def folder(self) -> Path | None:
        """Where the files beside it are; None if there are none."""
        return self.read.folder

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


def read_text(text: str, path: str, flow: Flow | None = None, folder: str | None = None) -> FlowText:
    """Read the text of a flow, unless that was done.

    Parameters
    ----------
    folder : str, optional
        Where its own modules are, empty if it has none; by default they stand beside its file.

    Raises
    ------
    LoadError
        It is no Python.
    """
    file = file_name(path)
    flow = flow if flow is not None else parse(text, path)
    if folder is not None:
        return FlowText(text, flow, file, Path(folder).resolve() if folder else None, travelled=True)
    return FlowText(text, flow, file, Path(file).resolve().parent if file != UNSAVED else None)


def _read_as(kept: Loaded | None, text: str, path: str) -> FlowText:
    """Read a text whose own modules are where those of the one before it are."""
    before = kept.read if kept is not None and kept.read.travelled else None
    return read_text(text, path, folder=str(before.folder or "") if before is not None else None)


def load(text: str, path: str, *, read: FlowText | None = None, kept: Loaded | None = None) -> Loaded:
    """Execute the text of a flow as a module.

    Parameters
    ----------
    read : FlowText, optional
        The text, already read.
    kept : Loaded, optional
        What ran before a swap: objects at module level that hang on nothing that has changed are kept.

    Raises
    ------
    LoadError
        The text is no Python, or what stands at module level raised (an import, most often).
    """
    read = read if read is not None else _read_as(kept, text, path)
    file = read.file
    remember(text, file)
    if kept is not None and _same_module(kept.flow, read.flow):
        relocate(kept.namespace, read.code, MODULE_NAME)
        if path:
            kept.namespace["__file__"] = path
        return Loaded(read, kept.namespace)
    namespace: dict[str, Any] = {"__name__": MODULE_NAME, "__builtins__": builtins}
    if path:
        namespace["__file__"] = path
    module = ModuleType(MODULE_NAME)
    # dataclasses, pickling and typing look a class's module up by its name
    module.__dict__.update(namespace)
    namespace = module.__dict__
    sys.modules[MODULE_NAME] = module
    code = read.code
    try:
        exec(code, namespace)
    except ImportError as error:
        raise LoadError(_import_failure(error, file)) from error
    except (Exception, SystemExit) as error:
        # whatever stands at module level of the user's file
        raise LoadError(failure("", error, file=file)) from error
    anew = _carry(kept, text, namespace, code) if kept is not None else ()
    return Loaded(read, namespace, anew)


def load_beside(file: str, namespace: dict[str, Any]) -> Loaded:
    """Read a file that a flow has imported a function from: its text as a flow, its names as they are.

    Raises
    ------
    OSError, LoadError
        It cannot be read (any more).
    """
    return Loaded(read_text(Path(file).read_text(encoding="utf-8"), file), namespace)


def _import_failure(error: ImportError, file: str) -> Failure:
    failed = failure("", error, file=file)
    name = (error.name or "").partition(".")[0]
    if not isinstance(error, ModuleNotFoundError) or not name or name in sys.modules:
        return failed
    message = f"{error}. {missing_hint(name, or_beside=False)}"
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


__all__ = ["LoadError", "Loaded", "file_name", "load", "module_statements", "parse", "read_text", "remember"]
