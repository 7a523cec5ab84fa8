"""What is known of what a flow calls before it is called: found out once for all the calls of a function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flodesk.engine.indicating import gives_indicator
from flodesk.engine.latches import is_pressed
from flodesk.engine.load import Loaded
from flodesk.engine.objects import ends_with_its_name
from flodesk.engine.outside import rebound


class NotCallableError(TypeError):
    """What a name stands for cannot be called; the text names its type."""


@dataclass(frozen=True, slots=True)
class Callee:
    """A function, a class or an object of the module.

    Attributes
    ----------
    made : bool
        It is a class: a call makes an object.
    awaited : bool
        A call has to be awaited.
    shows : bool
        It says that it returns an indicator.
    kept : bool
        Its objects end something when they go.
    pressed : bool
        It is a button, or something of it may be pressed.
    anew : bool
        Another function may stand there by the next call.
    """

    target: Callable[..., Any]
    made: bool
    awaited: bool
    shows: bool
    kept: bool
    pressed: bool
    anew: bool


def callee(loaded: Loaded, name: str) -> Callee:
    """Look at what a dotted name of the module stands for.

    Raises
    ------
    NotCallableError
        It cannot be called.
    Exception
        There is no such name; what looking for it has raised.
    """
    target = loaded.resolve(name)
    if not callable(target):
        raise NotCallableError(type(target).__name__)
    made = isinstance(target, type)
    return Callee(
        target,
        made,
        inspect.iscoroutinefunction(target),
        gives_indicator(target),
        made and ends_with_its_name(target),
        is_pressed(target),
        name.partition(".")[0] in rebound(loaded),
    )
