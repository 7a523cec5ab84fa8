"""What a hand did since the flow was opened or saved, on the disk: nothing is lost when the editor dies.

The first line holds the text that it starts from, compressed, with its hash; each other line is one edit, an undo or a
redo, as JSON, or the script as it is typed while it cannot be read. It is replayed on that very text alone, wherever
that comes from: the file, if it still holds it, or the journal itself. A line that was cut off when the power went is
the end of it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flodesk.flow.document import Change, Document
from flodesk.flow.edit import Edit, EditError, SetParameter, from_json, to_json
from flodesk.flow.journal_file import JournalFile, Say
from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, read, write

log = logging.getLogger(__name__)
VERSION = 1
_TYPED = "typed"


class Journal:
    """Writes down what happens to a document.

    A journal that cannot be written (a full disk) keeps nobody from work: it says so, and tries again with each edit.

    Parameters
    ----------
    document : Document
        It is listened to until `close`.
    path : Path
        The journal's file; it exists only while there is something in it that no other file has.
    said : callable
        Takes a sentence and its level when it cannot be written, and when it can again.
    trusted : callable
        Whether the flow may be run without a question: asked when the first line is written, which says so.
    """

    def __init__(
        self,
        document: Document,
        path: Path,
        said: Say = lambda sentence, level: None,
        trusted: Callable[[], bool] = lambda: False,
    ) -> None:
        self._document = document
        self._trusted = trusted
        self._file = JournalFile(path, said)
        self._start = _text_of(document)
        self._steps = document.steps
        self._typed = ""
        document.listeners.append(self._heard)

    def close(self, keep: bool = False) -> None:
        """Stop listening and remove the file: the program ends as it should. With `keep` the file stays.

        It goes all the same if there is nothing in it that no file has.
        """
        if self._heard in self._document.listeners:
            self._document.listeners.remove(self._heard)
        self._file.remove(keep and (self._document.dirty or bool(self._typed)))

    def typed(self, text: str) -> None:
        """Write down the script as it is typed, which cannot be read yet; empty once all of it is in the flow."""
        if text != self._typed:
            self._typed = text
            if not text and not self._document.dirty:
                self._file.remove()  # the flow's own file has it all
            elif text or self._file.begun:
                self._add({"kind": _TYPED, "text": _packed(text)})

    def _heard(self, change: Change) -> None:
        if change.kind == "around":
            return
        if change.kind in ("open", "save"):
            self._file.remove()
            self._start = _text_of(self._document)
            self._steps = self._document.steps
            if change.kind == "open" and not change.again:
                self._typed = ""
            elif self._typed:  # a save takes the flow, and not what cannot be read
                self._add({"kind": _TYPED, "text": _packed(self._typed)})
            return
        entry: dict[str, Any] = {"kind": change.kind}
        if change.edit is not None:
            entry["edit"] = to_json(change.edit)
        if change.kind == "edit" and self._document.steps == self._steps:
            entry["merged"] = True
        self._steps = self._document.steps
        self._add(entry)

    def _add(self, entry: Mapping[str, Any]) -> None:
        line = json.dumps(entry)
        if not self._file.begun:
            # the file is asked for now: a copy of an example has none, once it is open
            start = _start_of(self._document, self._start) | {"trusted": self._trusted()}
            line = json.dumps(start) + "\n" + line  # with the first edit in one: no edit is there without its text
        self._file.add(line)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a journal holds.

    Attributes
    ----------
    file : Path or None
        The flow's file; None if it had none yet.
    hash : str
        Of the text that it starts from.
    entries : tuple
        What happened, in order.
    typed : str
        The script as it was being typed, if it could not be read; else empty.
    start : Flow or None
        The flow of that text; None in journals of before it was kept there.
    origin : Path or None
        What the flow was a copy of, if it had no file.
    trusted : bool
        Whether the flow could be run without a question.
    """

    file: Path | None
    hash: str
    entries: tuple[dict[str, Any], ...]
    typed: str = ""
    start: Flow | None = None
    origin: Path | None = None
    trusted: bool = False


