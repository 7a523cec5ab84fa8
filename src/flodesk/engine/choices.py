"""Entries of a drop-down that follow from another field: computed where the flow runs, when somebody opens it."""

from __future__ import annotations

import inspect
import itertools
import pkgutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from flodesk.engine.control import Control, RunContext
from flodesk.engine.errors import one_line
from flodesk.engine.load import Loaded, load, parse, read_text
from flodesk.flow.annotation import hints_of
from flodesk.flow.model import Address, Call, Flow, Literal, Loop, Symbol
from flodesk.flow.syntax import signature
from flodesk.public import Choices, enter_context

MOST = 1000
"""So many entries at most: nobody reads more."""


class NoChoicesError(ValueError):
    """There is nothing to choose from; the text says why."""


def choices(
    text: str,
    path: str,
    node: str,
    parameter: str,
    values: Mapping[str, str],
    *,
    running: Loaded | None = None,
    control: Control | None = None,
) -> list[str]:
    """Compute what a parameter can be chosen from.

    Parameters
    ----------
    text, path : str
        The flow as it is now, and where it stands.
    node, parameter : str
        ``function.statement``, and the parameter whose annotation has `flodesk.Choices`.
    values : mapping
        The node's other fields as Python text.
    running : Loaded, optional
        The flow that runs in this process: its module is not executed again.
    control : Control, optional
        Ends what waits with the run's context.

    Returns
    -------
    list of str
        The entries as Python text.

    Raises
    ------
    NoChoicesError
        They cannot be computed.
    """
    flow = parse(text, path)
    connections = flow.header.settings.get("connections", {})
    folder = str(Path(path).parent) if path else ""
    control = control or Control()
    enter_context(RunContext(control, lambda: folder, connections, lambda text, level: None, lambda fraction: None))
    try:
        target = _target(flow, text, path, node, running)
        mark = _mark(target, parameter)
        given = [_value(target, mark.after, values)] if mark.after else []
        return [Literal.of(entry).text for entry in itertools.islice(mark.function(*given), MOST)]
    except NoChoicesError:
        raise
    except Exception as error:
        raise NoChoicesError(one_line(error)) from error


def _target(flow: Flow, text: str, path: str, node: str, running: Loaded | None) -> Callable[..., Any]:
    address = Address.parse(node)
    statement = flow.index[address][0] if address in flow.index else None
    if not isinstance(statement, Call | Loop):
        raise NoChoicesError(f"there is no node {node}")
    head, _, method = statement.callee.partition(".")
    maker = flow.index.get(Address(address.function, head), (None, None))[0]
    if isinstance(maker, Call) and maker.name == head:
        made = _callable(flow, maker.callee, text, path, running)
        found: Callable[..., Any] = getattr(made, method or "__call__")
        return found
    called: Callable[..., Any] = _callable(flow, statement.callee, text, path, running)
    return called


def _callable(flow: Flow, callee: str, text: str, path: str, running: Loaded | None) -> Any:
    if callee.partition(".")[0] in flow.imports:
        return pkgutil.resolve_name(flow.resolve(callee))
    if running is not None and running.flow != flow:
        raise NoChoicesError("the file was changed: they are known after the next start of the run")
    return (running or load(text, path, read=read_text(text, path, flow))).resolve(callee)


def _mark(target: Callable[..., Any], parameter: str) -> Choices:
    hint = hints_of(getattr(target, "__init__", target) if isinstance(target, type) else target).get(parameter)
    marks = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    found = next((mark for mark in marks if isinstance(mark, Choices)), None)
    if found is None:
        raise NoChoicesError(f"{parameter} offers no choices")
    return found


def _value(target: Callable[..., Any], after: str, values: Mapping[str, str]) -> Any:
    if values.get(after):
        value = Literal(values[after]).value
        if isinstance(value, Symbol):
            raise NoChoicesError(f"{after} gets its value in a run only")
        return value
    default = signature(target).parameters[after].default
    if default is inspect.Parameter.empty:
        raise NoChoicesError(f"choose {after} first")
    return default
