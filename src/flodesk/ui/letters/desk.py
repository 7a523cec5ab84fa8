"""Works on the store of dead letters in a thread of its own: its file may be locked, and its packages take a while."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from flodesk.engine.folders import data_folder
from flodesk.engine.letters import Head, Letter, Letters, Stock
from flodesk.engine.letters.schema import FORM
from flodesk.ui.letters.words import excerpt, plain
from flodesk.ui.side_thread import SideThread

LAST = 1000
"""How many letters are listed."""


@dataclass(frozen=True, slots=True)
class View:
    """What was read: the newest letters, how many there are of the flow that is open, the one that is chosen.

    `source` is the text around the user's line of that one; `error` says why nothing could be read; `read` when the
    reading began, in seconds since 1970: what was kept since then may be missing.
    """

    heads: list[Head] = field(default_factory=list)
    here: int = 0
    stock: Stock = field(default_factory=Stock)
    room: str = ""
    chosen: Letter | None = None
    source: tuple[tuple[int, str], ...] = ()
    error: str = ""
    read: float = 0.0


class Desk(QObject):
    """Does one thing after the other. `looked` gives a `View`, `said` a sentence and its level."""

    looked = Signal(object)
    said = Signal(str, str)
    copied = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._thread = SideThread(self)
        self._looking = self._again = False
        self._next: tuple[Collection[str], bool, int] = ((), False, 0)

    # -------------------------------------------------------------- what is asked for
    def look(self, paths: Collection[str], everything: bool, chosen: int) -> None:
        """Read the store: the letters of these files, or `everything`; and all that is known of the chosen one."""
        self._next = (paths, everything, chosen)
        if self._looking:
            self._again = True
            return
        self._looking, self._again = True, False
        self._thread.do(
            lambda: self._look(paths, everything, chosen), self._take, lambda error: self._take(View(error=str(error)))
        )

    def hide(self, ids: Sequence[int], *, hidden: bool) -> None:
        """Drop letters so that they can come back, or let them come back."""
        self._thread.do(lambda: self._with(lambda store: store.hide(ids, hidden=hidden)), None, self._failed)

    def copy(self, ids: Sequence[int]) -> None:
        """Give the letters as text, by `copied`."""

        def work() -> str:
            found = self._with(lambda store: store.find(ids=ids))
            return "\n\n".join(plain(letter) for letter in found)

        self._thread.do(work, self.copied.emit, self._failed)

    def export(self, ids: Sequence[int], file: Path) -> None:
        """Write letters into a file: as JSON where its name ends so, else as text."""

        def work() -> str:
            found = self._with(lambda store: store.find(ids=ids))
            if file.suffix == ".json":
                text = json.dumps([_data(letter) for letter in found], indent=1)
            else:
                text = "\n\n".join(plain(letter) for letter in found)
            file.write_text(text + "\n", encoding="utf-8")
            many = f"{len(found):,} letter{'' if len(found) == 1 else 's'}"
            return f"{many} written to {file}"

        self._thread.do(work, lambda words: self.said.emit(words, "info"), self._failed)

    def left(self, ids: Sequence[int], told: Callable[[int], str]) -> None:
        """Say what `told` makes of the number of these letters that are still there."""

        def say(left: int) -> None:
            self.said.emit(told(left), "warning" if left else "info")

        self._thread.do(lambda: len(self._with(lambda store: store.find(ids=ids))), say, self._failed)

    def wait(self) -> None:
        """Wait for what is being done."""
        self._thread.wait()

    def close(self) -> None:
        """Wait for what is being done, and tell nobody any more."""
        self._thread.close()

    # -------------------------------------------------------------- in the thread
    def _with(self, use: Callable[[Letters], Any]) -> Any:
        store = Letters(said=lambda sentence: self._thread.tell(self.said.emit, sentence, "warning"))
        try:
            return use(store)
        finally:
            store.close()

    def _look(self, paths: Collection[str], everything: bool, chosen: int) -> View:
        now = time.time()
        if not (data_folder() / FORM.file).exists():
            return View(read=now)  # nothing was ever rejected: no file is made for a look at it

        def use(store: Letters) -> View:
            heads = store.heads(None if everything else paths, LAST)
            known = store.find(ids=[chosen]) if chosen else []
            source = excerpt(known[0].failure) if known else ()
            here = store.count(paths)
            return View(heads, here, store.stock(), store.room.words, known[0] if known else None, source, read=now)

        found: View = self._with(use)
        return found

    # -------------------------------------------------------------- back in the window's thread
    def _failed(self, error: Exception) -> None:
        self.said.emit(str(error), "error")

    def _take(self, view: View) -> None:
        self._looking = False
        again, self._again = self._again, False
        if again:
            self.look(*self._next)
        self.looked.emit(view)


def _data(letter: Letter) -> dict[str, object]:
    data = asdict(letter)
    for part in (*data["payload"], *data["inputs"]):
        part.pop("buffers")
    return data
