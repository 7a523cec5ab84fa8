"""The tour: six short steps through the window, for whom it is new."""

from flodesk.ui.tour.tour import Tour

__all__ = ["Tour"]
