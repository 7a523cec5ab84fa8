"""What a function's result hangs on beside its arguments: its own code, and all that it names, to any depth.

No more than that: an edit of another function of the file is none of it. And no less: what is not known to its last
part has no digest, and a result that hangs on it is not kept.
"""

from __future__ import annotations

import builtins
import dis
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from flodesk.engine.cache.parts import (
    Part,
    classes_in,
    dispatched,
    is_at_home,
    of_class,
    registered,
    said_of,
    wrapped,
)
from flodesk.engine.codec import CodecError, digest

LATE = frozenset({
    "globals", "locals", "vars", "dir", "getattr", "setattr", "eval", "exec", "compile", "__import__", "import_module",
    "reload", "attrgetter", "methodcaller", "getmembers", "currentframe", "_getframe", "modules", "__globals__",
    "__subclasses__", "__code__", "register",
})  # fmt: skip
"""What finds something by a name that is known only when it runs."""
_BUILTINS = dict(vars(builtins))
"""As they are before any flow was loaded."""
OWN = ""
"""Under this goes the code of the function itself."""


class NotKeptError(Exception):
    """The result of a function hangs on something that has no form, or it does more than to give one."""


def code_parts(target: Any, users: Callable[[Any], bool]) -> dict[str, str]:
    """Return a digest of each thing that the result of a function hangs on, by its name.

    Parameters
    ----------
    users : callable
        Says whether a function, a class or a module is of the user's own files; of all others the version counts.

    Raises
    ------
    NotKeptError
        The text says why there can be none.
    """
    return _Walk(users).parts(target)


def classes_of(value: Any) -> list[type]:
    """Return the classes that a value, or what stands in it, is of: who calls its methods hangs on them.

    Raises
    ------
    NotKeptError
        It holds too much to look at it all.
    """
    found = classes_in(value)
    if found is None:
        raise NotKeptError("a value of it holds more objects than are looked at")
    return found


