"""Looking back: the panels at any turn that the engine holds, with a bar of time above the views of each."""

from flodesk.ui.looking_back.panels import LookingBack

__all__ = ["LookingBack"]
