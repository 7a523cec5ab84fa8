"""Hears from the server when something on it has changed, in a thread that does nothing but wait for that."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection
from importlib import import_module
from typing import Any

from PySide6.QtCore import QObject, Signal

from flodesk.ui.side_thread import SideThread

_TURN = 2.0
"""Seconds after which it is looked whether there are other queues to hear of."""


class Ears(QObject):
    """Waits for news of one server. `heard` tells that there are some."""

    heard = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = SideThread(self)
        self._lock = threading.Lock()
        self._url = ""
        self._names: frozenset[str] = frozenset()
        self._news: Any = None

    def attend(self, url: str, names: Collection[str]) -> None:
        """Listen to this server, and hear of these queues between loops, too."""
        self._names = frozenset(names)
        if url != self._url:
            self.end()
            self._url = url
            self._thread.do(lambda: self._listen(url), lambda _: self._over(url), lambda _: self._over(url))

    def end(self) -> None:
        """Listen no more."""
        with self._lock:
            self._url, news = "", self._news
        if news is not None:
            _close(news)

    def close(self) -> None:
        """Listen no more, and wait for the thread. Final."""
        self.end()
        self._thread.close()

    def _listen(self, url: str) -> None:
        module: Any = import_module("flodesk.engine.places.server.server_news")
        news = module.News(url)
        with self._lock:
            if self._url != url:
                _close(news)
                return
            self._news = news
        try:
            names = None
            while self._url == url:
                if names != self._names:
                    names = self._names
                    news.follow(names)
                    self._thread.tell(self.heard.emit)  # what has changed before was not told
                if news.wait(_TURN):
                    self._thread.tell(self.heard.emit)
        finally:
            with self._lock:
                self._news = None
            _close(news)

    def _over(self, url: str) -> None:
        """Let the server be read: it has gone, or what was asked of it cannot be."""
        if self._url == url:
            self._url = ""
            self.heard.emit()


def _close(news: Any) -> None:
    with contextlib.suppress(Exception):  # both threads may do it at the same moment, and the packages trip over that
        news.close()
