"""Controls with a dialog: a file or folder, a colour. Each can be typed, too."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QColorDialog, QFileDialog, QToolButton, QWidget

from flodesk.ui.panel.controls.switches import TextField
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Setting
from flodesk.ui.panel.touch import reach
from flodesk.ui.save_dialog import ask_name, filters_of
from flodesk.ui.theme import theme
from flodesk.ui.theme.icons import wear


class PathField(TextField):
    """A file that is there, one to be written, or a folder: typed, or chosen in a dialog."""

    narrowest = 120

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        self.choose = QToolButton()
        super().__init__(setting, parent)
        self.choose.setToolTip("Choose a folder" if setting.asks == "folder" else "Choose a file")
        self.choose.setAccessibleName(f"{self.choose.toolTip()} for {setting.title}")
        self.choose.setFixedSize(reach(self, 30), reach(self, 30))
        wear(self.choose, "folder", "muted")
        self.choose.clicked.connect(self._ask)
        self.row.setSpacing(6)
        self.row.addWidget(self.choose)

    def show_setting(self, setting: Setting) -> None:
        """Show another state; a long path is told in full by the tooltip of the field."""
        super().show_setting(setting)
        self.choose.setEnabled(not setting.wired)
        self.edit.setToolTip(self.edit.text())

    def _ask(self) -> None:
        title, now = f"Choose {self.setting.title}", self.edit.text()
        if self.setting.asks == "folder":
            path = QFileDialog.getExistingDirectory(self, title, now)
        elif self.setting.asks == "save":
            path = str(ask_name(self, title, now, filters_of(self.setting.endings)) or "")
        else:
            path, _ = QFileDialog.getOpenFileName(self, title, now)
        if path:
            self.turn(path)
            self.show_setting(self.setting)
            self.let_go()


class Swatch(QToolButton):
    """A button that shows a colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ink = QColor()
        self.setFixedSize(reach(self, 30), reach(self, 30))
        self.setToolTip("Choose a colour")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, and the colour on it; of a text that is none a line across."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field = self.rect().toRectF().adjusted(6.5, 6.5, -6.5, -6.5)
        painter.setPen(color(theme().line_strong))
        painter.setBrush(self.ink if self.ink.isValid() else color(theme().raised))
        painter.drawRoundedRect(field, 3, 3)
        if not self.ink.isValid():
            painter.drawLine(field.bottomLeft(), field.topRight())
        painter.end()


class ColorField(TextField):
    """A colour as ``#rrggbb``: typed, or chosen in a dialog."""

    narrowest = 110

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        self.swatch = Swatch()
        super().__init__(setting, parent)
        self.swatch.clicked.connect(self._ask)
        self.row.setSpacing(6)
        self.row.insertWidget(0, self.swatch)
        self.edit.setMaximumWidth(120)
        self.row.addStretch(1)

    def show_setting(self, setting: Setting) -> None:
        """Show another state."""
        super().show_setting(setting)
        self.swatch.ink = QColor.fromString(self.edit.text())
        self.swatch.setEnabled(not setting.wired)
        self.swatch.setAccessibleName(f"Choose a colour for {setting.title}")
        self.swatch.update()

    def turn(self, value: Any) -> None:
        """Take a colour; a text that is none stays as it was."""
        if QColor.fromString(str(value)).isValid():
            super().turn(value)
        self.edit.setModified(False)
        self.show_setting(self.setting)

    def _ask(self) -> None:
        chosen = QColorDialog.getColor(self.swatch.ink, self, f"Choose {self.setting.title}")
        if chosen.isValid():
            self.turn(chosen.name())
            self.let_go()
