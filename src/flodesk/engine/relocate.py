"""Line numbers of functions that go on living while the text around them changes.

A swap keeps what stands at module level if it is the same, with all its state; but lines above it may have come or
gone. Its functions get the code objects of the new text: the same instructions, with the lines (and the file) of now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any


def relocate(namespace: Mapping[str, Any], module: CodeType, name: str) -> None:
    """Give the functions and classes of a module the code objects of its text as it is now.

    Parameters
    ----------
    namespace : mapping
        What the text bound when it was executed.
    module : CodeType
        The text as it is now, compiled.
    name : str
        The module's ``__name__``: what was imported from elsewhere is left alone.
    """
    codes = dict(_codes(module))
    for value in list(namespace.values()):
        for function in _functions(value, name):
            code = codes.get(function.__qualname__)
            if code is not None and code.co_freevars == function.__code__.co_freevars:
                function.__code__ = code


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """Give every code object below one, by the qualified name of its function; of two with one name, the last."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant.co_qualname, constant
            yield from _codes(constant)


def _functions(value: Any, module: str) -> Iterator[FunctionType]:
    """Give a function, or those of a class, of the module."""
    if getattr(value, "__module__", None) != module:
        return
    wrapped = getattr(value, "__wrapped__", None)
    if isinstance(wrapped, FunctionType):
        yield from _functions(wrapped, module)
    if isinstance(value, FunctionType):
        yield value
    elif isinstance(value, type):
        for part in list(vars(value).values()):
            if isinstance(part, staticmethod | classmethod):
                yield from _functions(part.__func__, module)
            elif isinstance(part, property):
                for accessor in (part.fget, part.fset, part.fdel):
                    yield from _functions(accessor, module)
            else:
                yield from _functions(part, module)
