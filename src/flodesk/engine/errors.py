"""How a run is interrupted, and how what a node raised becomes a `Failure` that names the user's own line."""

from __future__ import annotations

import linecache
import site
import sysconfig
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, NamedTuple

from flodesk.engine.events import Failure

ENGINE_FRAME = "<flodesk call>"
"""File name of the small functions that the engine makes to call nodes; their frames are not shown."""

_PACKAGE = str(Path(__file__).resolve().parent.parent)
_ENGINE = str(Path(__file__).resolve().parent)


def _foreign_folders() -> tuple[str, ...]:
    """Folders whose code the user did not write: the standard library and installed packages."""
    paths = sysconfig.get_paths()
    folders = {paths[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")}
    # on Windows the list begins with the prefix itself, below which a user's own files may well lie
    folders.update(f for f in site.getsitepackages() if f.endswith("-packages"))
    return tuple(str(Path(folder).resolve()) for folder in folders)


_FOREIGN = _foreign_folders()
_CARRIERS = tuple(
    str(Path(sysconfig.get_paths()["stdlib"]).resolve() / name)
    for name in ("asyncio", "concurrent", "threading.py", "contextvars.py")
)


class Interruption(BaseException):
    """What is no error of a node: it passes through every node and every region of the plan."""


class StopRun(Interruption):
    """The run was stopped. Nodes see it come out of `Context.sleep` and `Context.check`."""


class Ended(StopRun):
    """The run was stopped and a node did not return: the process that it ran in was ended. Its text says which."""


class Renew(Interruption):
    """The producer that waits inside its generator was changed: its generator starts anew."""


class Caller(NamedTuple):
    """A node that calls a subflow, and where it stands."""

    node: str
    file: str
    line: int


class NodeError(Interruption):
    """A node raised.

    Attributes
    ----------
    plan : Plan
        The plan of the function that the node stands in: of a node in a subflow that of the subflow.
    cell : int
        Which step of it.
    slots : list
        What the node was called with is in there.
    error : BaseException
        What it raised.
    way : list of Caller
        The nodes that called the subflow that it stands in, the innermost first.
    """

    def __init__(self, plan: Any, cell: int, slots: list[Any], error: BaseException) -> None:
        super().__init__(cell, error)
        self.plan = plan
        self.cell = cell
        self.slots = slots
        self.error = error
        self.way: list[Caller] = []


class ItemNote(str):
    """Which item of a mapped call has failed: a note that goes with what it raised."""

    __slots__ = ()

    def __new__(cls, number: int, total: int = 0) -> ItemNote:
        """Say it; `total` is 0 where nobody knows how many there are."""
        return super().__new__(cls, f"item {number} of {total}" if total else f"item {number}")


def _with_item(error: BaseException, message: str) -> str:
    """Put the item before a message, where it was one of several that has failed."""
    notes = [note for note in getattr(error, "__notes__", ()) if isinstance(note, ItemNote)]
    return f"{notes[-1]}: {message}" if notes else message


class PlanError(ValueError):
    """The engine cannot run this flow (yet). `node` is ``function.statement``, `line` counts from 1 (0: unknown)."""

    def __init__(self, node: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.node = node
        self.line = line
        self.giver = self.lack = ""


def one_line(error: BaseException) -> str:
    """Return the message of an exception, or its class's name where it has none."""
    if isinstance(error, KeyError) and error.args:
        key = error.args[0]
        return key if isinstance(key, str) and " " in key else f"there is no {key!r}"  # else it is a sentence already
    if isinstance(error, SystemExit):
        return f"it asked the whole program to end ({error.code!r}): a node returns or raises instead"
    try:
        return str(error) or type(error).__name__
    except Exception:  # noqa: BLE001 - the exception's class is foreign code too
        return type(error).__name__


MESSAGE_MOST, TRACEBACK_MOST = 4000, 20_000
"""Characters of a message and of a traceback that are kept: some libraries put all their data into an error."""


def shortened(text: str, most: int) -> str:
    """Return a text with its middle left out where it is very long, which it then says."""
    if len(text) <= most:
        return text
    end = most // 5
    return f"{text[: most - end]} … ({len(text):,} characters) … {text[-end:]}"


def _is_engine(file: str) -> bool:
    return file == ENGINE_FRAME or file.startswith(_ENGINE)


def _is_users(file: str) -> bool:
    if file.startswith("<") and not file.startswith("<flow"):
        return False
    if file.startswith("<flow"):
        return True
    return not file.startswith((_PACKAGE, *_FOREIGN)) and not file.startswith("<frozen")


def frames_of(trace: TracebackType | None) -> list[tuple[FrameType, int]]:
    """Return the frames of a traceback with their lines, outermost first, without the engine's own.

    What the engine runs a node through (asyncio, threads, executors) goes with it; where a node uses these itself,
    they stay.
    """
    kept: list[tuple[FrameType, int]] = []
    engines = True
    for frame, number in traceback.walk_tb(trace):
        file = frame.f_code.co_filename
        engines = _is_engine(file) or (engines and file.startswith(_CARRIERS))
        if not engines:
            kept.append((frame, number))
    return kept


def failure(
    node: str,
    error: BaseException,
    *,
    file: str = "",
    line: int = 0,
    inputs: Iterable[tuple[str, str]] = (),
    way: Sequence[Caller] = (),
) -> Failure:
    """Describe what a node raised.

    Parameters
    ----------
    node : str
        ``function.statement``; empty if it was no node.
    file, line : str, int
        Where the call stands in the flow's file: the user's own line unless a deeper one is found.
    inputs : iterable of (name, summary)
        What the call was given.
    way : sequence of Caller
        The nodes that called the subflow that it stands in, the innermost first.

    Notes
    -----
    A place that ran the node in another process raises an error with the attribute ``__flodesk_failure__``: the
    `Failure` as it was told there. Its words, its line and its frames are kept; the node and, where it has none, the
    inputs and the line of the call are added.
    """
    told = getattr(error, "__flodesk_failure__", None)
    if isinstance(told, Failure):
        told = _told_elsewhere(told, node, file, line, inputs)
        return replace(told, way=(*(caller.node for caller in reversed(way)), *told.way))
    where, at = file, line
    frames = frames_of(error.__traceback__)
    for frame, number in frames:
        if _is_users(frame.f_code.co_filename):
            where, at = frame.f_code.co_filename, number
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        where, at = error.filename, error.lineno
    lines = ["Traceback (most recent call last):\n"]
    for caller in reversed(way):
        function = caller.node.rpartition(".")[0]
        code = _code(caller.file, caller.line)
        lines.append(f'  File "{caller.file}", line {caller.line}, in {function}\n    {code}\n')
    call_shown = any(f.f_code.co_filename == file and n == line for f, n in frames)
    if line and not call_shown:
        lines.append(f'  File "{file}", line {line}, in {node.rpartition(".")[0]}\n    {_code(file, line)}\n')
    lines += traceback.format_list(traceback.StackSummary.extract(iter(frames), lookup_lines=True))
    lines += (shortened(line, MESSAGE_MOST) for line in traceback.format_exception_only(type(error), error))
    return Failure(
        node=node,
        type=type(error).__name__,
        message=shortened(_with_item(error, one_line(error)), MESSAGE_MOST),
        file=where,
        line=at,
        code=shortened(_code(where, at), MESSAGE_MOST),
        inputs=tuple(inputs),
        traceback=shortened("".join(lines), TRACEBACK_MOST),
        way=tuple(caller.node for caller in reversed(way)),
    )


_READ_ONLY = (
    "An array that goes to another place cannot be changed there: change a copy of it (x = x.copy()), and give that "
    "back as the result"
)


def _told_elsewhere(told: Failure, node: str, file: str, line: int, inputs: Iterable[tuple[str, str]]) -> Failure:
    """Add to a failure of another process what only this one knows."""
    if not told.line:
        told = replace(told, file=file, line=line, code=_code(file, line))
    if told.type == "ValueError" and "read-only" in told.message:
        told = replace(told, message=f"{told.message}. {_READ_ONLY}")
    trace = told.traceback
    if line and f'File "{file}", line {line},' not in trace:
        head, _, rest = trace.partition("\n")
        call = f'  File "{file}", line {line}, in {node.rpartition(".")[0]}\n    {_code(file, line)}\n'
        trace = f"{head}\n{call}{rest}" if head.startswith("Traceback") else f"{call}{trace}"
    return replace(told, node=node, inputs=told.inputs or tuple(inputs), traceback=trace)


def _code(file: str, line: int) -> str:
    return linecache.getline(file, line).strip() if line else ""


def way_of(failed: Failure) -> str:
    """Name the node that failed, after the calls of subflows that lead to it; empty if it was no node."""
    return " → ".join([*failed.way, failed.node]) if failed.node else ""


def sentence(failed: Failure) -> str:
    """Say in one sentence which node failed, why, and where."""
    if failed.type in ("PlanError", "MissingInputError"):
        cannot = f"{failed.node} cannot run: " if failed.node else ""
        return f"{cannot}{failed.message}" + (f" (line {failed.line})" if failed.line else "")
    if failed.unreached:
        return failed.message
    who = f"{way_of(failed)} failed" if failed.node else "The flow's file failed to load"
    where = f" ({Path(failed.file).name}, line {failed.line})" if failed.line else ""
    return f"{who}: {failed.type}: {failed.message}{where}"
