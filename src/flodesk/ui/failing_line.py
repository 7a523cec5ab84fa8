"""The line that a failure names, as the open flow has it: a literal may have been changed since the run began."""

from __future__ import annotations

from pathlib import Path

from flodesk.engine.events import Failure
from flodesk.engine.load import UNSAVED
from flodesk.flow.document import Document
from flodesk.flow.model import Address
from flodesk.flow.script import lines_of


def line_now(document: Document, failure: Failure) -> str:
    """Return the line that a failure names as the open flow has it; empty if that is not the same statement.

    The text of that statement alone is written: in a loop there may be many failures a second.
    """
    if failure.file not in (str(document.path or document.origin or ""), UNSAVED) or not failure.code:
        return ""
    found = document.flow.index.get(Address.parse(failure.node))
    if found is None:
        return ""
    head = _head(failure.code)
    alike = {line.strip() for line in lines_of(found[0]) if _head(line) == head}
    return alike.pop() if len(alike) == 1 else ""


def unsaved(document: Document, failure: Failure) -> bool:
    """Say whether the number of a failure's line counts in the flow as the window has it, and its file is otherwise."""
    return document.path is not None and failure.file == str(document.path) and document.edited


def place(document: Document, failure: Failure) -> str:
    """Say in brackets, after a space, in which line something failed; nothing if that is not known.

    A file that is not that of the open flow, as one of own nodes, is named: from the flow's folder, if it is in there.
    """
    if not failure.line:
        return ""
    number = f"line {failure.line}{' of the unsaved script' if unsaved(document, failure) else ''}"
    if name := _other_file(document, failure):
        number = f"{name}, {number}"
    return f" ({number}: {failure.code.strip()})" if failure.code else f" ({number})"


def _other_file(document: Document, failure: Failure) -> str:
    """Return how a file is called that is another one than the flow's; empty if it is that one."""
    own = document.path or document.origin
    if not failure.file or failure.file.startswith("<") or (own is not None and Path(failure.file) == own):
        return ""
    file = Path(failure.file)
    if own is not None and file.is_relative_to(own.parent):
        return file.relative_to(own.parent).as_posix()
    return file.name


def details(failure: Failure, where: str) -> str:
    """Return all that is known of a failure, for the log; `where` is what `place` gives."""
    if failure.unreached:
        return failure.message
    given = "".join(f"\n    {name}: {summary}" for name, summary in failure.inputs)
    text = f"{failure.type}: {failure.message}{where}"
    text += f"\n  It was given:{given}" if given else ""
    return text + (f"\n{failure.traceback.rstrip()}" if failure.traceback else "")


def _head(line: str) -> str:
    return line.strip().partition("(")[0]
