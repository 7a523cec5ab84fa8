"""Breakpoints, the place where a run is held, and the values there."""

from flodesk.ui.debug.breakpoints import Breakpoints
from flodesk.ui.debug.debugging import Debugging
from flodesk.ui.debug.held_view import HeldView

__all__ = ["Breakpoints", "Debugging", "HeldView"]
