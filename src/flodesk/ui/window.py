"""The window: puts library, canvas, panel, inspector, log and run bar together and lets them hear each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from flodesk.engine.client import Engine
from flodesk.engine.history.settings import History
from flodesk.flow.document import Change
from flodesk.flow.edit import SetParameter, SetView
from flodesk.ui import on_screen
from flodesk.ui.as_app import AsApp
from flodesk.ui.as_test import AsTest
from flodesk.ui.bars import Bars
from flodesk.ui.binding import Binding
from flodesk.ui.canvas.dropping import files_of
from flodesk.ui.canvases import Canvases
from flodesk.ui.coming_back import ComingBack
from flodesk.ui.commands import Actions
from flodesk.ui.company import Company, Member
from flodesk.ui.comparing import Comparing
from flodesk.ui.console import Log, Runs
from flodesk.ui.debug import Debugging, HeldView
from flodesk.ui.debug.held_view import stacked
from flodesk.ui.dialogs import Dialogs
from flodesk.ui.dock import Dock
from flodesk.ui.docks import Docks
from flodesk.ui.editing import Editing
from flodesk.ui.failing_line import line_now, place
from flodesk.ui.failures import Failures
from flodesk.ui.files import Files
from flodesk.ui.finding import Finding
from flodesk.ui.focus import focus_kept, take_typed
from flodesk.ui.guide import Guide
from flodesk.ui.heating import Heating
from flodesk.ui.inserting import Inserting
from flodesk.ui.inspector import Inspector
from flodesk.ui.letters import DeadLetters, Rejecting
from flodesk.ui.library import Library
from flodesk.ui.message_bar import MessageBar
from flodesk.ui.ordering import Ordering
from flodesk.ui.outside import Outside
from flodesk.ui.packages import Shelving, name_packages
from flodesk.ui.parts import Parts
from flodesk.ui.probes import Probing
from flodesk.ui.problems import Mending, Problems
from flodesk.ui.problems.others import Others
from flodesk.ui.problems.packages import Packages
from flodesk.ui.queues import Queues
from flodesk.ui.recovery import Restoring
from flodesk.ui.reports import Reports
from flodesk.ui.screens import Screens
from flodesk.ui.script import Beside, ScriptPane
from flodesk.ui.soon import soon
from flodesk.ui.source import Sources
from flodesk.ui.start import Start
from flodesk.ui.states import has_run
from flodesk.ui.station import Station
from flodesk.ui.still_recording import StillRecording
from flodesk.ui.tabs_in_turn import TabsInTurn
from flodesk.ui.taking_in import TakingIn
from flodesk.ui.theme import theme
from flodesk.ui.theme.icons import wear
from flodesk.ui.theme.looks import Looks
from flodesk.ui.trail import Trail
from flodesk.ui.trust import Trusting
from flodesk.ui.turning import Turning
from flodesk.ui.versions import GoingBack
from flodesk.ui.writing import Writing

LEAST = (720, 480)
"""Width and height in pixels down to which everything that a run needs is there."""


class Window(QMainWindow):
    """The main window over one document and the engine that runs it.

    Parameters
    ----------
    engine : Engine or Station
        What runs the flow; or a station that was another window's, with the flow that it has open and its run.
    """

    def __init__(
        self, looks: Looks, engine: Engine | Station, history: History | None = None, company: Company | None = None
    ) -> None:
        super().__init__()
        self.company = company or Company()
        self.leaving = False
        # not at once: of a timer that is still to fire when its object goes, Qt for Python never lets the callable go
        self._goes = QTimer(self, singleShot=True, interval=50)
        self.setObjectName("flodesk")
        self.setAcceptDrops(True)
        self.setMinimumSize(*LEAST)
        self.looks = looks
        self.station = station = engine if isinstance(engine, Station) else Station(engine, history, in_window=True)
        station.setParent(self)
        knew = tuple(station.document.listeners)
        self.document, self.catalog = station.document, station.catalog
        self.checking, self.run = station.checking, station.run
        self.files = Files(self, self.document)
        self.files.before_writing = partial(name_packages, self.document, self.checking)
        self.document.listeners.append(self._follow)
        self.held = HeldView()
        self.canvases = Canvases(self.document, self.checking.catalog)
        self.panel = station.panel()
        self.library = Library(self.checking.offered)
        self.inspector = Inspector(self.document, self.checking.catalog)
        self.log = Log()
        self.problems = Problems()
        self.past = Runs(self.run.recorder.flush)
        self.letters = DeadLetters()
        self.script = ScriptPane(self.document, lambda: self.checking.catalog)
        self.bar = MessageBar()
        self.display = station.display(self, self.panel, self.canvases)
        self._steps = 0
        """How many steps undo could take back when the commands were told of that."""
        self.probing = Probing(self, self.run, lambda: self.checking.catalog, self.canvases)
        station.looking_back.moments.take_along(self.probing.desk)
        self.heating = Heating(self, self.run, self.canvases)
        self.turning = Turning(self, self.run, self.canvases)
        self.docks = self._assemble()
        self.tabs = TabsInTurn(self.canvases.tabs, self.panel)
        self.screens = Screens(
            self, self.panel, self.station, self.display, self.docks.panel.split, lambda: self.files.name
        )
        self._make_parts()
        self.company.join(self)
        self.commands = Actions(self, self)
        self.dialogs = Dialogs(self, self.commands, self.reports, self.packages.environments)
        bars = Bars(self, self.commands, self.run, self.files, lambda menu: self.company.fill_menu(menu, self))
        self.run_bar, self.tools = bars.run_bar, bars.tools
        self._introduce()
        self._connect()
        self._theme_changed()
        self.docks.restore()
        self.letters.restore()
        if station is engine:
            self._take_over([listener for listener in self.document.listeners if listener not in knew])
        self._refresh_title()
        self.commands.refresh()

    # -------------------------------------------------------------- assembly
    def _make_parts(self) -> None:
        """Make what a hand works on the flow with: each part does one thing, by the views that are there."""
        self.binding = Binding(self, self.panel, self.screens, self.canvases, self.inspector, self.docks)
        self.editing = Editing(self, self.document, self.checking, self.canvases, self.library)
        self.finding = Finding(self, self.document, self.checking, self.canvases, self.script)
        self.trail = Trail(self, self.document, self.canvases, self.files)
        self.inserting = Inserting(self, self.checking, self.canvases)
        self.writing = Writing(self, self.canvases, self.docks, self.inspector)
        self.taking_in = TakingIn(self, self.document, self.files, self.canvases)
        self.failures = Failures(self, self.run, self.canvases)
        self.parts = Parts(self, self.run, self.catalog)
        self.debugging = Debugging(self, self.run, lambda: self.checking.catalog, self.canvases, self.held)
        self.reports = Reports(self.bar, self.statusBar(), self.log, self.problems, self.docks, self.show_node)
        self.rejecting = Rejecting(
            self.letters, self.document, self.run, self.files, self.inspector, self.reports, self.show_node
        )
        self.restoring = Restoring(self.document, self.files, self.bar, self.reports.message, self.script.in_step)
        self.beside = Beside(self.script, self.document, self.canvases, self.debugging, self.checking, self.run)
        self.outside = Outside(self, self.document, self.files, self.bar, self.reports.message)
        self.comparing = Comparing(self, self.document, lambda: self.checking.catalog, self.canvases, self.files)
        self.versions = GoingBack(self, self.document, self.catalog, self.comparing, self.files, self.docks)
        self.queues = Queues(self, self.docks, self.document, self.files, self.reports, self.show_node)
        self.start = Start(self, self.files, self.catalog)
        self.guide = Guide(self, self.files, self.checking, self.canvases, self.library, self.inserting)
        self.still_recording = StillRecording(
            self, self.run, self.catalog, self.files, partial(self.company.others_stay, self)
        )
        self.trusting = Trusting(self, self.document, self.canvases)
        self.coming_back = ComingBack(self, self.run, self.checking, self.files, self.bar, self.company)
        self.as_app = AsApp(self, self.station, self.looks, self.trusting)
        self.as_test = AsTest(self, self.run, self.checking)
        others = Others(
            self.document, self.debugging.breakpoints, self.script,
            lambda place: self.canvases.breakpoint_wanted.emit(place, True),
        )  # fmt: skip
        self.mending = Mending(
            self, self.document, self.checking, self.canvases, self.problems, self.docks, self.inspector,
            self.script, others,
        )  # fmt: skip
        self.ordering = Ordering(self, self.document, self.canvases)
        self.sources = Sources(self, self.document, self.run, self.checking, self.canvases, self.library, self.trusting)
        self.packages = Packages(self, self.station, self.log, self.bar, self.debugging.restart_engine)
        self.shelving = Shelving(self, self.station.foreign, self.checking, self.library, self.bar, self.packages.ask)

    def _assemble(self) -> Docks:
        split = QSplitter(Qt.Orientation.Vertical)
        split.setObjectName("split")
        split.setHandleWidth(3)
        split.addWidget(self.canvases)
        split.addWidget(self.panel)
        split.setCollapsible(0, False)
        central = QWidget()
        central.setObjectName("central")
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(split, 1)
        self.setCentralWidget(central)
        self.bar.lie_over(self.canvases.area, central)
        self.bar.home = lambda: self.canvases.current
        self.bar.covered.connect(self.canvases.give_way)
        self.files.home = lambda: self.canvases.current
        return Docks(
            self,
            Dock("library", "Library", self.library),
            Dock("inspector", "Inspector", stacked(self.held, self.inspector)),
            Dock("log", "Log", self.log, self.log.buttons()),
            Dock("problems", "Problems", self.problems),
            Dock("runs", "Runs", self.past, self.past.buttons()),
            Dock("letters", "Dead letters", self.letters, self.letters.buttons()),
            Dock("script", "Script", self.script, self.script.buttons(), worked_in=True),
            self.probing.dock,
            split,
            self.panel,
        )

    def _introduce(self) -> None:
        """Let the parts know whom to ask."""
        self.files.prepare = self.checking.prepare
        self.files.may_stop = self.still_recording.may_open
        self.inspector.offers.engine = self.run.engine
        self.inspector.awaited.follow(self.station.foreign)
        self.display.lookers += [self.probing.view.look, self.heating.look, self.turning.look]
        self.reports.run_to = self.parts.run_to
        self.reports.node_now, self.reports.still_failed = self.failures.now, self.failures.outlast
        self.document.in_words = self.canvases.calling.in_title
        self.reports.card_name, self.reports.in_words = self.canvases.calling.card_name, self.canvases.calling.in_words
        self.reports.why_failed = lambda: self.run.failure
        self.reports.has_run = partial(has_run, self.run.engine)
        self.reports.line_now = lambda failure: line_now(self.document, failure)
        self.reports.place = partial(place, self.document)
        self.outside.compare = self.comparing.with_saved
        self.restoring.restored = self.versions.recovered
        self.trusting.start = self.run.start
        self.coming_back.known.connect(self.trusting.was_run)
        self.restoring.judge_copy, self.restoring.trusted = self.trusting.take_over, lambda: self.trusting.trusted
        self.run.consent, self.run.edits.goes_on = self.screens.asks(self.trusting.consent), self.trusting.goes_on
        self.inspector.offers.why_not = self.trusting.why_not
        self.files.show_difference = self.outside.show_difference
        self.files.open_beside = self.company.open
        self.versions.open_copy = self._open_copy
        self.canvases.examine = self.run.engine.examine
        self.editing.undo_typed = self.script.undo
        self.files.unread = lambda: " ".join(filter(None, (self.script.reason(), self.inspector.typed.reason())))
        self.problems.in_words = self.canvases.calling.in_words
        self.run_bar.called = self.canvases.calling.called
        self.queues.stand_in(self.run_bar, self.run, self.dialogs.show_preferences)
        self.queues.nodes_server.stand_in(self.canvases)
        back = self.coming_back
        self.queues.follow_jobs(self.run, back.come_to, back.come_back_to, back.go_to)

    def _connect(self) -> None:
        self.checking.changed.connect(self._show_problems)
        self.outside.changed.connect(self._refresh_title)
        self.screens.share(self.commands.__getitem__)
        self.screens.node_wanted.connect(self.show_node)
        self.bar.covered.connect(lambda _: self.screens.full.say(self.bar.text))
        self.statusBar().messageChanged.connect(self.screens.full.tell)
        self.run.changed.connect(self._phase)
        self.run.failed.connect(self.reports.failure)
        self.run.finished.connect(self.reports.run_ended)
        self.run.logged.connect(self.log.add)
        for happened in (self.run.changed, self.run.finished, self.run.held):
            happened.connect(self.past.refresh)
        self.run.said.connect(self.reports.message)
        self.run.noted.connect(self.reports.sentence)
        speaking = (self.parts, self.files, self.taking_in, self.editing, self.comparing, self.versions, self.as_app)
        for part in (*speaking, self.as_test, self.probing):
            part.said.connect(self.reports.message)
        for telling in (self.screens, self.docks, self.debugging):
            telling.changed.connect(self.commands.refresh)
        self.editing.files_pasted.connect(self.taking_in.take)
        for changing in (self.comparing, self.as_app, self.start, self.trusting, self.trail):
            changing.changed.connect(self.commands.refresh)
        self.finding.said.connect(self.reports.sentence)
        self.bar.covered.connect(self.finding.panel.give_way)
        self.start.run_wanted.connect(self.run.start)
        self.bar.covered.connect(self.start.covered)
        for saying in (self.trusting, self.start):
            saying.said.connect(self.reports.sentence)
        self.files.mended.connect(self.bar.mended)
        self.files.saved.connect(lambda path: self.reports.sentence(f"Saved {path}"))
        self.files.opened.connect(self._opened)
        self.heating.changed.connect(self.display.wake)
        self.probing.refused.connect(self.reports.sentence)
        self.debugging.said.connect(self.reports.sentence)
        self.debugging.ahead_changed.connect(self.screens.hold)
        self.commands.before += [self.beside.settle, lambda: take_typed(self)]
        self.beside.said.connect(self.reports.sentence)
        self.script.left.connect(lambda: self.canvases.current.setFocus())
        for dock in self.findChildren(Dock):
            dock.left.connect(lambda: self.canvases.current.setFocus())
            dock.wanted.connect(self.start.hide)
        for view in (self.comparing, self.canvases, self.inspector, self.editing, self.panel):
            view.refused.connect(self.reports.sentence)
        self.canvases.selection_changed.connect(self._selected)
        self.canvases.view_moved.connect(self.display.watch)
        self.canvases.tabs.turned.connect(self.display.anew)
        self.canvases.quick_add_requested.connect(self.inserting.open_quick_add)
        self.trail.plain.connect(self.show_node)
        self.trail.said.connect(self.reports.sentence)
        self.trail.offered.connect(lambda words, title, do: self.bar.show_message(words, "info", ((title, do),)))
        self.canvases.subflow_wanted.connect(self.editing.make_subflow)
        self.canvases.replacement_wanted.connect(self.inserting.ask_replacement)
        self.library.chosen.connect(self.inserting.from_library)
        self.library.tried.connect(partial(self.company.open_text, self))
        self.inspector.noted.connect(self.reports.sentence)
        self.inspector.typed.changed.connect(self._refresh_title)
        self.inspector.renamed.connect(lambda name: self.canvases.current.select([name]))
        self.log.node_clicked.connect(self.show_node)
        self.failures.changed.connect(
            lambda node, words: self.problems.show_failure(
                node, self.canvases.calling.place(node), words, forced=self.failures.forced
            )
        )
        self.failures.changed.connect(
            lambda _, words: self.reports.last_run_failed(bool(words), forced=self.failures.forced)
        )
        self.failures.changed.connect(lambda node, _: self.reports.failed_is_called(node))
        self.problems.failed_wanted.connect(lambda node: self.canvases.go_to(self.canvases.calling.card_name(node)))
        for noted in (self.mending.noted, self.ordering.noted, self.sources.said):
            noted.connect(self.reports.sentence)
        for lacking in (self.mending, self.reports):
            lacking.install_wanted.connect(self.packages.ask)
        self.queues.run_in(self.station.chosen, self.packages.installed)
        self.ordering.over.connect(self.reports.sentence_over)
        self.sources.files.over.connect(self.reports.sentence_over)
        self.debugging.breakpoints.changed.connect(self.checking.look_around)
        self.script.ahead_changed.connect(lambda _: self.checking.look_around())
        self.script.ahead_changed.connect(lambda _: self._refresh_title())
        self.panel.node_wanted.connect(self.show_node)
        self.probing.view.panel_wanted.connect(self.binding.ask_value)
        self.looks.changed.connect(self._theme_changed)

    # -------------------------------------------------------------- what happens
    def _follow(self, change: Change) -> None:
        self.reports.changed(change)
        self.inspector.follow(change)
        if change.kind == "open" and not change.again:
            self.canvases.forget_selection()
            self.failures.forget()
        if change.kind in ("edit", "undo", "redo") and not isinstance(change.edit, SetParameter | SetView):
            self.canvases.hold()
        if change.kind in ("edit", "save"):
            self._show_flow(change)
        else:
            with focus_kept(lambda: self.canvases.current):
                self._show_flow(change)
        self.display.follow()
        self._refresh_title()
        steps, self._steps = self._steps, self.document.steps
        into_last = isinstance(change.edit, SetParameter) and change.kind == "edit" and steps == self._steps
        if into_last or change.kind == "around":
            self.commands.refresh_soon()  # a slider is still being drawn; or node types have come, for many cards
        else:
            self.commands.refresh()

    def _show_flow(self, change: Change) -> None:
        if change.kind != "save":
            self.canvases.refresh(self.checking.catalog)
            self.inspector.refresh(self.checking.catalog)
            self.library.show_catalog(self.checking.offered, soon=change.kind == "around")
        self.failures.follow(change)
        self.debugging.breakpoints.follow(change)
        self.probing.desk.follow(change)
        self.rejecting.follow(change)
        if change.kind == "open":
            self._show_problems()  # they were found before there were cards to mark
            # what is still there stays selected
            self.inspector.show_nodes(self.canvases.function, self.canvases.current.selection())

    def _opened(self, path: Path | None) -> None:
        self._refresh_title()
        self.panel.refresh()  # at once: how much room it takes says how much there is for the canvas
        soon(self.canvases, self.canvases.fit)
        self.canvases.current.setFocus()
        none = next((problem for problem in self.checking.errors if problem.kind == "no-flow"), None)
        if none is not None:  # the canvas is empty: say why
            self.reports.message(f"{none.message} {none.hint}".strip(), "error")

    def _selected(self, function: str, ids: list[str]) -> None:
        if function != self.canvases.function:
            return  # a canvas behind another has lost cards: what is shown is the one in front
        self.editing.selection = ids
        self.parts.select(function, ids)
        self.inspector.show_soon(function, ids)
        self.commands.refresh()

    def _show_problems(self) -> None:
        self.reports.show_problems(self.checking.problems)
        self.canvases.marks.show_problems(self.checking.by_node(), self.checking.by_node("warning"))

    def _phase(self) -> None:
        if self.run.phase == "starting":
            self.reports.run_begins(self.files.name, self.failures.stands, waits=self.run.waits)
        elif self.run.phase == "running":
            self.reports.run_is_on(self.files.name)
        self.display.wake()
        self.commands.refresh()

    def _theme_changed(self) -> None:
        wear(self.commands["view.toggle_theme"], "sun" if theme().dark else "moon")
        self.commands.refresh()

    def _refresh_title(self) -> None:
        self.setWindowTitle(f"{self.files.name}[*] — flodesk")
        self.setWindowModified(self.files.unsaved)
        self.setWindowFilePath(str(self.document.path or ""))

    # -------------------------------------------------------------- verbs that are the window's own
    def show_node(self, address: str) -> None:
        """Select a node (``function.node``) and show it."""
        self.canvases.show_node(address)

    def problems_shown(self) -> None:
        """Check now and open the problems."""
        self.checking.now()
        self.reports.open_problems()

    # -------------------------------------------------------------- among other windows
    def _take_over(self, listeners: list[Callable[[Change], None]]) -> None:
        """Let all that came with this window know of the flow that was open before it, and of its run."""
        for listener in listeners:
            listener(Change("open", again=True))
        if self.run.failure is not None and not self.run.active:
            self.run.failed.emit(self.run.failure)
        self.run.held.emit()
        self.run.changed.emit()
        self._opened(self.document.path)

    def settle_in(self, beside: Member | None) -> None:
        """Come on the screen with the layout of the window `beside`, a step away from it, and keep a journal."""
        self._goes.timeout.connect(self.deleteLater)
        if isinstance(beside, Window):
            beside.docks.store()
            self.docks.restore()
            if not self.isMaximized():
                room = beside.screen().availableGeometry()
                self.setGeometry(on_screen.beside(beside.geometry().topLeft(), beside.size(), room, self.minimumSize()))
        self.restoring.begin()
        self.show()
        self.canvases.current.setFocus()

    def come_forward(self) -> None:
        """Come to the front, with the keyboard."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def _open_copy(self, data: bytes, path: Path) -> None:
        """Open what a file held once in a window of its own; it may run if the file may."""
        trusted = self.trusting.trusted
        made = self.company.new_window(self)
        window = made if isinstance(made, Window) else self
        if window.files.open_copy(data, path):
            window.trusting.take_over(trusted, path.name)

    # -------------------------------------------------------------- Qt's events
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if files_of(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the flow that was dropped beside the canvas, or make nodes of files."""
        if files := files_of(event):
            event.acceptProposedAction()
            self.taking_in.take(files)

    def showEvent(self, event: QShowEvent) -> None:
        """Lay the docks out once the window has its size."""
        super().showEvent(event)
        self.docks.lay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let library and inspector give way in proportion."""
        super().resizeEvent(event)
        self.docks.window_resized(event.oldSize(), event.size())

    def may_close(self) -> bool:
        """Ask about a recording that is being made, and about unsaved changes; False if the window shall stay."""
        may = self.still_recording.may_quit() and self.sources.may_leave() and self.files.may_leave()
        return may and self.queues.may_close(self.company)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes, remember the layout, end the engine."""
        if not self.leaving and not self.may_close():
            event.ignore()
            return
        self.as_app.close()
        self.as_test.close()
        self.company.leave(self)
        self.restoring.end()
        self.comparing.stop()
        views = self.versions, self.coming_back, self.start, self.guide, self.screens, self.queues
        for part in (self.checking, *views, self.docks):
            part.close()
        self.letters.remember()
        self.past.wait()
        self.display.sleep()
        for own in (self.script.in_step, self.mending.finder, self.packages, self.sources, self.station):
            own.close()
        event.accept()
        self._goes.start()


__all__ = ["Window"]
