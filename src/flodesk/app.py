"""The desktop program: sets Qt up, shows the window or the panel alone, opens a flow."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QMessageBox
from shiboken6 import isValid

# isort: split
import flodesk.engine.unread  # noqa: F401 - before all that is not Qt's

# isort: split
from flodesk.engine.client import Host
from flodesk.engine.heeding import POLITE, leave_terminal
from flodesk.engine.link import NoSharedMemoryError
from flodesk.engine.places.anywhere import Anywhere
from flodesk.resource import resource
from flodesk.ui.application import Application
from flodesk.ui.company import Company, Member
from flodesk.ui.crash_reports import CrashReports, actions
from flodesk.ui.examples import LIVE
from flodesk.ui.garbage import Garbage
from flodesk.ui.last_end import LastEnd
from flodesk.ui.operator import Operator, Wishes
from flodesk.ui.sizing import wear_size
from flodesk.ui.station import Station
from flodesk.ui.theme.looks import Looks
from flodesk.ui.updates import Updates
from flodesk.ui.window import Window

_LATER_MS = 4000


def application() -> QApplication:
    """Return the program's `QApplication`, set up and dressed."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    wear_size()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = Application(sys.argv[:1])
    app.setApplicationName("flodesk")
    app.setApplicationDisplayName("flodesk")
    app.setDesktopFileName("flodesk")
    return app


def run_app(path: str | None = None) -> int:
    """Show the window with a file, or with the live example already running; return the exit code.

    Parameters
    ----------
    path : str, optional
        The flow to open. It is not started: that is the user's to do.

    Raises
    ------
    NoSharedMemoryError
        The engine can have no process; it was said in a dialog.
    """
    app = application()
    windows = _company(Looks(app), _first_flow(path))
    reports = CrashReports()
    died = reports.begin()
    _heed(app, windows, reports)
    try:
        window = windows.new_window()
    except NoSharedMemoryError as error:
        _say_not_begun(reports, error)
        raise
    QTimer.singleShot(0, lambda: _open(window, path, died))
    updates = Updates(app, lambda: _windows(windows))
    QTimer.singleShot(_LATER_MS, updates, lambda: updates.look())  # the start is not held up
    if isinstance(app, Application):
        app.opener = windows.open
        QTimer.singleShot(0, app.open_waiting)
    code = app.exec()
    reports.end()
    return code


def run_operator(
    path: str,
    *,
    full_screen: bool = False,
    touch: bool = False,
    start: bool = False,
    password: str | None = None,
    editing: bool = True,
) -> int:
    """Show the control panel of a flow alone; return the exit code.

    Parameters
    ----------
    path : str
        The flow to open.
    full_screen, touch, start : bool
        Whether it takes the whole screen, has targets for fingers, and runs at once, whatever its file says.
    password : str, optional
        What editing asks for, in the place of the flow's own password.
    editing : bool
        Whether there is a way to edit the flow at all.

    Raises
    ------
    NoSharedMemoryError
        The engine can have no process; it was said in a dialog.
    """
    app = application()
    looks = Looks(app)
    windows = _company(looks)
    reports = CrashReports()
    reports.begin()
    try:
        host = Host(first=_first_flow(path))
    except NoSharedMemoryError as error:
        _say_not_begun(reports, error)
        raise
    editor = partial(_edit, looks, windows) if editing else None
    wishes = Wishes(full_screen, touch, start, password)
    operator = Operator(looks, Station(Anywhere(host)), wishes, path=Path(path).resolve(), editor=editor)
    _heed(app, windows, reports, operator)
    operator.begin()
    code = app.exec() or operator.code
    reports.end()
    return code


def _say_not_begun(reports: CrashReports, error: NoSharedMemoryError) -> None:
    """Say why there can be no window to who has no terminal."""
    QMessageBox.critical(None, "flodesk", f"flodesk cannot start.\n\n{error}.")
    reports.end()


def _company(looks: Looks, first: str = "") -> Company:
    return Company(lambda company: Window(looks, Anywhere(Host(first=first)), company=company))


