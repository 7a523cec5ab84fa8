"""When Python looks for rings of objects that nobody uses any more: in the window's thread, a few at a time.

By itself it does so in whichever thread makes the object that is one too many. All objects of the program take it a
tenth of a second, which came between a click on STOP and its effect now and then; and a widget that another thread
takes down ends the program.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

LOOK = 1000
"""Milliseconds between two looks at young objects."""
YOUNG = 700
"""How many of them there are before that is worth while."""
OFTEN = 10
"""Every how many looks older objects are looked at, too."""
FIRST = 3
"""After how many looks what there is by then is left alone, as nearly all that a start brings stays for good."""
LONG = 0.004
"""Seconds that this may take. What is there after one that took longer is left alone until all is looked at."""
ALL = 600.0
"""Seconds after which all objects are looked at, if nobody has turned to another program until then."""


class Garbage(QObject):
    """Takes over from Python when such rings are looked for, until `end`.

    Objects that stay for good (descriptions of nodes, the code of libraries) are left alone. All are looked at when the
    user has turned to another program, and else every `ALL` seconds.
    """

    def __init__(self, app: QGuiApplication, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(app)
        self._app, self._clock = app, clock
        self._looks = 0
        self._all_at = clock()
        self._timer = QTimer(self, interval=LOOK)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app.applicationStateChanged.connect(self._turned_to)
        gc.disable()

    def look(self) -> None:
        """Look at young objects, at times at all that are not left alone."""
        self._looks += 1
        if self._looks == FIRST:
            gc.freeze()
        elif self._clock() - self._all_at > ALL:
            self.look_at_all()
        elif self._looks % OFTEN == 0:
            start = self._clock()
            gc.collect()
            if self._clock() - start > LONG:
                gc.freeze()
        elif gc.get_count()[0] > YOUNG:
            gc.collect(1)

    def look_at_all(self) -> None:
        """Look at all objects, and leave those alone from then on that are still used."""
        self._all_at = self._clock()
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def end(self) -> None:
        """Let Python decide again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _turned_to(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationInactive:
            self.look_at_all()
