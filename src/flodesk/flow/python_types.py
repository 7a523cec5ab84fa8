"""The functions and classes that Python itself has (``print``, ``range``, ``dict``), as node types."""

from __future__ import annotations

import builtins
import inspect
from dataclasses import replace
from functools import lru_cache

from flodesk.flow.declared import SHELF
from flodesk.flow.describe import Method, assemble
from flodesk.flow.model import Flow
from flodesk.flow.names import binds_of
from flodesk.flow.spec import NodeSpec
from flodesk.flow.syntax import signature
from flodesk.public import Facts

_CATEGORY = "code"
_SUMMARIES = {
    "print": "Write a value to the log",
    "range": "Count: whole numbers from a start to before an end",
    "dict": "Make a table of names and values",
}
"""In place of the first lines of what Python itself says, which speak of streams and of mappings."""


@lru_cache(maxsize=256)
def python_type(name: str) -> NodeSpec | None:
    """Return the node type of a function or class of Python itself; None if it has none of that name.

    Nothing is known of the types of what it takes and gives, and it may do anything.
    """
    found = getattr(builtins, name, None) if name.isidentifier() and not name.startswith("_") else None
    if not callable(found):
        return None
    try:
        parameters = tuple(signature(found).parameters.values())
        more = False
    except (ValueError, TypeError):  # many that are written in C do not tell
        parameters = (inspect.Parameter("args", inspect.Parameter.VAR_POSITIONAL),)
        more = True
    method = Method("", parameters, inspect.Signature.empty, False, "")
    spec = assemble(name, _CATEGORY, (method,), inspect.getdoc(found) or "", Facts())
    summary = _SUMMARIES.get(name, spec.summary)
    outputs = () if name == "print" else spec.outputs
    return replace(spec, summary=summary, outputs=outputs, extra=spec.extra or more, pure=False)


def offered_of_python() -> tuple[NodeSpec, ...]:
    """Return those that the library and quick add offer: what a first script has, and no node of ours does better."""
    spec = python_type("print")
    assert spec is not None
    return (replace(spec, category=SHELF, tags=("log", "write", "say", "show", "output", "python")),)


def is_hidden(flow: Flow, name: str) -> bool:
    """Say whether the file itself gives a name of Python another meaning, at its top."""
    known = name in flow.imports or name in flow.functions
    return known or any(name in binds_of(statement) for statement in flow.module.statements)


__all__ = ["is_hidden", "offered_of_python", "python_type"]
