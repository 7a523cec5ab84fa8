"""A run that ended well is saved as a test."""

from flodesk.ui.as_test.dialog import AsTestDialog
from flodesk.ui.as_test.saving import AsTest

__all__ = ["AsTest", "AsTestDialog"]
