"""What Qt calls on a widget lets no exception out: the card that the widget is in tells it instead.

An exception that leaves an override which C++ called can end the process, at the latest where a painter is still at
work on what is thrown away with it.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from flodesk.ui.soon import soon

log = logging.getLogger(__name__)

_CALLED = (
    "paintEvent", "resizeEvent", "keyPressEvent", "keyReleaseEvent", "wheelEvent", "enterEvent", "leaveEvent",
    "mousePressEvent", "mouseMoveEvent", "mouseReleaseEvent", "mouseDoubleClickEvent", "focusInEvent", "focusOutEvent",
)  # fmt: skip
"""Overrides that are guarded."""


class Guarded:
    """A base, before that of Qt, of widgets whose overrides of events let no exception out."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name in _CALLED:
            if (handler := vars(cls).get(name)) is not None:
                setattr(cls, name, _guarded(handler))


def _guarded(handler: Callable[..., Any]) -> Callable[..., None]:
    @functools.wraps(handler)
    def held(self: QWidget, *events: Any) -> None:
        try:
            handler(self, *events)
        except Exception as error:  # noqa: BLE001 - the end of what Python may raise: C++ is next
            _tell(self, error)

    return held


def _tell(widget: QWidget, error: Exception) -> None:
    """Let the card tell it, when Qt has come back from what it does now."""
    around: QWidget | None = widget
    while around is not None:
        if (show := getattr(around, "show_failure", None)) is not None:
            content = getattr(around, "content", None)
            if content is not None and not content.failed:
                content.failed = True
                soon(content, functools.partial(show, error))
            return
        around = around.parentWidget()
    log.error("What %s shows has failed.", type(widget).__name__, exc_info=error)
