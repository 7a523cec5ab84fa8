"""The library dock: node types to search, read about and drag."""

from flodesk.ui.library.library import Library
from flodesk.ui.library.shelves import MIME

__all__ = ["MIME", "Library"]
