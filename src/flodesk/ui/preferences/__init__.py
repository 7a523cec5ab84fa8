"""The preferences: what is set once for all flows."""

from flodesk.ui.preferences.dialog import PreferencesDialog

__all__ = ["PreferencesDialog"]
