"""The preferences: the address of the server tried and kept where it is safe, the key, the names, the Dask cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFileDialog, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from flodesk.cli.afar import address
from flodesk.engine.folders import data_folder
from flodesk.engine.places.dask.dask_settings import Scheduler
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.key import FILE, find_key
from flodesk.engine.places.server.server_address import VARIABLE, named_server
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.queued import Queued
from flodesk.engine.places.workers.worker import OwnWorker
from flodesk.engine.settings import FILE as SETTINGS
from flodesk.engine.settings import keep, section
from flodesk.ui.preferences import PreferencesDialog
from flodesk.ui.preferences.server_address import Parts, parts_of
from flodesk.ui.window import Window

LEFT = Qt.MouseButton.LeftButton
SESSION = "FLODESK_SECRET_REDIS_URL"


class Keyring(ModuleType):
    """Stands in for the package, which speaks to the desktop of whoever runs the test."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.errors = ModuleType("keyring.errors")
        self.errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    made = Keyring()
    monkeypatch.setitem(sys.modules, "keyring", made)
    return made


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in (VARIABLE, "FLODESK_KEY", "FLODESK_KEY_FILE", "FLODESK_DASK_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "data"))
    yield
    os.environ.pop(SESSION, None)


def opened(window: Window, qtbot: QtBot) -> PreferencesDialog:
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(PreferencesDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog.server.now.text() and dialog.key.now.text()))
    return dialog


def push(qtbot: QtBot, button: Any) -> None:
    qtbot.waitUntil(button.isEnabled)
    qtbot.mouseClick(button, LEFT)


def test_an_address_is_tried_kept_in_the_keyring_and_used_by_the_command_line(
    window: Window, qtbot: QtBot, keyring: Keyring, tmp_path: Path
) -> None:
    dialog = opened(window, qtbot)
    with LocalServer() as server:
        parts = parts_of(server.url)
        qtbot.keyClicks(dialog.server.host, "127.0.0.1")
        dialog.server.port.setValue(parts.port)
        push(qtbot, dialog.server.test)
        qtbot.waitUntil(lambda: "password" in dialog.server.answer.text())  # it wants one: said, and not which
        qtbot.keyClicks(dialog.server.password, parts.password)
        push(qtbot, dialog.server.test)
        qtbot.waitUntil(lambda: dialog.server.answer.text().startswith("It answers in"))
        assert "No worker listens" in dialog.server.answer.text()
        push(qtbot, dialog.server.keep)
        qtbot.waitUntil(lambda: dialog.server.answer.text() == "It is kept in the system's keyring.")
        assert keyring.kept == {("flodesk", "REDIS_URL"): server.url}
        assert address(None, "queues") == server.url  # that of the command line
        qtbot.waitUntil(
            lambda: f"In use: 127.0.0.1:{parts.port}, that of the system's keyring" in dialog.server.now.text()
        )
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(parts.password.encode() in content for content in files)
    push(qtbot, dialog.server.forget)
    qtbot.waitUntil(lambda: keyring.kept == {})
    assert named_server() is None
    dialog.close()


def test_enter_keeps_an_address_and_all_fields_begin_at_the_same_place(
    window: Window, qtbot: QtBot, keyring: Keyring
) -> None:
    dialog = opened(window, qtbot)
    with LocalServer() as server:
        parts = parts_of(server.url)
        qtbot.keyClick(dialog.server.host, Qt.Key.Key_Return)
        assert not dialog.server.answer.text(), "nothing is named yet"
        qtbot.keyClicks(dialog.server.host, "127.0.0.1")
        dialog.server.port.setValue(parts.port)
        qtbot.keyClicks(dialog.server.password, parts.password)
        qtbot.keyClick(dialog.server.password, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: dialog.server.answer.text() == "It is kept in the system's keyring.")
        assert keyring.kept == {("flodesk", "REDIS_URL"): server.url}
    fields = (dialog.server.scheme, dialog.server.user, dialog.names.flows, dialog.cluster.address)
    assert len({one.mapTo(dialog, one.rect().topLeft()).x() for one in fields}) == 1
    dialog.close()


