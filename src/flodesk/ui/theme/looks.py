"""Which theme is in force: dark, light, or the system's; remembered in the settings."""

from __future__ import annotations

from typing import Literal, get_args

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from flodesk.ui.settings import settings
from flodesk.ui.theme import DARK, LIGHT, Theme, current
from flodesk.ui.theme.style import dress

Mode = Literal["system", "dark", "light"]
_THEMES: dict[str, Theme] = {"dark": DARK, "light": LIGHT}


class Looks(QObject):
    """The choice between the themes; the verbs behind the View menu. `changed` follows the theme and the mode."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        stored = str(settings().value("theme", "system"))
        self.mode: Mode = stored if stored in get_args(Mode) else "system"  # type: ignore[assignment]
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._wear()

    def use(self, mode: Mode) -> None:
        """Choose a theme, or follow the system."""
        self.mode = mode
        settings().setValue("theme", mode)
        self._wear()

    def toggle(self) -> None:
        """Change from dark to light and back."""
        self.use("light" if current.theme.dark else "dark")

    def dark(self) -> None:
        """Choose the dark theme."""
        self.use("dark")

    def light(self) -> None:
        """Choose the light theme."""
        self.use("light")

    def system(self) -> None:
        """Follow the system."""
        self.use("system")

    @property
    def chose_dark(self) -> bool:
        """Whether the dark theme was chosen."""
        return self.mode == "dark"

    @property
    def chose_light(self) -> bool:
        """Whether the light theme was chosen."""
        return self.mode == "light"

    @property
    def chose_system(self) -> bool:
        """Whether the system's theme is followed."""
        return self.mode == "system"

    def _follow(self) -> None:
        if self.mode == "system":
            self._wear()

    def _wear(self) -> None:
        light = self._app.styleHints().colorScheme() == Qt.ColorScheme.Light
        wanted = _THEMES.get(self.mode, LIGHT if light else DARK)
        dress(self._app, wanted)
        current.use(wanted)
        self.changed.emit()
