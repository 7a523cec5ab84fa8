"""Keeps a text that is typed and the flow of the document in step.

What can be read becomes an edit, what is edited elsewhere goes into the text, and nothing that was typed is ever lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtGui import QTextDocument

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import Edit, EditError, SetText
from flodesk.flow.model import Flow
from flodesk.flow.retyped import retyped
from flodesk.flow.script import ScriptError, write
from flodesk.flow.text_diff import hunks, lines_of, merge
from flodesk.ui.script.editor import ScriptEditor
from flodesk.ui.script.line_map import LineMap
from flodesk.ui.script.patching import Changes, bring, replace_lines
from flodesk.ui.side_thread import SideThread

PAUSE = 250
"""Milliseconds without a key after which the text is read."""
LATER = 30
"""Milliseconds in which changes made elsewhere are gathered: a slider makes many."""
STEP_MS = 2000
"""Milliseconds without a key after which another step of undo begins."""
LONG = 30_000
"""Letters from which a text is read in a thread: 2,000 nodes take 200 ms."""
_STRANGE = re.compile("[\\r\\u2029\\ufdd0\\ufdd1\\x00\\ud800-\\udfff]")
"""What an editor of Qt would turn into something else."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a text cannot be read: the line and the columns (from 0; -1 where unknown), and what is wrong."""

    line: int
    start: int
    end: int
    message: str


