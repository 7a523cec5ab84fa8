"""Pictures are painted in threads: each has fonts of its own, and measures as the window does."""

from __future__ import annotations

import threading

from PySide6.QtWidgets import QApplication

from flodesk.ui.canvas.painting import fonts


def test_each_thread_has_fonts_of_its_own_that_measure_alike(qapp: QApplication) -> None:
    found: list[tuple[object, float]] = []
    thread = threading.Thread(target=lambda: found.append((fonts(), fonts().title.width("lowpass"))))
    thread.start()
    thread.join()
    assert fonts() is fonts()
    ((other, width),) = found
    assert other is not fonts()
    assert width == fonts().title.width("lowpass")
