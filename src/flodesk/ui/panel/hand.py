"""What a hand turns on the panel: at once to the engine, a moment later into the flow.

An edit of the document is followed by everything in the window. A slider that is dragged would do that a hundred times
a second: its values go to the run as they come, and into the flow at most each `MOMENT`, and when the hand lets go.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer

from flodesk.flow.document import Document
from flodesk.flow.edit import Edit, EditError, SetParameter
from flodesk.ui.panel.setting import Setting
from flodesk.ui.panel.views import Views

MOMENT = 50
"""Milliseconds between two edits of the flow while something is being turned."""


class Hand(QObject):
    """Brings turned values on their way.

    Attributes
    ----------
    give : callable
        Hands an edit to the engine before the document has it.
    """

    def __init__(self, parent: QObject, document: Document, views: Views) -> None:
        super().__init__(parent)
        self._document = document
        self._views = views
        self._turned: dict[str, tuple[Setting, Any]] = {}
        """What the flow does not say yet, by the key of its view."""
        self.give: Callable[[SetParameter], None] = lambda edit: None
        self._moment = QTimer(self, singleShot=True, interval=MOMENT)
        self._moment.timeout.connect(self._next)
        settle = self.settle
        document.unsettled.append(settle)
        self.destroyed.connect(partial(_forget, document.unsettled, settle))

    def turn(self, key: str, setting: Setting, value: Any) -> None:
        """Take a value that a hand has set on the view `key`."""
        try:
            edit = setting.edit(self._document.flow, value)
        except EditError:
            pass  # said when it is to be written
        else:
            if isinstance(edit, SetParameter):
                self.give(edit)
        self._turned[key] = setting, value
        if not self._moment.isActive():
            self._next()

    def set_once(self, key: str, setting: Setting, value: Any) -> None:
        """Take a value that a hand has set by one click: a step of undo by itself."""
        self.release()
        self.turn(f"{key}.{setting.parameter}", setting, value)
        self.release()

    def release(self) -> None:
        """Let go: what was turned since the last release is one step of undo."""
        self.settle()
        self._document.seal()

    def settle(self) -> None:
        """Write into the flow what it does not say yet: somebody wants it as it is."""
        turned, self._turned = self._turned, {}
        for key, (setting, value) in turned.items():
            self._views.do(partial(self._edit, setting, value), merge=f"panel:{key}")

    def _next(self) -> None:
        if self._turned:
            self._moment.start()
            self.settle()

    def _edit(self, setting: Setting, value: Any) -> Edit:
        return setting.edit(self._document.flow, value)


def _forget(listeners: list[Callable[[], None]], listener: Callable[[], None], _: QObject | None = None) -> None:
    """End to listen: a document outlives the panels that show it."""
    if listener in listeners:
        listeners.remove(listener)
