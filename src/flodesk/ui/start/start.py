"""What the program begins with: the start page, the flow of last time, or the live example."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMainWindow

from flodesk.engine.places.session.left_there import Left, all_left
from flodesk.flow.catalog import Catalog
from flodesk.resource import resource
from flodesk.ui.examples import examples
from flodesk.ui.files import Files
from flodesk.ui.gallery import Gallery, packed
from flodesk.ui.settings import settings
from flodesk.ui.start.page import AT_START, TEXT, StartPage
from flodesk.ui.start.pictures import Pictures
from flodesk.ui.start.second_click import SecondClick
from flodesk.ui.theme import current
from flodesk.ui.tour import Tour

_SETTING = "start/with"
_LATER = "The examples, and the tour again, are in the Help menu"


class Start(QObject):
    """Fills the page and does what is chosen there.

    Signals: `run_wanted` asks for a run of the live example; `changed` when the page was opened or closed; `said` gives
    a sentence for the status bar.
    """

    run_wanted = Signal()
    said = Signal(str)
    changed = Signal()

    def __init__(self, window: QMainWindow, files: Files, catalog: Catalog) -> None:
        super().__init__(window)
        self._files = files
        self.page = StartPage(window)
        self.gallery = Gallery(window, files)
        self.tour = Tour(window, self.gallery.open)
        self.gallery.tour_wanted.connect(self.take_tour)
        self._pictures = Pictures(self, catalog)
        self._pictures.painted.connect(self._painted)
        page = self.page
        page.new_wanted.connect(files.new)
        page.open_wanted.connect(files.ask_open)
        page.live_wanted.connect(self.live)
        page.flow_wanted.connect(files.open)
        page.example_wanted.connect(lambda source: files.open_example(Path(source).stem))
        page.forgotten.connect(self._forget)
        page.begin_with.connect(lambda key: settings().setValue(_SETTING, key))
        page.left.connect(self.hide)
        files.opened.connect(lambda _: self.hide())
        self.guard = SecondClick(page)
        page.recent.pressed.connect(self.guard.begin)
        page.gallery.pressed.connect(self.guard.begin)
        current.changed.connect(self._paint)

    @property
    def is_open(self) -> bool:
        """Whether the page is seen."""
        return not self.page.isHidden()

    # -------------------------------------------------------------- verbs
    def begin(self) -> None:
        """Begin: for whom nothing was ever opened or saved with the live example, already running, and the tour."""
        recent, wanted = self._files.recent(), self.wanted()
        if recent and wanted == "page":
            self.show()
        elif not (recent and wanted == "last" and self._files.open(recent[0])):
            self.live()
            if not recent and not self.tour.was_seen():
                self.tour.begin(then=lambda: self.said.emit(_LATER))

    def live(self) -> None:
        """Open the live example and run it."""
        if self._files.open_example():
            self.run_wanted.emit()

    def take_tour(self) -> None:
        """Begin the tour through the window."""
        self.hide()
        self.tour.begin()

    def toggle(self) -> None:
        """Show the page, or close it."""
        if self.is_open:
            self.hide()
        else:
            self.show()

    def show(self) -> None:
        """Show the page."""
        self._fill()
        self.page.open_page()
        self.changed.emit()

    def hide(self) -> None:
        """Close the page; the keyboard goes to the canvas."""
        if not self.page.isHidden():
            self.page.hide()
            self._files.home().setFocus()
            self.changed.emit()

    def covered(self, pixels: int) -> None:
        """Give way to a message: it lies over the canvas, and must be seen."""
        if pixels:
            self.hide()

    def close(self) -> None:
        """Paint nothing more: the window is being closed."""
        self.gallery.close()
        self.tour.close()
        self._pictures.close()

    def wanted(self) -> str:
        """Return what flodesk shall begin with: a key of `AT_START`."""
        key = str(settings().value(_SETTING, "page"))
        return key if key in AT_START else "page"

    # -------------------------------------------------------------- what stands there
    def _fill(self) -> None:
        page = self.page
        left = {one.path: one for one in all_left() if one.path}
        recent = [(path, left.get(str(path.resolve()))) for path in self._files.recent()]
        page.recent.show_flows([(str(path), self._told(path, one), _tip(path, one)) for path, one in recent])
        page.gallery.show_flows(
            [(str(_source(name)), title, f"{title}\nA copy is opened: {name}") for name, title in examples().items()]
        )
        page.begin.setCurrentIndex(list(AT_START).index(self.wanted()))
        self._paint()

    def _paint(self) -> None:
        if self.is_open or self.page.gallery.count():
            size, missing = self.page.gallery.size_of_pictures, []
            for name in examples():
                if (image := packed(name, current.theme, size)) is not None:
                    self.page.gallery.show_picture(str(_source(name)), image)
                else:
                    missing.append(_source(name))
            self._pictures.paint([*self._files.recent(), *missing], current.theme, size)

    def _painted(self, path: str, theme: str, image: QImage) -> None:
        if theme == current.theme.name:
            for tiles in (self.page.recent, self.page.gallery):
                tiles.show_picture(path, image)

    def _forget(self, path: str) -> None:
        self._files.forget(Path(path))
        self._fill()
        self.page.open_page()

    def _told(self, path: Path, left: Left | None = None) -> str:
        """Return what is written beside a recent flow: name, folder, and when it was changed, or its run was left."""
        home, folder = Path.home(), str(path.parent)
        if path.parent.is_relative_to(home):
            folder = str(Path("~") / path.parent.relative_to(home))
        lines = [path.name, folder]
        if left is not None:
            lines.append(f"Left {_left_at(left.at)}")
        else:
            with contextlib.suppress(OSError):  # it has gone, or its disk: what opens it says so
                lines.append(time.strftime("%Y-%m-%d %H:%M", time.localtime(path.stat().st_mtime)))
        fonts = self.page.recent.fontMetrics()
        return "\n".join(fonts.elidedText(line, Qt.TextElideMode.ElideMiddle, TEXT) for line in lines)


def _left_at(at: float) -> str:
    then, now = time.localtime(at), time.localtime()
    return time.strftime("at %H:%M" if then[:3] == now[:3] else "on %Y-%m-%d", then)


def _tip(path: Path, left: Left | None) -> str:
    if left is None:
        return str(path)
    return f"{path}\nA run of it was left on the server {left.place}. Open it to come back to that."


def _source(name: str) -> Path:
    return resource(f"examples/{name}.py")


__all__ = ["Start"]
