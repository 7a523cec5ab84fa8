"""Exit codes, one for each thing that can go wrong, so that a script that calls flodesk can tell them apart."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from flodesk.flow.problem import Problem


class Exit(IntEnum):
    """What the process says as it leaves.

    Attributes
    ----------
    OK : int
        All went well; a run that its time limit ended, too.
    FAILED : int
        The run failed, or what it made could not be written.
    USAGE : int
        The command line is wrong, or the checker found errors: nothing was run.
    MISSING : int
        What is needed is not there: a file, a package, a value in the cache, a server.
    BROKEN : int
        The file is no flow.
    STOPPED : int
        Ctrl+C.
    """

    OK = 0
    FAILED = 1
    USAGE = 2
    MISSING = 3
    BROKEN = 4
    STOPPED = 130


def exit_for(problems: Iterable[Problem]) -> Exit:
    """Say what the problems of a flow mean for the exit code: the worst of them decides."""
    kinds = {problem.kind for problem in problems if problem.severity == "error"}
    if not kinds:
        return Exit.OK
    if kinds & {"syntax", "no-flow"}:
        return Exit.BROKEN
    return Exit.MISSING if kinds == {"missing-package"} else Exit.USAGE
