"""What flodesk itself failed of, kept on this computer: nothing is sent anywhere, a button copies it for a report."""

from __future__ import annotations

import contextlib
import faulthandler
import platform
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QLockFile, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication

from flodesk import __version__
from flodesk.engine.folders import FolderError, data_folder

FOLDER = "crashes"
KEPT = 20
"""So many reports are kept."""
_OPEN = "open-"
_CRASH = ("Fatal Python error", "Windows fatal exception")
"""How `faulthandler` begins to tell of a crash in C code."""
Actions = tuple[tuple[str, Callable[[], object]], ...]


class CrashReports:
    """Writes what failed, and finds what the program before has died of.

    A crash in C code leaves no moment to write anything: `faulthandler` has a file open for it from `begin` on.
    Nothing here raises: where no file can be written there are no reports.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._own: Path | None = None
        self._file: TextIO | None = None
        self._lock: QLockFile | None = None
        self._before = faulthandler.is_enabled()

    def begin(self) -> Path | None:
        """Be ready for a crash; returns the report of the newest one that a program before has died of."""
        with contextlib.suppress(OSError, FolderError):
            self._folder = data_folder(FOLDER)
            died = self._left_behind()
            own = self._folder / f"{_OPEN}{uuid.uuid4().hex}.txt"
            self._lock = QLockFile(f"{own}.lock")
            if self._lock.tryLock(0):
                self._own = own
                self._file = own.open("w", encoding="utf-8")
                self._file.write(head())
                self._file.flush()
                faulthandler.enable(self._file)
            return died
        return None

    def write(self, text: str) -> Path | None:
        """Keep a report of something that failed and was survived; returns where."""
        if self._folder is None:
            return None
        with contextlib.suppress(OSError):
            report = self._named(datetime.now())
            report.write_text(head() + text, encoding="utf-8")
            self._tidy()
            return report
        return None

    def end(self) -> None:
        """Forget the file for a crash: the program ends as it should."""
        if self._file is not None and self._own is not None:
            faulthandler.enable() if self._before else faulthandler.disable()
            self._file.close()
            with contextlib.suppress(OSError):
                self._own.unlink()
        if self._lock is not None:
            self._lock.unlock()
        self._file = self._lock = None

    def _left_behind(self) -> Path | None:
        """Give the reports of programs that have died their names; what ended without a crash goes."""
        assert self._folder is not None
        newest = None
        for file in sorted(self._folder.glob(f"{_OPEN}*.txt"), key=lambda file: file.stat().st_mtime):
            lock = QLockFile(f"{file}.lock")
            if not lock.tryLock(0):
                continue  # a program that lives
            if any(words in file.read_text(encoding="utf-8", errors="replace") for words in _CRASH):
                newest = file.rename(self._named(datetime.fromtimestamp(file.stat().st_mtime)))
            else:
                file.unlink()
            lock.unlock()
        self._tidy()
        return newest

    def _named(self, when: datetime) -> Path:
        assert self._folder is not None
        return self._folder / f"{when:%Y-%m-%d %H-%M-%S} {uuid.uuid4().hex[:4]}.txt"

    def _tidy(self) -> None:
        assert self._folder is not None
        reports = sorted(file for file in self._folder.glob("*.txt") if not file.name.startswith(_OPEN))
        for old in reports[:-KEPT]:
            old.unlink()


def head() -> str:
    """Return what a report begins with: which program it was, on which system. No names of people or files."""
    return (
        f"flodesk {__version__}, Python {platform.python_version()}, Qt {qVersion()}\n"
        f"{platform.platform()}, {QGuiApplication.platformName() or 'no display'}\n"
        f"{datetime.now():%Y-%m-%d %H:%M:%S}\n\n"
    )


def actions(report: Path | None, say: Callable[[str], object]) -> Actions:
    """Return the buttons that a message about a report has; `say` is told what one of them has done."""
    if report is None:
        return ()
    return ("Copy report", partial(copy, report, say)), ("Show the folder", partial(show, report, say))


def copy(report: Path, say: Callable[[str], object]) -> None:
    """Put a report onto the clipboard."""
    try:
        text = report.read_text(encoding="utf-8", errors="replace")
    except OSError as problem:
        say(f"The report cannot be read: {problem.strerror or problem}: {report}")
        return
    QGuiApplication.clipboard().setText(text)
    say("The report is on the clipboard.")


def show(report: Path, say: Callable[[str], object]) -> None:
    """Show the folder with the reports, by the program that the system has for folders, and say where it is.

    Where a desktop has no such program it often tells nobody: the words are what is left then.
    """
    shown = QDesktopServices.openUrl(QUrl.fromLocalFile(str(report.parent)))
    say(f"The reports are in {report.parent}" if shown else f"Nothing here shows folders: it is {report.parent}")
