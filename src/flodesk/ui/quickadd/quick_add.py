"""Quick add: a search for a node at the cursor; after a wire was dropped on nothing, for one that takes its value."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPointF, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QWidget

from flodesk.flow.catalog import Catalog
from flodesk.flow.spec import NodeSpec
from flodesk.flow.types import compatible
from flodesk.flow.wiring import IF, Refused, expression_spec, if_spec, is_own_if
from flodesk.ui import liked
from flodesk.ui.canvas import InputEnd, OutputEnd
from flodesk.ui.commands.filing import HELP_KEY
from flodesk.ui.commands.keymap import keymap
from flodesk.ui.library.rows import Rows
from flodesk.ui.library.shelves import SPEC, Shelves
from flodesk.ui.library.telling import told
from flodesk.ui.popup import SearchPopup


class QuickAdd(SearchPopup):
    """`picked` gives the path of the node type, the place on the canvas, and the wire's loose end or None.

    `help_wanted` gives the node type in whose row the key of the help was pressed.
    """

    picked = Signal(str, QPointF, object)
    help_wanted = Signal(object)

    def __init__(
        self, parent: QWidget, catalog: Catalog, place: QPointF, end: OutputEnd | InputEnd | None = None
    ) -> None:
        self._rows = Shelves()
        self._fits = end.type if isinstance(end, OutputEnd) and not end.runs else None
        self._feeds = end.type if isinstance(end, InputEnd) else None
        super().__init__(parent, self._rows, Rows(), _hint(end))
        self._rows.setParent(self)
        self._catalog = catalog
        self._place = place
        self._end = end
        self.said = QLabel()
        self.said.setProperty("role", "muted")
        self.said.setContentsMargins(12, 4, 12, 4)
        self.said.setWordWrap(True)
        self.column.addWidget(self.said)
        self.values: Collection[str] = ()
        """The variables that the nodes of the canvas give: one alone is no expression."""
        self._order: Callable[[list[NodeSpec]], list[NodeSpec]] = lambda specs: specs
        self.chosen.connect(self._pick)

    def first(self, hint: str, order: Callable[[list[NodeSpec]], list[NodeSpec]]) -> None:
        """Say in the field what is searched for, and let `order` choose and sort what is found."""
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self._order = order

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the key of the help ask about the row: while the popup is open no key is a command."""
        key = QKeySequence(event.keyCombination()) if isinstance(event, QKeyEvent) else QKeySequence()
        if event.type() != QEvent.Type.KeyPress or key != QKeySequence(keymap.now(HELP_KEY)):
            return super().eventFilter(watched, event)
        spec = self.list.currentIndex().data(SPEC)
        self.close()
        if spec is not None:
            self.help_wanted.emit(spec)
        return True

    def fill(self, text: str) -> str:
        """Show what fits, best first."""
        words = told(text, self._catalog) if text else ""
        self.said.setText(words)
        self.said.setVisible(bool(words))
        if text.startswith("="):
            return self._fill_expression(text)
        found = self._order(self._catalog.search(text, self._fits, self._feeds, liked.liked()))
        if is_own_if(text.lower()) and self._feeds is None:
            return self._fill_if(f"{text[:2].lower()}{text[2:]}", found)
        self._rows.show_specs(found, liked.favourites())
        what = f" that takes {self._fits}" if self._fits else f" that gives {self._feeds}" if self._feeds else ""
        own = "" if what else " Type = and a formula, or “python” for a function of your own."
        return f"No node{what} matches “{text}”.{own}" if text else f"No node{what} is in the library."

    def _fill_expression(self, text: str) -> str:
        """Offer a node that calculates what is typed, as soon as that is an expression."""
        try:
            found = [expression_spec(text, self.values)] if text.strip("= ") else self._catalog.search("expression")[:1]
        except Refused as problem:
            self._rows.show_specs(())
            return str(problem)
        self._rows.show_specs(self._order(found))
        return "An expression cannot stand here."

    def _fill_if(self, text: str, found: list[NodeSpec]) -> str:
        """Offer an `if` with the test that is typed, as soon as that can be read, among what words find."""
        try:
            spec, sure = if_spec(text, self.values)
        except Refused as problem:
            self._rows.show_specs(found)
            return str(problem)
        others = [one for one in found if one.path != spec.path]
        fits = spec.path != IF.path or self._fits is None or compatible(self._fits, "truth")
        own = self._order([spec]) if fits else []
        self._rows.show_specs([*own, *others] if sure or not found else [*others, *own])
        return "An if cannot stand here." if fits else "An if needs a test there: type one, such as if x > 3."

    def _pick(self, index: QModelIndex) -> None:
        self.picked.emit(index.data(SPEC).path, self._place, self._end)


def _hint(end: OutputEnd | InputEnd | None) -> str:
    if isinstance(end, OutputEnd) and end.runs:
        return f"Add a node that runs {end.runs}"
    if end is None or end.type == "any":
        return "Add a node"
    if isinstance(end, OutputEnd):
        return f"Add a node that takes {end.type}"
    return f"Add a node that gives {end.type}"
