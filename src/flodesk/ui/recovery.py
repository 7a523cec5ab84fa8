"""Unsaved changes outlive a crash: they are written down as they are made, and offered at the next start."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject

from flodesk.engine.folders import FolderError, data_folder
from flodesk.flow.document import Document
from flodesk.flow.journal import Journal, Recovery, fits, load_journal, replay
from flodesk.flow.script import ScriptError
from flodesk.resource import resource
from flodesk.ui.examples import examples
from flodesk.ui.files import UNTITLED, Files, example_title, reason
from flodesk.ui.message_bar import Level, MessageBar

log = logging.getLogger(__name__)
_FOLDER = "unsaved"


@dataclass(frozen=True, slots=True)
class _Found:
    """A journal that no living program writes. The lock is held, so that no other program offers it too."""

    path: Path
    lock: QLockFile
    recovery: Recovery
    when: datetime

    @property
    def name(self) -> str:
        if self.recovery.file is not None:
            return self.recovery.file.name
        name = _example_of(self.recovery)
        return example_title(name) if name else UNTITLED


class Restoring(QObject):
    """Keeps the journal of a document, and offers those that crashed programs left.

    Each program has a journal and a lock of its own in the user's data folder. Nothing is on the disk before `begin`.

    Parameters
    ----------
    say : callable
        Is told a message and its level.
    """

    def __init__(self, document: Document, files: Files, bar: MessageBar, say: Callable[[str, Level], None]) -> None:
        super().__init__(files)
        self._document = document
        self._files = files
        self._bar = bar
        self._say = say
        self._journal: Journal | None = None
        self._lock: QLockFile | None = None
        self._found: list[_Found] = []
        self.restored: Callable[[], object] = lambda: None
        """Told when changes are back."""

    def begin(self) -> None:
        """Write down every change from now on, and look for what others left; `offer` asks about that."""
        try:
            folder = data_folder(_FOLDER)
            self._found = _left_behind(folder)
        except (OSError, FolderError) as problem:
            self._say(f"Unsaved changes are not kept for the case of a crash: {problem}", "warning")
            return
        own = folder / f"{uuid.uuid4().hex}.jsonl"
        self._lock = _locked(own)
        if self._lock is None:
            self._say(f"Unsaved changes are not kept for the case of a crash: {folder} cannot be written.", "warning")
            return
        self._journal = Journal(self._document, own, self._say)

    def offer(self) -> None:
        """Ask about the newest of what was found."""
        if not self._found:
            return
        found = self._found[-1]
        text = f"Unsaved changes of {found.name} from {found.when:%Y-%m-%d %H:%M} were found."
        self._bar.show_message(text, "warning", (("Restore", self.restore), ("Discard", self.discard)), stays=True)

    def restore(self) -> None:
        """Open the flow and make the changes again; if they do not fit say why, and keep the journal."""
        found = self._found[-1]
        self._bar.clear()
        kept = f"They are kept in {found.path}"
        try:
            trial = _source(found.recovery)
            count = replay(trial, found.recovery)
        except (ScriptError, OSError, ValueError) as problem:
            why = reason(problem, found.recovery.file or found.path)
            self._drop(found, remove=False)
            self._say(f"The unsaved changes of {found.name} cannot be restored: {why} {kept}.", "error")
            return
        if not self._open(found.recovery):
            self.offer()  # the flow that is open shall stay
            return
        replay(self._document, found.recovery)
        whole = count == len(found.recovery.entries)
        self._drop(found, remove=whole)
        if not whole:
            self._say(f"Only {count} of {len(found.recovery.entries)} changes could be made again. {kept}.", "warning")
            return
        self.restored()
        changes = "One change" if count == 1 else f"{count} changes"
        last = f", the last one “{self._document.undo_title}”" if self._document.undo_title else ""
        self._say(f"{changes} of {found.name} are back{last}. Undo leads through them; Save keeps them.", "info")
        self.offer()

    def discard(self) -> None:
        """Remove the journal that is asked about."""
        self._bar.clear()
        self._drop(self._found[-1], remove=True)
        self.offer()

    def end(self, keep: bool = False) -> None:
        """Write no more. The journal goes, unless `keep` is asked for and there are changes that no file has."""
        if self._journal is not None:
            self._journal.close(keep and self._document.dirty)
            self._journal = None
        for lock in (self._lock, *(found.lock for found in self._found)):
            if lock is not None:
                lock.unlock()
        self._lock = None
        self._found.clear()

    def _open(self, recovery: Recovery) -> bool:
        if recovery.file is not None:
            return self._files.open(recovery.file)
        name = _example_of(recovery)
        return self._files.open_example(name) if name else self._files.new()

    def _drop(self, found: _Found, remove: bool) -> None:
        self._found.remove(found)
        if remove:
            try:
                found.path.unlink(missing_ok=True)
            except OSError as problem:
                log.warning("The journal %s could not be removed: %s", found.path, problem)
        found.lock.unlock()


def _left_behind(folder: Path) -> list[_Found]:
    """Return the journals whose programs are gone, the oldest first, and clear away locks of theirs without one."""
    found: list[_Found] = []
    for name in sorted({path.stem for path in folder.iterdir() if path.suffix in (".jsonl", ".lock")}):
        path = folder / f"{name}.jsonl"
        lock = _locked(path)
        if lock is None:
            continue
        recovery = load_journal(path)
        if recovery is None:
            lock.unlock()
            continue
        found.append(_Found(path, lock, recovery, datetime.fromtimestamp(path.stat().st_mtime)))
    return sorted(found, key=lambda one: one.when)


def _locked(path: Path) -> QLockFile | None:
    """Take the lock of a journal; None if a living program has it."""
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # however old it is: what counts is whether its process lives
    return lock if lock.tryLock(0) else None


def _source(recovery: Recovery) -> Document:
    """Return the flow that a journal starts from, in a document of its own."""
    document = Document()
    if recovery.file is not None:
        document.open(recovery.file)
    elif name := _example_of(recovery):
        document.open(resource(f"examples/{name}.py"))
    return document


def _example_of(recovery: Recovery) -> str:
    """Return the name of the example that a journal starts from; empty if it is none."""
    if recovery.file is not None or fits(Document(), recovery):
        return ""
    trial = Document()
    for name in examples():
        trial.open(resource(f"examples/{name}.py"))
        if fits(trial, recovery):
            return name
    return ""


__all__ = ["Restoring"]
