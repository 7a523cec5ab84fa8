"""The gallery of examples: a dialog of pictures to look through, search and open copies from."""

from flodesk.ui.gallery.dialog import GalleryDialog
from flodesk.ui.gallery.gallery import Gallery
from flodesk.ui.gallery.pictures import packed

__all__ = ["Gallery", "GalleryDialog", "packed"]
