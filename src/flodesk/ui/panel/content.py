"""What a card asks of the widget in it, whatever that is."""

from __future__ import annotations

from collections.abc import Container
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.guard import Guarded


class Content(Guarded, QWidget):
    """The widget in a card: it says how it wants to lie there, so that the card knows none by its class."""

    titled: ClassVar[bool] = True
    """Whether the card writes its title over or beside it; else it has the whole of the card."""
    narrowest: ClassVar[int] = 0
    """Pixels that it needs beside its title in a card of one row; the title is shortened for them."""
    below: ClassVar[int] = 10
    """Pixels that stay free below it where its title stands over it."""

    failed = False
    """Whether something that Qt called on it has failed: the card shows that in its place."""

    def tip(self) -> str:
        """Return what the tooltip of the card says of it."""
        return ""

    def show_down(self, held: Container[str]) -> None:
        """Show for which nodes (``function.statement``) the run holds a press that no call has read yet."""

    def begin_run(self) -> None:
        """Take note that what comes from now on is of another run."""

    def end_run(self, why: str = "", forced: bool = False) -> None:
        """Show that the run is over, however it ended; `why` says what failed, where something did.

        Where it was `forced` its process has gone, too, and nothing in it could say its last word.
        """

    def wear_theme(self) -> None:
        """Take the colours of the theme in force."""
        self.update()
