"""Draws an indicator into a file, in a process of its own: ``python -m flodesk.ui.panel.export``.

The value comes over standard input as one frame (`flodesk.engine.link.pack`): the head is what
`flodesk.engine.values.encode` makes of the indicator under ``"value"``, with ``"file"``, ``"title"``, ``"width"``,
``"height"`` (pixels) and ``"theme"`` (``light`` or ``dark``) beside it. The file's ending decides: PNG or SVG.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from flodesk.engine.client import Sample
from flodesk.engine.link import LinkError, read_frame
from flodesk.engine.values import decode
from flodesk.flow.model import View
from flodesk.ui.panel import rendering
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import DARK, LIGHT, current, theme
from flodesk.ui.theme.style import dress


def draw(value: Any, title: str, size: QSize, svg: bool) -> bytes:
    """Return the picture of an indicator as the bytes of a file.

    Parameters
    ----------
    value : Any
        What the indicator shows.
    title : str
        Written above it where the value has no title of its own.
    size : QSize
        Width and height in pixels.
    svg : bool
        Whether an SVG is wanted rather than a PNG.

    Raises
    ------
    ValueError, TypeError
        The value cannot be shown.
    """
    ground = _Ground()
    card = Card("flow", View("picture", "picture", 0, 0, 1, 1), Reading("flow.picture", title), ground)
    layout = QVBoxLayout(ground)
    layout.setContentsMargins(8, 8, 8, 8)
    layout.addWidget(card)
    ground.resize(size)
    card.show_sample(Sample(1, value))
    ground.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    ground.show()
    _settle()
    try:
        return rendering.svg(ground) if svg else rendering.png(ground)
    finally:
        ground.close()
        ground.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class _Ground(QWidget):
    """What is behind the card: the card's own colour, so that the picture has no frame."""

    def paintEvent(self, event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), color(theme().raised))


def _settle() -> None:
    """Let layouts and axes come to rest: pyqtgraph places ticks in the second turn of the event loop."""
    for _ in range(5):
        QCoreApplication.processEvents()
        time.sleep(0.005)


def main() -> int:
    """Read a frame, write the file; 0, or 1 with a sentence on standard error."""
    try:
        head, buffers = read_frame(sys.stdin.buffer)
        value, file = decode(head["value"], buffers), Path(head["file"])
        size = QSize(int(head.get("width", 960)), int(head.get("height", 540)))
    except (LinkError, KeyError, TypeError, ValueError) as error:
        print(f"no picture: what came over standard input is no indicator ({error})", file=sys.stderr)
        return 1
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # elsewhere only the system's own platform has the fonts
    app = QApplication(sys.argv[:1])
    chosen = DARK if head.get("theme") == "dark" else LIGHT
    dress(app, chosen)
    current.use(chosen)
    try:
        made = draw(value, str(head.get("title", "")), size, file.suffix.lower() == ".svg")
    except (TypeError, ValueError) as error:
        print(f"no picture: this value cannot be drawn ({error})", file=sys.stderr)
        return 1
    try:
        file.write_bytes(made)
    except OSError as error:
        print(f"the picture could not be written to {file}: {error.strerror or error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
