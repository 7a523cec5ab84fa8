"""Where one is among functions that call one another: the way in, and the way out."""

from flodesk.ui.trail.trail import Trail

__all__ = ["Trail"]
