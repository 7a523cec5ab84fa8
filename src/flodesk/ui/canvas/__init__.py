"""The canvas: a function of the flow as cards and wires. NodeGraphQt is used in here and nowhere else."""

from __future__ import annotations

from flodesk.ui.canvas.canvas import FlowCanvas
from flodesk.ui.canvas.changes import InputEnd, OutputEnd

__all__ = ["FlowCanvas", "InputEnd", "OutputEnd"]
