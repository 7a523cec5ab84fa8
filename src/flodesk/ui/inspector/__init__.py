"""The inspector dock: the fields of the selected node."""

from flodesk.ui.inspector.inspector import Inspector

__all__ = ["Inspector"]
