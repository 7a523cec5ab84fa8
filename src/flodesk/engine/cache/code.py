"""What a function's result hangs on beside its arguments: its own code, and all that it names, to any depth.

No more than that: an edit of another function of the file is none of it.
"""

from __future__ import annotations

import builtins
import dis
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from flodesk.engine.codec import CodecError, digest

LATE = frozenset({
    "globals", "locals", "vars", "getattr", "eval", "exec", "__import__", "import_module", "attrgetter", "methodcaller"
})  # fmt: skip
"""What finds something by a name that is known only when it runs."""
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
    found: dict[str, str] = {}
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [(OWN, target)]
    while waiting:
        label, value = waiting.pop()
        if isinstance(value, MethodType):
            value = value.__func__
        if isinstance(value, ModuleType | type) or callable(value):
            if id(value) in seen:
                continue
            seen.add(id(value))
            if not users(value):
                found[f"package {_package(value)}"] = _version(_package(value))
                continue
        if isinstance(value, FunctionType):
            given = [value.__defaults__ or (), sorted((value.__kwdefaults__ or {}).items())]
            found[label] = digest([_shape(value.__code__), _digest(label, given)])
            waiting += _named(value)
        elif isinstance(value, type):
            own = {n: v for n, v in vars(value).items() if not n.startswith("__") or callable(v)}
            waiting += [(f"{label}.{name}", _function(inner)) for name, inner in own.items()]
            waiting += [(base.__name__, base) for base in value.__bases__ if base is not object]
        elif not isinstance(value, ModuleType):
            found[label] = _digest(label, value)
    return found


def _named(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Give what the code of a function names, with its names."""
    space = function.__globals__
    for name in _names(function.__code__):
        if name in space:
            value = space[name]
            yield name, value
            if isinstance(value, ModuleType):
                inner = vars(value)
                yield from ((f"{name}.{other}", inner[other]) for other in _names(function.__code__) if other in inner)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # it has no value yet
            continue


def _function(value: Any) -> Any:
    if isinstance(value, staticmethod | classmethod):
        return value.__func__
    return value.fget if isinstance(value, property) else value


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
    return digest([code.co_code, counts, names, [_constant(value) for value in code.co_consts]])


def _constant(value: Any) -> str:
    if isinstance(value, CodeType):
        return _shape(value)
    if isinstance(value, frozenset):
        return f"frozenset {sorted(map(_constant, value))}"  # its order is another one in each process
    if isinstance(value, tuple):
        return f"tuple {[_constant(part) for part in value]}"
    return f"{type(value).__name__} {value!r}"


@lru_cache(maxsize=4096)
def _names(code: CodeType) -> tuple[str, ...]:
    inner = [name for value in code.co_consts if isinstance(value, CodeType) for name in _names(value)]
    return tuple(name for name in dict.fromkeys([*code.co_names, *inner]))


def _package(value: Any) -> str:
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "") or ""
    return str(name).partition(".")[0]


@lru_cache(maxsize=256)
def _version(package: str) -> str:
    if not package or package == builtins.__name__:
        return ""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
