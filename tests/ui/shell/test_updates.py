"""A newer flodesk is told to those who want it, once a day, quietly; whatever the page of releases does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.engine.releases import MOST, Release, address, ask
from flodesk.ui.preferences import PreferencesDialog
from flodesk.ui.settings import settings
from flodesk.ui.updates import Updates, want, wanted
from flodesk.ui.window import Window


class Feed(ThreadingHTTPServer):
    """Answers with `body` and `status`; one that `hangs` answers when it ends, one that has `moved` says where to."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.body, self.status, self.moved = b"", 200, ""
        self.hangs, self.over = False, threading.Event()
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}/release.json"

    def say(self, version: str, notes: str = "") -> None:
        self.body = json.dumps({"version": version, "notes": notes}).encode()


class _Answer(BaseHTTPRequestHandler):
    server: Feed

    def do_GET(self) -> None:
        self.server.asked.append(str(self.headers["User-Agent"]))
        if self.server.hangs:
            self.server.over.wait(60)
            return
        if self.server.moved and self.path != "/moved":
            self.send_response(302)
            self.send_header("Location", self.server.moved)
            self.end_headers()
            return
        self.send_response(self.server.status)
        self.end_headers()
        try:
            self.wfile.write(self.server.body)
        except OSError:
            return  # who asked has had enough

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def name(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the metadata of flodesk name the page."""
    info = folder / "metadata" / "flodesk-0.1.0.dist-info"
    info.mkdir(parents=True)
    lines = ("Metadata-Version: 2.1", "Name: flodesk", "Version: 0.1.0", "Project-URL: Source, http://127.0.0.1/x")
    (info / "METADATA").write_text("\n".join((*lines, f"Project-URL: Releases, {url}", "")), "utf-8")
    monkeypatch.syspath_prepend(str(info.parent))


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Feed]:
    feed = Feed()
    name(feed.url, tmp_path, monkeypatch)
    thread = threading.Thread(target=feed.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield feed
    finally:
        feed.over.set()
        feed.shutdown()
        thread.join()
        feed.server_close()


# ------------------------------------------------------------------ what is asked
@pytest.mark.parametrize(("version", "newer"), [("99.1", True), ("0.1.0", False), ("0.0.9", False), ("99.0rc1", False)])
def test_a_release_is_newer_or_not(feed: Feed, version: str, newer: bool) -> None:
    assert address() == feed.url
    feed.say(version)
    assert ask(feed.url) == Release(version, "", newer)
    assert feed.asked == ["flodesk"]  # neither a version nor a system


def test_its_page_is_one_of_the_same_host(feed: Feed) -> None:
    page = feed.url.replace("release.json", "new")
    for notes, taken in (
        (page, page),
        ("https://other.example/x", ""),
        ("file:///etc/passwd", ""),
        ("javascript:1", ""),
    ):
        feed.say("99.1", notes)
        assert ask(feed.url).notes == taken


@pytest.mark.parametrize("url", ["http://flodesk.example/x", "ftp://flodesk.example/x", "http://[::1", "x"])
def test_nobody_is_asked_where_others_could_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    name(url, tmp_path, monkeypatch)
    assert address() == ""


def test_what_has_moved_to_where_others_could_answer_is_not_believed(feed: Feed) -> None:
    feed.say("99.1")
    feed.moved = feed.url.replace("release.json", "moved")
    assert ask(feed.url).version == "99.1"
    feed.moved = feed.moved.replace("127.0.0.1", "localhost")  # by a name, which whoever is asked for it may answer
    with pytest.raises(ValueError, match="on which anybody can answer"):
        ask(feed.url)
    assert len(feed.asked) == 4, "it was there, and has answered"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"version": "new!"}', b'{"version": null}', b"\xff"])
def test_what_is_no_release_says_so(feed: Feed, body: bytes) -> None:
    feed.body = body
    with pytest.raises(ValueError, match="no release"):
        ask(feed.url)


def test_a_page_that_is_gone_hangs_or_never_ends_is_left(feed: Feed) -> None:
    feed.status = 404
    with pytest.raises(OSError, match="404"):
        ask(feed.url)
    feed.status, feed.body = 200, b"x" * (MOST + 1)
    with pytest.raises(ValueError, match="too long"):
        ask(feed.url)
    feed.hangs = True
    with pytest.raises(OSError, match="timed out"):
        ask(feed.url, 0.2)


# ------------------------------------------------------------------ who is told
@pytest.fixture
def updates(window: Window, feed: Feed) -> Iterator[Updates]:
    feed.say("99.1", feed.url.replace("release.json", "new"))
    made = Updates(window, lambda: [window])
    yield made
    feed.over.set()


def test_nobody_is_told_who_has_not_asked_for_it(updates: Updates, feed: Feed) -> None:
    assert not wanted()
    assert not updates.look()
    assert feed.asked == []


def test_what_the_bar_says_comes_first_and_the_next_start_tells_it(
    updates: Updates, window: Window, qtbot: QtBot
) -> None:
    want(True)
    window.bar.show_message("This file comes from elsewhere.", "info")
    with qtbot.waitSignal(updates.told):
        assert updates.look()
    qtbot.waitUntil(lambda: settings().value("updates/asked") in (0, "0"))
    assert window.bar.text == "This file comes from elsewhere."
    window.bar.clear()
    assert updates.look()
    qtbot.waitUntil(lambda: window.bar.text == "flodesk 99.1 is out.")


def test_a_newer_one_is_told_once_a_day_until_it_is_put_off(updates: Updates, window: Window, qtbot: QtBot) -> None:
    want(True)
    with qtbot.waitSignal(updates.told):
        assert updates.look()
    qtbot.waitUntil(lambda: window.bar.text == "flodesk 99.1 is out.")
    assert not updates.look()  # within a day
    assert [one.text() for one in window.bar.buttons] == ["What's new", "Not now"]
    qtbot.mouseClick(window.bar.buttons[1], Qt.MouseButton.LeftButton)
    assert window.bar.text == ""
    settings().setValue("updates/asked", 1)  # another day
    with qtbot.waitSignal(updates.told):
        assert updates.look()
    QApplication.processEvents()
    assert window.bar.text == ""


@pytest.mark.parametrize("what", ["same", "garbage", "gone", "nobody"])
def test_whatever_else_comes_disturbs_nobody(
    updates: Updates, feed: Feed, window: Window, qtbot: QtBot, what: str
) -> None:
    feed.say("0.1.0")
    if what == "garbage":
        feed.body = b"<html>"
    elif what == "gone":
        feed.status = 404
    elif what == "nobody":
        feed.shutdown()
        feed.server_close()
    want(True)
    with qtbot.waitSignal(updates.told, timeout=20_000):
        assert updates.look()
    QApplication.processEvents()
    assert window.bar.text == ""


def test_it_is_switched_on_and_tried_in_the_preferences(window: Window, feed: Feed, qtbot: QtBot) -> None:
    feed.say("99.1")
    window.dialogs.show_preferences()
    dialog = window.findChild(PreferencesDialog)
    assert dialog is not None
    dialog.tabs.setCurrentWidget(dialog.tabs.widget(2))
    page = dialog.releases
    assert not page.on.isChecked()
    assert "127.0.0.1 once a day" in page.what.text()
    page.on.click()
    assert wanted()
    qtbot.mouseClick(page.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "flodesk 99.1 is out." in page.answer.text())
    dialog.close()


def test_a_copy_without_an_address_says_so(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flodesk.ui.preferences.releases.address", lambda: "")
    window.dialogs.show_preferences()
    dialog = window.findChild(PreferencesDialog)
    assert dialog is not None
    assert not dialog.releases.on.isEnabled()
    assert "without an address" in dialog.releases.what.text()
