"""What things are made of that have code in them: wrappers of functions, classes, and objects with methods."""

from __future__ import annotations

import abc
import enum
import functools
import re
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import Any, cast

MOST_LOOKED_AT = 100_000
"""Parts of a value that are looked at for the classes that they are of."""

Part = tuple[str, Any]

_HEAP_TYPE = 1 << 9
"""Flag of a class that was made by a class statement; all others are written in C, and nobody adds to them."""
_PLAIN = frozenset([int, float, complex, str, bytes, bytearray, bool, type(None), range, slice])
_OF_PYTHON = frozenset({
    "__module__", "__dict__", "__weakref__", "__dataclass_fields__", "__dataclass_params__", "__abstractmethods__",
    "__orig_bases__", "__parameters__", "__flodesk__", "__firstlineno__", "__static_attributes__", "__annotations__",
    "__annotations_cache__", "_abc_impl", "__doc__",
})  # fmt: skip
"""What stands in a class that nobody has written there, or that is looked at in another way."""
_OF_MEMBERS = frozenset({"_value_", "_name_", "__objclass__", "_sort_order_"})
_OF_ENUM = ("_member_", "_value2", "_use_args_", "_value_repr_", "_new_member_", "_unhashable", "_hashable")
_DESCRIPTORS = (MemberDescriptorType, GetSetDescriptorType)
_WRAPPERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("builtins", "staticmethod"): ("__func__",),
    ("builtins", "classmethod"): ("__func__",),
    ("builtins", "property"): ("fget", "fset", "fdel"),
    ("enum", "property"): ("fget", "fset", "fdel"),
    ("types", "DynamicClassAttribute"): ("fget", "fset", "fdel"),
    ("builtins", "method"): ("__func__", "__self__"),
    ("functools", "partial"): ("func", "args", "keywords"),
    ("functools", "partialmethod"): ("func", "args", "keywords"),
    ("functools", "cached_property"): ("func",),
    ("functools", "singledispatchmethod"): ("func", "dispatcher"),
    ("functools", "_lru_cache_wrapper"): ("__wrapped__",),
    ("types", "GenericAlias"): ("__origin__", "__args__"),
    ("types", "UnionType"): ("__args__",),
    ("re", "Pattern"): ("pattern", "flags"),
    ("numpy", "vectorize"): ("pyfunc", "signature", "otypes", "excluded", "cache"),
}
"""Attributes that say all that a thing of a type does, by the module and the name of the type."""
_DISPATCH = getattr(functools.singledispatch(len), "__code__", None)  # of the function that all such ones share
_FILES = frozenset(
    ["<string>", *(str(getattr(sys.modules[name], "__file__", "")) for name in ("dataclasses", "collections"))]
)
"""Where functions stand that dataclasses and named tuples have written themselves."""
_DUMP: Any = getattr(abc, "_get_dump")  # noqa: B009 - what is registered is told nowhere else
_HOMES = ("numpy", "scipy.special")
"""Modules of the functions of NumPy's kind, which do not say themselves where they are from."""


def wrapped(value: Any) -> list[Part] | None:
    """Return the parts of something that only passes on what it wraps; None if it is no such thing."""
    kind = type(value)
    names = _WRAPPERS.get((kind.__module__, kind.__qualname__))
    if names is None or isinstance(value, type):
        return None
    parts = [(name, getattr(value, name)) for name in names]
    return [(name, part) for name, part in parts if part is not None]


def dispatched(value: Any) -> list[Part] | None:
    """Return the functions that one that looks at the type of its argument chooses from; None if it is no such one."""
    registry = getattr(value, "registry", None)
    if not isinstance(value, FunctionType) or value.__code__ != _DISPATCH or not isinstance(registry, Mapping):
        return None
    return [(kind.__qualname__, part) for kind, one in registry.items() for part in (kind, one)]


def is_at_home(value: Any) -> bool:
    """Return whether its package has it under its name: then the version of the package says what it does."""
    if isinstance(value, type) and not value.__flags__ & _HEAP_TYPE:
        return True
    if isinstance(value, ModuleType):
        return True
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not isinstance(name, str):
        return False
    own = getattr(value, "__module__", None)
    for home in (own,) if isinstance(own, str) else _HOMES:
        found: Any = sys.modules.get(home)
        for step in name.split("."):
            found = getattr(found, "__dict__", {}).get(step)
        if found is value or getattr(found, "__func__", None) is value:
            return True
    return False


