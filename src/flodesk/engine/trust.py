"""Which files may be run without a question: those made or saved here, and those that the user has trusted.

What is trusted is a text at a place: the same text elsewhere may import other files from beside it, and another text
at the same place is another program. Of a folder all is trusted that is in it. It is kept in a file of the data folder,
a line a fact, which several windows and programs append to.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.settings import section

log = logging.getLogger(__name__)
VARIABLE = "FLODESK_TRUST"
"""``all`` asks about no file, whatever the settings say."""
_FILE = "trusted.jsonl"
_MOST = 2000
"""Lines of the file above which it is written anew, with what still counts."""

Standing = Literal["trusted", "new", "changed"]
"""Of a file: known as it is, never seen here, or known with another text."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The user's settings: ``[trust]`` in ``settings.toml``.

    Attributes
    ----------
    ask : bool
        Whether files from elsewhere wait for a word before they are run.
    """

    ask: bool = True


def asks(said: Callable[[str], None] = lambda sentence: None) -> bool:
    """Return whether files from elsewhere are asked about."""
    if os.environ.get(VARIABLE, "").strip().lower() == "all":
        return False
    return section("trust", Asking(), said).ask


class Trust:
    """What is trusted. Where the data folder cannot be written it holds as long as the program runs.

    Parameters
    ----------
    folder : Path, optional
        Where its file is, or will be: the data folder unless said otherwise.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._place = folder
        self._unwritten: list[dict[str, str]] = []

    def standing(self, path: Path, digest: str) -> Standing:
        """Say how a file stands whose text has this digest (`Document.digest`)."""
        name = _name(path)
        known = ""
        for fact in self._facts():
            if (folder := fact.get("folder")) and _is_in(name, folder):
                return "trusted"
            if fact.get("file") == name:
                known = fact.get("text", "")
        return "trusted" if known and known == digest else "changed" if known else "new"

    def keep(self, path: Path, digest: str) -> None:
        """Trust a file as it is now; of its texts the newest counts."""
        if self.standing(path, digest) != "trusted":
            self._append({"file": _name(path), "text": digest})

    def keep_folder(self, folder: Path) -> None:
        """Trust all that is in a folder, and in the folders in it, also what comes there later."""
        self._append({"folder": _name(folder)})

    def _facts(self) -> Iterator[dict[str, Any]]:
        yield from self._unwritten
        yield from _read(self._file())

    def _file(self) -> Path | None:
        try:
            return (self._place if self._place is not None else data_folder()) / _FILE
        except FolderError:
            return None

    def _append(self, fact: dict[str, str]) -> None:
        file = self._file()
        try:
            if file is None:
                raise OSError("the data folder cannot be written")
            facts = list(_read(file))
            if len(facts) >= _MOST:
                _write_anew(file, [*facts, fact])
            else:
                with file.open("a", encoding="utf-8", newline="\n") as lines:
                    lines.write(json.dumps(fact) + "\n")
        except OSError as error:
            log.warning("What is trusted is kept for this session alone: %s", error)
            self._unwritten.append(fact)


def _name(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _is_in(name: str, folder: str) -> bool:
    return Path(name).is_relative_to(folder)


def _read(file: Path | None) -> list[dict[str, Any]]:
    """Return the facts of a file; a line that was cut off or is none is passed over: then it is asked once more."""
    if file is None:
        return []
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            fact = json.loads(line)
        except ValueError:
            continue
        if isinstance(fact, dict):
            found.append(fact)
    return found


def _write_anew(file: Path, facts: list[dict[str, Any]]) -> None:
    """Keep of each file its newest text, of the newest files half as many as there is room for, and all folders."""
    folders = {fact["folder"]: fact for fact in facts if fact.get("folder")}
    files: dict[str, dict[str, Any]] = {}
    for fact in facts:
        if name := fact.get("file"):
            files.pop(name, None)
            files[name] = fact
    kept = [*folders.values(), *list(files.values())[-_MOST // 2 :]]
    new = file.with_suffix(f".{os.getpid()}.tmp")
    new.write_text("".join(json.dumps(fact) + "\n" for fact in kept), encoding="utf-8", newline="\n")
    new.replace(file)
