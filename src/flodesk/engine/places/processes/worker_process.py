"""One worker process of the place `process`, from the engine's side."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from flodesk.engine.heeding import deaf
from flodesk.engine.interpreting import module_command
from flodesk.engine.lifeline import how_it_ended
from flodesk.engine.places.processes.parcel import Reads
from flodesk.engine.places.processes.pool import Slot


class Worker:
    """One worker process, from this side."""

    def __init__(self, environment: Mapping[str, str], folder: str) -> None:
        self.sock, self._other = socket.socketpair()
        self.stream = cast(BinaryIO, Reads(self.sock))
        self.process: subprocess.Popen[bytes] | None = None
        self.lost = False
        self.why = ""
        self.gone = 0
        self.holding: dict[str, tuple[Slot, Hashable]] = {}
        """The slots that it was given, each with that under which it holds them: another one each time."""
        self._environment = environment
        self._folder = folder
        self._begun = threading.Event()
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Start the process."""
        hello: dict[str, Any] = {"parent": os.getpid(), "path": sys.path}
        options: dict[str, Any] = {}
        if os.name == "posix":
            hello["socket"] = self._other.fileno()
            options["pass_fds"] = (self._other.fileno(),)
        folder = self._folder if Path(self._folder).is_dir() else None
        # -P: it takes over the engine's path, and imports nothing from the folder of a flow before that
        command = module_command("flodesk.engine.places.processes.process_worker")
        with self._lock:
            try:
                if not self.lost:
                    with deaf():
                        self.process = subprocess.Popen(
                            [*command, json.dumps(hello)],
                            stdin=subprocess.PIPE,
                            stdout=subprocess.DEVNULL,
                            cwd=folder,
                            env={**os.environ, **self._environment},
                            bufsize=0,
                            **options,
                        )
                    self._hand_over(self.process)
            except OSError as error:
                self.lost, self.why = True, f"cannot be started: {error}"
            finally:
                self._other.close()
                self._begun.set()

    def _hand_over(self, process: subprocess.Popen[bytes]) -> None:
        """Give it its end of the socket where no child inherits one: on Windows."""
        if os.name != "posix" and process.stdin is not None:
            data = cast(Any, self._other).share(process.pid)
            process.stdin.write(len(data).to_bytes(4, "little") + data)

    @property
    def alive(self) -> bool:
        """False once its process has ended."""
        return not self.lost and (
            not self._begun.is_set() or (self.process is not None and self.process.poll() is None)
        )

    def order(self, what: bytes) -> None:
        """Say something on its standard input."""
        self._begun.wait(5.0)
        with contextlib.suppress(OSError, ValueError):
            if self.process is not None and self.process.stdin is not None:
                self.process.stdin.write(what)

    def dismiss(self) -> None:
        """Tell it that the engine is done."""
        self._begun.wait(5.0)
        with contextlib.suppress(OSError, ValueError):
            if self.process is not None and self.process.stdin is not None:
                self.process.stdin.close()

    def end(self, seconds: float = 0.0) -> None:
        """End the process, and say how it ended in `why`."""
        self._begun.wait(5.0)
        with self._lock:
            process, self.lost = self.process, True
        code = 0
        if process is not None:
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
        self.why = self.why or how_it_ended(code)
        self.sock.close()
