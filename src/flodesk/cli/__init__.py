"""The command line: ``flodesk [FILE]``, and commands (``run``, ``runs``, ``check`` …) without a window and without Qt.

Each command is a module of this package with ``add(parser)`` and ``main(options) -> int``; it is imported when it is
called for, so that a headless run loads no window and ``import flodesk`` next to nothing. What runs a flow does so in a
process of its own, which another one watches (`flodesk.cli.watching`): a node may hang, crash or leave.

Exit codes: 0 all went well; 1 the run failed; 2 the command line is wrong or the checker found errors; 3 something is
missing (a file, a package, a cached value, a server); 4 the file is no flow; 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

COMMANDS = {
    "run": "run a flow without a window",
    "app": "show the control panel of a flow alone, for operators",
    "test": "run the flows that are tests, and name the first node that differs",
    "check": "say what is wrong with a flow, without running it",
    "examples": "list the flows that come with flodesk, or copy one to be run",
    "diff": "say in words what is different between two flows, or since the last commit",
    "convert": "convert a recording to another format",
    "nodes": "list the node types",
    "new": "begin a node of your own, or a pack of nodes, with a test that passes",
    "runs": "list the runs of the past, show one, drop old ones",
    "versions": "list the versions of a flow's file that were saved in the window, print or restore one",
    "letters": "look at dead letters, put them back, or drop them",
    "queues": "look at queues, workers and jobs on a Redis server, and see to them",
    "attach": "follow a run that is on at a Redis queue, or list those that are",
    "stop": "stop a run that is on at a Redis queue",
    "worker": "run flows that others put on a Redis queue",
}

IN_ENVIRONMENTS = ("run", "check", "letters", "worker")
"""Those that go on in the environment of a flow's project; ``test`` runs each flow in its own."""

GROUPS = {
    "Flows": ("run", "app", "check", "test", "diff", "examples"),
    "What was": ("runs", "versions", "letters"),
    "Nodes and data": ("nodes", "new", "convert"),
    "Runs on a Redis server": ("worker", "queues", "attach", "stop"),
}
"""The commands by what is at hand, as the help has them."""


def entry() -> None:
    """Run the command line and leave with its exit code: the console script ``flodesk``."""
    try:
        code = _watched(sys.argv[1:])
    except KeyboardInterrupt:  # so early that nobody else has seen to it
        print("flodesk: interrupted", file=sys.stderr)
        code = 130
    raise SystemExit(code)


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say, in this process, and return the exit code."""
    code: int = import_module("flodesk.cli.commands").main(arguments)
    return code


_started: set[str] = set()
"""The files that have handed over their functions in this process."""


def run_script(functions: Sequence[Callable[..., Any]]) -> int:
    """Run the flow of the file that hands over these functions: ``python FILE``, with the options of ``run``."""
    if not functions:
        print("flodesk.main() was given no function: pass it the flow, as in flodesk.main(flow)", file=sys.stderr)
        return 2
    file = functions[0].__code__.co_filename
    if file in _started:
        print(
            "flodesk.main() is called twice, and each call runs the whole file:"
            " hand all functions to one of them, as in flodesk.main(acquire, report)",
            file=sys.stderr,
        )
        return 2
    _started.add(file)
    sys.stdout.flush()  # what the file has said stands before what the run says, which another process does
    return _watched(["run", file, *sys.argv[1:]], here=True)  # whoever calls a Python means that one


def _watched(arguments: Sequence[str], *, here: bool = False) -> int:
    """Do what the arguments say in its environment, or with this Python (`here`); a flow in a process of its own."""
    runs = arguments[:1] == ["run"] or (arguments[:1] == ["letters"] and "retry" in arguments)
    # a debugger or profiler wants to see the nodes in the process that it has started
    seen = sys.gettrace() is not None or sys.getprofile() is not None
    python = ""
    if not here and not seen and arguments and arguments[0] in IN_ENVIRONMENTS:
        python = import_module("flodesk.cli.environment").interpreter(arguments)
    if runs and not seen:
        code: int | None = import_module("flodesk.cli.watching").watch(arguments, python)
        if code is not None:
            return code
    elif python:
        there: int = import_module("flodesk.cli.environment").go_on_in(python, arguments)
        return there
    return main(arguments)
