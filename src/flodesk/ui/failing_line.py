"""The line that a failure names, as the open flow has it: a literal may have been changed since the run began."""

from __future__ import annotations

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


def place(failure: Failure, *, unsaved: bool = False) -> str:
    """Say in brackets, after a space, in which line something failed; nothing if that is not known."""
    if not failure.line:
        return ""
    number = f"line {failure.line}{' of the unsaved script' if unsaved else ''}"
    return f" ({number}: {failure.code.strip()})" if failure.code else f" ({number})"


def details(failure: Failure, where: str) -> str:
    """Return all that is known of a failure, for the log; `where` is what `place` gives."""
    given = "".join(f"\n    {name}: {summary}" for name, summary in failure.inputs)
    text = f"{failure.type}: {failure.message}{where}"
    text += f"\n  It was given:{given}" if given else ""
    return text + (f"\n{failure.traceback.rstrip()}" if failure.traceback else "")


def _head(line: str) -> str:
    return line.strip().partition("(")[0]
