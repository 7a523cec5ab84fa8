"""Quick add: a node by its name, at the cursor."""

from flodesk.ui.quickadd.quick_add import QuickAdd

__all__ = ["QuickAdd"]
