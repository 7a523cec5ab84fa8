"""The dock of the queues: queues between loops, jobs and workers of a Redis server, and what is chosen beside them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QByteArray, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from flodesk.engine.places.server.local_queue import DIED, LOCAL
from flodesk.engine.places.session.left_there import Left
from flodesk.ui.focus import keep_keys
from flodesk.ui.queues.bars import Bars, Courses
from flodesk.ui.queues.columns import JOBS, QUEUES, WORKERS
from flodesk.ui.queues.deeds import Deeds
from flodesk.ui.queues.desk import Desk, Kind, View
from flodesk.ui.queues.left_servers import LeftServers
from flodesk.ui.queues.listing import Listing
from flodesk.ui.queues.local_row import LocalRow, ServerTold
from flodesk.ui.queues.pages import job_page, worker_page
from flodesk.ui.queues.peeking import Peeking
from flodesk.ui.queues.top import Top
from flodesk.ui.settings import settings
from flodesk.ui.theme import current, theme

REST_MS = 250
"""Between two readings of a server that tells that it has changed, while the dock is in sight."""
FIRST_MS, SLOWEST_MS = 500, 8000
"""After how long a server that does not answer is asked again, at first and at last."""
END_SECONDS = 0.25
"""As long as a window that closes waits for the end of the local queue."""
_TITLES = ("Queues", "Jobs", "Workers")
LIST_HEIGHT, WORDS_HEIGHT = 62, 36
"""Heights in pixels that a list and the words about it need at least, whatever is in them: the dock stays as it is."""
_NO_QUEUE = (
    "No queue between loops is on this server, and a run needs none. Runs are under Jobs{jobs}; what runs them is "
    "under Workers.\nSuch a queue hands the values of one loop to another loop, here or on another machine, and is "
    "listed as soon as one of them runs: name it in the header of the flow, [tool.flodesk.queues], "
    'jobs = {{ on = "redis" }}.'
)
_NONE = (
    "No jobs. Choose Redis queue in the run bar and press Run: the flow is a job here.",
    "No workers. Start one where flows shall run: flodesk worker",
)
_NO_WORKER = "No worker of the local queue listens yet."
_NOBODY = (
    "No Redis or Valkey server is named. On one, flows run on other machines, and loops of different machines hand "
    "values to each other. Start one here to try it out, or name yours."
)


class QueuesView(QWidget):
    """Shows what is on the server, which another thread reads, and only while this is in sight.

    Signals: `said` with a sentence and its level; `flow_wanted` with a path; `line_wanted` with the number of a line of
    the open flow; `naming_wanted` where the address of a server is to be named, `left_wanted` with a `Left` at whose
    server a run is to be looked for.
    """

    said = Signal(str, str)
    flow_wanted = Signal(str)
    line_wanted = Signal(int)
    naming_wanted = Signal()
    left_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.holder = object()
        """Holds the local queue that was started here."""
        self.view = View()
        self.paths: Collection[str] = ()
        """What the file of the open flow is called."""
        self.python = ""
        """The interpreter that the open flow runs in; empty is that of flodesk itself."""
        self.desk = Desk(self)
        self.courses = Courses()
        self.queues = Listing("Queues between loops", QUEUES, lambda state: str(state.name))
        self.queues.setItemDelegate(Bars(self.queues, self.courses))
        self.jobs = Listing("Jobs", JOBS, lambda job: str(job.id))
        self.workers = Listing("Workers", WORKERS, lambda worker: str(worker.name))
        self.deeds = Deeds(self, self.queues, self.jobs, self.workers, self.desk)
        self.told = ServerTold(self)
        self._known = False
        self._opens = self._turned = False
        """Whether nothing was read since it is in sight; whether somebody has said which list is to be in front."""
        self._wait = FIRST_MS
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.look)
        self._make_parts()
        self._connect()
        self._arrange()

    def _make_parts(self) -> None:
        self.tabs = QTabBar(self)
        self.tabs.setProperty("bare", True)
        self.tabs.setAccessibleName("What is listed")
        self.tabs.setExpanding(False)
        for title in _TITLES:
            self.tabs.addTab(title)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter")
        self.filter.setAccessibleName("Filter the list")
        self.filter.setClearButtonEnabled(True)
        self.top = Top(self, self.tabs, self.filter)
        self.page = QTextBrowser()
        keep_keys(self.page)
        self.page.setOpenLinks(False)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setAccessibleName("What is chosen")
        self.peeking = Peeking()
        self.lists, self.beside = QStackedWidget(), QStackedWidget()
        for listing in (self.queues, self.jobs, self.workers):
            self.lists.addWidget(listing)
        self.beside.addWidget(self.peeking)
        self.beside.addWidget(self.page)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.addWidget(self.lists)
        self.parts.addWidget(self.beside)
        self.parts.setStretchFactor(0, 3)
        self.parts.setStretchFactor(1, 2)
        self.parts.setChildrenCollapsible(False)
        self.parts.setMinimumHeight(LIST_HEIGHT)
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        self.words.setMaximumWidth(760)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.name = QPushButton("Name a server…")
        self.name.setProperty("small", True)
        self.name.setToolTip("Preferences, Queue and cluster")
        self.local = LocalRow()
        self.left = LeftServers()
        self.nothing = QScrollArea()
        self.nothing.setWidgetResizable(True)
        self.nothing.setFrameShape(QFrame.Shape.NoFrame)
        self.nothing.setMinimumHeight(WORDS_HEIGHT)
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(8, 4, 8, 4)
        inside.addWidget(self.words)
        inside.addStretch(1)
        self.nothing.setWidget(page)
        foot = QHBoxLayout()
        foot.setContentsMargins(4, 0, 0, 0)
        foot.addWidget(self.local)
        foot.addWidget(self.name)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 6)
        column.setSpacing(4)
        column.addWidget(self.top.below)
        column.addWidget(self.parts, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.left)
        column.addLayout(foot)
        self.top.in_heading.setParent(self)  # until it stands in the dock's heading
        self.top.in_heading.hide()

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._turn)
        self.tabs.tabBarClicked.connect(self._say_which)
        self.filter.textChanged.connect(self._look_for)
        self.page.anchorClicked.connect(self._follow_link)
        self.peeking.wanted.connect(self.look)
        self.local.start_wanted.connect(self.start_local)
        self.local.stop_wanted.connect(self.stop_local)
        self.name.clicked.connect(self.naming_wanted)
        self.left.wanted.connect(self._go_to)
        self.told.changed.connect(self._server_changed, Qt.ConnectionType.QueuedConnection)
        self.desk.looked.connect(self._show)
        self.desk.said.connect(self.said)
        self.desk.ears.heard.connect(self._heard)
        self.deeds.changed.connect(self.look)
        self.deeds.traceback_wanted.connect(self.copy_traceback)
        for listing in (self.queues, self.jobs, self.workers):
            listing.chosen_changed.connect(self._chosen)
        current.changed.connect(self._retint)

    def buttons(self) -> tuple[QWidget, ...]:
        """Return what stands in the dock's heading."""
        self.top.in_heading.show()
        return self.top.in_heading, *self.deeds.buttons()

    @property
    def listing(self) -> Listing:
        """The list that is in front."""
        return (self.queues, self.jobs, self.workers)[self.tabs.currentIndex()]

    # -------------------------------------------------------------- reading
    def look(self) -> None:
        """Read the server now."""
        self._later.stop()
        self.desk.look(*self._wanted())

    def _wanted(self) -> tuple[Kind, str]:
        """Return what more is to be read of: the one thing that is chosen."""
        listing, chosen = self.listing, self.listing.chosen
        if len(chosen) != 1:
            return "", ""
        if listing is self.queues:
            return ("dead" if self.peeking.dead else "queue"), chosen[0].name
        return ("job", chosen[0].id) if listing is self.jobs else ("worker", chosen[0].name)

    def _heard(self) -> None:
        """Read the server soon: it has changed."""
        if self.isVisible() and not self._later.isActive():
            self._later.start(REST_MS)

    def _show(self, view: View) -> None:
        self._wait = min(2 * self._wait, SLOWEST_MS) if view.trouble else FIRST_MS
        if self.isVisible() and view.trouble:
            self._later.start(self._wait)
        if view.trouble and view.address == self.view.address:
            view = replace(self.view, trouble=view.trouble)
        self.view, self._known = view, True
        self.courses.add(view.queues)
        self.queues.show_things(view.queues)
        self.jobs.show_things(view.jobs)
        self.workers.show_things(view.workers)
        self._open_on_jobs()
        self.queues.viewport().update()  # the courses have moved
        self._show_detail()
        self._arrange()
        self.deeds.tell_ends(view.jobs)

    def _show_detail(self) -> None:
        kind, key = self._wanted()
        detail = self.view.detail
        read = (detail.kind, detail.key) == (kind, key)
        if self.listing is self.queues:
            state = next((state for state in self.view.queues if state.name == key), None)
            if state is not None:
                self.peeking.show_queue(state.dead)
                whole = state.dead if self.peeking.dead else state.depth
                self.peeking.show_entries(detail.entries if read else (), whole, key, read=read)
            return
        html = ""
        if kind == "job":
            html = job_page(self.jobs.chosen[0], detail.trace if read else "", self.paths)
        elif kind == "worker":
            worker = self.workers.chosen[0]
            html = worker_page(worker, next((job for job in self.view.jobs if job.id == worker.job), None))
        if html != self._html:
            at = self.page.verticalScrollBar().value()
            self._html = html
            self.page.setHtml(html)
            self.page.verticalScrollBar().setValue(at)

    _html = ""

    def _arrange(self) -> None:
        """Show what there is to show, and what can be done with it."""
        view, listing = self.view, self.listing
        self.deeds.shown = listing
        there = bool(listing.rows.things)
        one = len(listing.chosen) == 1
        for place, things in enumerate((view.queues, view.jobs, view.workers)):
            words = f"{_TITLES[place]} {len(things)}" if things else _TITLES[place]
            if self.tabs.tabText(place) != words:
                self.tabs.setTabText(place, words)
                self.top.fit()
        self.beside.setVisible(one)
        listing.columns.stand_beside_page(on=one)
        self.beside.setCurrentWidget(self.peeking if listing is self.queues else self.page)
        self.nothing.setMaximumHeight(16_777_215 if not there else 48)
        # what goes first: with both in sight for a moment the dock would grow, and stay so
        seen = ((self.parts, there), (self.nothing, not there or bool(view.trouble)))
        for part, on in sorted(seen, key=lambda one: one[1]):
            part.setVisible(on)
        self.words.setText(self._sentence())
        self.words.setStyleSheet(f"color: {theme().warning}" if view.trouble else "")
        self.local.arrange(view.address, view.origin, view.missing)
        self.local.setVisible(self._known or LOCAL.state != "off")
        self.name.setVisible(self._known and not view.address and LOCAL.state == "off")
        self.left.show_lefts(view.left)
        self.filter.setEnabled(there)
        self.deeds.arrange()

    def _sentence(self) -> str:
        view = self.view
        if view.trouble:
            again = " It is asked again until it answers." if view.address else ""
            old = " What is listed is what it had before." if self.listing.rows.things else ""
            return f"{view.trouble.rstrip('.')}.{again}{old}"
        if not self._known:
            return "The server is being read …"
        if not view.address:
            if LOCAL.state != "off":
                return "The local queue is on its way …"
            return f"{DIED} What was on it is gone. Start it again, or press Run." if LOCAL.died else _NOBODY
        if self.listing is self.queues:
            return _NO_QUEUE.format(jobs=f" ({len(view.jobs)} there now)" if view.jobs else "")
        if self.listing is self.workers and view.origin == "the local queue":
            return LOCAL.trouble or _NO_WORKER
        return _NONE[self.tabs.currentIndex() - 1]

    def _open_on_jobs(self) -> None:
        """Begin with the jobs where there is no queue, unless somebody has said what is to be in front."""
        if self._opens and not self.view.trouble:
            self._opens = False
            if self.view.jobs and not self.view.queues and not self._turned:
                self.tabs.setCurrentIndex(1)
                self._turned = False

    # -------------------------------------------------------------- what a hand does
    def _say_which(self, _: int) -> None:
        self._turned = True

    def _turn(self, place: int) -> None:
        self._turned = True
        self.lists.setCurrentIndex(place)
        self.filter.clear()
        self._chosen()

    def _look_for(self, text: str) -> None:
        self.listing.look_for(text)

    def _chosen(self) -> None:
        self._html = "-"
        self._show_detail()
        self._arrange()
        if self.isVisible():
            self.look()

    def show_thing(self, kind: Kind, key: str) -> None:
        """Turn to the list in which it stands, and choose it there."""
        place = {"queue": 0, "job": 1, "worker": 2}[kind]
        self.tabs.setCurrentIndex(place)
        self.listing.clearSelection()
        self.listing.choose(key)
        self.listing.scrollTo(self.listing.index_of(key))
        self.listing.setFocus()

    def copy_traceback(self) -> None:
        """Copy the traceback of the job that is chosen."""
        if self.view.detail.trace:
            QGuiApplication.clipboard().setText(self.view.detail.trace)

    def start_local(self, workers: int) -> None:
        """Start a queue on this machine; it is held until the window goes."""
        python = self.python

        def work() -> str:
            LOCAL.hold(self.holder, workers, python=python)
            return ""

        self.desk.beside(work, self.look)

    def _go_to(self, left: Left) -> None:
        """Let the server be named where a run was left: it is among the jobs there."""
        self._opens = True
        self.left_wanted.emit(left)

    def stop_local(self) -> None:
        """Stop the queue on this machine; where others run something there, after a question."""

        def ask(others: int) -> None:
            question = f"{_others(others)} on the local queue. Stop it all the same?"
            if not others or self.deeds.sure(question, "Stop the queue"):
                self.desk.beside(_stopped, self.look)

        self.desk.count_local(ask)

    def _server_changed(self) -> None:
        self._arrange()
        if self.isVisible():
            self.look()

    def _follow_link(self, url: QUrl) -> None:
        kind, _, what = url.toString(QUrl.ComponentFormattingOption.FullyDecoded).partition(":")
        if kind == "line":
            self.line_wanted.emit(int(what))
        elif kind == "flow":
            self.flow_wanted.emit(what)
        elif kind == "job":
            self.show_thing("job", what)
        elif kind == "worker":
            self.show_thing("worker", what)

    def _retint(self) -> None:
        self._html = "-"
        self._show_detail()
        self._arrange()
        for listing in (self.queues, self.jobs, self.workers):
            listing.viewport().update()

    # -------------------------------------------------------------- Qt's events, and what is remembered
    def showEvent(self, event: QShowEvent) -> None:
        """Read what has happened since it was last in sight."""
        super().showEvent(event)
        self._wait = FIRST_MS
        self._opens = True
        self.desk.listen(on=True)
        self.look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Read nothing more."""
        super().hideEvent(event)
        self._later.stop()
        self.desk.listen(on=False)

    def close_all(self) -> None:
        """Remember the sizes, end what was started here, and tell nobody any more: the window is being closed."""
        store = settings()
        store.setValue("queues/parts", self.parts.saveState())
        store.setValue("queues/columns/queues", self.queues.columns.save())
        store.setValue("queues/columns/jobs/2", self.jobs.columns.save())
        store.setValue("queues/columns/workers", self.workers.columns.save())
        self._later.stop()
        self.told.close()
        self.desk.close()
        LOCAL.let_go_within(self.holder, END_SECONDS)

    def restore(self) -> None:
        """Take the sizes that were there when the window was closed."""
        store = settings()
        parts = store.value("queues/parts")
        if isinstance(parts, QByteArray):
            self.parts.restoreState(parts)
        self.queues.columns.restore(store.value("queues/columns/queues"))
        self.jobs.columns.restore(store.value("queues/columns/jobs/2"))  # with Why at the end
        self.workers.columns.restore(store.value("queues/columns/workers"))


def _stopped() -> str:
    LOCAL.stop()
    return "The local queue was stopped"


def _others(jobs: int) -> str:
    return "A job is" if jobs == 1 else f"{jobs} jobs are"
