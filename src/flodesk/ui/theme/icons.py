"""Icons: line drawings from ``resources/icons``, painted in a colour of the theme and repainted when it changes."""

from __future__ import annotations

import weakref
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton
from shiboken6 import isValid

from flodesk.resource import resource
from flodesk.ui.theme import current, theme

_SIZES = (16, 20, 32, 40)


@cache
def _drawing(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, color: str, size: int = 20) -> QPixmap:
    """Return an icon, painted once in one colour on a transparent square of `size` pixels."""
    key, image = f"flodesk {name} {color} {size}", QPixmap()
    if QPixmapCache.find(key, image):
        return image
    image = QPixmap(QSize(size, size))
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", QColor(color).name()).encode())).render(
            painter, QRectF(0, 0, size, size)
        )
    QPixmapCache.insert(key, image)
    return image


def icon(name: str, role: str = "text") -> QIcon:
    """Return an icon in the theme's colour `role` (``"text"``, ``"accent"``, ``"ok"``, ``"error"`` ...)."""
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(pixmap(name, getattr(theme(), role), size), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, theme().faint, size), QIcon.Mode.Disabled)
    return made


_wearers: weakref.WeakKeyDictionary[QAction | QAbstractButton, tuple[str, str]] = weakref.WeakKeyDictionary()


def wear(target: QAction | QAbstractButton, name: str, role: str = "text") -> None:
    """Give `target` the icon, now and after each change of theme."""
    _wearers[target] = (name, role)
    target.setIcon(icon(name, role))


def _repaint() -> None:
    for target, (name, role) in list(_wearers.items()):
        if isValid(target):
            target.setIcon(icon(name, role))
        else:
            del _wearers[target]


current.changed.connect(_repaint)


def untinted(picture: QPixmap) -> QIcon:
    """Return a picture as an icon that looks the same where its row is selected: Qt would tint it."""
    made = QIcon(picture)
    made.addPixmap(picture, QIcon.Mode.Selected)
    return made