def _edit(looks: Looks, windows: Company, operator: Operator) -> None:
    """Open the whole program on the flow of an operator's window, whose run goes on."""
    judging = operator.judging
    window = Window(looks, operator.hand_on(), company=windows)
    window.trusting.adopt(judging)
    window.settle_in(None)
    if window.document.edited:
        window.reports.message(
            "What the controls were set to in the app is part of the flow now. Undo takes it back, Save keeps it."
        )


def _heed(app: QApplication, windows: Company, reports: CrashReports, operator: Operator | None = None) -> None:
    """Say what fails in a slot, and end when somebody asks for it."""
    app.setWindowIcon(QIcon(str(resource("flodesk.svg"))))
    Garbage(app)
    operators = [] if operator is None else [operator]
    sys.excepthook = lambda kind, error, trace: _report(
        reports, _windows(windows), _there(operators), kind, error, trace
    )
    signal.signal(signal.SIGINT, lambda *_: _once_begun(lambda: _quit(windows, _there(operators))))
    for number in POLITE[1:]:  # the end of a session, a terminal that is closed
        signal.signal(number, lambda *_: _hang_up(lambda: _end(_windows(windows), _there(operators))))
    wake = QTimer(app, interval=300)  # lets Python see Ctrl+C: Qt's loop does not return to it by itself
    wake.timeout.connect(lambda: None)
    wake.start()


def _there(operators: list[Operator]) -> list[Operator]:
    """Return those that have their flow still."""
    return [operator for operator in operators if isValid(operator) and operator.own]


def _first_flow(path: str | None) -> str:
    """Return the text of the flow that is shown first: the engine imports for it while the window is built."""
    try:
        return (Path(path) if path is not None else resource(f"examples/{LIVE}.py")).read_text("utf-8")
    except (OSError, ValueError):
        return ""  # what is wrong with it is said when it is opened


def _windows(company: Company) -> list[Window]:
    """Return the windows, the one with the keyboard first."""
    windows = [window for window in company.members if isinstance(window, Window) and isValid(window)]
    return sorted(windows, key=lambda window: not window.isActiveWindow())


def _quit(windows: Company, operators: list[Operator]) -> None:
    for operator in operators:
        operator.leaving = True  # whoever presses Ctrl+C in the terminal has said so
        operator.close()
    windows.quit()


def _hang_up(do: Callable[[], None]) -> None:
    leave_terminal()  # now: the next word to it would be an error
    _once_begun(do)


def _once_begun(do: Callable[[], None]) -> None:
    """Have something done by Qt's loop, after the first flow was opened: before that nothing hears that it is to end.

    A start that takes long, on a busy machine, would not be ended by whoever asks for it.
    """
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, do))


def _end(windows: list[Window], operators: list[Operator]) -> None:
    """End at once, without a question, but leave no process and no shared memory behind.

    Unsaved changes are offered at the next start.
    """
    for operator in operators:
        operator.leaving = True
        operator.close()
    for window in windows:
        window.restoring.end(keep=True)
    for window in windows:
        window.run.close()
    QApplication.exit(0)


def _open(window: Member | None, path: str | None, died: Path | None) -> None:
    if not isinstance(window, Window):
        return
    if path is not None:
        window.files.open(path)
    else:
        window.start.begin()
    last_end = None
    if died is not None:
        last_end = LastEnd(window, window.bar, died, window.reports.sentence)
        window.files.opened.connect(last_end.over)
        window.log.say(last_end.words, "warning")
    window.restoring.offer(last_end)


def _report(
    reports: CrashReports,
    windows: list[Window],
    operators: list[Operator],
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
) -> None:
    """Say that a slot of a window failed; the window lives on, and nothing is lost."""
    text = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(text)
    report = reports.write(text)
    said = f"flodesk itself failed: {kind.__name__}: {error}."
    for window in windows[:1]:
        window.bar.show_message(
            f"{said} Your flow is not touched; save it.", "error", actions(report, window.reports.sentence)
        )
        window.log.say(text, "error")
    for operator in operators:
        operator.telling.wrong("flodesk itself failed", f"{said} The run is not touched; Stop works.")
        operator.telling.happened.log.say(text, "error")


__all__ = ["application", "run_app", "run_operator"]
