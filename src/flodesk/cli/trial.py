"""One flow that is a test, run in a process of its own: a node may hang, crash or leave, and the others are run.

Nothing heavy is imported here: pytest loads this module in every run of a project that has flodesk installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

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


def try_flow(flow: Path, seconds: float = 0.0) -> Trial:
    """Run a flow that is a test, and return how it went.

    Parameters
    ----------
    seconds : float
        When its process is ended; by default some time after that which the test itself allows.
    """
    from flodesk.engine.expected.files import ExpectedError, beside, read_expected
    from flodesk.engine.remains import end_all

    try:
        allowed = seconds or read_expected(beside(flow)).timeout + GRACE_SECONDS
    except ExpectedError as error:
        return Trial(str(flow), False, message=str(error))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        told = Path(folder, "verdict.json")
        # its own package first: the folder in which it is called may hold a module of any name
        paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path), "PYTHONUTF8": "1"}
        environment.pop("PYTEST_CURRENT_TEST", None)
        line = [sys.executable, "-P", "-m", "flodesk.cli.trial", str(flow), str(told)]
        with subprocess.Popen(
            line, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
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


def _judge(flow: str, told: str) -> None:
    """Run a flow in this process and write down how that went."""
    from dataclasses import asdict

    from flodesk.engine.expected.judging import judge
    from flodesk.engine.remains import end_others
    from flodesk.engine.writable import json_of

    new = Path(told + ".new")
    new.write_text(json_of(asdict(judge(Path(flow)))), encoding="utf-8")
    new.replace(told)
    end_others()
    os._exit(0)  # a node's thread that does not end holds nothing up


if __name__ == "__main__":
    _judge(*sys.argv[1:])
