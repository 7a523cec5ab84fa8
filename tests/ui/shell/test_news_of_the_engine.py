"""What the engine tells reaches the window whatever the order in which the two threads do their parts."""

from __future__ import annotations

import time

from flodesk.engine.client import InProcess
from flodesk.engine.events import LogLine
from flodesk.ui.news import News


class _Slow:
    """A mailbox whose reader empties it while somebody is about to drop a letter."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._held: list = []
        self.meanwhile = lambda: None

    def __bool__(self) -> bool:
        return bool(self._held)

    def append(self, event) -> None:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        self._held.append(event)

    def popleft(self):
        return self._held.pop(0)


def line(text: str) -> LogLine:
    return LogLine("", "", "info", text, time.time())


def test_an_event_that_comes_while_the_mail_is_read_is_not_left_lying(qtbot, qapp) -> None:
    engine = InProcess()
    try:
        news = News(qapp, engine, None)
        heard: list[str] = []
        news.logged.connect(lambda lines: heard.extend(one.text for one in lines))
        news._mail = _Slow(news)
        news._post(line("first"))
        news._mail.meanwhile = qapp.processEvents  # the window reads the first one just now
        news._post(line("second"))
        qtbot.waitUntil(lambda: heard == ["first", "second"], timeout=60000)
        news._post(line("third"))
        qtbot.waitUntil(lambda: heard == ["first", "second", "third"], timeout=60000)
    finally:
        engine.close()
