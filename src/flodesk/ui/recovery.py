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
from flodesk.ui.crash_reports import Actions
from flodesk.ui.examples import examples, is_example
from flodesk.ui.files import UNTITLED, Files, example_title, reason
from flodesk.ui.last_end import CRASHED, LastEnd
from flodesk.ui.message_bar import Level, MessageBar
from flodesk.ui.script.in_step import InStep

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
        name, origin = _example_of(self.recovery), self.recovery.origin
        if name or origin is None:
            return example_title(name) if name else UNTITLED
        return example_title(origin.stem) if is_example(origin) else f"a copy of {origin.name}"


@dataclass(frozen=True, slots=True)
class _Base:
    """The flow that a journal starts from.

    Attributes
    ----------
    flow : Document
        That flow, in a document of its own.
    open : callable
        Opens it in the window; False if what is open there shall stay.
    why_copy : str
        Why it is a copy of its file, and not the file itself; empty if that was not to be had otherwise.
    """

    flow: Document
    open: Callable[[Files], bool]
    why_copy: str = ""


class Restoring(QObject):
    """Keeps the journal of a document, and offers those that crashed programs left.

    Each program has a journal and a lock of its own in the user's data folder. Nothing is on the disk before `begin`.

    Parameters
    ----------
    say : callable
        Is told a message and its level.
    in_step : InStep
        The script that is typed: while it cannot be read it is kept as it is.
    """

    def __init__(
        self, document: Document, files: Files, bar: MessageBar, say: Callable[[str, Level], None], in_step: InStep
    ) -> None:
        super().__init__(files)
        self._in_step = in_step
        in_step.changed.connect(self._keep_typed)
        self._document = document
        self._files = files
        self._bar = bar
        self._say = say
        self._journal: Journal | None = None
        self._lock: QLockFile | None = None
        self._found: list[_Found] = []
        self._last_end: LastEnd | None = None
        self.restored: Callable[[], object] = lambda: None
        """Told when changes are back."""
        self.trusted: Callable[[], bool] = lambda: False
        """Whether the open flow may be run without a question."""
        self.judge_copy: Callable[[bool, str], object] = lambda trusted, name: None
        """Told of a flow that is open without a file: whether what it is a copy of was trusted, and its name."""

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
        self._journal = Journal(self._document, own, self._say, lambda: self.trusted())

    def _keep_typed(self) -> None:
        if self._journal is not None:
            self._journal.typed(self._in_step.typed_text())

    def offer(self, last_end: LastEnd | None = None) -> None:
        """Ask about the newest of what was found, and say that the program before has crashed, if it has.

        What is said of its crash is said with each question, and after the last.
        """
        self._last_end = self._last_end or last_end
        if self._found:
            found = self._found[-1]
            text = f"Unsaved changes of {found.name} from {found.when:%Y-%m-%d %H:%M} were found."
            self._ask(text, (("Restore", self.restore), ("Discard", self.discard)))
        elif self._last_end is not None:
            self._last_end.show()

    def _ask(self, text: str, answers: Actions) -> None:
        if self._last_end is not None:
            text, answers = f"{CRASHED} {text}", (*answers, *self._last_end.actions[:1])
        self._bar.show_message(text, "warning", answers, stays=True)

    def _tell(self, text: str, level: Level) -> None:
        """Say how it went, and after the last question what else there is to say of the end of the program before."""
        self._say(text, level)
        if not self._found and self._last_end is not None:
            self._last_end.show(text, level)

    def restore(self) -> None:
        """Open the flow and make the changes again. If its file has changed, ask whether to do so in a copy of it."""
        self._restore(as_copy=False)

    def restore_copy(self) -> None:
        """Make the changes again in a flow without a file, from the text that they were made in."""
        self._restore(as_copy=True)

    def _restore(self, *, as_copy: bool) -> None:
        found = self._found[-1]
        self._bar.clear()
        kept = f"They are kept in {found.path}"
        try:
            base = _base_of(found.recovery)
            if base.why_copy and not as_copy:
                self._ask_copy(found, base.why_copy)
                return
            count = replay(base.flow, found.recovery)
        except (ScriptError, OSError, ValueError) as problem:
            why = reason(problem, found.recovery.file or found.path)
            self._drop(found, remove=False)
            self._tell(f"The unsaved changes of {found.name} cannot be restored: {why} {kept}.", "error")
            return
        if not base.open(self._files):
            self.offer()  # the flow that is open shall stay
            return
        if self._document.path is None and (origin := self._document.origin) and not is_example(origin):
            self.judge_copy(found.recovery.trusted, origin.name)
        replay(self._document, found.recovery)
        whole = count == len(found.recovery.entries)
        self._drop(found, remove=whole)
        if not whole:
            self._tell(f"Only {count} of {len(found.recovery.entries)} changes could be made again. {kept}.", "warning")
            return
        self.restored()
        where = " in a copy without a file" if base.why_copy else ""
        words = [self._what_is_back(count, found.name, where)] if count else []
        if found.recovery.typed:
            self._in_step.type_again(found.recovery.typed)
            also = ", too" if count else where
            words.append(f"What was typed in the script of {found.name}, and cannot be read yet, is there again{also}.")
        self._tell(" ".join(words), "info")
        if self._found:
            self.offer()

    def _what_is_back(self, count: int, name: str, where: str) -> str:
        changes, are = ("One change", "is") if count == 1 else (f"{count} changes", "are")
        last = f", the last one “{self._document.undo_title}”" if self._document.undo_title else ""
        return f"{changes} of {name} {are} back{where}{last}. Undo leads through them; Save keeps them."

    def _ask_copy(self, found: _Found, why: str) -> None:
        text = (
            f"The unsaved changes of {found.name} cannot be made in the file: {why} They can be restored as a copy, "
            f"a flow without a file, from the text that they were made in; {found.name} is not touched."
        )
        answers = (("Restore as a copy", self.restore_copy), ("Discard", self.discard))
        self._ask(text, answers)

    def discard(self) -> None:
        """Remove the journal that is asked about."""
        self._bar.clear()
        self._drop(self._found[-1], remove=True)
        self.offer()

    def end(self, keep: bool = False) -> None:
        """Write no more. The journal goes, unless `keep` is asked for and there are changes that no file has."""
        if self._journal is not None:
            self._journal.close(keep)
            self._journal = None
        for lock in (self._lock, *(found.lock for found in self._found)):
            if lock is not None:
                lock.unlock()
        self._lock = None
        self._found.clear()

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


