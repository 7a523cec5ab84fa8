"""What a function's result hangs on beside its arguments: its own code, and all that it names, to any depth.

No more than that: an edit of another function of the file is none of it.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from flodesk.engine.codec import CodecError, digest

LATE = frozenset({
    "globals", "locals", "vars", "getattr", "eval", "exec", "__import__", "import_module", "attrgetter", "methodcaller"
})  # fmt: skip
"""What finds something by a name that is known only when it runs."""
MOST_LOOKED_AT = 10_000
"""Parts of a value that are looked at for the classes that they are of."""
_PLAIN = (int, float, complex, str, bytes, tuple, list, dict, set, frozenset, type(None))
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
            waiting += [(f"{label}.{name}", inner) for name, inner in _own(value)]
            waiting += [(base.__name__, base) for base in value.__bases__ if base is not object]
        elif not isinstance(value, ModuleType):
            found[label] = _digest(label, value)
            waiting += classes_of(value, users)
    return found


def classes_of(value: Any, users: Callable[[Any], bool]) -> list[tuple[str, type]]:
    """Return the user's classes that a value, or what stands in it, is of: who calls its methods hangs on them."""
    found: dict[type, None] = {}
    waiting, left = [value], MOST_LOOKED_AT
    while waiting and left:
        left -= 1
        one = waiting.pop()
        kind = type(one)
        if isinstance(one, list | tuple | set | frozenset):
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
        if kind not in found and kind.__module__ != "builtins" and users(kind):
            found[kind] = None
        if is_dataclass(one) and not isinstance(one, type):
            waiting += [getattr(one, part.name) for part in fields(one)]
    return [(kind.__qualname__, kind) for kind in found]


def _own(kind: type) -> Iterator[tuple[str, Any]]:
    """Give the methods of a class, but those that Python has written itself, and its plain values."""
    for name, value in vars(kind).items():
        inner = _function(value)
        if isinstance(inner, FunctionType):
            if inner.__code__.co_filename != "<string>":
                yield name, inner
        elif not name.startswith("_") and isinstance(inner, _PLAIN):
            yield name, inner


def _named(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Give what the code of a function names, with its names."""
    space = function.__globals__
    names = _names(function.__code__)
    for name in names:
        if name in space:
            yield name, space[name]
            yield from _inside(name, space[name], names)
    for module in _imported(function.__code__):
        known = sys.modules.get(module)
        if known is None:
            raise NotKeptError(f"it imports {module} while it runs")
        yield module, known
        yield from _inside(module, known, names)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # it has no value yet
            continue


def _inside(name: str, value: Any, names: tuple[str, ...], depth: int = 4) -> Iterator[tuple[str, Any]]:
    """Give what of a module, and of the modules in it, is named."""
    if not isinstance(value, ModuleType) or not depth:
        return
    space = vars(value)
    for other in names:
        if other in space:
            yield f"{name}.{other}", space[other]
            yield from _inside(f"{name}.{other}", space[other], names, depth - 1)


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
