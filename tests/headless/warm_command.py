"""A process that has imported what ``flodesk run``, ``runs`` and ``letters`` need, and forks for each call of them.

A command is then a process as it is a user's, with arguments, environment, folder, output and exit code of its own;
only the second in which it would import is left out. It runs the flow itself, with nobody to watch it.

Requests are lines of JSON on standard input, answers the exit codes on standard output.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import sys
import traceback
from importlib import import_module
from typing import NoReturn

from flodesk.cli import main
from flodesk.flow.catalog import Catalog

AHEAD = [
    "flodesk.cli.commands",
    "flodesk.cli.letters",
    "flodesk.cli.run",
    "flodesk.cli.runs",
    "flodesk.engine.history.writer",
    "numpy",
    "rich._emoji_codes",
    "sqlalchemy.dialects.sqlite",
]


def serve() -> None:
    """Answer until nobody asks."""
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    for name in AHEAD:
        import_module(name)
    Catalog.builtin()
    gc.freeze()
    for line in requests:
        asked = json.loads(line)
        if not (pid := os.fork()):
            requests.close()
            answers.close()
            command(**asked)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=answers, flush=True)


def command(words: list[str], folder: str, environment: dict[str, str], out: str, err: str) -> NoReturn:
    """Be this command to its end, without the time in which Python would take all modules apart."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path, how in [(0, os.devnull, os.O_RDONLY), (1, out, os.O_WRONLY), (2, err, os.O_WRONLY)]:
        file = os.open(path, how)
        os.dup2(file, number)
        os.close(file)
    sys.argv[:] = ["flodesk", *words]
    try:
        code = main(words)
    except SystemExit as end:  # of argparse
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 - told and ended as Python does
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    serve()
