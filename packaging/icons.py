"""Write flodesk's icon as pictures: ``icons.py FOLDER 48 256``, ``icons.py FOLDER ico``, ``icons.py FOLDER icns``.

``ico`` and ``icns`` are the formats of Windows and macOS, with all sizes in one file.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SVG = Path(__file__).resolve().parent.parent / "resources" / "flodesk.svg"


def draw(side: int, path: Path) -> Path:
    """Draw the icon ``side`` pixels wide and high."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(SVG)).render(painter)
    painter.end()
    image.save(str(path))
    return path


def main(folder: Path, *wanted: str) -> None:
    """Write what is wanted into the folder."""
    for word in wanted:
        if word == "ico":
            picture = Image.open(draw(256, folder / "flodesk-256.png"))
            picture.save(folder / "flodesk.ico", sizes=[(side, side) for side in (16, 24, 32, 48, 64, 128, 256)])
        elif word == "icns":
            Image.open(draw(1024, folder / "flodesk-1024.png")).save(folder / "flodesk.icns")
        else:
            draw(int(word), folder / f"flodesk-{word}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
