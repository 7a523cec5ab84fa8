"""The start page: what was open lately, the gallery of examples, and how to begin."""

from flodesk.ui.start.page import StartPage
from flodesk.ui.start.start import Start

__all__ = ["Start", "StartPage"]
