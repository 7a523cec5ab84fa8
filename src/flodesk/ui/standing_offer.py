"""What the bar says of a run elsewhere, kept true: it is looked again when the server tells that something changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from flodesk.ui.message_bar import Level, MessageBar
from flodesk.ui.queues.ears import Ears

Actions = tuple[tuple[str, Callable[[], object]], ...]


class StandingOffer(QObject):
    """A message of the bar that stands until a hand takes it away, or until it is no longer true.

    Signals: `outdated` when something has changed on the server while it stands.
    """

    outdated = Signal()

    def __init__(self, parent: QObject, bar: MessageBar) -> None:
        super().__init__(parent)
        self._bar = bar
        self._text = ""
        self._of: object = None
        self._ears = Ears(self)
        self._ears.heard.connect(self._heard)

    @property
    def stands(self) -> bool:
        """Whether it is to be seen."""
        return bool(self._text) and self._bar.text == self._text

    def show(self, text: str, actions: Actions, of: object, url: str, level: Level = "info") -> None:
        """Show it; where it says the same `of` the same, and stands, its buttons stay as they are."""
        if not self.stands or (text, of) != (self._text, self._of):
            self._bar.show_message(text, level, actions, stays=True)
        self._text, self._of = self._bar.text, of
        if url:
            self._ears.attend(url, ())

    def take_away(self) -> None:
        """Say it no longer, and hear of nothing."""
        if self.stands:
            self._bar.clear()
        self.rest()

    def rest(self) -> None:
        """Hear of nothing any more."""
        self._text = ""
        self._ears.end()

    def close(self) -> None:
        """Hear of nothing any more. Final."""
        self._ears.close()

    def _heard(self) -> None:
        if self.stands:
            self.outdated.emit()
        else:
            self.rest()
