"""A process that is one worker of several: forked, or started where there is no fork."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from typing import ClassVar, Protocol

from flodesk.engine.lifeline import follow
from flodesk.engine.places.server.stream import PlaceError
from flodesk.engine.places.workers.member import Member

Work = Callable[[Member, Callable[[], None]], None]
ORDER = b"end\n"
"""What a started one is told on its standard input: once to stop its run and end, twice to end at once."""
MISSING = 3
"""The exit code of one whose server is not there."""


class Process(Protocol):
    """One worker, from the side of who has started it."""

    LISTENS: ClassVar[bytes] = b"\xff"
    """What it rings when it listens: the number of no signal."""

    def ask(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it at once."""

    def code(self) -> int | None:
        """Return its exit code, None while it is there; of one that a signal has ended its number below zero."""


class Forked(Process):
    """A worker that is forked, with all that is imported here."""

    def __init__(self, member: Member, rings: socket.socket, work: Work) -> None:
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        self._code: int | None = None
        if not self._pid:
            code = 1
            try:
                code = _forked(parent, member, rings, work)
            except Exception:  # noqa: BLE001 - the end of the process: what is not told here is lost
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)

    def ask(self) -> None:
        """Ask it to end."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        if self._code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def code(self) -> int | None:
        """Return its exit code, None while it is there."""
        if self._code is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code


def _forked(parent: int, member: Member, rings: socket.socket, work: Work) -> int:
    """Be a worker; returns the exit code."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    os.setpgrp()  # Ctrl+C in the terminal is the business of who has started it
    follow(parent)
    try:
        work(member, lambda: _ring(rings, Process.LISTENS))
    except PlaceError as error:
        print(f"flodesk worker: {error}", file=sys.stderr)
        return MISSING
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1
    return 0


class Started(Process):
    """A worker that is a program of its own, which is told on its standard input when to end."""

    def __init__(self, member: Member, rings: socket.socket, work: Work) -> None:
        options = ["--no-fork", "--member", member.name, *(["--owned"] if member.own else [])]
        options += [word for queue in member.queues for word in ("--queue", queue)]
        options += [word for module in member.allow for word in ("--allow", module)]
        options += ["--key-file", member.key_file] if member.key_file else []
        alone: dict[str, int | bool] = {"start_new_session": True}  # Ctrl+C in the terminal is not for it
        if os.name == "nt":
            alone = {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        # -P: a file in the folder that this was started from must not pass for a package that the worker imports
        self._process = subprocess.Popen(  # type: ignore[call-overload]
            [sys.executable, "-P", "-m", "flodesk", "worker", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "FLODESK_REDIS_URL": member.url},  # a command line would show the password to everybody
            **alone,
        )
        threading.Thread(target=self._read, args=(rings,), name="flodesk member", daemon=True).start()

    def ask(self) -> None:
        """Ask it to end."""
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(ORDER)
            self._process.stdin.flush()

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def code(self) -> int | None:
        """Return its exit code, None while it is there."""
        found: int | None = self._process.poll()
        return found

    def _read(self, rings: socket.socket) -> None:
        """Hear its greeting, and its end."""
        with self._process.stdout as out:
            if out.readline():
                _ring(rings, Process.LISTENS)
            for line in out:
                sys.stdout.write(line.decode(errors="replace"))
        self._process.wait()
        _ring(rings, b"\0")


def obey(orders: int = 0) -> None:
    """Ask this process to end, as a signal does, whenever it is told to; and end it with who has started it."""
    follow(os.getppid())

    def read() -> None:
        with os.fdopen(os.dup(orders), "rb") as told:
            while told.readline() == ORDER:
                _interrupt()
        os._exit(1)  # nobody is there any more who could end it

    threading.Thread(target=read, name="flodesk orders", daemon=True).start()


def _interrupt() -> None:
    send = getattr(signal, "pthread_kill", None)
    main = threading.main_thread().ident
    if send is not None:
        send(main, signal.SIGTERM)  # to the thread that waits for a job: it waits no more
    else:
        signal.raise_signal(signal.SIGTERM)


def _ring(rings: socket.socket, what: bytes) -> None:
    with contextlib.suppress(OSError):
        rings.send(what)
