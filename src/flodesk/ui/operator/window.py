"""The window of operators: one bar, and below it the panel, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from flodesk.flow.app import App, app_of
from flodesk.flow.password import matches, same
from flodesk.ui.calling import Calling
from flodesk.ui.commands.keymap import keymap
from flodesk.ui.commands.table import command
from flodesk.ui.let_go import LetGo
from flodesk.ui.message_bar import Level
from flodesk.ui.operator.bar import OperatorBar
from flodesk.ui.operator.kept import Kept
from flodesk.ui.operator.opening import Opening
from flodesk.ui.operator.page import Page, Trouble
from flodesk.ui.operator.page_windows import FULL, PageWindows
from flodesk.ui.operator.telling import Telling
from flodesk.ui.operator.unlocking import Unlocking
from flodesk.ui.panel.touch import TOUCH
from flodesk.ui.soon import soon
from flodesk.ui.station import Station
from flodesk.ui.theme import theme
from flodesk.ui.theme.looks import Looks
from flodesk.ui.trust.judging import Judging

_SIZE, _LEAST = (1100, 720), (480, 320)
"""Width and height at first and at least, in pixels."""
_LISTED = 5
"""So many problems are told at once."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever starts an app asks for, beside what its file says.

    Attributes
    ----------
    password : str, optional
        Opens the flow for editing, in the place of the file's own.
    """

    full_screen: bool = False
    touch: bool = False
    start: bool = False
    password: str | None = None


class Operator(QWidget):
    """Shows a flow to those who run it and do not change it.

    Parameters
    ----------
    station : Station
        Has the flow; with a `path` it is this window's own, which opens the file and ends the engine.
    editor : callable, optional
        Opens the whole program over the station, and gets this window; without one there is no way there.
    judging : Judging, optional
        Says whether the flow may run, where another window has asked already.
    """

    closed = Signal()

    def __init__(
        self,
        looks: Looks,
        station: Station,
        wishes: Wishes | None = None,
        *,
        path: Path | None = None,
        editor: Callable[[Operator], object] | None = None,
        judging: Judging | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("operator")
        LetGo(self)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(*_LEAST)
        self._usual = QSize(*_SIZE).boundedTo(self.screen().availableSize())
        """The size that it has while it does not fill the screen."""
        self.resize(self._usual)
        self.looks, self.station, self.run = looks, station, station.run
        self.wishes, self._editor = wishes or Wishes(), editor
        self.leaving = False
        """Whether it may be closed without a question."""
        self.code = 0
        """The exit code of a program that has this window alone."""
        self._question: tuple[str, Level] = ("Nothing of it runs until you say so.", "info")
        # not at once: of a timer that is still to fire when its object goes, Qt for Python never lets the callable go
        self._goes = QTimer(self, singleShot=True, interval=50)
        self._goes.timeout.connect(self.deleteLater)
        self.calling = Calling(station.document, lambda: station.checking.catalog, str)
        self.telling = Telling(self, station.run, self.calling)
        self.kept = Kept(self, station.document, self.telling.say, beside=path is not None)
        self.opening: Opening | None = None
        if path is not None:
            station.setParent(self)
            judging = Judging(self, station.document, seen=False)
            self.opening = Opening(self, station, self.kept, self.telling.say, path)
        assert judging is not None, "who has the station has judged its flow"
        self.judging = judging
        judging.asked.connect(self._asked)
        if self.opening is not None:
            self.run.consent, self.run.edits.goes_on = judging.consent, judging.goes_on
            judging.start = self.run.start
            self.opening.open()
        self._build()
        self._connect()
        self.refresh()

    @property
    def app(self) -> App:
        """What the flow says of itself as an app."""
        return app_of(self.station.document.flow)

    @property
    def own(self) -> bool:
        """Whether the engine ends with this window."""
        return self.opening is not None

    # -------------------------------------------------------------- assembly
    def _build(self) -> None:
        touch = self.wishes.touch or self.app.touch
        self.setProperty(TOUCH, touch)
        station = self.station
        self.panel = station.panel(locked=True, touch=touch)
        self.display = station.display(self, self.panel)
        self.bar = OperatorBar(
            self, self.run, self.calling.called, start=self.start, pause=self.run.pause, stop=self.run.stop
        )
        self.bar.menu.aboutToShow.connect(self._fill_menu)
        self.bar.history.toggled.connect(self.panel.bar.history.setChecked)
        self.panel.bar.history.toggled.connect(self.bar.history.setChecked)
        self.page = Page(self)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.panel)
        self.stack.addWidget(self.page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.bar, self.telling.notice):
            column.addWidget(part)
        column.addWidget(self.stack, 1)
        for name, do in (("run.start", self.start), ("run.stop", self.run.stop), ("run.pause", self.run.pause)):
            self._key(do, *keymap.keys_of(command(name)))
        self.windows = PageWindows(self, station, self.panel, self.display, lambda: self.title, self.actions())
        self._key(self.toggle_full_screen, FULL)
        self._key(self.panel.pages.next, "Ctrl+PgDown")
        self._key(self.panel.pages.previous, "Ctrl+PgUp")
        self.panel.setFocus()

    def _key(self, do: Callable[[], object], *keys: str) -> None:
        action = QAction(self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(lambda: do())
        self.addAction(action)

    def _connect(self) -> None:
        self.run.changed.connect(self._phase)
        self.station.checking.changed.connect(self.refresh)
        self.judging.changed.connect(self.refresh)
        self.judging.asked.connect(self.refresh)
        self.panel.refused.connect(self.telling.notice.hint)
        if self.opening is not None:
            self.opening.changed.connect(self.refresh)

    # -------------------------------------------------------------- verbs
    def begin(self) -> None:
        """Come on the screen, and start the flow if that is asked for."""
        if self.wishes.full_screen or self.app.full_screen:
            self.toggle_full_screen()
        else:
            self.show()
        self.windows.begin()
        if self.own and (self.wishes.start or self.app.start) and self.station.document.path is not None:
            soon(self, self.start)

    def start(self) -> None:
        """Run the flow, unless it runs."""
        if self.run.active or (self.opening is not None and self.opening.why_not):
            return
        self.panel.hand.settle()
        self.run.start()
        self.refresh()

    def toggle_full_screen(self) -> None:
        """Take the whole screen, or give it back."""
        if self.isFullScreen():
            self.showNormal()
            self.resize(self._usual)
        else:
            self._usual = self.size()
            self.setGeometry(self.screen().geometry())  # where no window manager sees to it, as on many small panels
            self.showFullScreen()

    def edit(self) -> None:
        """Open the whole program on the flow, once the password was given if there is one."""
        if self._editor is None:
            return
        if not self.wishes.password and not self.app.password:
            self._editor(self)
            return
        opens = partial(_opens, self.wishes.password, self.app.password)
        dialog = Unlocking(self, opens, running=self.run.active)
        dialog.setProperty(TOUCH, self.property(TOUCH))
        dialog.unlocked.connect(self._unlocked)
        dialog.open()

    def _unlocked(self) -> None:
        if self._editor is not None:
            soon(self, partial(self._editor, self))  # when the dialog has gone

    def hand_on(self) -> Station:
        """Give the station to another window, and close. The run goes on."""
        self.kept.close()
        self.judging.rest()
        self._let_go()
        opening, self.opening, station = self.opening, None, self.station
        if opening is not None:
            opening.close()
        station.setParent(None)
        soon(self, self.close)
        return station

    # -------------------------------------------------------------- what is shown
    def _asked(self, text: str, level: Level) -> None:
        self._question = text, level

    def _phase(self) -> None:
        self.display.wake()
        self.refresh()

    def refresh(self) -> None:
        """Show the panel, or what is in its way."""
        self.bar.show_title(self.title)
        self.setWindowTitle(f"{self.title} — flodesk")
        trouble = self.trouble()
        if trouble is not None:
            self.page.show_trouble(trouble)
        self.bar.start.setEnabled(trouble is None and not self.run.active)
        self.bar.history.setEnabled(trouble is None)
        wanted = self.panel if trouble is None else self.page
        if self.stack.currentWidget() is not wanted:
            self.stack.setCurrentWidget(wanted)
            self.display.watch()

    @property
    def title(self) -> str:
        """What the app is called."""
        path = self.opening.path if self.opening is not None else self.station.document.path
        name = path.stem.replace("_", " ").strip().capitalize() if path is not None else ""
        return self.app.title.strip() or name or "Untitled"

    def trouble(self) -> Trouble | None:
        """Return why the flow cannot run; None if it can, or does."""
        if self.opening is not None and self.opening.why_not:
            do = f"Put the file there, or start the app with another: {self.opening.path}"
            if not self.opening.gone:
                do = f"Whoever looks after this flow mends the file: {self.opening.path}"
            items = ((self.opening.why_not, do),)
            return Trouble(f"{self.opening.path.name} cannot be opened", items, (("Try again", self.opening.open),))
        errors = () if self.run.active else self.station.checking.errors
        if errors:
            told = [(f"Line {p.line}: {p.message}" if p.line else p.message, p.hint) for p in errors[:_LISTED]]
            if len(errors) > _LISTED:
                told.append((f"There are {len(errors) - _LISTED} more problems.", ""))
            return Trouble("This flow cannot run yet", tuple(told), (("Try again", self.try_again),))
        if self.judging.waits:
            question, level = self._question
            answers = (
                ("What would it run?", self.judging.look),
                ("Trust this file", self.judging.trust_file),
                ("Run anyway", self.judging.run_anyway),
            )
            return Trouble("Is this flow to be trusted?", ((question, ""),), answers, level)
        return None

    def try_again(self) -> None:
        """Look anew for what was in the way: a package may be installed by now."""
        if any(problem.kind == "missing-package" for problem in self.station.checking.errors):
            self.run.restart_engine()  # its process has looked for the package already
        self.station.checking.now()
        self.refresh()

    # -------------------------------------------------------------- the menu
    def _fill_menu(self) -> None:
        menu: Any = self.bar.menu
        menu.clear()
        for name in self.panel.presets.names if self.trouble() is None else ():
            menu.addAction(f"Preset: {name.replace('&', '&&')}", partial(self.panel.presets.use, name))
        self.windows.fill(menu)
        if self.own:
            back = menu.addAction("Set the controls back to the file", self.kept.reset)
            back.setEnabled(self.kept.any)
        menu.addSeparator()
        menu.addAction("What happened…", self.telling.happened.open_newest)
        whole = menu.addAction(f"Full screen\t{FULL}", self.toggle_full_screen)
        whole.setCheckable(True)
        whole.setChecked(self.isFullScreen())
        menu.addAction("Light theme" if theme().dark else "Dark theme", self.looks.toggle)
        menu.addSeparator()
        if self._editor is not None:
            menu.addAction("Edit this flow…", self.edit).setEnabled(self.station.document.path is not None)
        menu.addAction("Close", self.close)

    # -------------------------------------------------------------- the end
    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the run and end the engine, if they are this window's own; ask first where a run is on."""
        if self.own and self.run.active and not self.leaving and not self._may_stop():
            event.ignore()
            return
        self.windows.close()
        self._let_go()
        self.kept.close()
        if self.own:
            self.code = self._exit_code()
            self.station.close()
        event.accept()
        self._goes.start()
        self.closed.emit()

    def _let_go(self) -> None:
        """Leave the station to whoever has it after this window."""
        self.display.sleep()
        for question in self.findChildren(Unlocking):
            question.end()
        if self.panel in self.station.looking_back.bars:  # not handed on before
            self.station.looking_back.drop(self.panel)

    def _may_stop(self) -> bool:
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self)
        box.setObjectName("stop_and_close")
        box.setProperty(TOUCH, self.property(TOUCH))
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("The flow runs")
        box.setText(f"<b>{self.title} runs. Stop it and close?</b>".replace("&", "&amp;"))
        box.setInformativeText("What it uses is closed as after Stop.")
        stop = box.addButton("Stop and close", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(buttons.Cancel))
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        return clicked is stop

    def _exit_code(self) -> int:
        """Say how it went: 3 and 4 for a file that is not there or is no flow, 2 and 3 for one that cannot run."""
        if self.opening is not None and self.opening.why_not:
            return 3 if self.opening.gone else 4
        errors = self.station.checking.errors
        if errors:
            return 3 if any(problem.kind == "missing-package" for problem in errors) else 2
        last = self.run.last
        return 1 if last is not None and not self.run.active and last.reason not in ("succeeded", "stopped") else 0


def _opens(given: str | None, kept: str, text: str) -> bool:
    """Return whether a text is the password: the one that was given at the start, else that of the file."""
    if given:
        return same(given, text)
    return matches(text, kept)


__all__ = ["Operator", "Wishes"]
