"""The user's guide in a window: chapters, the reference of the node types, and a search over both."""

from flodesk.ui.guide.guide import Guide

__all__ = ["Guide"]
