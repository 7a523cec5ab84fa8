"""Writes runs into the history, in a thread of its own: a run never waits for it, and goes on where it cannot write."""

from __future__ import annotations

import math
import queue
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from flodesk.engine.events import Changed, Event, Paused, Resumed, RunFinished
from flodesk.engine.folders import data_folder
from flodesk.engine.history.records import About, Begun, Ended, Noted
from flodesk.engine.history.settings import History, history_settings
from flodesk.engine.ids import recorded

GLANCE_SECONDS = 0.25
"""How often the states of running nodes are looked at, and the longest that a line of a log waits."""
GATHER_SECONDS = 0.03
"""After the end of a run: how long others are waited for that can be written along with it."""
CLOSE_SECONDS = 10.0
MOST_AT_ONCE = 5000


_Item: TypeAlias = Begun | Ended | Noted | Event | threading.Event | None
"""What the thread is told; a `threading.Event` waits until all before it is written, None is the end."""


class Recorder:
    """A listener of runs.

    Parameters
    ----------
    said : callable
        Takes a sentence, once, where there can be no history; on standard error by default.
    folder : Path, optional
        Where the history is: the data folder by default.
    settings : History, optional
        What is kept, and for how long; those of the user by default.
    """

    def __init__(
        self,
        said: Callable[[str], None] | None = None,
        *,
        folder: Path | None = None,
        settings: History | None = None,
    ) -> None:
        self._said = said or _on_stderr
        self._folder = folder
        self._settings = settings
        self._inbox: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._abouts: dict[str, About] = {}
        self._lock = threading.Lock()
        self._over: set[str] = set()
        self._closed = False
        self._ended = threading.Event()

    # -------------------------------------------------------------- from the run's threads
    def begin(self, run: str, about: About) -> None:
        """Note that a run was asked for: it is *queued* until it tells its start."""
        run = recorded(run)
        with self._lock:
            if self._closed:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="flodesk history", daemon=True)
                self._thread.start()
            # what is computed again after the end of a run is the newest's
            self._abouts = {name: known for name, known in self._abouts.items() if name not in self._over}
            self._over.clear()
            self._abouts[run] = about
        self._inbox.put(Begun(run, about, time.time()))

    def take(self, event: Event) -> None:
        """Take an event of a run; those of runs that were not announced are not written."""
        run = recorded(event.run)
        about = self._abouts.get(run)
        if about is None:
            return
        if isinstance(event, Paused | Resumed | Changed):
            self._inbox.put(Noted(event, time.time()))
            return
        if not isinstance(event, RunFinished):
            self._inbox.put(event)
            return
        with self._lock:
            self._over.add(run)
        # now, and not when it is written: the next run may be on by then
        self._inbox.put(Ended(event, about.states(), time.time()))

    def flush(self, seconds: float = CLOSE_SECONDS) -> bool:
        """Wait until what was told so far is written, or cannot be; returns whether that was in time."""
        if self._thread is None:
            return True
        done = threading.Event()
        self._inbox.put(done)
        end = time.monotonic() + seconds
        while not self._ended.is_set() and not done.wait(0.05):
            if time.monotonic() > end:
                return False
        return True

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Write what waits, and end the thread. Runs that are still on are noted as stopped."""
        with self._lock:
            self._closed = True
        if self._thread is not None:
            self._inbox.put(None)
            self._thread.join(seconds)

    # -------------------------------------------------------------- the thread
    def _work(self) -> None:
        writer: Any = None
        try:
            waiting = self._gather(on=True)
            settings = self._settings or history_settings(self._said)
            if not settings.on:
                return
            folder = self._folder or data_folder()
            # the database's packages take a while to import, which a run that has just begun need not notice
            writer = import_module("flodesk.engine.history.writer").Writer(folder, settings, self._said)
            while True:
                closing = None in waiting
                flushed = [item for item in waiting if isinstance(item, threading.Event)]
                told = [item for item in waiting if item is not None and not isinstance(item, threading.Event)]
                try:
                    writer.write(told, closing=closing)
                except Exception as error:  # noqa: BLE001 - what could not be written must not cost the later runs
                    self._said(f"Something of a run is not in the history: {type(error).__name__}: {error}")
                for done in flushed:
                    done.set()
                if closing:
                    return
                waiting = self._gather(on=writer.at_work)
        except Exception as error:  # noqa: BLE001 - the end of the thread: a history must not take a run down
            self._said(f"Runs are not written into the history: {error}")
        finally:
            if writer is not None:
                writer.close()
            self._give_up()

    def _gather(self, *, on: bool) -> list[_Item]:
        """Wait for what can be written at once; where runs are on, no longer than until the next glance at them."""
        end = time.monotonic() + GLANCE_SECONDS if on else math.inf
        items: list[_Item] = []
        while (left := end - time.monotonic()) > 0 or not self._inbox.empty():
            try:
                item = self._inbox.get(timeout=max(0.0, left) if left < math.inf else None)
            except queue.Empty:
                break
            items.append(item)
            now = time.monotonic()
            if item is None or isinstance(item, threading.Event):
                end = now
            else:
                end = min(end, now + (GATHER_SECONDS if isinstance(item, Ended) else GLANCE_SECONDS))
            if len(items) >= MOST_AT_ONCE:
                break
        return items

    def _give_up(self) -> None:
        """Let everybody go who waits, and take nothing any more."""
        with self._lock:
            self._closed = True
            self._abouts = {}
        self._ended.set()
        while True:
            try:
                item = self._inbox.get_nowait()
            except queue.Empty:
                return
            if isinstance(item, threading.Event):
                item.set()


def _on_stderr(sentence: str) -> None:
    print(f"flodesk: {sentence}", file=sys.stderr)
