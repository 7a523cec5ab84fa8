"""Where the process of a watched command begins: it is run as a file, and finds its own path first.

It obeys the process that watches it and nobody else: that one passes Ctrl+C on, so that it does not come twice from a
terminal. It ends when the other does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from types import FrameType


def start() -> int:
    """Do what the command line says, and leave word of how it went."""
    told = json.loads(os.environ.pop("FLODESK_WATCHED"))
    sys.path[:] = told["path"]
    # found by that path; and the rest of the command line is imported when Ctrl+C is in good hands
    from flodesk.engine.lifeline import follow
    from flodesk.engine.tether import ASKED, found

    tether = found(told)
    obeyed = [0]

    own = os.getpid()

    def obey(number: int, frame: FrameType | None) -> None:
        if os.getpid() != own:  # a process that a node has forked: it is nobody's run, and ends as others do
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            return
        if tether.cells[ASKED] > obeyed[0]:
            obeyed[0] = tether.cells[ASKED]
            raise KeyboardInterrupt

    follow(int(told["parent"]))
    try:
        if sys.platform != "win32":  # there the terminal alone tells both
            signal.signal(signal.SIGINT, obey)
            signal.signal(signal.SIGTERM, obey)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM))
        from flodesk.cli import main
        from flodesk.engine.watched import watch_over

        watching = watch_over(tether)
    except KeyboardInterrupt:
        print("flodesk: interrupted", file=sys.stderr)
        return 130
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
