"""What the checker finds, and what can be done about it: the dock, the fixes, the way from one problem to the next."""

from flodesk.ui.problems.list_view import Problems
from flodesk.ui.problems.mending import Mending

__all__ = ["Mending", "Problems"]
