"""Log and problems."""

from flodesk.ui.console.log import Line, Log
from flodesk.ui.console.problems import Problems

__all__ = ["Line", "Log", "Problems"]
