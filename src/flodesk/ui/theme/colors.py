"""The two colour schemes. Every widget of ours takes its colours from the current one, none has its own.

Contrast of `text` on every surface is at least 7:1, of `muted` at least 4.5:1 (WCAG 2.2), held by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as ``#rrggbb``.

    Attributes
    ----------
    window, surface, raised, sunken : str
        Behind everything; docks and panels; cards, buttons and menus; fields and plots.
    canvas, dot : str
        The canvas and its grid.
    line, line_strong : str
        Hairlines between areas; borders of fields and cards.
    text, muted, faint : str
        Text; second-rank text; disabled text and empty states.
    accent, on_accent : str
        Selection, focus and the primary button, and text upon it.
    ok, running, warning, error, idle : str
        States, also as text.
    types : mapping of port type to colour
    categories : mapping of library shelf to colour; "" is the fallback
    traces : colours of curves in order
    """

    name: str
    dark: bool
    window: str
    surface: str
    raised: str
    sunken: str
    canvas: str
    dot: str
    line: str
    line_strong: str
    text: str
    muted: str
    faint: str
    accent: str
    on_accent: str
    ok: str
    running: str
    warning: str
    error: str
    idle: str
    types: Mapping[str, str]
    categories: Mapping[str, str]
    traces: tuple[str, ...]

    def type_color(self, port_type: str) -> str:
        """Colour of a port type."""
        return self.types.get(port_type, self.types["any"])

    def category_color(self, category: str) -> str:
        """Colour of a library shelf."""
        return self.categories.get(category, self.categories[""])


DARK = Theme(
    name="dark",
    dark=True,
    window="#14171c",
    surface="#1a1e25",
    raised="#232933",
    sunken="#101318",
    canvas="#14171c",
    dot="#2a303a",
    line="#2a303a",
    line_strong="#3d4654",
    text="#e8ebf0",
    muted="#a3adbb",
    faint="#737d8c",
    accent="#4d9dff",
    on_accent="#06121f",
    ok="#46c482",
    running="#4d9dff",
    warning="#e9b04a",
    error="#ff6b70",
    idle="#7d8897",
    types={
        "number": "#6cb6ff",
        "integer": "#6cb6ff",
        "truth": "#ff7a85",
        "text": "#f2d06b",
        "array": "#57d3a2",
        "signal": "#57d3a2",
        "table": "#f0a45d",
        "image": "#c792ea",
        "list": "#9fb4ff",
        "path": "#f2d06b",
        "instrument": "#8fd14f",
        "indicator": "#e8ebf0",
        "none": "#98a3b3",
        "any": "#98a3b3",
    },
    categories={
        "source": "#57d3a2",
        "maths": "#6cb6ff",
        "array": "#6cb6ff",
        "linear": "#6cb6ff",
        "dsp": "#5cc8e8",
        "statistics": "#9fb4ff",
        "fit": "#9fb4ff",
        "logic": "#e58fb1",
        "simulate": "#57d3a2",
        "text": "#f2d06b",
        "table": "#f0a45d",
        "sql": "#f0a45d",
        "file": "#f2d06b",
        "timing": "#b9c2cf",
        "collect": "#e58fb1",
        "queue": "#e58fb1",
        "control": "#c792ea",
        "show": "#ffb86b",
        "record": "#ff8a80",
        "visa": "#8fd14f",
        "code": "#8d99a8",
        "": "#8d99a8",
    },
    traces=("#6cb6ff", "#ffb86b", "#57d3a2", "#ff7a85", "#c792ea", "#f2d06b", "#5cc8e8", "#e58fb1"),
)

LIGHT = Theme(
    name="light",
    dark=False,
    window="#eceff3",
    surface="#f7f8fa",
    raised="#ffffff",
    sunken="#ffffff",
    canvas="#f3f5f8",
    dot="#ccd3dc",
    line="#dde2e8",
    line_strong="#bcc5d0",
    text="#1a212b",
    muted="#525d6b",
    faint="#7b8694",
    accent="#1463d8",
    on_accent="#ffffff",
    ok="#15803d",
    running="#1463d8",
    warning="#965f00",
    error="#c62832",
    idle="#66717f",
    types={
        "number": "#1f6fe0",
        "integer": "#1f6fe0",
        "truth": "#d03a4a",
        "text": "#8a6d00",
        "array": "#128a5f",
        "signal": "#128a5f",
        "table": "#c05f0a",
        "image": "#8a4bc7",
        "list": "#4a5fd0",
        "path": "#8a6d00",
        "instrument": "#4f8f12",
        "indicator": "#3a4350",
        "none": "#6f7a89",
        "any": "#6f7a89",
    },
    categories={
        "source": "#128a5f",
        "maths": "#1f6fe0",
        "array": "#1f6fe0",
        "linear": "#1f6fe0",
        "dsp": "#0b7f9e",
        "statistics": "#4a5fd0",
        "fit": "#4a5fd0",
        "logic": "#b23a6b",
        "simulate": "#128a5f",
        "text": "#8a6d00",
        "table": "#c05f0a",
        "sql": "#c05f0a",
        "file": "#8a6d00",
        "timing": "#55606e",
        "collect": "#b23a6b",
        "queue": "#b23a6b",
        "control": "#8a4bc7",
        "show": "#b85c00",
        "record": "#c5392e",
        "visa": "#4f8f12",
        "code": "#5f6a78",
        "": "#5f6a78",
    },
    traces=("#1f6fe0", "#c05f0a", "#128a5f", "#d03a4a", "#8a4bc7", "#8a6d00", "#0b7f9e", "#b23a6b"),
)
