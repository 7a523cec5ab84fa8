"""Fields edited on their card: one editor over the canvas, for whichever field is at hand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QHBoxLayout, QLabel

from flodesk.flow import wiring
from flodesk.flow.document import Document
from flodesk.flow.graph import Field, Node
from flodesk.flow.spec import Parameter
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.card import chip_box
from flodesk.ui.canvas.changes import Changes
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.focus import is_for_window
from flodesk.ui.help import parameter_tip
from flodesk.ui.inspector.editors import editor_for
from flodesk.ui.menus import Entry
from flodesk.ui.soon import soon
from flodesk.ui.theme import theme

_LEAST = (180, 26)
_KEYS = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class FieldEditor(QFrame):
    """The editor over a field of a card. Enter keeps the value, Esc leaves it, Tab goes on to the next field.

    Signals
    -------
    stepped : 1 for the next field, -1 for the one before
    """

    closed = Signal()
    stepped = Signal(int)

    def __init__(
        self, viewer: Viewer, card: NodeItem, parameter: Parameter, field: Field, give: Callable[[str], object]
    ) -> None:
        super().__init__(viewer.viewport())
        self._viewer = viewer
        self._card = card
        self.field = field.name
        self._open = True
        self._refusal = ""
        self.setObjectName("field")
        self.editor = editor_for(parameter, field.text)
        self.editor.show_text(field.text)
        self.editor.setToolTip(parameter_tip(parameter))
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 1, 1, 1)
        row.setSpacing(4)
        name = QLabel(field.name)
        name.setProperty("role", "small")
        row.addWidget(name)
        row.addWidget(self.editor, 1)
        look = theme()
        self.setStyleSheet(
            f"#field {{ background: {look.sunken}; border: 1.5px solid {look.accent}; border-radius: 5px; }}"
            f"#field QLineEdit {{ border: none; background: transparent; padding: 0 4px; min-height: 20px; }}"
        )
        self.editor.edited.connect(give)
        self.editor.refused.connect(self._refused)
        viewer.view_changed.connect(self._stand)
        self._inner = self.editor.focusProxy() or self.editor
        self._inner.installEventFilter(self)
        self._stand()
        self.show()
        self._inner.setFocus(Qt.FocusReason.OtherFocusReason)
        line = getattr(self.editor, "line", None)
        if line is not None:
            line.selectAll()

    def _refused(self, why: str) -> None:
        self._refusal = why
        self.editor.setToolTip(why or self.editor.parameter.name)

    def _stand(self) -> None:
        chip = next((chip for chip in self._card.card.chips if chip.label == self.field), None)
        if self._card.scene() is None or chip is None:
            self.leave()
            return
        box = self._viewer.mapFromScene(self._card.mapRectToScene(chip_box(self._card.card, chip))).boundingRect()
        height = max(_LEAST[1], self.sizeHint().height())
        self.setGeometry(QRect(box.left() - 2, box.center().y() - height // 2, max(box.width() + 4, _LEAST[0]), height))

    def leave(self) -> None:
        """Close; what was typed and not taken is dropped."""
        if not self._open:
            return
        self._open = False
        self._inner.removeEventFilter(self)
        if self.isAncestorOf(QApplication.focusWidget() or self._viewer):
            self._viewer.setFocus()
        self.hide()
        self.closed.emit()
        self.deleteLater()

    # -------------------------------------------------------------- Qt
    def event(self, event: QEvent) -> bool:
        """Keep the window's shortcuts out while a value is typed; Save and a run stay in reach."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(not is_for_window(event))
            return event.isAccepted()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter, Esc and Tab; close when the hand goes elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(not is_for_window(event))
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(Qt.Key(event.key()))
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent) and event.reason() not in _PASSING:
            soon(self, self._left)
        return False

    def _key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            self.editor.show_text(self.editor.shown)
            self.leave()
            return True
        if key in (*_KEYS, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            line = getattr(self.editor, "line", None)
            if line is not None:
                line.editingFinished.emit()  # so the editor reads what was typed, and says if it is none
            if self._refusal:
                return True
            step = _KEYS.get(key)
            if step is None:
                self.leave()
            else:
                self.stepped.emit(step)
            return True
        return False

    def _left(self) -> None:
        focus = QApplication.focusWidget()
        open_list = isinstance(self._inner, QComboBox) and self._inner.view().isVisible()
        if self._open and not open_list and (focus is None or not self.isAncestorOf(focus)):
            self.leave()


class ChipEditing:
    """Opens the editor of a field on its card, and says which fields the card shows.

    Attributes
    ----------
    editor : FieldEditor, optional
        The one that is open.
    """

    def __init__(self, document: Document, viewer: Viewer, board: Board, changes: Changes) -> None:
        self._document = document
        self._viewer = viewer
        self._board = board
        self._changes = changes
        self.editor: FieldEditor | None = None

    def edit(self, card: NodeItem, name: str) -> None:
        """Edit a field of a card where it stands."""
        if self.editor is not None:
            self.editor.leave()
        node = card.node
        field = next((part for part in node.fields if part.name == name), None)
        parameter = _parameter(node, name)
        if field is None or parameter is None:
            return
        key = node.id

        def give(text: str) -> None:
            graph, merge = self._board.graph, f"{node.function}.{key}.{name}"
            self._changes.do(lambda: wiring.set_field(self._document.flow, graph, key, name, text), merge)

        if not self._viewer.visible_rect().contains(card.box()):
            self._viewer.center_on(card.box().center())
        self.editor = opened = FieldEditor(self._viewer, card, parameter, field, give)
        opened.closed.connect(lambda: self._closed(opened))
        opened.stepped.connect(lambda step: self._step(key, name, step))

    def edit_selected(self) -> None:
        """Edit the first field that the selected card shows."""
        cards = list(self._board.chosen_cards().values())
        if len(cards) == 1 and cards[0].card.chips:
            self.edit(cards[0], cards[0].card.chips[0].label)

    @property
    def possible(self) -> bool:
        """Whether one card is selected, and shows a field."""
        cards = list(self._board.chosen_cards().values())
        return len(cards) == 1 and bool(cards[0].card.chips)

    def _step(self, key: str, name: str, step: int) -> None:
        card = self._board.cards.get(key)
        labels = [chip.label for chip in card.card.chips] if card is not None else []
        if card is not None and name in labels:
            self.edit(card, labels[(labels.index(name) + step) % len(labels)])

    def _closed(self, editor: FieldEditor) -> None:
        self._document.seal()
        if self.editor is editor:
            self.editor = None

    # -------------------------------------------------------------- pins
    def pin(self, node: str, field: str, on: bool) -> None:
        """Let a card always show a field, or only if the script sets it."""
        self._changes.do(lambda: wiring.set_pin(self._board.graph, node, field, on))

    def entries(self, card: NodeItem, field: str = "") -> list[Entry]:
        """Return what the context menu of a card offers; `field` is the one under the cursor."""
        node = card.node
        fields = [part.name for part in node.fields if not part.wired and _parameter(node, part.name) is not None]
        found: list[Entry] = []
        if field in fields:
            found.append((f"Edit {field}…", "Double click", lambda: self.edit(card, field)))
        pins: list[Entry] = [
            (
                f"{'Unpin' if name in node.pins else 'Pin'} {name}",
                "",
                lambda n=name: self.pin(node.id, n, n not in node.pins),  # type: ignore[misc]
            )
            for name in fields
        ]
        if pins:
            found.append(("Fields on the card", "", pins))
        return found


def _parameter(node: Node, name: str) -> Parameter | None:
    """Return the parameter of a field; of what flodesk does not know, one of any type."""
    known = node.spec.parameter(name) if node.spec else None
    if known is not None:
        return known
    return Parameter(name=name, type="any", required=False) if any(f.name == name for f in node.fields) else None
