"""The window of operators: the control panel of a flow alone, with Start, Pause and Stop always in view."""

from flodesk.ui.operator.window import Operator, Wishes

__all__ = ["Operator", "Wishes"]
