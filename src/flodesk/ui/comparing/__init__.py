"""Comparing the open flow with its saved file, with what git has, or with another file: on the canvas and in words."""

from flodesk.ui.comparing.bar import ComparisonBar
from flodesk.ui.comparing.comparing import Baseline, Comparing

__all__ = ["Baseline", "Comparing", "ComparisonBar"]
