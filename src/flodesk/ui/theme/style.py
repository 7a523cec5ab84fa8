"""Makes Qt's own widgets wear the theme: palette, style sheet and fonts.

Fusion with a palette and a style sheet of ours looks the same on every system; `QStyleHints.setColorScheme` does
nothing on plain X11 and off screen, so it is not relied on.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QDir
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from flodesk.resource import resource
from flodesk.ui.theme import current
from flodesk.ui.theme.colors import Theme

_FAMILIES = (
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    ".AppleSystemUIFont",
    "Noto Sans",
    "Cantarell",
    "Ubuntu",
    "DejaVu Sans",
)
_MONOSPACED = ("JetBrains Mono", "Cascadia Mono", "Menlo", "Noto Sans Mono", "Ubuntu Mono", "DejaVu Sans Mono")


def mix(first: str, second: str, share: float) -> str:
    """Return `first` with `share` (0 to 1) of `second` mixed in, all as ``#rrggbb``."""
    a, b = QColor(first), QColor(second)
    parts = [round(x + (y - x) * share) for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)]  # type: ignore[index]
    return "#{:02x}{:02x}{:02x}".format(*parts)


def tokens(theme: Theme) -> dict[str, str]:
    """Return every colour name that the style sheet may use: the theme's own, and what follows from them."""
    own = {name: value for name in theme.__dataclass_fields__ if isinstance(value := getattr(theme, name), str)}
    return own | {
        "hover": mix(theme.raised, theme.text, 0.07),
        "pressed": mix(theme.raised, theme.text, 0.13),
        "selected": mix(theme.surface, theme.accent, 0.22 if theme.dark else 0.16),
        "accent_hover": mix(theme.accent, theme.text, 0.15),
        "scroll": mix(theme.surface, theme.text, 0.22),
    }


def style_sheet(theme: Theme) -> str:
    """Return the style sheet in the colours of `theme`."""
    colors = tokens(theme)
    return re.sub(r"@(\w+)", lambda match: colors[match[1]], resource("theme/style.qss").read_text(encoding="utf-8"))


def palette(theme: Theme) -> QPalette:
    """Return the palette for what is painted without the style sheet."""
    made = QPalette()
    roles = QPalette.ColorRole
    colors = {
        roles.Window: theme.window,
        roles.WindowText: theme.text,
        roles.Base: theme.sunken,
        roles.AlternateBase: theme.surface,
        roles.Text: theme.text,
        roles.Button: theme.raised,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.text,
        roles.Highlight: theme.accent,
        roles.HighlightedText: theme.on_accent,
        roles.Link: theme.accent,
        roles.LinkVisited: theme.accent,
        roles.ToolTipBase: theme.raised,
        roles.ToolTipText: theme.text,
        roles.PlaceholderText: theme.faint,
        roles.Light: theme.line_strong,
        roles.Midlight: theme.line,
        roles.Mid: theme.line,
        roles.Dark: theme.line,
        roles.Shadow: theme.window,
    }
    for role, color in colors.items():
        made.setColor(role, QColor(color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return made


def text_font() -> QFont:
    """Return the font of the window: the first of a list of good ones that this system has."""
    font = QFont()
    font.setFamilies([*(f for f in _FAMILIES if f in set(QFontDatabase.families())), font.defaultFamily()])
    font.setPixelSize(13)
    return font


def code_font() -> QFont:
    """Return the font for source text and addresses."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setFamilies([*(f for f in _MONOSPACED if f in set(QFontDatabase.families())), font.family()])
    font.setPixelSize(12)
    return font


def dress(app: QApplication, theme: Theme) -> None:
    """Give the whole program the looks of `theme`."""
    QDir.setSearchPaths("theme", [str(resource(f"theme/{theme.name}"))])
    if not app.property("dressed"):
        app.setProperty("dressed", True)
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(text_font())
        current.family = app.font().family()
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))
