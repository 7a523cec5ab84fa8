"""One flow that is a test, run in a process of its own: a node may hang, crash or leave, and the others are run."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from flodesk.engine.expected.files import ExpectedError, beside, read_expected
from flodesk.engine.interpreting import module_command
from flodesk.engine.remains import end_all

GRACE_SECONDS = 60.0
"""What a test gets above its own time, to start and to end by itself."""


@dataclass(frozen=True)
class Trial:
    """How a test went: the fields of `flodesk.engine.expected.judging.Verdict`."""

    flow: str
    passed: bool
    node: str = ""
    message: str = ""
    compared: int = 0
    differing: tuple[str, ...] = ()


class Giving:
    """Whether a trial is given up, which another thread may do at any time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._up = False

    @property
    def up(self) -> bool:
        """Whether it is."""
        return self._up

    def give_up(self) -> None:
        """End the process of the trial, or that which is about to be started. It returns at once."""
        with self._lock:
            self._up, process = True, self._process
        if process is not None:
            threading.Thread(target=end_all, args=(process,), name="flodesk end of a trial").start()

    def begun(self, process: subprocess.Popen[bytes]) -> None:
        """Take note of the process that is to be ended then."""
        with self._lock:
            self._process, up = process, self._up
        if up:
            end_all(process)


def try_flow(flow: Path, seconds: float = 0.0, giving: Giving | None = None, python: str = "") -> Trial:
    """Run a flow that is a test, and return how it went.

    Parameters
    ----------
    seconds : float
        When its process is ended; by default some time after that which the test itself allows.
    giving : Giving, optional
        By which it can be given up.
    python : str
        The interpreter of the environment that it runs in; empty is this one.
    """
    try:
        allowed = seconds or read_expected(beside(flow)).timeout + GRACE_SECONDS
    except ExpectedError as error:
        return Trial(str(flow), False, message=str(error))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        told = Path(folder, "verdict.json")
        # its own package first: the folder in which it is called may hold a module of any name; not in an environment,
        # whose packages lie over those beside ours
        paths = [*([] if python else [str(Path(__file__).resolve().parents[3])]), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path), "PYTHONUTF8": "1"}
        environment.pop("PYTEST_CURRENT_TEST", None)
        line = [*module_command("flodesk.engine.expected.tried", python), str(flow), str(told)]
        with subprocess.Popen(
            line, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            if giving is not None:
                giving.begun(process)
            try:
                said, _ = process.communicate(timeout=allowed)
            except subprocess.TimeoutExpired:
                end_all(process)
                return Trial(str(flow), False, message=f"it did not end within {allowed:g} s, and was ended")
            except BaseException:
                end_all(process)
                raise
        if told.exists():
            return Trial(**json.loads(told.read_text(encoding="utf-8")))
    last = "\n".join(f"    {row}" for row in said.decode(errors="replace").splitlines()[-5:])
    message = f"its process ended with code {process.returncode} before the flow did\n{last}".rstrip()
    return Trial(str(flow), False, message=message)


__all__ = ["Giving", "Trial", "try_flow"]
