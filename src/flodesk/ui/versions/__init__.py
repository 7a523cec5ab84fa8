"""The versions of the open file: kept beside the work, listed with pictures, compared and gone back to."""

from flodesk.ui.versions.going_back import GoingBack

__all__ = ["GoingBack"]
