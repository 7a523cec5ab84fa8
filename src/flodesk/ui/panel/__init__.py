"""The control panel: views of controls and indicators on a snap grid."""

from __future__ import annotations

from flodesk.ui.panel.panel import ControlPanel

__all__ = ["ControlPanel"]
