"""The sources of nodes: shown, edited in the window, or opened in the user's own editor."""

from flodesk.ui.source.desk import Sources

__all__ = ["Sources"]
