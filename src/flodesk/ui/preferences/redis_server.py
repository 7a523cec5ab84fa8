"""The Redis server: its address in fields, tried, and kept in the system's keyring."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from flodesk.engine.places.server.local_queue import LOCAL
from flodesk.engine.places.server.server_address import VARIABLE, ServerAddress, keep_server, named_server
from flodesk.ui.number_field import NumberField
from flodesk.ui.preferences.pieces import Answer, Reply, button, field, form, heading, row
from flodesk.ui.preferences.server_address import Parts, is_whole, parts_of
from flodesk.ui.side_thread import SideThread

_KEPT = "Keep puts the address into the system's keyring, never into a file."


class RedisServer(QWidget):
    """Fields for the address, and what can be done with it. Reading the keyring and the server takes a thread."""

    def __init__(self, side: SideThread) -> None:
        super().__init__()
        self._side = side
        self._rest: tuple[tuple[str, str], ...] = ()
        self.scheme = QComboBox()
        self.scheme.setAccessibleName("Whether the connection is encrypted")
        self.scheme.addItems(["redis://", "rediss:// (TLS)"])
        self.host = field("Host", "HOST")
        self.port = _number("Port", 1, 65535, 6379)
        self.database = _number("Database", 0, 10_000, 0)
        self.user = field("User", "none")
        self.password = field("Password", "none")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.certificates = field("CA file", "that of the system")
        self.choose = button("Choose…", "The certificates that the server's own is signed by", self._choose)
        self.test = button("Test connection", "Connect to this address, and say what is there", self.try_it)
        self.keep = button("Keep", "Keep this address in the system's keyring, for all flows", self.keep_it)
        self.forget = button("Forget", "Take the address out of the keyring", self._forget)
        self.now = Answer()
        self.answer = Reply()
        self._lay_out()
        self.scheme.currentIndexChanged.connect(self._arrange)
        self._length = 0
        """Characters that the field of the host had: by a key it grows by one, by a paste by more."""
        self._refused = ""
        """The address that was not kept, as nothing can be done with it now."""
        self._kept = False
        """Whether an address is kept, for good or for this session, so that it can be forgotten."""
        self.host.textChanged.connect(self._pasted)
        self.host.editingFinished.connect(self._take_apart)
        for part in (self.host, self.user, self.password, self.certificates):
            part.returnPressed.connect(self.keep.click)  # which does nothing as long as no host is named
        self._arrange()
        self.read()

    def _lay_out(self) -> None:
        server = row(self.scheme, self.host, self.port, stretch=False)
        server.setStretchFactor(self.host, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading("Redis server"))
        column.addWidget(self.now)
        column.addLayout(
            form(
                ("Server", server),
                ("User, password", row(self.user, self.password, stretch=False)),
                ("CA file", row(self.certificates, self.choose, stretch=False)),
                ("Database", row(self.database)),
            )
        )
        column.addLayout(row(self.test, self.keep, self.forget))
        column.addWidget(self.answer)

    # -------------------------------------------------------------- what is there
    def read(self) -> None:
        """Find out which address counts now, and show it."""
        self._side.do(named_server, self._show, lambda error: self._show(None, str(error)))

    def _show(self, found: ServerAddress | None, trouble: str = "") -> None:
        self._kept = bool(trouble) or found is not None
        if found is not None:
            self._show_parts(parts_of(found.url))
            first = f" {VARIABLE} comes before what is kept here." if found.origin.startswith("$") else ""
            parts = parts_of(found.url)
            where = f"{parts.host}:{parts.port}" if parts.host else "an address that cannot be read"
            self.now.say(f"In use: {where}, that of {found.origin}.{first}", "warning" if first else "muted")
        elif trouble:
            self.now.say(f"{trouble[:1].upper()}{trouble[1:]}.", "warning")
        else:
            local = " A local queue is on, and is used meanwhile." if LOCAL.url else ""
            self.now.say(f"None is named. {_KEPT}{local}")
        self._arrange()

    def parts(self) -> Parts:
        """Return what the fields say."""
        return Parts(
            self.scheme.currentIndex() == 1,
            self.host.text().strip(),
            self.port.value(),
            self.database.value(),
            self.user.text().strip(),
            self.password.text(),
            self.certificates.text().strip(),
            self._rest,
        )

    def _arrange(self) -> None:
        tls, named = self.scheme.currentIndex() == 1, bool(self.host.text().strip())
        self.certificates.setEnabled(tls)
        self.choose.setEnabled(tls)
        for part in (self.test, self.keep):
            part.setEnabled(named)
        self.forget.setEnabled(self._kept)

    def _pasted(self, text: str) -> None:
        """Take a whole address apart that was put into the field of the host; one that is typed when it is whole."""
        grown, self._length = len(text) - self._length, len(text)
        if grown > 1:
            self._take_apart()
        self._arrange()

    def _take_apart(self) -> None:
        text = self.host.text().strip()
        if is_whole(text):
            parts = parts_of(text)
            if parts.sound:
                self._show_parts(parts)

    def _show_parts(self, parts: Parts) -> None:
        self._rest = parts.rest
        self.scheme.setCurrentIndex(int(parts.tls))
        self.host.setText(parts.host)
        self.port.setValue(parts.port)
        self.database.setValue(parts.database)
        self.user.setText(parts.user)
        self.password.setText(parts.password)
        self.certificates.setText(parts.certificates)

    # -------------------------------------------------------------- what a hand does
    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "CA file", "", "Certificates (*.pem *.crt *.cer);;All files (*)")
        if chosen:
            self.certificates.setText(chosen)

    def try_it(self) -> None:
        """Connect to what the fields say."""
        url = self._whole()
        if not url:
            return
        self.answer.say("Testing …")
        self.test.setEnabled(False)
        self._side.do(
            partial(_tried, url),
            lambda words: self._told(words, "ok"),
            lambda error: self._told(_why(error), "error"),
        )

    def _whole(self) -> str:
        """Return the address; empty, and that is said, if the fields say none."""
        self._take_apart()
        parts = self.parts()
        if not parts.sound:
            self.answer.say("That is no host. One looks like lab.example or 192.168.0.7.", "error")
        return parts.url if parts.sound else ""

    def _told(self, words: str, role: str) -> None:
        self.answer.say(words, "warning" if role == "ok" and "another key" in words else role)
        self._arrange()

    def keep_it(self) -> None:
        """Keep what the fields say, if it can be used; what cannot, now, when that is asked for once more."""
        url = self._whole()
        if not url:
            return
        insists = url == self._refused

        def work() -> str:
            if not insists:
                _tried(url)
            return keep_server(url)

        def told(why: str) -> None:
            if why:
                self.answer.say(f"It is kept for this session only: {why}.", "warning")
            else:
                self.answer.say("It is kept in the system's keyring.", "ok")
            self._refused = ""
            self.read()

        def failed(error: Exception) -> None:
            self._refused = url
            self._told(f"It is not kept. {_why(error).rstrip('.')}. Press Keep again to keep it all the same.", "error")

        self.answer.say("Testing …")
        self.keep.setEnabled(False)
        self._side.do(work, told, failed)

    def _forget(self) -> None:
        def told(why: str) -> None:
            self.answer.say(f"It cannot be taken out: {why}." if why else "No address is kept any more.")
            self._show_parts(Parts())
            self.read()

        self._side.do(lambda: keep_server(""), told, lambda error: self.answer.say(_why(error), "error"))


def _number(name: str, least: int, most: int, usual: int) -> QSpinBox:
    made = NumberField(name, least, most)
    made.setValue(usual)
    made.setFixedWidth(92)
    return made


def _tried(url: str) -> str:
    trying: Any = import_module("flodesk.engine.places.server.trying")
    return str(trying.try_server(url))


def _why(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"It needs the package {error.name}: pip install 'flodesk[redis]'"
    words = " ".join(str(error).split()) or type(error).__name__
    return words[:1].upper() + words[1:]


__all__ = ["RedisServer"]
