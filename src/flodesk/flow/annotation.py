"""What an annotation says: the port type, and the unit, limits and choices for the inspector."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import pathlib
import types
import typing
from collections import abc
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Collection,
    Coroutine,
    Generator,
    Iterable,
    Iterator,
    Sequence,
)
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from flodesk import public
from flodesk.flow.model import Symbol
from flodesk.flow.types import PortType, common, of_value
from flodesk.public import Choices, Indicator, Kind, Press, Range, Unit, Waveform
from flodesk.templating import OwnTemplate


@dataclass(frozen=True, slots=True)
class Meaning:
    """An annotation, read. The fields are those of `flodesk.flow.spec.Parameter`."""

    type: PortType = "any"
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: tuple[Any, ...] = ()
    widget: str = ""
    optional: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Stands for a class with named fields that is known by its text only: each field's name and annotation."""

    items: tuple[tuple[str, Any], ...]


def read(annotation: Any) -> Meaning:
    """Say what an annotation means; one that nothing is known about is ``any``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *marks = get_args(annotation)
        meaning = read(base)
        for mark in marks:
            meaning = _marked(meaning, mark)
        return meaning
    if origin is Literal:
        return _of_choices(get_args(annotation))
    if origin in (Union, types.UnionType):
        return _of_union([read(part) for part in get_args(annotation)])
    if isinstance(annotation, typing.TypeAliasType if hasattr(typing, "TypeAliasType") else ()):
        return read(annotation.__value__)
    if isinstance(annotation, typing.NewType):
        return read(annotation.__supertype__)
    kind = origin or annotation
    if isinstance(kind, type):
        return _of_class(kind)
    return Meaning("none") if annotation is None else Meaning()


def port_type(annotation: Any) -> PortType:
    """Return the port type of an annotation."""
    return read(annotation).type


def fields(annotation: Any) -> tuple[tuple[str, Any], ...]:
    """Return name and annotation of each field of a named tuple or dataclass; empty for all else (indicators too)."""
    if isinstance(annotation, Fields):
        return annotation.items
    if not isinstance(annotation, type) or issubclass(annotation, Indicator):
        return ()
    if issubclass(annotation, tuple) and hasattr(annotation, "_fields"):
        hints = hints_of(annotation)
        return tuple((name, hints.get(name, Any)) for name in annotation._fields)
    if dataclasses.is_dataclass(annotation):
        hints = hints_of(annotation)
        return tuple((field.name, hints.get(field.name, Any)) for field in dataclasses.fields(annotation))
    return ()


def is_indicator(annotation: Any) -> bool:
    """Say whether a result of this type is something to look at."""
    return isinstance(annotation, type) and issubclass(annotation, Indicator)


def yielded(annotation: Any) -> Any:
    """Return what ``Iterator[T]`` and its relatives give one at a time; ``Any`` if it does not say."""
    arguments = get_args(annotation)
    return arguments[0] if is_iterator(annotation, loosely=True) and arguments else Any


def is_iterator(annotation: Any, *, loosely: bool = False) -> bool:
    """Say whether this is an ``Iterator`` or ``Generator`` (`loosely`: or an ``Iterable``)."""
    wanted = (*_ITERATORS, *_ASYNC_ITERATORS, *((Iterable, AsyncIterable) if loosely else ()))
    return (get_origin(annotation) or annotation) in wanted


def is_awaitable(annotation: Any) -> bool:
    """Say whether this is what ``await`` or ``async for`` takes: ``Awaitable[T]``, ``AsyncIterator[T]``..."""
    return (get_origin(annotation) or annotation) in (*_AWAITABLES, *_ASYNC_ITERATORS)


def awaited(annotation: Any) -> Any:
    """Return what ``Awaitable[T]`` and ``Coroutine[..., T]`` give; any other annotation as it is."""
    if (get_origin(annotation) or annotation) not in _AWAITABLES:
        return annotation
    arguments = get_args(annotation)
    return arguments[-1] if arguments else Any


_ITERATORS = (Iterator, Generator)
_ASYNC_ITERATORS = (AsyncIterator, AsyncGenerator)
_AWAITABLES = (Awaitable, Coroutine)


def hints_of(target: Any) -> dict[str, Any]:
    """Return the annotations as objects; those that cannot be resolved are left out one by one, not all together."""
    try:
        return typing.get_type_hints(target, include_extras=True)
    except Exception:  # noqa: BLE001 - annotations are a pack's code: a bad one must not hide the node
        hints: dict[str, Any] = {}
        names = getattr(target, "__globals__", None) or vars(inspect.getmodule(target) or types)
        for name, text in inspect.get_annotations(target).items():
            try:
                hints[name] = eval(text, dict(names)) if isinstance(text, str) else text
            except Exception:  # noqa: BLE001 - as above
                continue
        return hints


def _marked(meaning: Meaning, mark: Any) -> Meaning:
    match mark:
        case Kind(name):
            return replace(meaning, type=cast(PortType, name))
        case Unit(symbol):
            return replace(meaning, unit=symbol)
        case Range(minimum, maximum, step):
            return replace(meaning, minimum=minimum, maximum=maximum, step=step)
        case OwnTemplate():
            return replace(meaning, widget="template")
        case Press():
            return replace(meaning, widget="button")
        case Choices(_, after):
            return replace(meaning, widget="choices", after=after)
        case _:
            return meaning


def _of_choices(values: tuple[Any, ...]) -> Meaning:
    real = tuple(value for value in values if value is not None)
    kinds = common(of_value(value) for value in real)
    return Meaning(kinds, choices=real, optional=len(real) < len(values))


def _of_union(parts: list[Meaning]) -> Meaning:
    real = [part for part in parts if part.type != "none"]
    optional = len(real) < len(parts) or any(part.optional for part in real)
    if len(real) == 1:
        return replace(real[0], optional=optional)
    return Meaning(common(part.type for part in real), optional=optional)


def _of_class(kind: type) -> Meaning:
    if issubclass(kind, enum.Enum):
        # An entry is written as `Window.HANN`: the script must name it, its value would be another object.
        return Meaning("any", choices=tuple(Symbol(f"{kind.__name__}.{entry.name}") for entry in kind))
    for parent in kind.__mro__:
        if name := _BY_NAME.get(f"{parent.__module__.partition('.')[0]}.{parent.__qualname__}"):
            return Meaning(name, widget="file" if name == "path" else "")
    if issubclass(kind, Indicator):
        return Meaning("indicator")
    if issubclass(kind, Waveform):
        return Meaning("signal")
    if kind in (list, tuple, set, frozenset, range) or kind in (Sequence, Collection, Iterable, Iterator):
        return Meaning("list")
    return Meaning()


# By name, so that nothing heavy is imported to compare with.
_BY_NAME: dict[str, PortType] = {
    "builtins.bool": "truth",
    "builtins.int": "integer",
    "builtins.float": "number",
    "builtins.str": "text",
    "builtins.NoneType": "none",
    "numpy.ndarray": "array",
    "numpy.bool": "truth",
    "numpy.integer": "integer",
    "numpy.floating": "number",
    "pandas.DataFrame": "table",
    "pandas.Series": "array",
    "pathlib.Path": "path",
    "pathlib.PurePath": "path",
    "os.PathLike": "path",
}

KNOWN: dict[str, Any] = {
    **{kind.__name__: kind for kind in (bool, int, float, str, list, tuple, dict, set, range, bytes, object)},
    **{f"pathlib.{name}": getattr(pathlib, name) for name in ("Path", "PurePath")},
    **{f"typing.{name}": getattr(typing, name) for name in ("Any", "Annotated", "Literal", "Optional", "Union")},
    **{f"{module}.{name}": getattr(abc, name) for module in ("typing", "collections.abc")
       for name in ("AsyncGenerator", "AsyncIterable", "AsyncIterator", "Awaitable", "Callable", "Collection",
                    "Coroutine", "Generator", "Iterable", "Iterator", "Sequence")},
    **{f"{module}.{name}": value for name, value in vars(public).items()
       if not name.startswith("_") for module in ("flodesk", "flodesk.public")},
    "numpy.ndarray": Annotated[Any, Kind("array")],
    "numpy.typing.NDArray": Annotated[Any, Kind("array")],
    "numpy.typing.ArrayLike": Annotated[Any, Kind("array")],
    "pandas.DataFrame": Annotated[Any, Kind("table")],
    "pandas.Series": Annotated[Any, Kind("array")],
}  # fmt: skip
"""The dotted names that an annotation read from text may hold, and what they stand for."""