class _Walk:
    """The way from a function to all that it hangs on."""

    def __init__(self, users: Callable[[Any], bool]) -> None:
        self._users = users
        self._found: dict[str, str] = {}
        self._looked: set[tuple[str, int]] = set()
        self._first: dict[int, str] = {}
        self._kept: list[Any] = []  # else the id of something that has gone may come again
        self._waiting: list[Part] = []
        self._names: dict[str, None] = {}
        self._modules: dict[str, ModuleType] = {}

    def parts(self, target: Any) -> dict[str, str]:
        self._waiting.append((OWN, target))
        while self._waiting or self._in_modules():
            label, value = self._waiting.pop()
            if (label, id(value)) in self._looked:
                continue
            self._looked.add((label, id(value)))
            self._kept.append(value)
            if not callable(value) or self._first.setdefault(id(value), label) == label:
                self._take(label, value)
            else:
                self._note(label, digest(["the same as", self._first[id(value)]]))
        return self._found

    def _take(self, label: str, value: Any) -> None:
        marks = getattr(value, "__flodesk__", None) if callable(value) else None
        if label and getattr(marks, "pure", None) is False:
            raise NotKeptError(f"it calls “{label}”, which says that it gives another result each time")
        inner = dispatched(value)
        if inner is None:
            inner = wrapped(value)
        if inner is not None:
            self._note(label, digest([type(value).__qualname__, [name for name, _ in inner]]))
            self._wait(label, inner)
        elif isinstance(value, ModuleType):
            self._take_module(label, value)
        elif isinstance(value, BuiltinFunctionType):
            self._take_builtin(label, value)
        elif isinstance(value, FunctionType | type) and self._users(value):
            if isinstance(value, FunctionType):
                self._take_function(label, value)
            else:
                bases = [base.__name__ for base in value.__bases__]
                self._note(f"{label}.bases" if label else "bases", digest([bases, *said_of(value)]))
                self._note_registered(label, value)
                self._wait(label, of_class(value))
                self._waiting += [(base.__name__, base) for base in value.__bases__ if base is not object]
        elif callable(value):
            self._take_foreign(label, value)
        else:
            self._note(label, _digest(label, value))
            self._waiting += [(kind.__qualname__, kind) for kind in classes_of(value)]

    def _take_function(self, label: str, value: FunctionType) -> None:
        self._note(label, digest([_shape(value.__code__), sorted(value.__kwdefaults__ or {}), *said_of(value)]))
        self._names.update(dict.fromkeys(_names(value.__code__)))
        for name, given in [*_defaults(value), *vars(value).items()]:
            if name != "__flodesk__":
                self._waiting.append((f"{label}.{name}" if label else name, given))
        for name, one in _named(value):
            self._waiting.append((name, one))

    def _take_module(self, label: str, value: ModuleType) -> None:
        """Note a module: one of the user counts by what is named anywhere, as it may be handed on under any name."""
        if self._users(value):
            self._modules[label] = value
            self._note(label, digest(value.__name__))
        else:
            self._take_version(label, value)

    def _in_modules(self) -> bool:
        """Add what of the user's modules is named and was not looked at; returns whether there is any."""
        for label, module in self._modules.items():
            space = vars(module)
            if "__getattr__" in space:
                raise NotKeptError(f"the module {module.__name__} makes its names while it runs")
            new = [(f"{label}.{name}", space[name]) for name in self._names if name in space]
            self._waiting += [part for part in new if (part[0], id(part[1])) not in self._looked]
        return bool(self._waiting)

    def _take_builtin(self, label: str, value: Any) -> None:
        """Note a function that is written in C, or a method of an object of such a type."""
        owner = value.__self__
        if isinstance(owner, ModuleType) or owner is None:
            if value.__name__ in LATE:
                raise NotKeptError(f"it finds what it uses by {value.__name__}, while it runs")
            self._note(label, digest(value.__name__))
            self._take_version(label, value if owner is None else owner)
        else:
            self._note(label, digest(value.__name__))
            self._waiting.append((f"{label}.__self__", owner))

    def _take_foreign(self, label: str, value: Any) -> None:
        """Note what is not of the user: its package's version says what it does, unless something was put into it."""
        owner = getattr(value, "__objclass__", None)
        if is_at_home(value) or (owner is not None and is_at_home(owner)):
            self._take_version(label, value)
            if isinstance(value, type):
                self._note_registered(label, value)
        elif isinstance(value, FunctionType):
            self._take_version(label, value)
            self._note(label, digest(_shape(value.__code__)))
            self._wait(label, [*_defaults(value), *vars(value).items(), *_cells(value)])
        else:
            kind = type(value).__qualname__
            raise NotKeptError(f"it uses “{label}”, of which nobody knows what it does: it is a {kind}")

    def _note_registered(self, label: str, value: type) -> None:
        """Note which classes of the user an abstract one takes for its own, though they do not say so."""
        own = [one for one in registered(value) if self._users(one) and is_at_home(one)]  # no class of an older text
        if named := sorted({f"{one.__module__}:{one.__qualname__}" for one in own}):
            self._note(f"{label}.register" if label else "register", digest(named))

    def _take_version(self, label: str, value: Any) -> None:
        package = _package(value)
        self._note(label, digest([package, str(getattr(value, "__qualname__", getattr(value, "__name__", "")))]))
        self._found[f"package {package}"] = _version(package)

    def _wait(self, label: str, parts: Any) -> None:
        self._waiting += [(f"{label}.{name}" if label else name, part) for name, part in parts]

    def _note(self, label: str, seen: str) -> None:
        """Two things may go by one name, in two files."""
        before = self._found.get(label)
        self._found[label] = seen if before is None else digest([before, seen])


def _defaults(function: FunctionType) -> list[Part]:
    given = [(f"default {number}", value) for number, value in enumerate(function.__defaults__ or ())]
    return given + [(f"default {name}", value) for name, value in (function.__kwdefaults__ or {}).items()]


