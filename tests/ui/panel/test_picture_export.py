"""Pictures of indicators, drawn by a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer

from flodesk.cli.picture import PictureError, draw
from flodesk.public import Line, Number, Trace
from flodesk.ui.theme import DARK, LIGHT

X = np.arange(3000) / 1000
LINE = Line("Before and after", (Trace(X, np.sin(6 * X), "wave", "V"), Trace(X, np.cos(6 * X))), "Time", "s", "", "V")


def colors(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}


@pytest.mark.parametrize(("theme", "scheme"), [("light", LIGHT), ("dark", DARK)])
def test_a_png_has_curves_in_the_theme_s_colours(tmp_path: Path, theme: str, scheme: object) -> None:
    file = tmp_path / "chart.png"
    draw(LINE, file, theme=theme)
    image = QImage(str(file))
    assert (image.width(), image.height()) == (1920, 1080)
    seen = colors(image)
    assert scheme.raised in seen  # type: ignore[attr-defined]
    assert set(scheme.traces[:2]) <= seen  # type: ignore[attr-defined]


def test_an_svg_holds_text_and_lines(tmp_path: Path, qapp: object) -> None:
    file = tmp_path / "chart.svg"
    draw(LINE, file)
    assert QSvgRenderer(str(file)).isValid()
    text = file.read_text(encoding="utf-8")
    for words in ("Before and after", "wave", "Time (s)", ">2.5<"):
        assert words in text
    assert text.count("<polyline") + text.count("<path") > 5


def test_a_number_is_drawn_with_the_title_of_its_view(tmp_path: Path) -> None:
    file = tmp_path / "n.svg"
    draw(Number(value=4998.2, unit="Hz"), file, title="peak")
    text = file.read_text(encoding="utf-8")
    assert "peak" in text
    assert "4.998" in text


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"could not be written to .*nowhere.*No such file"):
        draw(LINE, tmp_path / "nowhere" / "chart.png")


def test_what_is_no_indicator_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flodesk.ui.panel.export"],
        input=b"rubbish",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"no picture: what came over standard input is no indicator")
