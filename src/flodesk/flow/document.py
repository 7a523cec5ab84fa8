"""The open flow: its file, its history of edits, and who wants to know of changes. No Qt."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from flodesk.flow.edit import Edit, Many, Move, SetDrawn, SetNote, SetParameter, SetText, SetView
from flodesk.flow.model import Flow
from flodesk.flow.script import ChangedOutsideError, ScriptError, content, from_bytes, read, save, write

log = logging.getLogger(__name__)

NEW = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# ///
import flodesk


def flow():
    pass


if __name__ == "__main__":
    flodesk.main(flow)
"""
"""The text of a new flow."""

OnDisk = Literal["same", "changed", "gone"]
"""How the file of a flow is, against what was last read from it or saved to it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a document. `edit` is what was applied (of an undo: the inverse); None for a file.

    `again` marks an "open" that read the open flow's own file again. "around" says that nothing of the flow has changed
    but files beside it, which define nodes.
    """

    kind: Literal["edit", "undo", "redo", "open", "save", "around"]
    edit: Edit | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the history: the edit, its inverse, and the key under which the next edit may join it."""

    edit: Edit
    inverse: Edit
    merge: str = ""
    title: str = ""
    """What it is called."""


class Document:
    """The flow that is open, and its history.

    Attributes
    ----------
    flow : Flow
        As it is now.
    path : Path or None
        Its file; None until it is saved for the first time.
    origin : Path or None
        What it is a copy of, as long as it has no file: files that it names are looked for beside that.
    listeners : list of callables
        Called with a `Change` after each. One that fails is logged and disturbs nobody.
    unsettled : list of callables
        Called before anything else is done with the flow, or is asked of it: who holds back edits does them.
    at_home : callable
        Gives an edit as it is done here for one that is asked for: who shows the panel chooses where new views go.
    in_words : callable
        Gives the title of an edit in the words of who shows the flow: what goes is called as it was before the edit,
        what comes as it is after it.
    """

    def __init__(self) -> None:
        self.listeners: list[Callable[[Change], None]] = []
        self.unsettled: list[Callable[[], None]] = []
        self.at_home: Callable[[Edit], Edit] = lambda edit: edit
        self.in_words: Callable[[str], str] = lambda title: title
        self.flow: Flow = read(NEW)
        self.path: Path | None = None
        self.origin: Path | None = None
        self._known = ""
        """The hash of what the file held when it was last read or saved."""
        self._strayed = False
        """Whether the file was last seen with something else in it, or not at all."""
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._saved: int | None = 0
        """How many steps were done when the file was as the flow; None if no number of undos leads there."""
        self._filed = self.flow
        """The flow as it was when it was last read or saved."""
        self._judged = (self.flow, True)
        """Whether a flow says what that one says."""

    # -------------------------------------------------------------- edits
    def do(self, edit: Edit, merge: str = "") -> None:
        """Apply an edit. Edits in a row with the same `merge` (not empty) are one step for undo, until `seal`.

        Raises
        ------
        EditError
            It does not fit; nothing has changed.
        """
        self.settle()
        before = self.flow
        edit = self.at_home(edit)
        flow, inverse = edit.apply(before)
        if flow is before:
            return
        title = self.in_words(edit.title)
        self.flow = flow
        if self._saved is not None and self._saved > len(self._done):
            self._saved = None
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if last is not None and merge and last.merge == merge and self._saved != len(self._done):
            self._done[-1] = _joined(last, edit, inverse)
        else:
            self._done.append(_Step(edit, inverse, merge, title))
        self._tell(Change("edit", edit))

    def settle(self) -> None:
        """Let those do their edits who hold some back."""
        for give in tuple(self.unsettled):
            give()

    def seal(self) -> None:
        """End a row of merged edits: the slider was let go."""
        if self._done:
            self._done[-1] = replace(self._done[-1], merge="")

    def undo(self) -> None:
        """Take the last step back; without one, do nothing."""
        self.settle()
        if not self._done:
            return
        step = self._done[-1]
        flow, _ = step.inverse.apply(self.flow)
        self._undone.append(replace(step, merge="", title=self.undo_title))
        self.flow = flow
        self._done.pop()
        self.seal()
        self._tell(Change("undo", step.inverse))

    def redo(self) -> None:
        """Do again what was undone last; without that, do nothing."""
        self.settle()
        if not self._undone:
            return
        step = self._undone[-1]
        self.flow, inverse = step.edit.apply(self.flow)
        self._undone.pop()
        self._done.append(_Step(step.edit, inverse, title=step.title))
        self._tell(Change("redo", step.edit))

    @property
    def steps(self) -> int:
        """How many steps `undo` could take back."""
        return len(self._done)

    @property
    def undo_title(self) -> str:
        """What `undo` would take back, as in "Connect clean"; empty if nothing."""
        return self.in_words(self._done[-1].title) if self._done else ""

    @property
    def redo_title(self) -> str:
        """What `redo` would do again; empty if nothing."""
        return self._undone[-1].title if self._undone else ""

    @property
    def dirty(self) -> bool:
        """True if the flow is not as its file has it, as far as is known: `look` finds out about the file."""
        self.settle()
        return self.edited or self._strayed

    @property
    def edited(self) -> bool:
        """True if the flow says something else than when it was opened or saved."""
        if self._saved == len(self._done):
            return False
        if self._judged[0] is not self.flow:  # nearly all of it is the same objects: that is seen at once
            same = self.flow == self._filed and write(self.flow) == write(self._filed)
            self._judged = self.flow, same
        return not self._judged[1]

    @property
    def digest(self) -> str:
        """The hash (SHA-256) of what the file held when it was last read or saved."""
        return self._known

    @property
    def folder(self) -> Path | None:
        """Where files that the flow names without a folder are looked for; None if it has no place yet."""
        place = self.path or self.origin
        return place.parent if place else None

    # -------------------------------------------------------------- files
    def new(self) -> None:
        """Start an empty flow without a file."""
        self._start(read(NEW), None)

    def open(self, path: str | Path, copy: bool = False, reads: Callable[[bytes], Flow] = from_bytes) -> None:
        """Read a file, or start a `copy` of it that has no file of its own yet. If that fails the open flow stays.

        `reads` makes a flow of what it holds.

        Raises
        ------
        ScriptError, OSError
            What is wrong with the file, and what to do.
        """
        path = Path(path)
        data = content(path)
        self._start(reads(data), path, data, copy)

    def open_copy(self, held: bytes | Flow, origin: Path | None) -> None:
        """Start a flow without a file from what a file held; raises `ScriptError` as `open` does."""
        flow, data = (held, b"") if isinstance(held, Flow) else (from_bytes(held), held)
        self._start(flow, origin, data, copy=True)

    def read_again(self) -> None:
        """Read the flow's own file again. It is one step of the history: undo leads back to the flow as it was here.

        Raises
        ------
        ScriptError, OSError
            What is wrong with the file, and what to do; the flow stays.
        """
        if self.path is None:
            return
        self.settle()
        data = content(self.path)
        new = from_bytes(data)
        self._known, self._strayed = _hash(data), False
        text = write(new)
        if text != write(self.flow):
            edit = SetText(text, f"Read {self.path.name} again", new.encoding, new)
            self.flow, inverse = edit.apply(self.flow)
            self.seal()
            self._done.append(_Step(edit, inverse, title=edit.title))
            self._undone.clear()
        self._saved = len(self._done)
        self._filed, self._judged = self.flow, (self.flow, True)
        self._tell(Change("open", again=True))

    def look(self) -> OnDisk:
        """Look whether the file still holds what was read from it or saved to it; `dirty` follows."""
        found = self._look()
        self._strayed = found != "same"
        return found

    def save(self, path: str | Path | None = None, overwrite: bool = False) -> None:
        """Write the flow to a file, by default its own. If that fails nothing has changed, on the disk and here.

        Parameters
        ----------
        path : path, optional
            Where to.
        overwrite : bool
            Whether its own file is written although somebody else has changed it since.

        Raises
        ------
        ChangedOutsideError
            Somebody else has, and `overwrite` is not asked for.
        ValueError
            It has no file yet and none is named.
        OSError
            The file cannot be written; the text says why.
        """
        self.settle()
        target = Path(path) if path is not None else self.path
        if target is None:
            raise ValueError("This flow has no file yet: choose a name to save it under.")
        own = self.path is not None and os.path.realpath(target) == os.path.realpath(self.path)
        if own and not overwrite and self._look() == "changed":
            why = f"{target.name} was changed outside since it was opened or saved here. Nothing was written"
            raise ChangedOutsideError(None, why, str(target))
        self._known = _hash(save(self.flow, target))
        self._strayed = False
        self.path, self.origin = target, None
        self._saved = len(self._done)
        self._filed, self._judged = self.flow, (self.flow, True)
        self.seal()
        self._tell(Change("save"))

    def _look(self) -> OnDisk:
        if self.path is None:
            return "same"
        try:
            return "same" if _hash(content(self.path)) == self._known else "changed"
        except (FileNotFoundError, NotADirectoryError):
            return "gone"
        except (OSError, ScriptError):
            return "changed"

    def _start(self, flow: Flow, path: Path | None, data: bytes = b"", copy: bool = False) -> None:
        self.settle()  # of the flow that goes
        again = path is not None and path == self.path and not copy
        self.flow = flow
        self.path, self.origin = (None, path) if copy else (path, None)
        self._known, self._strayed = _hash(data), False
        self._done.clear()
        self._undone.clear()
        self._saved = 0
        self._filed, self._judged = flow, (flow, True)
        self._tell(Change("open", again=again))

    def look_around(self) -> None:
        """Tell that files beside the flow have changed, which define nodes of it."""
        self._tell(Change("around"))

    def _tell(self, change: Change) -> None:
        for listener in tuple(self.listeners):
            try:
                listener(change)
            except Exception:
                log.exception(
                    "A view failed to follow the change “%s”.", change.edit.title if change.edit else change.kind
                )


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _joined(step: _Step, edit: Edit, inverse: Edit) -> _Step:
    """Return one step for two in a row: of two that write the same thing the later one, back to before the first."""
    if _target(edit) is not None and _target(step.edit) == _target(edit):
        return _Step(edit, step.inverse, step.merge, step.title)
    edits = step.edit.edits if isinstance(step.edit, Many) else (step.edit,)
    inverses = step.inverse.edits if isinstance(step.inverse, Many) else (step.inverse,)
    title = step.edit.title
    return _Step(Many((*edits, edit), title), Many((inverse, *inverses), title), step.merge, step.title)


def _target(edit: Edit) -> object:
    """Return what an edit overwrites whatever was there before; None if it does not work like that."""
    match edit:
        case SetParameter():
            return SetParameter, edit.function, edit.id, edit.parameter, edit.position
        case Move():
            return Move, edit.function, frozenset(edit.places)
        case SetView():
            return SetView, edit.function, edit.id
        case SetDrawn():
            return SetDrawn, edit.table, edit.function, edit.id
        case SetNote():
            return SetNote, edit.function, edit.id
        case SetText():
            return (SetText,)
        case _:
            return None
