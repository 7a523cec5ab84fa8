"""Text can be read on every surface, in both themes (WCAG 2.2: 7:1 for text, 4.5:1 for text of second rank)."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from flodesk.flow.pieces import COLORS, Piece
from flodesk.resource import resource
from flodesk.ui.canvas.pieces.item import head_color, sheet_color
from flodesk.ui.canvas.pieces.markdown import link_color
from flodesk.ui.theme import DARK, LIGHT, Theme
from flodesk.ui.theme.style import style_sheet, tokens

SURFACES = ("window", "surface", "raised", "sunken", "canvas", "hover", "pressed", "selected")


def luminance(color: str) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(color).getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_knows_the_ends() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_text_on_every_surface(theme: Theme) -> None:
    colors = tokens(theme)
    for surface in SURFACES:
        assert contrast(theme.text, colors[surface]) >= 7.0, surface
    for surface in ("window", "surface", "raised", "sunken", "canvas", "hover"):
        assert contrast(theme.muted, colors[surface]) >= 4.5, surface


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_states_and_buttons(theme: Theme) -> None:
    colors = tokens(theme)
    for ground in ("accent", "accent_hover"):
        assert contrast(theme.on_accent, colors[ground]) >= 4.5, ground
    for state in ("ok", "warning", "error", "running"):
        for surface in ("surface", "raised", "sunken"):
            assert contrast(getattr(theme, state), colors[surface]) >= 4.5, (state, surface)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_style_sheet_names_colours_that_exist(theme: Theme, qapp: QApplication) -> None:
    sheet = style_sheet(theme)
    assert "@" not in sheet
    for name in re.findall(r"url\(theme:([\w.]+)\)", sheet):
        assert resource(f"theme/{theme.name}/{name}").is_file()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
@pytest.mark.parametrize("color", COLORS)
def test_words_and_links_on_notes_and_frames(theme: Theme, color: str) -> None:
    note, frame = Piece("note", "n", (0, 0, 96, 48), color=color), Piece("frame", "f", (0, 0, 96, 48), color=color)
    sheet, head = sheet_color(theme, note).name(), head_color(theme, frame).name()
    assert contrast(theme.text, sheet) >= 7.0
    assert contrast(theme.text, head) >= 7.0
    assert contrast(theme.muted, head) >= 4.5
    assert contrast(link_color(theme).name(), sheet) >= 4.5