def _cells(function: FunctionType) -> Iterator[Part]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # it has no value yet
            continue


def _named(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Give what the code of a function names, with its names."""
    space = function.__globals__
    names = _names(function.__code__)
    for name in names:
        if name in space:
            yield name, space[name]
            yield from _inside(name, space[name], names)
        elif _BUILTINS.get(name) is not vars(builtins).get(name):
            raise NotKeptError(f"it names “{name}”, and somebody has changed that builtin")
    for module in _imported(function.__code__):
        known = sys.modules.get(module)
        if known is None:
            raise NotKeptError(f"it imports {module} while it runs")
        yield module, known
        yield from _inside(module, known, names)
    yield from _cells(function)


def _inside(name: str, value: Any, names: tuple[str, ...], depth: int = 4) -> Iterator[tuple[str, Any]]:
    """Give what of a module, and of the modules in it, is named."""
    if not isinstance(value, ModuleType) or not depth:
        return
    space = vars(value)
    for other in names:
        if other in space:
            if value is builtins and _BUILTINS.get(other) is not space[other]:
                raise NotKeptError(f"it names “{other}”, and somebody has changed that builtin")
            yield f"{name}.{other}", space[other]
            yield from _inside(f"{name}.{other}", space[other], names, depth - 1)


def _digest(label: str, value: Any) -> str:
    try:
        return digest(value)
    except CodecError as error:
        raise NotKeptError(f"it uses “{label}”, which has no form on disk" if label else str(error)) from error


@lru_cache(maxsize=4096)
def _shape(code: CodeType) -> str:
    """Return a digest of what code does, whatever its lines are."""
    if late := sorted(LATE.intersection(code.co_names)):
        raise NotKeptError(f"it finds what it uses by {late[0]}, while it runs")
    for step in dis.get_instructions(code):
        if step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
            raise NotKeptError(f"it changes “{step.argval}” at the top of its file")
    counts = [code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags]
    names = [list(code.co_names), list(code.co_varnames), list(code.co_freevars), list(code.co_cellvars)]
    handlers = getattr(code, "co_exceptiontable", b"")
    names.append([code.co_qualname])
    return digest([code.co_code, handlers, counts, names, [_constant(value) for value in code.co_consts]])


def _constant(value: Any) -> str:
    if isinstance(value, CodeType):
        return _shape(value)
    if isinstance(value, frozenset):
        return f"frozenset {sorted(map(_constant, value))}"  # its order is another one in each process
    if isinstance(value, tuple):
        return f"tuple {[_constant(part) for part in value]}"
    return f"{type(value).__name__} {value!r}"


@lru_cache(maxsize=4096)
def _imported(code: CodeType) -> tuple[str, ...]:
    """Return the modules that code imports while it runs."""
    own = [str(step.argval) for step in dis.get_instructions(code) if step.opname == "IMPORT_NAME"]
    inner = [name for value in code.co_consts if isinstance(value, CodeType) for name in _imported(value)]
    return tuple(dict.fromkeys([*own, *inner]))


@lru_cache(maxsize=4096)
def _names(code: CodeType) -> tuple[str, ...]:
    inner = [name for value in code.co_consts if isinstance(value, CodeType) for name in _names(value)]
    return tuple(name for name in dict.fromkeys([*code.co_names, *inner]))


def _package(value: Any) -> str:
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "") or ""
    return str(name).partition(".")[0]


@lru_cache(maxsize=256)
def _version(package: str) -> str:
    if not package or package in sys.stdlib_module_names:
        return ""
    try:
        return version(package)
    except PackageNotFoundError:
        names = packages_distributions().get(package)  # a package may be sold under another name
    if not names:
        raise NotKeptError(f"it uses {package}, of which nobody knows the version")
    return " ".join(version(name) for name in sorted(set(names)))
