"""The commands that change an environment: run one after the other in a thread, told line by line, and stopped."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from flodesk.engine.environments.environment import InstallationError
from flodesk.engine.environments.passwords import hidden
from flodesk.engine.folders import FolderError, data_folder

_GRACE = 2.0
"""Seconds that a command has to end when it is asked to, before it is killed."""


_CERTIFICATES = (
    os.environ.get("SSL_CERT_FILE", os.devnull),
    ssl.get_default_verify_paths().openssl_cafile,
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # RHEL
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine
)
"""Where systems keep the certificates that they trust."""


class StoppedError(Exception):
    """A hand has stopped it."""


class Work:
    """Runs commands.

    Parameters
    ----------
    said : callable
        Takes each command, and each line that it prints, without the passwords of addresses; called in the
        thread that works.
    """

    def __init__(self, said: Callable[[str], object] = lambda line: None) -> None:
        self._said = said
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False

    def stop(self) -> None:
        """End what runs with all that it has started, and run nothing more; from any thread."""
        with self._lock:
            self._stopped, process = True, self._process
        if process is not None:
            _signal(process, signal.SIGTERM)
            threading.Timer(_GRACE, _kill, (process,)).start()

    def check(self) -> None:
        """Raise `StoppedError` if it was stopped."""
        if self._stopped:
            raise StoppedError

    def run(self, command: Sequence[str]) -> tuple[int, str]:
        """Run a command: its exit code, and all that it has printed.

        Raises
        ------
        StoppedError
            It was stopped.
        InstallationError
            It cannot be started.
        """
        self._said(f"$ {shlex.join(map(hidden, command))}")
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
        environment |= {"PYTHONUTF8": "1", "NO_COLOR": "1"}
        for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"):
            environment.pop(name, None)
        if "UV_NATIVE_TLS" not in environment and _has_certificates():
            environment.setdefault("UV_SYSTEM_CERTS", "1")  # uv's own know nothing of the authority of a company
        with self._lock:
            self.check()
            try:
                process = self._process = subprocess.Popen(
                    list(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    encoding="utf-8", errors="replace", env=environment, cwd=_quiet_folder(),
                    start_new_session=os.name == "posix",
                )  # fmt: skip
            except OSError as error:
                raise InstallationError(
                    f"{command[0]} cannot be started: {error.strerror or error}. Repair the environment."
                ) from error
        printed: list[str] = []
        assert process.stdout is not None
        with process:
            for line in process.stdout:
                printed.append(line)
                if line.strip():
                    self._said(hidden(line.rstrip()))
        with self._lock:
            self._process = None
            self.check()
        return process.returncode, "".join(printed)


def _signal(process: subprocess.Popen[str], number: int) -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.kill()


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))


def _has_certificates() -> bool:
    """Say whether the system keeps certificates that it trusts: a container may have none, and then uv's own serve."""
    # not asked of `ssl` alone: the Python of an installed program looks where it was built
    return os.name == "nt" or sys.platform == "darwin" or any(Path(one).is_file() for one in _CERTIFICATES)


def _quiet_folder() -> str:
    """Return a folder in which no stranger's files lie: installers read settings where they are started."""
    try:
        return str(data_folder().absolute())
    except FolderError:
        return sys.prefix


# ------------------------------------------------------------------ the programs
def find_uv() -> str:
    """Return the path of uv: the one that came with flodesk, or one on the path; empty if there is none."""
    beside = Path(sys.executable).with_name("uv.exe" if os.name == "nt" else "uv")
    if beside.is_file():
        return str(beside)
    # on Windows the working folder is looked into, too
    found = shutil.which("uv", path=os.pathsep.join(entry for entry in os.get_exec_path() if Path(entry).is_absolute()))
    return found if found is not None and Path(found).is_absolute() else ""


__all__ = ["StoppedError", "Work", "find_uv"]