def _base_of(recovery: Recovery) -> _Base:
    """Find the flow that a journal starts from: in its file, among the examples, or else in the journal itself.

    Raises
    ------
    ScriptError, OSError, ValueError
        It is nowhere, as in a journal of an older flodesk whose file has changed.
    """
    document, file, origin = Document(), recovery.file, recovery.origin
    why = ""
    if file is not None:
        try:
            document.open(file)
        except (ScriptError, OSError, UnicodeError) as problem:
            if recovery.start is None:
                raise
            why = reason(problem, file)
        if not why and fits(document, recovery):
            return _Base(document, lambda files: files.open(file))
        why = why or "It has changed since they were made."
        origin = file
    elif fits(document, recovery) and origin is None:
        return _Base(document, lambda files: files.new())
    elif name := _example_of(recovery):
        document.open(resource(f"examples/{name}.py"))
        return _Base(document, lambda files: files.open_example(name))
    start = recovery.start
    if start is not None:
        document.open_copy(start, origin)
        return _Base(document, lambda files: files.open_copy(start, origin), why)
    return _Base(document, lambda files: False)  # of which `replay` says that it does not fit


def _example_of(recovery: Recovery) -> str:
    """Return the name of the example that a journal starts from; empty if it is none."""
    origin = recovery.origin
    if recovery.file is not None or (origin is not None and not is_example(origin)) or fits(Document(), recovery):
        return ""
    trial = Document()
    for name in examples():
        trial.open(resource(f"examples/{name}.py"))
        if fits(trial, recovery):
            return name
    return ""


__all__ = ["Restoring"]
