"""The windows of the program: each has a flow, an engine and a journal of its own; what they do together is here."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QLockFile, QObject
from PySide6.QtWidgets import QMenu

from flodesk.engine.folders import FolderError, data_folder
from flodesk.flow.document import Change, Document
from flodesk.ui.files import Files

_FOLDER = "open"


class Member(Protocol):
    """A window, as far as the others need it."""

    document: Document
    files: Files
    leaving: bool
    """Whether its user was asked already, and it may be closed."""

    def settle_in(self, beside: Member | None) -> None:
        """Come on the screen, `beside` another window."""

    def come_forward(self) -> None:
        """Come to the front, with the keyboard."""

    def isActiveWindow(self) -> bool:
        """Return whether it has the keyboard."""

    def windowTitle(self) -> str:
        """Return what the title bar says."""

    def may_close(self) -> bool:
        """Ask what there is to ask before it closes; False if its user wants it to stay."""

    def close(self) -> bool:
        """Close; False if its user wants it to stay."""


class Company(QObject):
    """Makes windows and knows them. A window without others has one of its own, which makes none.

    Parameters
    ----------
    make : callable, optional
        Makes a window that belongs to this company, and does not show it.
    """

    def __init__(self, make: Callable[[Company], Member] | None = None) -> None:
        super().__init__()
        self._make = make
        self.members: list[Member] = []
        self._locks: dict[int, QLockFile] = {}
        self._quits = False

    @property
    def can_open(self) -> bool:
        """Whether there can be more windows."""
        return self._make is not None

    def new_window(self, beside: Member | None = None) -> Member | None:
        """Open a window with an empty flow, beside another one: by default the one with the keyboard, or the newest."""
        if self._make is None:
            return None
        active = next((window for window in self.members if window.isActiveWindow()), None)
        neighbour = beside or active or (self.members[-1] if self.members else None)
        window = self._make(self)
        window.settle_in(neighbour)
        return window

    def open(self, path: Path) -> Member | None:
        """Open a file in a window of its own; one that is open already comes to the front."""
        there = self.holder(path)
        if there is not None:
            there.come_forward()
            return there
        window = self.new_window()
        if window is not None:
            window.files.open(path)
        return window

    def open_text(self, here: Member, text: str, path: str = "") -> Member:
        """Open a flow of ours that has no file in a window of its own; where there can be none, in the one `here`.

        If `path`, where it was begun, is a copy of an example, it is called as that.

        Returns the one in which it is open now.
        """
        window = self.new_window(here) or here
        window.files.open_copy(text.encode(), None, path)
        return window

    def quit(self) -> None:
        """Close all windows. Each is asked first; one that shall stay lets all stay."""
        self._quits = True
        try:
            may = all(self._may_close(window) for window in tuple(self.members))
        finally:
            self._quits = False
        if not may:
            for other in self.members:
                other.leaving = False
            return
        for window in tuple(self.members):
            window.close()

    def _may_close(self, window: Member) -> bool:
        if window.files.unsaved:
            window.come_forward()
        window.leaving = window.may_close()
        return window.leaving

    def others_stay(self, window: Member) -> bool:
        """Return whether flodesk goes on with other windows when this one closes."""
        return not self._quits and any(other is not window and not other.leaving for other in self.members)

    # -------------------------------------------------------------- who is there, and with what
    def join(self, window: Member) -> None:
        """Take a window in."""
        self.members.append(window)
        window.document.listeners.append(partial(self._follow, window))
        window.files.elsewhere = lambda path: self._is_elsewhere(window, path)

    def leave(self, window: Member) -> None:
        """Let a window go that was closed."""
        self._let_go(window)
        if window in self.members:
            self.members.remove(window)

    def holder(self, path: Path, but: Member | None = None) -> Member | None:
        """Return the window in which a file is open."""
        name = os.path.realpath(path)
        for window in self.members:
            own = window.document.path
            if window is not but and own is not None and os.path.realpath(own) == name:
                return window
        return None

    def fill_menu(self, menu: QMenu, here: Member) -> None:
        """List the windows; the one that it is done in has a tick."""
        menu.clear()
        for window in self.members:
            title = window.windowTitle().removesuffix(" — flodesk").replace("[*]", " *" if window.files.unsaved else "")
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(window is here)
            action.triggered.connect(lambda _=False, w=window: w.come_forward())

    def _is_elsewhere(self, window: Member, path: Path) -> bool:
        there = self.holder(path, but=window)
        if there is None:
            return False
        there.come_forward()
        there.files.said.emit(f"{path.name} is open here already.", "info")
        return True

    # -------------------------------------------------------------- other programs
    def _follow(self, window: Member, change: Change) -> None:
        """Say where another program has the same file open: what is saved there is read again here, and vice versa."""
        if change.kind not in ("open", "save") or change.again:
            return
        self._let_go(window)
        path = window.document.path
        lock = _lock(path) if path is not None else None
        if path is None or lock is None:
            return
        if lock.tryLock(0):
            self._locks[id(window)] = lock
        elif change.kind == "open" and lock.error() == QLockFile.LockError.LockFailedError:
            window.files.notice = (
                f"{path.name} is open in another flodesk, too. What is saved there is read again here; "
                "edit it in one of them."
            )

    def _let_go(self, window: Member) -> None:
        lock = self._locks.pop(id(window), None)
        if lock is not None:
            lock.unlock()


def _lock(path: Path) -> QLockFile | None:
    """Return the lock that says that a file is open; None where nothing can be written."""
    try:
        folder = data_folder(_FOLDER)
    except FolderError:
        return None
    lock = QLockFile(str(folder / f"{hashlib.sha256(os.path.realpath(path).encode()).hexdigest()[:32]}.lock"))
    lock.setStaleLockTime(0)
    return lock