def test_without_a_keyring_an_address_holds_for_the_session_and_that_is_said(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    dialog = opened(window, qtbot)
    dialog.server.host.setText("rediss://lab:wo%2Frd@127.0.0.1:1/2?ssl_ca_certs=/etc/ca.pem")
    assert dialog.server.host.text() == "127.0.0.1"
    assert dialog.server.certificates.isEnabled()
    push(qtbot, dialog.server.keep)
    qtbot.waitUntil(lambda: "It is not kept. /etc/ca.pem cannot be read" in dialog.server.answer.text())
    assert named_server() is None
    push(qtbot, dialog.server.keep)  # it may be away now
    qtbot.waitUntil(lambda: "for this session only: the package keyring is not" in dialog.server.answer.text())
    found = named_server()
    assert found is not None
    assert found.origin == "this session"
    assert parts_of(found.url) == Parts(True, "127.0.0.1", 1, 2, "lab", "wo/rd", "/etc/ca.pem")
    assert "wo/rd" not in repr(found)
    dialog.close()


def test_an_address_that_is_typed_is_taken_apart_when_it_is_whole_and_what_is_none_is_not_kept(
    window: Window, qtbot: QtBot, keyring: Keyring
) -> None:
    dialog = opened(window, qtbot)
    server = dialog.server
    for typed in ("redis://lab:geheim@127.0.0.1:6390/2", "lab:geheim@127.0.0.1:6390/2"):
        server.host.clear()
        qtbot.keyClicks(server.host, typed)
        qtbot.keyClick(server.host, Qt.Key.Key_Return)
        assert server.parts() == Parts(False, "127.0.0.1", 6390, 2, "lab", "geheim")
        server.user.clear()
        server.password.clear()
    for wrong in ("127.0.0.1:port", "http://127.0.0.1", "two words"):
        server.host.clear()
        qtbot.keyClicks(server.host, wrong)
        push(qtbot, server.keep)
        push(qtbot, server.keep)
        assert "no host" in server.answer.text()
        assert server.host.text() == wrong
        server.answer.say("")
    dialog.close()
    assert keyring.kept == {}


def test_another_queue_or_key_counts_for_an_editor_that_stands(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, press: Callable[[str], None]
) -> None:
    dialog = opened(window, qtbot)
    with LocalServer() as server:
        monkeypatch.setenv(VARIABLE, server.url)
        queued = Queued(None, ready=lambda: None, failed=lambda why: None, told=lambda event: None)
        queued.set_up()
        qtbot.waitUntil(lambda: queued.stands)
        assert queued.stands
        qtbot.waitUntil(lambda: dialog.names.flows.placeholderText() == "flodesk-flows")
        qtbot.keyClicks(dialog.names.flows, "lab-flows")
        qtbot.keyClick(dialog.names.flows, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not queued.stands)
        queued.set_up()
        qtbot.waitUntil(lambda: queued.stands)
        other = tmp_path / "theirs.key"
        other.write_text("a key from another machine\n")
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
        press("Replace")
        dialog.key.read()
        qtbot.waitUntil(lambda: FILE in dialog.key.now.text())
        qtbot.mouseClick(dialog.key.take, LEFT)
        qtbot.waitUntil(lambda: not queued.stands)
        queued.set_up()
        qtbot.waitUntil(lambda: queued.stands)
        monkeypatch.setenv("FLODESK_KEY", "another one that comes before")
        press("Replace")
        qtbot.mouseClick(dialog.key.take, LEFT)
        qtbot.waitUntil(lambda: "$FLODESK_KEY comes before" in dialog.key.now.text())
        queued.close()
    dialog.close()


def test_the_environment_comes_first_and_the_dialog_says_so(
    window: Window, qtbot: QtBot, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.kept["flodesk", "REDIS_URL"] = "redis://kept:6379/0"
    assert named_server("redis://said/0").url == "redis://said/0"  # type: ignore[union-attr]
    monkeypatch.setenv(VARIABLE, "redis://env:6379/0")
    dialog = opened(window, qtbot)
    qtbot.waitUntil(lambda: dialog.server.host.text() == "env")
    assert f"{VARIABLE} comes before what is kept here" in dialog.server.now.text()
    dialog.close()


def test_a_key_is_made_imported_and_told_from_that_of_the_workers(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, press: Callable[[str], None]
) -> None:
    dialog = opened(window, qtbot)
    qtbot.waitUntil(lambda: dialog.key.now.text().startswith("There is none yet"))
    qtbot.mouseClick(dialog.key.make, LEFT)
    qtbot.waitUntil(lambda: FILE in dialog.key.now.text())
    first = find_key()
    assert first is not None
    assert first.secret.decode() not in dialog.key.now.text()
    with LocalServer() as server, OwnWorker(server.url, "flodesk-flows"):
        dialog.server.host.setText(server.url)
        qtbot.mouseClick(dialog.server.test, LEFT)
        qtbot.waitUntil(lambda: "1 worker listens, and the key fits" in dialog.server.answer.text())
        other = tmp_path / "theirs.key"
        other.write_text("a key from another machine\n")
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
        press("Replace")
        qtbot.mouseClick(dialog.key.take, LEFT)
        qtbot.waitUntil(lambda: (find_key() or first).secret == b"a key from another machine")
        assert (data_folder() / FILE).stat().st_mode & 0o077 == 0
        qtbot.waitUntil(dialog.server.test.isEnabled)
        qtbot.mouseClick(dialog.server.test, LEFT)
        qtbot.waitUntil(lambda: "another key" in dialog.server.answer.text())
    dialog.close()


def test_names_and_the_cluster_are_kept_in_the_settings_beside_what_stands_there(window: Window, qtbot: QtBot) -> None:
    file = data_folder() / SETTINGS
    file.write_text('# mine\n[queue]\nidle = 5.0  # short\n\n[trust]\nask = "all"\n')
    dialog = opened(window, qtbot)
    qtbot.waitUntil(lambda: dialog.names.flows.placeholderText() == "flodesk-flows")
    qtbot.keyClicks(dialog.names.flows, "lab-flows")
    qtbot.keyClick(dialog.names.flows, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: section("queue", Wire()).flows == "lab-flows")
    qtbot.keyClicks(dialog.cluster.address, "tcp://127.0.0.1:1")
    for _ in range(2):  # nothing answers there: it is kept when that is asked for once more
        qtbot.waitUntil(dialog.cluster.keep.isEnabled, timeout=20_000)
        qtbot.mouseClick(dialog.cluster.keep, LEFT)
    qtbot.waitUntil(lambda: "tcp://127.0.0.1:1" in file.read_text())
    text = file.read_text()
    assert text == (
        '# mine\n[queue]\nflows = "lab-flows"\nidle = 5.0  # short\n\n[trust]\nask = "all"\n\n'
        '[dask]\naddress = "tcp://127.0.0.1:1"\n'
    )
    keep("queue", "flows", "")
    keep("dask", "address", "")
    assert file.read_text().splitlines()[:3] == ["# mine", "[queue]", "idle = 5.0  # short"]
    dialog.close()


def test_an_address_of_a_cluster_that_does_not_answer_is_not_kept(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flodesk.engine.places.dask.dask_trial.PATIENCE", 0.5)
    keep("dask", "address", "tcp://lab:8786")
    dialog = opened(window, qtbot)
    cluster = dialog.cluster
    assert "In use: tcp://lab:8786" in cluster.now.text()
    cluster.address.selectAll()
    qtbot.keyClicks(cluster.address, "tcp://127.0.0.1:1")
    qtbot.mouseClick(cluster.test, LEFT)
    assert cluster.answer.text() == "Testing …"
    qtbot.waitUntil(lambda: "No Dask scheduler answers" in cluster.answer.text(), timeout=20_000)
    assert section("dask", Scheduler()).address == "tcp://lab:8786"
    cluster.address.selectAll()
    qtbot.keyClicks(cluster.address, "lab")
    qtbot.mouseClick(cluster.test, LEFT)
    no_address = "“lab” is no address of a Dask scheduler: that is written like tcp://HOST:8786"
    qtbot.waitUntil(lambda: no_address in cluster.answer.text(), timeout=20_000)
    cluster.address.selectAll()
    qtbot.keyClicks(cluster.address, "tcp://127.0.0.1:1")
    qtbot.mouseClick(cluster.keep, LEFT)
    qtbot.waitUntil(lambda: "tcp://lab:8786 stays in use. Press Keep again" in cluster.answer.text(), timeout=20_000)
    assert section("dask", Scheduler()).address == "tcp://lab:8786"
    qtbot.mouseClick(cluster.forget, LEFT)
    qtbot.waitUntil(lambda: not cluster.forget.isEnabled() and "No address" in cluster.answer.text())
    assert section("dask", Scheduler()).address == ""
    assert cluster.address.text() == ""
    dialog.close()


def test_what_was_found_comes_into_view_in_a_low_dialog(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flodesk.engine.places.dask.dask_trial.PATIENCE", 0.5)
    dialog = opened(window, qtbot)
    dialog.resize(dialog.width(), 420)
    cluster, page = dialog.cluster, dialog.tabs.currentWidget()
    assert isinstance(page, QScrollArea)

    def seen(part: QWidget) -> bool:
        room = page.viewport()
        return part.isVisible() and room.rect().contains(QRect(part.mapTo(room, QPoint()), part.size()))

    qtbot.keyClicks(cluster.address, "tcp://127.0.0.1:1")
    page.ensureWidgetVisible(cluster.test, 0, 0)
    assert not seen(cluster.answer)
    qtbot.mouseClick(cluster.test, LEFT)
    qtbot.waitUntil(lambda: "No Dask scheduler answers" in cluster.answer.text(), timeout=20_000)
    qtbot.waitUntil(lambda: seen(cluster.answer) and seen(cluster.test))
    dialog.close()


def test_an_address_is_forgotten_only_where_one_is_kept(
    window: Window, qtbot: QtBot, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (VARIABLE, SESSION):
        monkeypatch.delenv(name, raising=False)
    dialog = opened(window, qtbot)
    qtbot.waitUntil(lambda: dialog.server.now.text().startswith("None is named"))
    assert not dialog.server.forget.isEnabled()
    assert not dialog.cluster.forget.isEnabled()
    monkeypatch.setenv(SESSION, "redis://lab/0")
    dialog.server.read()
    qtbot.waitUntil(lambda: dialog.server.forget.isEnabled())
    dialog.close()


def test_a_settings_file_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    file = data_folder() / SETTINGS
    for broken in ("[queue\nidle = 5", 'queue = { idle = 5.0, flows = "a" }\n'):
        file.write_text(broken)
        with pytest.raises(ValueError, match=r"settings\.toml"):
            keep("queue", "flows", "lab")
        assert file.read_text() == broken
