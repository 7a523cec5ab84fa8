"""Finding in the flow: the field with its list over the canvas, and what it marks."""

from flodesk.ui.finding.finding import Finding

__all__ = ["Finding"]
