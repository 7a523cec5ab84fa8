"""The screens that a flow's panel is on: the window, the whole screen, and windows of their own for single pages."""

from __future__ import annotations

from flodesk.ui.screens.screens import Screens

__all__ = ["Screens"]
