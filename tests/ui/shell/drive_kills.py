"""Windows in which a hand works without a rest, each killed at a random moment. Run by test_kills_at_any_moment.py.

``drive_kills.py FOLDER NUMBER SEED`` prints a line of JSON for each kill: what was found wrong afterwards, how much had
been done, what was lost. The program that makes the windows is imported once, and forked for each of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flodesk.app import application
from flodesk.engine.client import InProcess
from flodesk.engine.folders import data_folder
from flodesk.engine.history.settings import History
from flodesk.flow.document import Change, Document
from flodesk.flow.journal import load_journal, replay
from flodesk.flow.script import load, write
from flodesk.resource import resource
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Hand:
    """Works in a window and tells each change, once all who listen have heard of it."""

    def __init__(self, window: Window, chance: random.Random, pipe: int) -> None:
        self.window, self.chance, self.pipe = window, chance, pipe
        window.document.listeners.append(self.heard)

    def tell(self, kind: str, text: str) -> None:
        os.write(self.pipe, (json.dumps([kind, digest(text)]) + "\n").encode())

    def heard(self, change: Change) -> None:
        self.tell("saved" if change.kind == "save" else "edit", write(self.window.document.flow))

    def move(self) -> None:
        """One gesture, with real keys and a real mouse."""
        canvas, chance = self.window.canvases.current, self.chance
        cards = list(canvas.board.cards)
        what = chance.random()
        if what < 0.1:
            self.tell("saving", write(self.window.document.flow))
            self.window.files.save()
        elif what < 0.2 or not cards:
            self.window.commands.trigger(chance.choice(("edit.undo", "edit.redo", "edit.undo")))
        elif what < 0.28 and len(cards) < 25:
            canvas.select([chance.choice(cards)])
            self.window.commands.trigger("edit.duplicate")
        elif what < 0.36 and len(cards) > 4:
            canvas.select([chance.choice(cards)])
            QTest.keyClick(canvas.viewer, Qt.Key.Key_Delete)
        elif what < 0.5:
            item = canvas.board.cards[chance.choice(cards)]
            view = canvas.viewer.viewport()
            start = canvas.viewer.mapFromScene(item.scenePos() + QPoint(60, 14))
            QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
            for step in range(1, 4):
                QTest.mouseMove(view, start + QPoint(9 * step, chance.randint(-6, 6)))
            QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start + QPoint(27, 0))
        else:
            canvas.select([chance.choice(cards)])
            key = chance.choice((Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down))
            QTest.keyClick(canvas.viewer, key)
        QTimer.singleShot(0, self.move)


def work(file: Path, seed: int, pipe: int) -> None:
    """Open a window and work in it until killed."""
    window = Window(Looks(application()), InProcess(), History(on=False))
    window.resize(1000, 700)
    window.show()
    window.restoring.begin()
    window.files.open(file)
    hand = Hand(window, random.Random(seed), pipe)
    os.write(pipe, b'["ready", ""]\n')
    QTimer.singleShot(0, hand.move)
    QApplication.exec()


def kill_one(folder: Path, number: int, seed: int) -> dict[str, object]:
    """Let a window work, kill it, and look at what is left."""
    chance = random.Random(seed)
    home = folder / str(number)
    os.environ["FLODESK_DATA"], os.environ["FLODESK_SETTINGS"] = str(home / "data"), str(home / "data" / "settings.ini")
    (home / "data").mkdir(parents=True)
    file = home / "mine.py"
    file.write_bytes(resource("examples/noisy_sine.py").read_bytes())
    begun = digest(file.read_text())
    out, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        try:
            work(file, seed, pipe)
        finally:
            os._exit(9)
    os.close(pipe)
    with os.fdopen(out) as told:
        lines = []
        more = chance.randint(1, 9)
        for line in told:
            if not line.startswith('["ready'):
                lines.append(json.loads(line))
            if len(lines) >= more:
                break
        time.sleep(chance.uniform(0.0, 0.25))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        lines += [json.loads(line) for line in told if line.endswith("\n")]
    return {"status": os.WTERMSIG(status), "changes": len(lines)} | look(file, begun, lines)


def look(file: Path, begun: str, lines: list[list[str]]) -> dict[str, object]:
    """Compare the file and the journal with what the window had told."""
    saved, saving, now, since = begun, "", begun, 0
    for kind, text in lines:
        if kind == "saving":
            saving = text
        elif kind == "saved":
            saved, saving, since, now = text, "", 0, text
        else:
            now, since = text, since + 1
    found = digest(write(load(file)))  # it is read as a flow: not damaged
    wrong = [] if found in (saved, saving) else ["the file is neither what was saved nor what was being saved"]
    left = [path.name for path in file.parent.iterdir() if path.name not in ("mine.py", "data")]
    if [name for name in left if not (saving and name.endswith(".tmp"))]:
        wrong.append(f"left beside the file: {left}")
    journals = list(data_folder("unsaved").glob("*.jsonl"))
    recovery = load_journal(journals[0]) if journals else None
    entries = len(recovery.entries) if recovery is not None else 0
    if recovery is not None and recovery.hash == found:
        again = Document()
        again.open(file)
        done = replay(again, recovery)
        if done < entries:
            wrong.append(f"only {done} of {entries} entries fit")
        if entries == since and digest(write(again.flow)) != now:
            wrong.append("what comes back is not what was there")
    if saving and found == saving:
        entries = since  # it is all in the file
    return {"lost": max(0, since - entries), "wrong": wrong, "since": since}


folder, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for turn in range(count):
    print(json.dumps(kill_one(folder, turn, seed + turn)), flush=True)
