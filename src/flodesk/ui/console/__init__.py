"""Log, and the runs of the past."""

from flodesk.ui.console.log import Line, Log
from flodesk.ui.console.runs import Runs

__all__ = ["Line", "Log", "Runs"]
