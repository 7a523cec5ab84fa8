"""Edits on their way to the engine that has the flow open: a value at once, all else as a text, a moment later."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from flodesk.engine.client import Engine
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import (
    Edit,
    Move,
    SetApp,
    SetDrawn,
    SetNote,
    SetPages,
    SetPanel,
    SetParameter,
    SetView,
    each_edit,
)
from flodesk.flow.script import write
from flodesk.ui.checking import DELAY, Checking

_LOOKS = Move | SetView | SetPages | SetPanel | SetNote | SetDrawn | SetApp
"""Edits of which no run has to know."""


class LiveEdits(QObject):
    """Keeps the engine's flow in step with the document.

    Parameters
    ----------
    active : callable
        Whether a run is on.

    Attributes
    ----------
    follows : bool
        Whether the engine holds this document as it is, so that a parameter can be changed there.
    behind : str
        Why the engine goes on with an older plan: the flow as it is now has errors. Empty if it does not.
    goes_on : callable
        Whether a run may take over the flow as it is now; if not, what is handed over is done after a yes.
    """

    changed = Signal()
    """`behind` says something else."""
    noted = Signal(str)

    def __init__(
        self, parent: QObject, document: Document, checking: Checking, engine: Engine, active: Callable[[], bool]
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._checking = checking
        self._engine = engine
        self._active = active
        self.follows = False
        self.behind = ""
        self.goes_on: Callable[[Callable[[], object]], bool] = lambda then: True
        self._given: dict[tuple[str, str], str] = {}
        """What the engine got before the document said it."""
        self._told = ""
        """Where it was told that the document stands."""
        self._swap = QTimer(self, singleShot=True, interval=DELAY + 30)
        self._swap.timeout.connect(self._swap_now)

    @property
    def place(self) -> str:
        """Where the document stands, or stood; empty if nowhere."""
        return str(self._document.path or self._document.origin or "")

    def begin(self, *, follows: bool) -> None:
        """Note that the engine has the document as it is now, or a part of it, which no edit changes any more."""
        self.follows, self.behind, self._told = follows, "", self.place
        self._given.clear()

    def rest(self) -> None:
        """Hand nothing on that still waits: the engine gets the whole flow, or another, or none any more."""
        self._swap.stop()

    def give(self, edit: SetParameter) -> None:
        """Hand a value on that the document gets in a moment."""
        if self.follows and not self.behind and not self._swap.isActive() and edit.value is not None:
            node = f"{edit.function}.{edit.id}"
            self._given[node, edit.parameter] = edit.value.text
            self._engine.set_parameter(node, edit.parameter, edit.value.text)

    def heard(self, node: str, parameter: str, text: str) -> None:
        """Note a value that the engine has already: the document is about to say it."""
        self._given[node, parameter] = text

    def follow(self, change: Change) -> None:
        """Hand a change of the document on."""
        if change.again and self._active() and self.follows:
            self._swap.start()  # the same file, changed outside: the run goes on with it
            return
        if change.kind == "save" and self.follows and not self.behind:
            if self.place == self._told:
                self._swap.start()
            else:  # failures and data files go by where the flow is now; at once: the next flow may be opened then
                self._swap_now()
            return
        if change.edit is None or not self.follows:
            return
        edits = [edit for edit in each_edit(change.edit) if not isinstance(edit, _LOOKS)]
        if self._swap.isActive() or not edits:
            return
        literals = all(isinstance(edit, SetParameter) for edit in edits)
        if literals and not self.behind and all(isinstance(e, SetParameter) and e.value is not None for e in edits):
            if len(edits) > 1:
                self._swap_now()  # all between the same two turns: a preset is one change
            else:
                self._set(edits)
        elif literals or self._active():
            self._swap.start()  # a literal that goes back to its default, too: then the text says it no more
        else:
            self.follows = False

    def _set(self, edits: list[Edit]) -> None:
        for edit in edits:
            if isinstance(edit, SetParameter) and edit.value is not None:
                node = f"{edit.function}.{edit.id}"
                if self._given.pop((node, edit.parameter), None) != edit.value.text:
                    self._engine.set_parameter(node, edit.parameter, edit.value.text)

    def _swap_now(self) -> None:
        self._document.settle()
        self._given.clear()  # the text says it
        if not self.goes_on(self._swap_now):
            return  # somebody else has changed the file
        errors = self._checking.now()
        if errors and not self._active():
            self.follows = False
            return
        if errors:
            self.behind = f"The run goes on with the flow as it was. {errors[0].message} {errors[0].hint}".strip()
            self.changed.emit()
            self.noted.emit(self.behind)
            return
        if self.behind:
            self.behind = ""
            self.changed.emit()
        self._swap.stop()
        self._told = self.place
        self._engine.swap(write(self._document.flow), self.place)