def of_class(kind: type) -> Iterator[Part]:
    """Give what a class of the user is made of, but for its bases: all its attributes, and its fields or members."""
    named_tuple = issubclass(kind, tuple) and isinstance(vars(kind).get("_fields"), tuple)
    for name, value in vars(kind).items():
        if name in _OF_PYTHON or isinstance(value, _DESCRIPTORS) or _is_written_by_python(kind, value):
            continue
        if issubclass(kind, enum.Enum) and (name.startswith(_OF_ENUM) or name in kind.__members__):
            continue
        if named_tuple and type(value).__name__ == "_tuplegetter":
            continue
        if name == "__hash__" and value is None:
            continue
        yield name, value
    if issubclass(kind, enum.Enum):
        for name, member in kind.__members__.items():
            yield name, member.value
            yield from ((f"{name}.{key}", part) for key, part in vars(member).items() if key not in _OF_MEMBERS)
    if "__dataclass_fields__" in vars(kind):
        yield "__dataclass_params__", repr(vars(kind)["__dataclass_params__"])
        yield from _fields(kind)
    if type(kind) is not type:
        yield "metaclass", type(kind)


def said_of(value: Any) -> list[Any]:
    """Return what a function or class says of itself: its names, its docstring, its annotations."""
    own = vars(value) if isinstance(value, type) else {"__annotations__": value.__annotations__}
    hints = sorted((name, _without_addresses(repr(said))) for name, said in (own.get("__annotations__") or {}).items())
    doc = value.__doc__
    said = _without_addresses(doc) if isinstance(doc, str) else type(doc).__name__
    return [value.__name__, value.__qualname__, said, [list(hint) for hint in hints]]


def _without_addresses(text: str) -> str:
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)  # they are others in each process


def registered(kind: type) -> list[type]:
    """Return the classes that were registered with an abstract one, and with those below it."""
    found: list[type] = []
    waiting: list[Any] = [kind]
    seen: set[Any] = {kind}
    while waiting:
        one = waiting.pop()
        if isinstance(one, abc.ABCMeta):
            found += [other for ref in _DUMP(one)[0] if (other := ref()) is not None]
            below: set[Any] = set(type.__subclasses__(cast(Any, one)))
            new = below - seen
            seen |= new
            waiting += new
    return found


def _fields(kind: Any) -> Iterator[Part]:
    for one in fields(kind):
        yield one.name, [one.name, one.init, one.repr, one.hash, one.compare, one.kw_only]
        for name in ("default", "default_factory"):
            value = getattr(one, name)
            if type(value).__name__ != "_MISSING_TYPE":
                yield f"{one.name}.{name}", value


def _is_written_by_python(kind: type, value: Any) -> bool:
    """Say whether a function of a dataclass or of a named tuple is one that these have written themselves."""
    inner = value.__func__ if isinstance(value, staticmethod | classmethod) else value
    if not isinstance(inner, FunctionType):
        return False
    made = "__dataclass_fields__" in vars(kind) or "_fields" in vars(kind)
    return made and inner.__code__.co_filename in _FILES


def classes_in(value: Any) -> list[type] | None:
    """Return the classes that a value, and what stands in it, are of; None where it holds too much to look at it all.

    Plain values and what holds nothing but these count for nothing.
    """
    found: dict[type, None] = {}
    waiting, left = [value], MOST_LOOKED_AT
    while waiting:
        if not left:
            return None
        left -= 1
        one = waiting.pop()
        kind = type(one)
        if kind in _PLAIN:
            continue
        if kind.__flags__ & _HEAP_TYPE or kind.__module__ != "builtins":
            found[kind] = None
        waiting += _held(one)
    return list(found)


def _held(one: Any) -> list[Any]:
    held: list[Any] = []
    if isinstance(one, list | tuple | set | frozenset | deque):
        held += one
    elif isinstance(one, dict):
        held += [*one, *one.values(), *filter(None, [getattr(one, "default_factory", None)])]
    elif isinstance(one, enum.Enum):
        return []
    if type(one).__flags__ & _HEAP_TYPE and isinstance(getattr(one, "__dict__", None), dict):
        held += vars(one).values()
    if is_dataclass(one) and not isinstance(one, type):
        held += [getattr(one, part.name, None) for part in fields(one)]
    elif type(one).__module__ == "numpy" and getattr(getattr(one, "dtype", None), "hasobject", False):
        held += one.ravel().tolist() if one.ndim else [one.item()]
    return held if set(map(type, held)) - _PLAIN else []
