"""A dock with a quiet heading, room for a few buttons beside it, and a way to close it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from flodesk.ui.theme.icons import wear


class Dock(QDockWidget):
    """A dock around `content`.

    Signals: `left` when it was closed while it had the keyboard; `wanted` when somebody brings it before the others.

    Parameters
    ----------
    name : str
        Identifies it in the stored layout.
    buttons : tuple of QWidget
        Stand in its heading.
    worked_in : bool
        Who opens it wants to work in it: it gets the keyboard.
    """

    left = Signal()
    wanted = Signal()

    def __init__(
        self, name: str, title: str, content: QWidget, buttons: tuple[QWidget, ...] = (), *, worked_in: bool = False
    ) -> None:
        super().__init__(title)
        self._worked_in = worked_in
        self._in_front = False
        self.visibilityChanged.connect(self._seen)
        self.setObjectName(name)
        self.setWidget(content)
        content.setProperty("surface", True)
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar = QWidget()
        bar.setProperty("surface", True)
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 5, 6, 5)
        row.setSpacing(2)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        row.addWidget(heading)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self._cross = small_button("close", f"Close {title}", self.close)
        row.addWidget(self._cross)
        self.setTitleBarWidget(bar)

    def toggle(self) -> None:
        """Show it, or bring it before the docks that share its place, with the keyboard; hide one that is in front."""
        behind = not self.isHidden() and not self._in_front
        if not self.isHidden() and not behind:
            self.hide()
            return
        self.come()
        content = self.widget()
        if content is not None and (self._worked_in or behind):
            self._first(content).setFocus()

    def come(self) -> None:
        """Show it, before the docks that share its place."""
        self.show()
        self.raise_()
        self.wanted.emit()

    def _first(self, content: QWidget) -> QWidget:
        """Return what of the content takes the keyboard: its proxy, else the next that is seen; at worst the cross."""
        first = content
        while (proxy := first.focusProxy()) is not None:
            first = proxy
        takes = Qt.FocusPolicy.TabFocus
        if first.focusPolicy() != Qt.FocusPolicy.NoFocus and first.isVisibleTo(self):
            return first
        inside = [w for w in content.findChildren(QWidget) if w.isVisibleTo(self) and w.isEnabled()]
        return next((w for w in inside if w.focusPolicy() & takes), self._cross)

    def _seen(self, is_seen: bool) -> None:
        self._in_front = is_seen

    def setVisible(self, visible: bool) -> None:
        """Show or hide it; who worked in it is told where to go on, else Qt takes the keyboard to the next best."""
        focus = QApplication.focusWidget() or self.window().focusWidget()
        goes = not visible and not self.isHidden() and focus is not None and self.isAncestorOf(focus)
        super().setVisible(visible)
        if goes:
            self.left.emit()

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return not self.isHidden()


def small_button(icon_name: str, tip: str, do: object) -> QToolButton:
    """Return a flat button that shows an icon only."""
    button = QToolButton()
    wear(button, icon_name, "muted")
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(do)
    return button
