"""Whether the open flow may run: each file is judged as it is opened, and its user asked where that is not known."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from flodesk.engine.trust import Trust, asks
from flodesk.flow.document import Change, Document
from flodesk.flow.foreign import look_over
from flodesk.flow.script import write
from flodesk.ui.choice import Choice
from flodesk.ui.examples import is_as_shipped, is_example
from flodesk.ui.trust.bar import RUN_ANYWAY, TRUST_FILE
from flodesk.ui.trust.looking import ForeignDialog

UNTRUSTED = "this file comes from elsewhere and is not trusted yet, so nothing of it is run"
"""Why something that would run code of the flow was not done."""
_COPY = "{}, of which this is a copy, comes from elsewhere. Nothing runs until you say so."


class Judging(QObject):
    """Judges each file as it is opened. What was made here, and copies of the examples, need no judgement.

    `said` gives a sentence for the status bar, `changed` tells that the flow may run now, or no more, `asked` gives a
    question with its level, and `settled` tells that there is none any more.

    Parameters
    ----------
    seen : bool
        Whether its user sees what the file says, also when that has changed outside: else it is judged anew then.

    Attributes
    ----------
    trusted : bool
        Whether the open flow may run, now and when it is opened again with a text that was saved here. It stays as it
        is while the flow is edited, saved, or read again from its file.
    allowed : bool
        Whether it may run as long as it is open here and nobody else changes its file, or one beside it that it
        imports: nothing is kept of that.
    """

    said = Signal(str)
    changed = Signal()
    asked = Signal(str, str)
    settled = Signal()

    def __init__(self, window: QWidget, document: Document, *, seen: bool = True) -> None:
        super().__init__(window)
        self._window, self._document, self._seen = window, document, seen
        self._trust = Trust()
        self._then: Callable[[], object] | None = None
        """What was asked for and waits for the answer."""
        self.start: Callable[[], object] = lambda: None
        """Runs the flow."""
        self.trusted, self.allowed = True, False
        document.listeners.append(self._follow)

    @property
    def waits(self) -> bool:
        """Whether the open file waits for a word."""
        return not (self.trusted or self.allowed)

    def consent(self, then: Callable[[], object]) -> bool:
        """Return whether the flow may run now; if not, ask, and do `then` when the answer is yes."""
        if not self.waits:
            return True
        self._then = then
        name = self._document.path.name if self._document.path is not None else "This flow"
        self.asked.emit(
            f"{name} has not been run: it comes from elsewhere, and what it runs has your rights on this computer. "
            "Run it?",
            "warning",
        )
        return False

    def goes_on(self, then: Callable[[], object]) -> bool:
        """Return whether a run may take over the flow as it is now; if not, do `then` when the answer is yes."""
        if self.waits:
            self._then = then
        return not self.waits

    def others_changed(self, name: str, then: Callable[[], object] | None) -> None:
        """Ask again where the flow was only let run: others have changed a file that it imports.

        Parameters
        ----------
        name : str
            Of the file.
        then : callable, optional
            What is done when the answer is yes; by default the flow runs.
        """
        if self.allowed:
            self._end_allowed(name, then)

    def why_not(self) -> str:
        """Say why nothing of the flow is run; empty if it may be."""
        return UNTRUSTED if self.waits else ""

    # -------------------------------------------------------------- verbs
    def look(self) -> ForeignDialog:
        """List what the file would import and could do."""
        path = self._document.path
        name = path.name if path is not None else "this flow"
        trust = Choice("Trust this file", TRUST_FILE, self.trust_file)
        run = Choice("Run anyway", RUN_ANYWAY, self.run_anyway)
        choices = () if self.trusted else (trust, run) if self.waits else (trust,)
        dialog = ForeignDialog(
            self._window, name, look_over(write(self._document.flow), name, self._document.folder), choices
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def trust_file(self) -> None:
        """Run the file without a question from now on, as long as it has this text or one that was saved here."""
        path = self._document.path
        if path is not None:
            self._trust.keep(path, self._document.digest)
        if not self.trusted:
            self._answer(f"{path.name} is trusted" if path is not None else "This flow is trusted")

    def trust_folder(self) -> None:
        """Run all files of the folder without a question from now on."""
        folder = self._document.folder
        if folder is not None:
            self._trust.keep_folder(folder)
            self._answer(f"All flows in {folder} are trusted")

    def run_anyway(self) -> None:
        """Run it now, and as long as it is open here: it is not trusted by that, nor by saving it then."""
        self._then = self._then or self.start
        self._answer("", trusted=False)

    def was_run(self) -> None:
        """Let it run as long as it is open here: its user has run what it says, and left that run for later."""
        if self.waits:
            self._then = None  # what was asked for before the run was found
            self._answer("", trusted=False)

    def _answer(self, sentence: str, *, trusted: bool = True) -> None:
        then, self._then = self._then, None
        self.trusted, self.allowed = trusted, not trusted
        self.settled.emit()
        if sentence:
            self.said.emit(sentence)
        self.changed.emit()
        if then is not None:
            then()

    def take_over(self, trusted: bool, name: str) -> None:
        """Judge a flow without a file as the file that it is a copy of: whether that is trusted."""
        waited = self.waits
        self.trusted, self.allowed = trusted or not asks(), False
        if self.waits:
            self.asked.emit(_COPY.format(name), "info")
        else:
            self.settled.emit()
        if self.waits != waited:
            self.changed.emit()

    def adopt(self, other: Judging) -> None:
        """Take over what was said in another window of the flow that is open."""
        self.trusted, self.allowed = other.trusted, other.allowed
        if self.waits:
            self._judge()

    def rest(self) -> None:
        """Judge nothing more: another window has the flow now."""
        if self._follow in self._document.listeners:
            self._document.listeners.remove(self._follow)

    # -------------------------------------------------------------- what happens
    def _follow(self, change: Change) -> None:
        path = self._document.path
        if change.kind == "save" and self.trusted and path is not None:
            self._trust.keep(path, self._document.digest)
        elif change.kind == "open" and change.again and self.trusted and path is not None and self._seen:
            self._trust.keep(path, self._document.digest)  # its user sees it change, and sees what it is now
        elif change.kind == "open" and change.again and self.allowed and path is not None:
            self._end_allowed(path.name, self._then)
        elif change.kind == "open":
            self._judge()

    def _end_allowed(self, name: str, then: Callable[[], object] | None) -> None:
        self.allowed, self._then = False, then  # it was said of another text
        self.asked.emit(
            f"{name} was changed outside after you let it run. What is new in it runs when you say so.", "warning"
        )
        self.changed.emit()

    def _judge(self) -> None:
        waited, self._then = self.waits, None
        question = self._question() if asks() else ""
        self.trusted, self.allowed = not question, False
        if question:
            self.asked.emit(question, "info")
        else:
            self.settled.emit()
        if self.waits != waited:
            self.changed.emit()

    def _question(self) -> str:
        """Say what is to be asked about the flow that was opened; empty if nothing is."""
        path, origin = self._document.path, self._document.origin
        if path is None:
            return _COPY.format(origin.name) if origin is not None and not is_example(origin) else ""
        if is_as_shipped(path):
            return ""  # the command line has named its path
        match self._trust.standing(path, self._document.digest):
            case "new":
                return f"{path.name} comes from elsewhere. Nothing of it runs until you say so."
            case "changed":
                return f"{path.name} has changed since it was last here. Nothing of it runs until you say so."
            case _:
                return ""