def load_journal(path: Path) -> Recovery | None:
    """Read a journal; None if there is none, it is empty, or it is no journal that this flodesk knows."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        start = json.loads(lines[0])
        if start["journal"] != VERSION:
            return None
        entries = _entries(lines[1:])
        found = Recovery(
            _path(start["file"]),
            start["hash"],
            tuple(entry for entry in entries if entry.get("kind") != _TYPED),
            _typed_last(entries),
            _unpacked(start),
            _path(start.get("origin", "")),
            start.get("trusted") is True,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.entries or found.typed else None


def fits(document: Document, recovery: Recovery) -> bool:
    """Whether a document is at the text that a journal starts from."""
    return _hash(document) == recovery.hash


def replay(document: Document, recovery: Recovery) -> int:
    """Do again what a journal holds, on the flow that it starts from.

    Returns
    -------
    int
        How many of its entries were done; the first that does not fit ends it.

    Raises
    ------
    ValueError
        The flow is not the one that it starts from.
    """
    if not fits(document, recovery):
        raise ValueError("The file has changed since these edits were made, so they cannot be done again.")
    again = _Replay(document)
    entries = recovery.entries
    merged: bool | None = None
    for number, entry in enumerate(entries):
        try:
            merged = bool(entry.get("merged")) if merged is None else merged
            if number + 1 < len(entries) and _overwritten(entry, entries[number + 1]):
                continue  # of a slider's way, only where it came to rest
            again.do(entry["kind"], from_json(entry["edit"]), merged)
            merged = None
        except (EditError, KeyError, TypeError, ValueError) as error:
            log.warning("Entry %d of the journal does not fit: %s", number + 1, error)
            document.seal()
            return number
    document.seal()
    return len(entries)


class _Replay:
    """Does entries again. Undo may go back behind the start, to before the last save: that history is not there."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._depth = document.steps
        """Steps of the document's history up to here; below them undo is done as an edit."""
        self._undone: list[bool] = []
        """Of each step that can be done again, whether the document knows it."""

    def do(self, kind: str, edit: Edit, merged: bool) -> None:
        document = self._document
        match kind:
            case "undo" if document.steps > self._depth:
                document.undo()
                self._undone.append(True)
            case "undo":
                document.do(edit)
                self._depth = document.steps
                self._undone = [False] * (len(self._undone) + 1)
            case "redo" if self._undone and self._undone.pop():
                document.redo()
            case "redo":
                document.do(edit)
                self._undone = [False] * len(self._undone)
            case _:
                if not merged:
                    document.seal()
                document.do(edit, merge="journal")
                self._undone.clear()


def _overwritten(entry: dict[str, Any], following: dict[str, Any]) -> bool:
    """Whether an edit is one step with the next, which sets the same literal."""
    if not (entry["kind"] == following["kind"] == "edit" and following.get("merged")):
        return False
    one, two = from_json(entry["edit"]), from_json(following["edit"])
    if not (isinstance(one, SetParameter) and isinstance(two, SetParameter)):
        return False
    return replace(one, value=two.value) == two


def _entries(lines: list[str]) -> list[dict[str, Any]]:
    """Return the entries up to the first line that was not written to its end."""
    found: list[dict[str, Any]] = []
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            break
        if not isinstance(entry, dict):
            break
        found.append(entry)
    return found


def _typed_last(entries: list[dict[str, Any]]) -> str:
    """Return the text that was being typed in the end; empty if it was read, or cannot be unpacked."""
    packed = next((entry.get("text") for entry in reversed(entries) if entry.get("kind") == _TYPED), "")
    try:
        return zlib.decompress(base64.b64decode(packed, validate=True)).decode("utf-8", "surrogatepass")
    except (TypeError, ValueError, zlib.error):
        return ""


def _packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"), 1)).decode("ascii")


def _start_of(document: Document, text: Mapping[str, str]) -> dict[str, Any]:
    path, origin = (str(place.absolute()) if place else "" for place in (document.path, document.origin))
    return {"journal": VERSION, "file": path, "origin": origin, **text}


def _text_of(document: Document) -> dict[str, str]:
    """Return what the first line says of the text of a flow as it is now."""
    text = write(document.flow)
    data = text.encode("utf-8", "surrogatepass")
    return {"hash": hashlib.sha256(data).hexdigest(), "encoding": document.flow.encoding, "text": _packed(text)}


def _unpacked(start: Mapping[str, Any]) -> Flow | None:
    """Return the flow whose text a first line holds; None if it holds none that can be read."""
    try:
        data = zlib.decompress(base64.b64decode(start["text"], validate=True))
        return replace(read(data.decode("utf-8", "surrogatepass")), encoding=str(start["encoding"]))
    except (KeyError, TypeError, ValueError, zlib.error, ScriptError):
        return None


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _hash(document: Document) -> str:
    return hashlib.sha256(write(document.flow).encode("utf-8", "surrogatepass")).hexdigest()
