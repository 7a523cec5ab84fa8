"""One row of the inspector: name and unit, the editor, a way back to the default, and room for a refusal."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from flodesk.flow.graph import Field
from flodesk.flow.model import Literal, Symbol
from flodesk.flow.spec import Parameter
from flodesk.ui.dock import small_button
from flodesk.ui.help import parameter_tip, shown
from flodesk.ui.inspector.editors import Editor, editor_for
from flodesk.ui.inspector.named_fields import NamedFields
from flodesk.ui.inspector.offered import OfferedEditor
from flodesk.ui.theme.icons import wear

DRAGGED = "Drag the name onto the panel to have it there."


class FieldRow(QWidget):
    """A parameter with its editor. `changed` gives its new Python text, None for "back to the default"."""

    changed = Signal(object)
    settled = Signal()
    pinned = Signal(bool)

    def __init__(self, parameter: Parameter, field: Field, source: str) -> None:
        super().__init__()
        self.parameter = parameter
        self.editor: Editor | None = None
        self.wired: Elided | None = None
        """What stands in the editor's place where a wire gives the value."""
        self.grid = grid = NamedFields()
        self.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(1)
        grid.setColumnMinimumWidth(2, 20)
        self.label = name_label(parameter.name, parameter.unit, f"{parameter_tip(parameter)}<br>{DRAGGED}")
        self.error = error_label(self)
        self.reset = small_button(
            "reset", f"Back to the default: {shown(parameter.default)}", lambda: self.changed.emit(None)
        )
        self.pin: QToolButton = small_button("pin", "", lambda: self.pinned.emit(self.pin.isChecked()))
        self.pin.setParent(self)
        self.pin.setCheckable(True)
        self.pin.setVisible(not field.wired)
        if field.wired:
            self.wired = wired_label(source)
            grid.add_line(self.label, self.wired)
        else:
            self.editor = OfferedEditor(parameter) if offers(parameter, field) else editor_for(parameter, field.text)
            self.editor.setToolTip(parameter_tip(parameter))
            self.editor.setMinimumWidth(60)  # in place of its hint: the page must fit a narrow dock
            grid.add_line(self.label, self.editor, self.reset, self.pin, wide=self.editor.wide)
            grid.add_line(None, self.error, wide=self.editor.wide)
            self.editor.refused.connect(self.refuse)
            self.editor.edited.connect(self.changed.emit)
            self.editor.settled.connect(self.settled)
        self.reset.setParent(self)
        self.reset.hide()
        for button in (self.reset, self.pin):  # a pad as wide as that of other buttons would leave the sign no room
            button.setFixedSize(20, 26)
            button.setIconSize(QSize(15, 15))
            button.setStyleSheet("QToolButton { padding: 0; }")
        self.show_field(field)

    def show_field(self, field: Field) -> None:
        """Show the value as it stands in the flow now."""
        self._stands = field.text
        if self.editor is not None:
            self.editor.show_text(field.text)
            self.reset.setVisible(field.given and not self.parameter.required)

    def show_pin(self, on: bool) -> None:
        """Show whether the card always shows the field."""
        words = "Show it on the card only if it is set" if on else "Always show it on the card"
        self.pin.setChecked(on)
        self.pin.setToolTip(words)
        self.pin.setAccessibleName(f"{words}: {self.parameter.name}")
        wear(self.pin, "pin", "accent" if on else "faint")

    def not_taken(self, message: str) -> None:
        """Say why the flow has not taken a value: the words stay as they were typed, and are no value yet."""
        if self.editor is not None:
            self.editor.shown = self._stands
        self.refuse(message)

    def refuse(self, message: str) -> None:
        """Say beside the field why a value was not taken; empty takes the words away."""
        if message == self.error.text():
            return
        self.error.setText(message)
        self.error.setVisible(bool(message))
        line = getattr(self.editor, "line", None)
        if line is not None:
            line.setProperty("invalid", bool(message))
            line.style().polish(line)


def offers(parameter: Parameter, field: Field) -> bool:
    """Say whether the engine computes what a field can be chosen from."""
    value = Literal(field.text).value if field.text else None
    return parameter.widget == "choices" and not isinstance(value, Symbol)


def error_label(parent: QWidget | None = None) -> QLabel:
    """Return room for words about what was refused, hidden until there are some."""
    label = QLabel(parent)
    label.setProperty("role", "error")
    label.setWordWrap(True)
    label.hide()
    return label


def name_label(name: str, unit: str, tip: str) -> QLabel:
    """Return the label in front of an editor."""
    words = name.replace("_", " ")
    label = QLabel(f"{words} <span style='font-size:11px'>{unit}</span>" if unit else words)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    label.setToolTip(tip)
    return label


def wired_words(source: str) -> str:
    """Return what is said of an input that this is wired to."""
    return f"from {source}" if source else "open: nothing is wired to it"


def wired_label(source: str) -> Elided:
    """Return what stands in the editor's place where a wire gives the value."""
    label = Elided(wired_words(source))
    label.setProperty("role", "chip" if source else "error")
    return label


class Elided(QLabel):
    """A line that is cut with … where the room ends, and said in full by its tooltip: it never asks for width."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(0)
        self.setToolTip(words)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)

    def say(self, words: str) -> None:
        """Show other words."""
        if words != self.words:
            self.words = words
            self.setToolTip(words)
            self._cut()

    def minimumSizeHint(self) -> QSize:
        """Need a line's height, and no width."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the words to the new width."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = self.contentsRect().width() - 2
        self.setText(self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, max(room, 0)))
