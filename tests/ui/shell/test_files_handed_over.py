"""A file that the system hands to the running program is opened, also one that comes before there is a window."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QFileOpenEvent
from flodesk.app import application

app = application()
opened = []
QCoreApplication.sendEvent(app, QFileOpenEvent("/flows/early.py"))
app.opener = opened.append
app.open_waiting()
QCoreApplication.sendEvent(app, QFileOpenEvent("/flows/late.py"))
QCoreApplication.sendEvent(app, QEvent(QEvent.Type.User))
print([path.name for path in opened], app.desktopFileName())
"""


def test_files_that_the_system_hands_over_are_opened_in_their_order() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.strip() == "['early.py', 'late.py'] flodesk", done.stderr
