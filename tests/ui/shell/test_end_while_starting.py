"""A program that is asked to end while it starts, as on a busy machine, ends: a real process, a real signal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from flodesk.engine.folders import data_folder

HASTY = """
import os, signal, sys
from flodesk import app
make = app.Company.new_window
def asked_meanwhile(company, *beside):
    os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    return make(company, *beside)
app.Company.new_window = asked_meanwhile
raise SystemExit(app.run_app())
"""

NO_SIZES = "This plugin does not support propagateSizeHints()\n"
"""Qt's own word where there is no screen: the least size of a window can be told to nobody."""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_a_program_that_is_asked_to_end_while_it_makes_its_window_ends(number: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HASTY, number],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    said = done.stderr.replace(NO_SIZES, "")
    assert (done.returncode, said) == (0, "")
    assert not list(data_folder("unsaved").iterdir())  # nothing is offered at the next start
