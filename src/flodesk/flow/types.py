"""Port types: what may be wired to what, and what turns one into the other.

A port type is one of a small set of names, each with a colour and a shape on the canvas. It is coarser than Python's
types on purpose: it is there to refuse a wire that cannot work, not to prove that it does.
"""

from __future__ import annotations

from typing import Literal

PortType = Literal[
    "number", "integer", "truth", "text", "array", "signal", "table", "image", "list", "path", "instrument", "indicator",
    "none", "any",
]
