"""What is different between two flows: found by what statements are and say, told in words, shown on a picture."""

from flodesk.flow.diff.comparing import Became, Comparison, compare, diff
from flodesk.flow.diff.difference import Difference, Kind

__all__ = ["Became", "Comparison", "Difference", "Kind", "compare", "diff"]