class InStep(QObject):
    """Takes what is typed to the document, and what changes there into the text.

    While the text cannot be read, the document keeps the last flow that could; edits of it go on, and go into the text
    where it was not typed in.

    Signals
    -------
    changed : the text can be read now or no more, or the flow's lines stand elsewhere in it
    typed : the text was changed by a hand
    """

    changed = Signal()
    typed = Signal()

    def __init__(self, document: Document, editor: ScriptEditor, catalog: Callable[[], Catalog]) -> None:
        super().__init__(editor)
        self._document, self._editor, self._catalog = document, editor, catalog
        self.unread: Unread | None = None
        self.clashes: tuple[int, ...] = ()
        """Lines that were typed in, and changed elsewhere meanwhile."""
        self.active = False
        """Whether anybody sees the text; it is brought up to date when somebody does."""
        self._flow: Flow | None = None
        self.lines = LineMap(editor)
        """The text of the flow, as it was last seen here, and where its lines are."""
        self._stale = True
        """Whether another flow was opened since the text was shown."""
        self._own = self._bringing = False
        self._reading = 0
        """Which revision of the text is being read in the thread; 0 if none."""
        self._step = 0
        self._typed = QElapsedTimer()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._paused)
        self._later = QTimer(self, singleShot=True, interval=LATER)
        self._later.timeout.connect(self.pull)
        self._thread = SideThread(self)
        editor.document().contentsChange.connect(self._text_changed)
        editor.step_ended.connect(self._end_step)
        document.listeners.append(self._follow)

    # -------------------------------------------------------------- what is the case
    @property
    def ahead(self) -> bool:
        """Whether something was typed that is not in the flow."""
        return self._pause.isActive() or self.unread is not None or self._reading > 0

    def typed_text(self) -> str:
        """Return the whole text if something was typed in it that cannot be read; else nothing."""
        return self._editor.raw_text() if self.unread is not None else ""

    @property
    def flow(self) -> Flow | None:
        """The flow whose text was last seen here."""
        return self._flow

    # -------------------------------------------------------------- from the text to the flow
    def settle(self) -> bool:
        """Read now what was typed; False if it cannot be read."""
        if not self.ahead:
            return True
        if not self._pause.isActive() and not self._reading:
            return False  # it was read as it is now
        self._pause.stop()
        self._reading = 0
        self._push(at_once=True)
        return self.unread is None

    def _text_changed(self, _at: int, removed: int, added: int) -> None:
        if self._bringing or not (removed or added):
            return
        if self._typed.isValid() and self._typed.elapsed() > STEP_MS:
            self._end_step()
        self._typed.start()
        self._reading = 0  # what is being read is the text of before
        self._pause.start()
        self.typed.emit()

    def _end_step(self) -> None:
        self._step += 1

    def _paused(self) -> None:
        self._push(at_once=False)

    def _push(self, *, at_once: bool) -> None:
        self.pull()
        self._pause.stop()  # what was pulled is no typing
        text = self._editor.raw_text()
        if text == self.lines.text:
            self._say(None)
            return
        flow, catalog = self._document.flow, self._catalog()
        if at_once or len(text) < LONG:
            self._finish(text, flow, _edit_for(flow, text, catalog))
            return
        self._reading = revision = max(1, self._editor.document().revision())

        self._thread.do(partial(_edit_for, flow, text, catalog), partial(self._take, revision, text, flow))

    def _take(self, revision: int, text: str, flow: Flow, result: Edit | Unread | None) -> None:
        if revision != self._reading or self._pause.isActive():
            return  # more was typed, or it was read at once
        self._reading = 0
        if flow is not self._document.flow or text != self._editor.raw_text():
            self._push(at_once=False)
            return
        self._finish(text, flow, result)

    def _finish(self, text: str, flow: Flow, result: Edit | Unread | None) -> None:
        if isinstance(result, Unread):
            self._say(result)
            return
        if result is not None:
            self._own = True
            try:
                self._document.do(result, merge=f"script {self._step}")
            except EditError as problem:
                self._say(Unread(-1, -1, -1, str(problem)))
                return
            finally:
                self._own = False
            self.lines.put(text)
            self._flow = self._document.flow
            if isinstance(result, SetText) and _plain(result.text, flow) != text:
                self._flow = None  # its header says more than was typed: ids and places that go on
                self.pull()
        self._forget_keys()
        self._say(None)

    def _say(self, unread: Unread | None) -> None:
        self.unread = unread
        if unread is None:
            self.clashes = ()
        self.changed.emit()

    # -------------------------------------------------------------- from the flow to the text
    def show(self) -> None:
        """Bring the text up to date: somebody sees it now."""
        self.active = True
        if self._stale:
            self._load()
        else:
            self.pull()

    def hide(self) -> None:
        """Follow no more, unless something was typed that is not in the flow."""
        self.active = False

    def _follow(self, change: Change) -> None:
        if self._own or change.kind in ("save", "around"):
            return
        if change.kind == "open" and not change.again:
            self._pause.stop()
            self._reading = 0
            self._stale = True
            if self.active:
                self._load()
            else:
                self._say(None)
        elif self.active or self.ahead:
            self._later.start()

    def pull(self) -> None:
        """Bring into the text what has changed in the flow, and leave alone what was typed."""
        self._later.stop()
        flow = self._document.flow
        if flow is self._flow or self._stale:
            return
        text = _plain(write(flow), flow)
        self._flow = flow
        if text != self.lines.text:
            own, other = lines_of(self._editor.raw_text()), lines_of(text)
            merged = merge(self.lines.lines, own, other)
            if merged.changes:
                self._bring(merged.changes)
            self.lines.put(text)
            if merged.clashes:
                self.clashes = tuple(sorted({*self.clashes, *merged.clashes}))
            if self.unread is not None:
                self._pause.start()
        self.changed.emit()

    def _load(self) -> None:
        """Show another flow."""
        text = _plain(write(self._document.flow), self._document.flow)
        self._flow, self._stale = self._document.flow, False
        self.lines.put(text)
        self._bringing = True
        self._editor.setPlainText(text)
        self._bringing = False
        self._editor.setReadOnly(_STRANGE.search(text) is not None)
        self._editor.fold.find()
        self._forget_keys()
        self._say(None)

    def _bring(self, changes: Changes) -> None:
        self._bringing = True
        bring(self._editor, changes)
        self._bringing = False
        self._forget_keys()

    def _forget_keys(self) -> None:
        """Forget the editor's own history: undo goes through the document."""
        self._editor.document().clearUndoRedoStacks(QTextDocument.Stacks.UndoAndRedoStacks)

    # -------------------------------------------------------------- verbs
    def undo(self) -> None:
        """Take back what was typed and cannot be read; else the document's last step."""
        self.settle()
        if self._editor.document().isUndoAvailable():
            self._editor.undo()
        else:
            self._document.undo()
            self.pull()

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._editor.document().isRedoAvailable():
            self._editor.redo()
        else:
            self.settle()
            self._document.redo()
            self.pull()

    def take_back(self) -> None:
        """Show the flow's own text again; undo brings back what was typed."""
        self.pull()
        self._pause.stop()
        own, wanted = lines_of(self._editor.raw_text()), self.lines.lines
        found = [(h.start, h.end, tuple(wanted[h.new_start : h.new_end])) for h in reversed(hunks(own, wanted))]
        self._bringing = True
        replace_lines(self._editor.document(), found)
        self._bringing = False
        self._editor.fold.find()
        self._say(None)

    def type_again(self, text: str) -> None:
        """Put in what was typed at another time, as if a hand did it now."""
        if self._stale:
            self._load()
        else:
            self.pull()
        own, wanted = lines_of(self._editor.raw_text()), lines_of(text)
        found = [(h.start, h.end, tuple(wanted[h.new_start : h.new_end])) for h in reversed(hunks(own, wanted))]
        replace_lines(self._editor.document(), found)
        self._editor.fold.find()

    def close(self) -> None:
        """Wait for what is being read."""
        self._pause.stop()
        self._later.stop()
        self._reading = 0
        if self._follow in self._document.listeners:
            self._document.listeners.remove(self._follow)
        self._thread.close()


def _edit_for(flow: Flow, text: str, catalog: Catalog) -> Edit | Unread | None:
    """Read a text as an edit of a flow, or say why it cannot be; None if it is the flow's own. In any thread."""
    try:
        return retyped(flow, text, catalog)
    except ScriptError as error:
        return _unread(error)
    except Exception as error:  # noqa: BLE001 - the end of a thread: a text that we fail to read must not be lost
        return Unread(-1, -1, -1, f"flodesk cannot read this: {type(error).__name__}: {error}")


def _unread(error: ScriptError) -> Unread:
    cause = error.__cause__
    message = error.message.removeprefix("this is not Python: ")
    message = message[:1].upper() + message[1:]
    if not isinstance(cause, SyntaxError) or not cause.offset:
        return Unread(error.line - 1, -1, -1, message)
    start = max(cause.offset - 1, 0)
    same = cause.end_lineno in (None, cause.lineno) and cause.end_offset
    end = max((cause.end_offset or 0) - 1, start + 1) if same else start + 1
    return Unread(error.line - 1, start, end, message)


def _plain(text: str, flow: Flow) -> str:
    """Return the text of a flow with line feeds alone."""
    return text if flow.newline == "\n" else text.replace(flow.newline, "\n")
