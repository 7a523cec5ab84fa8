"""Where the process of a watched command begins: it is run as a file, and finds its own path first.

Whoever asks it to end is obeyed, and once: a terminal tells the process that watches it, too, which passes that on. It
ends when the other does.
"""

from __future__ import annotations

import json
import os
import signal
import sys


def start() -> int:
    """Do what the command line says, and leave word of how it went."""
    told = json.loads(os.environ.pop("FLODESK_WATCHED"))
    sys.path[:] = told["path"] or sys.path  # another interpreter keeps its own
    # found by that path; and the rest of the command line is imported when Ctrl+C is in good hands
    from flodesk.engine.heeding import heed
    from flodesk.engine.lifeline import follow
    from flodesk.engine.tether import ASKED, found

    tether = found(told)
    obeyed: list[bool] = []

    def obey() -> None:
        tether.cells[ASKED] = 1  # the one that watches may not have been told
        if not obeyed:
            obeyed.append(True)
            raise KeyboardInterrupt

    follow(int(told["parent"]))
    try:
        if sys.platform != "win32":  # there the terminal alone tells both
            heed(obey, always=(signal.SIGTERM,))  # by which the one that watches passes on what it is told
        from flodesk.cli import main
        from flodesk.engine.watched import watch_over

        watching = watch_over(tether)
    except KeyboardInterrupt:
        tether.cells[ASKED] = 1
        return 130  # the one that watches says so
    code = 1
    given, sys.argv[:] = sys.argv[1:], told["argv"]  # a node that looks there finds what the user has typed
    try:
        code = main(given)
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
        raise
    finally:
        watching.leave(code)
    return code


if __name__ == "__main__":
    raise SystemExit(start())
