"""Exit codes, one for each thing that can go wrong, so that a script that calls flodesk can tell them apart."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the process says as it leaves."""

    OK = 0
    USAGE = 2
    BAD_FILE = 3
    FAILED_CHECK = 4
    FAILED_RUN = 5
    UNREACHABLE = 6
    INTERRUPTED = 130
