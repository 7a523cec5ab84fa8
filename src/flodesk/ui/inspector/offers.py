"""Brings the entries of a drop-down from the engine to the sheet that asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from flodesk.engine.client import Engine, Offer
from flodesk.flow.document import Document
from flodesk.flow.graph import Node
from flodesk.flow.script import write
from flodesk.ui.inspector.offered import OfferedEditor
from flodesk.ui.inspector.sheet import Sheet


class Offers(QObject):
    """Asks the engine, and hands its answer to the editor: on the thread of the window, whenever it comes.

    Attributes
    ----------
    engine : Engine or None
        Whom to ask; without one every field says that its entries are not known.
    """

    _came = Signal(object, str, object)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.engine: Engine | None = None
        self.why_not: Callable[[], str] = str
        """Says why nothing of the flow may be run now; empty if it may be."""
        self._document = document
        self._sheet: Sheet | None = None
        self._came.connect(self._bring)

    def ask(self, sheet: Sheet, node: Node, name: str) -> None:
        """Ask what a field of a node can be chosen from."""
        self._sheet = sheet
        told = partial(self._came.emit, sheet, name)
        field = next(field for field in node.fields if field.name == name)
        why = "there is no engine" if self.engine is None else self.why_not()
        if self.engine is None or why:
            told(Offer(error=why))
            return
        document = self._document
        self.engine.choices(
            write(document.flow),
            str(document.path or document.origin or ""),
            f"{node.function}.{field.statement}",
            name,
            {other.name: other.text for other in node.fields if other.text},
            told,
        )

    def _bring(self, sheet: Sheet, name: str, offer: Offer) -> None:
        if sheet is not self._sheet:
            return  # another node is shown by now, and the editors of this one may be gone
        editor = sheet.rows[name].editor
        if isinstance(editor, OfferedEditor):
            editor.offer(offer)

    def forget(self) -> None:
        """Drop what is still to come."""
        self._sheet = None
