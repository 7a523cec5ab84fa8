"""Packages on the library's shelves: added by name, listed, taken away again."""

from flodesk.ui.packages.popup import AddPackage
from flodesk.ui.packages.shelving import Shelving, name_packages

__all__ = ["AddPackage", "Shelving", "name_packages"]
