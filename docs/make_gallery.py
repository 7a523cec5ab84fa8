"""Take the pictures of the gallery of examples: ``python docs/make_gallery.py [NAME ...]``, off screen.

Each example runs for some seconds in the program itself, and what its control panel shows then is kept in both themes
under ``resources/examples/pictures``.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["FLODESK_TRUST"] = "all"

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from flodesk.app import application
from flodesk.engine.client import Host
from flodesk.ui.examples import gallery
from flodesk.ui.gallery.pictures import SIZE
from flodesk.ui.theme import theme
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window

PICTURES = Path(__file__).resolve().parent.parent / "resources" / "examples" / "pictures"
PANEL = (740, 640)
"""Width and height in pixels of the panel that is taken."""
SECONDS = {"optimisers": 1.2, "heat_plate": 9.0, "replay": 4.0}
"""How long an example runs until it looks best; the others until they end, or five seconds."""


def main(names: list[str]) -> int:
    """Take the pictures of these examples, or of all."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(FLODESK_SETTINGS=str(Path(folder) / "settings"), XDG_STATE_HOME=folder, XDG_DATA_HOME=folder)
        app = application()
        looks = Looks(app)
        window = Window(looks, Host())
        window.resize(1500, 1100)
        window.show()

        def until(true: Callable[[], object], seconds: float) -> None:
            end = time.monotonic() + seconds
            while not true() and time.monotonic() < end:
                app.processEvents()
                time.sleep(0.01)

        for one in gallery():
            if names and one.name not in names:
                continue
            window.files.open_example(one.name)
            until(lambda: False, 0.5)
            window.run.start()
            until(lambda: window.run.phase == "running" or window.run.last is not None, 60.0)
            until(lambda: not window.run.active, SECONDS.get(one.name, 5.0))
            window.panel.setParent(None)  # type: ignore[call-overload]
            window.panel.resize(*PANEL)
            window.panel.show()
            until(lambda: False, 1.0)
            for look in ("dark", "light"):
                getattr(looks, look)()
                until(lambda: False, 0.6)
                _keep(window.panel.board.grab(), f"{one.name}-{look}", theme().window)
            window.run.stop()
            until(lambda: not window.run.active, 30.0)
            window.docks.panel.split.addWidget(window.panel)
            window.document.new()
        window.start.gallery.open()
        dialog = window.start.gallery.dialog
        assert dialog is not None
        dialog.resize(1080, 700)
        until(lambda: False, 1.0)
        dialog.grab().toImage().save(str(PICTURES.parents[2] / "docs" / "pictures" / "gallery.png"), "PNG", 0)
        window.run.close()
        os._exit(0)


def _keep(taken: QPixmap, name: str, ground: str) -> None:
    """Cut it to the shape of the gallery's pictures, from its upper edge, and write it."""
    height = taken.width() * SIZE[1] // SIZE[0]
    cut = QPixmap(taken.width(), height)
    cut.fill(QColor(ground))
    with QPainter(cut) as painter:
        painter.drawPixmap(0, max(0, (height - taken.height()) // 2), taken)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    how = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    cut.scaled(*SIZE, *how).save(buffer, "PNG")
    file = PICTURES / f"{name}.webp"
    Image.open(io.BytesIO(buffer.data().data())).convert("RGB").save(file, "WEBP", quality=84, method=6)
    print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
