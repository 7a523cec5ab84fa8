"""What the program is, in a small dialog."""

from __future__ import annotations

import platform

from PySide6.QtWidgets import QMessageBox, QWidget

from flodesk import __version__


def about(parent: QWidget) -> None:
    """Show version and licence until it is closed."""
    box = QMessageBox(parent)
    box.setObjectName("about")
    box.setWindowTitle("About flodesk")
    box.setText(f"<b>flodesk {__version__}</b><br>Wire Python together on a canvas. A flow is a readable script.")
    box.setInformativeText(f"MIT licence. Python {platform.python_version()}.")
    box.exec()
    box.deleteLater()
