"""Controls with a dialog: a file or folder, a colour. Each can be typed, too."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QColorDialog, QToolButton, QWidget

from flodesk.ui.flow_folder import TellsInFull, ask_path
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.controls.entry import Entry
from flodesk.ui.panel.controls.switches import TextField, word
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Setting
from flodesk.ui.panel.touch import reach
from flodesk.ui.theme import theme
from flodesk.ui.theme.icons import wear


class PathField(TextField):
    """A file that is there, one to be written, or a folder: typed, or chosen in a dialog."""

    narrowest = 120

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        self.choose = QToolButton()
        super().__init__(setting, parent)
        TellsInFull(self.edit)
        self.choose.setToolTip("Choose a folder" if setting.asks == "folder" else "Choose a file")
        self.choose.setAccessibleName(f"{self.choose.toolTip()} for {setting.title}")
        self.choose.setFixedSize(reach(self, 30), reach(self, 30))
        wear(self.choose, "folder", "muted")
        self.choose.clicked.connect(self._ask)
        self.row.setSpacing(6)
        self.row.addWidget(self.choose)

    def show_setting(self, setting: Setting) -> None:
        """Show another state."""
        super().show_setting(setting)
        self.choose.setEnabled(not setting.wired)

    def _ask(self) -> None:
        setting = self.setting
        if path := ask_path(self, f"Choose {setting.title}", self.edit.text(), setting.asks, setting.endings):
            self.turn(path)
            self.show_setting(self.setting)
            self.let_go()


class Swatch(QToolButton):
    """A button that shows a colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ink = QColor()
        self.setFixedSize(reach(self, 30), reach(self, 30))
        self.setToolTip("Choose a color")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, and the colour on it; of a text that is none a line across."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            field = self.rect().toRectF().adjusted(6.5, 6.5, -6.5, -6.5)
            painter.setPen(color(theme().line_strong))
            painter.setBrush(self.ink if self.ink.isValid() else color(theme().raised))
            painter.drawRoundedRect(field, 3, 3)
            if not self.ink.isValid():
                painter.drawLine(field.bottomLeft(), field.topRight())


class ColorEntry(Entry):
    """Shows and takes one colour.

    `entered` is emitted with a new one, as ``#rrggbb``, however it was typed.
    """

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = ""

    def show_color(self, value: str) -> None:
        """Show a colour; what is being typed is left alone unless it is another one."""
        if self.isModified() and value == self.value:
            return
        self.value = value
        self.setModified(False)
        self.fit()

    def fit(self) -> None:
        """Show the colour, unless another one is being typed."""
        if not self.isModified():
            self.setText(self.value)
            self.setCursorPosition(0)

    def step_by(self, steps: float) -> None:
        """Do nothing: there is none next to a colour."""

    def enter(self) -> None:
        """Take the colour that was typed, be it a name or three digits."""
        if not self.isModified():
            return
        text = self.text().strip()
        typed = QColor.fromString(text)
        if not typed.isValid():
            self.say(f"“{text}” is not a color. Type something like “#1663d8” or “red”.")
            return
        self.setModified(False)
        self.show_color(typed.name())
        self.selectAll()
        if typed.alpha() < _OPAQUE:
            self.say(f"“{text}” was taken as {typed.name()}: a color has no transparency here.")
        self.entered.emit(typed.name())


class ColorField(Control):
    """A colour as ``#rrggbb``: typed, or chosen in a dialog."""

    narrowest = 110

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.swatch = Swatch()
        self.edit = ColorEntry(self)
        self.edit.setMaximumWidth(120)
        self.row.setSpacing(6)
        self.row.addWidget(self.swatch, 0, Qt.AlignmentFlag.AlignVCenter)
        self.row.addWidget(self.edit)
        self.row.addStretch(1)
        self.setFocusProxy(self.edit)
        self.swatch.clicked.connect(self._ask)
        self.edit.entered.connect(self._take)
        self.show_setting(setting)

    def show_setting(self, setting: Setting) -> None:
        """Show another state; what is being typed is left alone."""
        super().show_setting(setting)
        self.edit.show_color(word(setting.value))
        self.edit.setReadOnly(bool(setting.wired) or not isinstance(setting.value, str | None))
        self.edit.setAccessibleName(setting.title)
        self.swatch.ink = QColor.fromString(self.edit.value)
        self.swatch.setEnabled(not setting.wired)
        self.swatch.setAccessibleName(f"Choose a color for {setting.title}")
        self.swatch.update()

    def _take(self, value: str) -> None:
        self.turn(value)
        self.show_setting(self.setting)
        self.let_go()

    def _ask(self) -> None:
        chosen = QColorDialog.getColor(self.swatch.ink, self, f"Choose {self.setting.title}")
        if chosen.isValid():
            self._take(chosen.name())


_OPAQUE = 255
