"""The desktop program: sets Qt up, shows the window, opens a flow."""

from __future__ import annotations

import signal
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

# isort: split
import flodesk.engine.unread  # noqa: F401 - before all that is not Qt's

# isort: split
from flodesk.engine.client import Host
from flodesk.engine.heeding import POLITE, leave_terminal
from flodesk.engine.places.anywhere import Anywhere
from flodesk.resource import resource
from flodesk.ui.company import Company, Member
from flodesk.ui.examples import LIVE
from flodesk.ui.sizing import wear_size
from flodesk.ui.theme.icons import icon
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window


def application() -> QApplication:
    """Return the program's `QApplication`, set up and dressed."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    wear_size()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(sys.argv[:1])
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
    """
    app = application()
    looks = Looks(app)
    first = _first_flow(path)
    windows = Company(lambda company: Window(looks, Anywhere(Host(first=first)), company=company))
    app.setWindowIcon(icon("wire", "accent"))
    sys.excepthook = lambda kind, error, trace: _report(_windows(windows), kind, error, trace)
    window = windows.new_window()
    QTimer.singleShot(0, lambda: _open(window, path))
    signal.signal(signal.SIGINT, lambda *_: windows.quit())
    for number in POLITE[1:]:  # the end of a session, a terminal that is closed
        signal.signal(number, lambda *_: _end(_windows(windows)))
    wake = QTimer(app, interval=300)  # lets Python see Ctrl+C: Qt's loop does not return to it by itself
    wake.timeout.connect(lambda: None)
    wake.start()
    return app.exec()


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


def _end(windows: list[Window]) -> None:
    """End at once, without a question, but leave no process and no shared memory behind.

    Unsaved changes are offered at the next start.
    """
    leave_terminal()
    for window in windows:
        window.restoring.end(keep=True)
    for window in windows:
        window.run.close()
    QApplication.exit(0)


def _open(window: Member | None, path: str | None) -> None:
    if not isinstance(window, Window):
        return
    if path is not None:
        window.files.open(path)
    else:
        window.start.begin()
    window.restoring.offer()


def _report(
    windows: list[Window], kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Say that a slot of a window failed; the window lives on, and nothing is lost."""
    text = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(text)
    for window in windows[:1]:
        window.reports.message(
            f"flodesk itself failed: {kind.__name__}: {error}. Your flow is not touched; save it.", "error"
        )
        window.log.say(text, "error")


__all__ = ["application", "run_app"]
