"""Node types of what no text describes (functions in C, results of calls): told by the objects of an imported module.

Whoever asks imports the module by that. It is done in a process of its own: see `flodesk.engine.described`.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Collection
from dataclasses import replace
from types import ModuleType
from typing import Any

from flodesk.flow.declared import method_of
from flodesk.flow.describe import assemble, describe
from flodesk.flow.doc_signature import split_signature
from flodesk.flow.docstring import describe as read_docstring
from flodesk.flow.packages.reading import as_foreign
from flodesk.flow.spec import NodeSpec
from flodesk.flow.syntax import signature
from flodesk.public import Facts


def live_types(module: str, known: Collection[str]) -> dict[str, NodeSpec]:
    """Import a module, and describe what it offers and what is not among the `known` paths.

    Raises
    ------
    Exception
        Whatever the import raises: the module is foreign code.
    """
    there = importlib.import_module(module)
    found: dict[str, NodeSpec] = {}
    for name in _offered(there):
        path = f"{module}.{name}"
        if path in known:
            continue
        try:
            value = getattr(there, name)
            spec = _described(value, path, module) if _is_offered(value) else None
        except Exception:  # noqa: BLE001 - foreign code in properties and annotations; the others are described
            continue
        if spec is not None:
            found[path] = as_foreign(spec)
    return found


def _offered(module: ModuleType) -> list[str]:
    listed = getattr(module, "__all__", None)
    return [name for name in (dir(module) if listed is None else listed) if not name.startswith("_")]


def _is_offered(value: Any) -> bool:
    """Say whether it is a function, or a class that is made by hand; a mere object that can be called is a value."""
    if isinstance(value, ModuleType):
        return False
    if inspect.isclass(value):
        return not issubclass(value, BaseException | tuple)
    return callable(value) and isinstance(getattr(value, "__name__", None), str)


def _described(value: Callable[..., Any], path: str, module: str) -> NodeSpec:
    node, doc = split_signature(inspect.getdoc(value) or "")
    try:
        signature(value)
    except (ValueError, TypeError):
        told = node is not None and not inspect.isclass(value)
    else:
        told = False
    if told and node is not None:
        method = replace(method_of("", node, {}, {}), doc=doc)
        return assemble(path, module, (method,), doc, Facts())
    spec = describe(value, path, module)
    own = read_docstring(doc)
    return replace(spec, summary=own.summary, help=own.text)


__all__ = ["live_types"]
