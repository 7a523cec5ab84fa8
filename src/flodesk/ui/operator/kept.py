"""What operators set the controls to: kept beside, in the user's data folder, and never in the flow's file.

A value holds as long as the file says what it said when the value was set: who edits the file has the last word.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from flodesk.engine.folders import FolderError, data_folder
from flodesk.flow.app import app_of
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import Edit, EditError, Many, SetParameter, each_edit
from flodesk.flow.model import Flow, Literal
from flodesk.ui.message_bar import Level
from flodesk.ui.side_thread import SideThread

_FOLDER = "app"
_MOMENT = 1000
"""Milliseconds from the last turn to the disk."""
Say = Callable[[str, str, Level], None]
Name = tuple[str, str, str]
"""Function, statement and parameter."""
Value = tuple[str, str, int | None]
"""What the file says, empty for nothing; what it was set to; its position among the arguments."""


class Kept(QObject):
    """Knows which values of the open flow were set here.

    Parameters
    ----------
    say : callable
        Is told a heading, words and a level where nothing can be kept.
    beside : bool
        Whether they are kept for the next start, if the flow wants that.
    """

    def __init__(self, parent: QObject, document: Document, say: Say, *, beside: bool) -> None:
        super().__init__(parent)
        self._document, self._say = document, say
        self._filed: Flow = document.flow
        """The flow as its file has it."""
        self._set: dict[Name, SetParameter] = {}
        """What was turned, as edits of which only the place counts."""
        self._held: dict[Name, Value] | None = None
        """What was set as the file was about to be read again; None before its first opening, when the disk tells."""
        self._beside = beside
        self._side = SideThread(self)
        self._later = QTimer(self, singleShot=True, interval=_MOMENT)
        self._later.timeout.connect(self._write)
        self._failed = False
        document.listeners.append(self._follow)

    # -------------------------------------------------------------- verbs
    def hold(self) -> None:
        """Remember what is set now: the file is about to be read again."""
        self._document.settle()
        self._held = self._now()

    def bring_back(self) -> None:
        """Take the open flow for what its file says, and set what was kept of it."""
        self._filed = self._document.flow
        before, self._held = self._read() if self._held is None else self._held, {}
        self._set.clear()
        edits: list[Edit] = []
        for (function, node, parameter), (base, text, position) in before.items():
            edit = SetParameter(function, node, parameter, Literal(text), position)
            if _said(self._filed, edit) == base:
                edits.append(edit)
        if edits:
            self._document.do(Many(tuple(edits), "What was set before"))
            self._document.seal()

    def reset(self) -> None:
        """Set everything back to what the file says."""
        self._document.settle()
        edits = []
        for edit in self._set.values():
            try:
                edits.append(edit.apply(self._filed)[1])
            except EditError:
                continue  # it has gone with its node
        self._set.clear()
        if edits:
            self._document.do(Many(tuple(edits), "The values of the file"))
            self._document.seal()
        self._set.clear()
        self._later.start()

    @property
    def any(self) -> bool:
        """Whether anything is set otherwise than the file says."""
        self._document.settle()
        return bool(self._now())

    def close(self) -> None:
        """Write what is not written yet, and listen no more."""
        if self._follow in self._document.listeners:
            self._document.listeners.remove(self._follow)
        if self._later.isActive():
            self._later.stop()
            self._write()
        self._side.wait()
        self._side.close()

    # -------------------------------------------------------------- what happens
    def _follow(self, change: Change) -> None:
        if change.edit is None:
            return
        for edit in each_edit(change.edit):
            if isinstance(edit, SetParameter):
                self._set[edit.function, edit.id, edit.parameter] = SetParameter(
                    edit.function, edit.id, edit.parameter, Literal(""), edit.position
                )
                self._later.start()

    def _now(self) -> dict[Name, Value]:
        """Return what is set otherwise than in the file: what that says, what it is set to, and its position."""
        found = {}
        for name, edit in self._set.items():
            base, text = _said(self._filed, edit), _said(self._document.flow, edit)
            if text and base is not None and text != base:
                found[name] = base, text, edit.position
        return found

    # -------------------------------------------------------------- the disk
    def _file(self) -> Path | None:
        path = self._document.path
        if path is None or not self._beside or not app_of(self._document.flow).keep:
            return None
        return data_folder(_FOLDER) / f"{hashlib.sha256(os.path.realpath(path).encode()).hexdigest()[:32]}.json"

    def _read(self) -> dict[Name, Value]:
        try:
            file = self._file()
            if file is None or not file.exists():
                return {}
            values = json.loads(file.read_text(encoding="utf-8"))["values"]
            return {
                (str(line["function"]), str(line["node"]), str(line["parameter"])): (
                    str(line["file"]),
                    str(line["value"]),
                    line["position"] if isinstance(line["position"], int) else None,
                )
                for line in values
            }
        except (OSError, FolderError, ValueError, LookupError, TypeError) as problem:
            self._say("What was set here before cannot be read", f"Those of the file are used. {problem}", "warning")
            return {}

    def _write(self) -> None:
        lines = [
            {"function": name[0], "node": name[1], "parameter": name[2], "file": base, "value": text, "position": at}
            for name, (base, text, at) in self._now().items()
        ]
        try:
            file = self._file()
        except FolderError as problem:
            self._not_kept(problem)
            return
        if file is not None:
            told = {"flow": str(self._document.path), "values": lines}
            self._side.do(lambda: _put(file, json.dumps(told, indent=1)), self._is_kept, self._not_kept)

    def _is_kept(self, _: None) -> None:
        self._failed = False

    def _not_kept(self, problem: Exception) -> None:
        if not self._failed:
            self._failed = True
            words = f"The flow runs with it, and the next start begins with the values of before. {problem}"
            self._say("What is set here cannot be kept", words, "warning")


def _said(flow: Flow, edit: SetParameter) -> str | None:
    """Return the text that a flow has in the place of an edit, empty if the default holds; None if it cannot be set."""
    try:
        _, back = edit.apply(flow)
    except EditError:
        return None
    return back.value.text if isinstance(back, SetParameter) and back.value is not None else ""


def _put(file: Path, text: str) -> None:
    """Write a file whole, or not at all."""
    beside = file.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


__all__ = ["Kept"]
