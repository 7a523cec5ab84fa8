"""The line above the control panel: its name, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from flodesk.ui.menu_button import opens
from flodesk.ui.menus import emptied
from flodesk.ui.theme.icons import wear

_LEAST, _WORDS = 160, 480
"""Width in pixels of a narrow bar, and that from which there is room for the words of the buttons."""


class Bar(QWidget):
    """A heading and its buttons. `menu_wanted` is emitted with an empty menu to fill each time that it opens."""

    arrange_wanted = Signal(bool)
    menu_wanted = Signal(QMenu)
    presets_wanted = Signal(QMenu)
    """The same for the menu of the presets."""
    more_wanted = Signal(QMenu)
    """The same for what can be done with pages and screens."""
    leave_wanted = Signal()
    """The panel is to leave the whole screen."""
    history_wanted = Signal(bool)
    """The bar of time is wanted, or not any more."""
    live_wanted = Signal()
    """The newest values are wanted, instead of those of the past."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = "Control panel"
        self.heading = QLabel(self._name)
        self.heading.setProperty("role", "heading")
        self.add = QToolButton()
        self.add.setText("Add view")
        self.add.setToolTip("Show another control or indicator of the flow on the panel")
        self.menu = QMenu(self.add)
        self.menu.aboutToShow.connect(self._fill)
        opens(self.add, self.menu)
        wear(self.add, "add", "muted")
        self.presets = QToolButton()
        self.presets.setText("Presets")
        self.presets.setToolTip("Keep what the controls are set to under a name, and bring it back (Alt+1, Alt+2 …)")
        self.presets_menu = QMenu(self.presets)
        self.presets_menu.aboutToShow.connect(self._fill_presets)
        opens(self.presets, self.presets_menu)
        wear(self.presets, "list", "muted")
        self.arrange = QToolButton()
        self.arrange.setText("Arrange")
        self.arrange.setCheckable(True)
        self.arrange.setToolTip("Move, resize and remove views; press again to use them")
        wear(self.arrange, "layout", "muted")
        self.arrange.toggled.connect(self.arrange_wanted)
        self.history = QToolButton()
        self.history.setText("History")
        self.history.setCheckable(True)
        self.history.setToolTip("Move all views to the same turn of the past; the run goes on meanwhile")
        self.history.toggled.connect(self.history_wanted)
        wear(self.history, "history", "muted")
        self.past = QToolButton()
        self.past.setToolTip("The views show a moment of the past; press for the newest values")
        self.past.setAccessibleName("Show the newest values")
        self.past.clicked.connect(self.live_wanted)
        self.past.hide()
        wear(self.past, "history", "warning")
        self.more = QToolButton()
        self.more.setToolTip("Pages, full screen, a window of its own")
        self.more.setAccessibleName("Pages and screens")
        self.more_menu = QMenu(self.more)
        self.more_menu.aboutToShow.connect(self._fill_more)
        opens(self.more, self.more_menu)
        wear(self.more, "dots", "muted")
        self.leave = QToolButton()
        self.leave.setText("Leave full screen")
        self.leave.setToolTip("Show the panel in its window again (Esc)")
        self.leave.clicked.connect(self.leave_wanted)
        self.leave.hide()
        wear(self.leave, "close", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(4)
        self.heading.setMinimumWidth(20)
        row.addWidget(self.heading, 1)
        for button in (self.past, self.history, self.presets, self.add, self.arrange, self.more, self.leave):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)

    def minimumSizeHint(self) -> QSize:
        """Leave the panel free to become narrow: the buttons lose their words."""
        return QSize(_LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show words where there is room for them."""
        super().resizeEvent(event)
        styles = Qt.ToolButtonStyle
        wide = event.size().width() >= _WORDS
        for button in (self.history, self.presets, self.add, self.arrange):
            button.setToolButtonStyle(styles.ToolButtonTextBesideIcon if wide else styles.ToolButtonIconOnly)

    def show_editing(self, on: bool) -> None:
        """Show whether the panel is being arranged."""
        self.arrange.setChecked(on)
        self.heading.setText(f"{self._name}: drag to move, drag an edge to resize" if on else self._name)

    def call(self, name: str) -> None:
        """Head it by another name."""
        self._name = name
        self.show_editing(self.arrange.isChecked())

    def show_full(self, on: bool) -> None:
        """Show the way back from the whole screen, while the panel has that."""
        self.leave.setVisible(on)

    def show_past(self, words: str) -> None:
        """Say which moment of the past is shown; an empty text: the newest values are."""
        self.past.setText(f"{words} · back to live")
        self.past.setVisible(bool(words))

    def _fill_presets(self) -> None:
        self.presets_wanted.emit(emptied(self.presets_menu))

    def _fill_more(self) -> None:
        self.more_wanted.emit(emptied(self.more_menu))

    def _fill(self) -> None:
        self.menu_wanted.emit(emptied(self.menu))
