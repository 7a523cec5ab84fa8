"""How a probe can be looked at: as a course over the turns, a plot, a table, a picture or text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, TypeAlias, get_args

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from flodesk.engine.insight import Insight
from flodesk.engine.probing import Held, Kept
from flodesk.public import Indicator, Line, Sheet, Trace
from flodesk.ui.focus import OF_NODES, keep_keys
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.panel.faces.face import Face, as_indicator
from flodesk.ui.panel.faces.sheet import SheetFace
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.style import code_font

Kind: TypeAlias = Literal["course", "plot", "table", "picture", "text"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TITLES: dict[Kind, str] = {
    "course": "Course over the turns",
    "plot": "Plot",
    "table": "Table",
    "picture": "Picture",
    "text": "Text",
}


def suiting(held: Held) -> Kind:
    """Return the view that suits the value best."""
    kept = held.kept
    if kept is None:
        return "text"
    if held.trend is not None:
        return "course"
    value = kept.value
    if _dimensions(value) in (2, 3) and kept.insight.type == "image":
        return "picture"
    if hasattr(value, "iloc") or _dimensions(value) == 2 or isinstance(value, Sheet):
        return "table"
    return "plot" if isinstance(as_indicator(value, Reading("", "")), Line) else "text"


def _dimensions(value: Any) -> int:
    return int(getattr(value, "ndim", 0)) if hasattr(value, "dtype") else 0


def possible(held: Held) -> tuple[Kind, ...]:
    """Return the views that can show the value."""
    kept = held.kept
    if kept is None:
        return ("text",)
    value = kept.value
    found: list[Kind] = ["course"] if held.trend is not None else []
    if isinstance(as_indicator(value, Reading("", "")), Line):
        found.append("plot")
    if as_table(value) is not None:
        found.append("table")
    if _dimensions(value) in (2, 3):
        found.append("picture")
    return (*found, "text")


def as_table(value: Any) -> Any:
    """Return a value as a DataFrame; None if it is no table."""
    import pandas

    if isinstance(value, Sheet):
        return value.table
    if hasattr(value, "iloc"):
        return value
    if isinstance(value, Trace):
        return pandas.DataFrame({"place": value.x, "value": value.y})
    if isinstance(value, Line):
        return pandas.DataFrame(
            {trace.name or f"trace {n}": pandas.Series(trace.y) for n, trace in enumerate(value.traces, 1)}
        )
    if hasattr(value, "y") and hasattr(value, "time"):
        y = value.y.reshape(-1, value.y.shape[-1])
        names = ["value"] if len(y) == 1 else [f"channel {n}" for n in range(1, len(y) + 1)]
        return pandas.DataFrame({"time (s)": value.time, **dict(zip(names, y, strict=True))})
    if _dimensions(value) in (1, 2):
        return pandas.DataFrame(value)
    if isinstance(value, list | tuple) and value:
        return pandas.DataFrame({"value": [str(item) if isinstance(item, list | dict) else item for item in value]})
    return None


_SHORT, _LARGE = 24, 20
"""Characters up to which a text is written large, and how large, in pixels."""


class ValueFace(QWidget):
    """Shows a value in one of the views; the widgets are made when they are first needed."""

    def __init__(self, title: str) -> None:
        super().__init__()
        keep_keys(self, *OF_NODES)
        self._title = title
        self.kind: Kind | None = None
        self.shown: QWidget | None = None
        self._seen: tuple[Any, ...] = (None, None, ())
        self._moments: dict[str, Any] = {}
        self._sides: tuple[Kept | None, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        current.changed.connect(self._wear)

    def _wear(self) -> None:
        if isinstance(self.shown, Face):
            self.shown.wear_theme()

    def show_held(self, held: Held, kind: Kind, unit: str, x_label: str) -> None:
        """Show what a probe holds; what is the same as before is not drawn again."""
        kept = held.kept
        seen = (kept, held.trend if kind == "course" else None, self._sides if kind == "plot" else ())
        if kind == self.kind and all(now is before for now, before in zip(seen, self._seen, strict=True)):
            return
        self._seen = seen
        if kind != self.kind or self.shown is None:
            self._use(kind, unit)
        shown, value = self.shown, kept.value if kept is not None else None
        insight = kept.insight if kept is not None else Insight()
        if isinstance(shown, LinePlot):
            shown.show_value(_line(held, kind, value, unit, x_label, self._sides))
        elif isinstance(shown, SheetFace):
            shown.show_value(Sheet(table=as_table(value)))
        elif isinstance(shown, PictureView):
            shown.show_picture(value)
        elif isinstance(shown, QPlainTextEdit):
            words = _words(value, insight, unit)
            font = code_font()
            font.setPixelSize(_LARGE if len(words) < _SHORT else font.pixelSize())
            shown.setFont(font)
            shown.setPlainText(words)

    def compare(self, sides: tuple[Kept | None, ...]) -> None:
        """Lay the moments A and B over what is shown in a plot, from the next `show_held` on."""
        self._sides = sides[:2] if any(side is not None for side in sides[:2]) else ()

    def show_moments(self, moments: Mapping[str, float]) -> None:
        """Draw lines on a course: at the moment that is shown (under an empty name), at A and at B."""
        if not isinstance(self.shown, LinePlot) or self.kind != "course":
            return
        for name in [*self._moments, *moments]:
            line = self._moments.get(name)
            if line is None:
                import pyqtgraph

                line = pyqtgraph.InfiniteLine(
                    angle=90, movable=False, label=name or None, labelOpts={"position": 0.92, "movable": False}
                )
                self._moments[name] = line
                self.shown.box.addItem(line, ignoreBounds=True)
            look = theme()
            line.setPen(look.accent if not name else look.muted)
            if name:
                line.label.setColor(look.text)
            line.setVisible(name in moments)
            if name in moments:
                line.setValue(moments[name])

    def _use(self, kind: Kind, unit: str) -> None:
        if self.shown is not None:
            self._column.removeWidget(self.shown)
            self.shown.deleteLater()
        self.kind, self._moments = kind, {}
        reading = Reading("", self._title, unit=unit)
        made: QWidget
        if kind in ("course", "plot"):
            made = LinePlot(reading)
        elif kind == "table":
            made = SheetFace(reading)
        elif kind == "picture":
            made = PictureView()
        else:
            made = _page()
        made.setAccessibleName(f"{TITLES[kind]} of {self._title}")
        self.shown = made
        self._column.addWidget(made, 1)


def _page() -> QPlainTextEdit:
    page = QPlainTextEdit()
    page.setReadOnly(True)
    page.setFont(code_font())
    page.setProperty("role", "code")
    page.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return page


def _line(
    held: Held, kind: Kind, value: Any, unit: str, x_label: str, sides: tuple[Kept | None, ...] = ()
) -> Indicator:
    if kind == "course" and held.trend is not None:
        return Line(traces=(held.trend,), x_label=x_label, x_unit="" if held.loop else "s", y_unit=unit)
    found = as_indicator(value, Reading("", "", unit=unit))
    found = found if isinstance(found, Line) else Line()
    return _overlaid(found, sides, unit) if sides else found


def _overlaid(shown: Line, sides: tuple[Kept | None, ...], unit: str) -> Line:
    """Lay the curves of the moments A and B over those of the moment that is shown, each under its name."""
    signals = shown.x_label == "Time"
    traces = [_named(trace, "shown", signals) for trace in shown.traces]
    for mark, side in zip("AB", sides, strict=False):
        line = as_indicator(side.value, Reading("", "", unit=unit)) if side is not None else None
        for trace in line.traces if isinstance(line, Line) else ():
            turn = f"{mark} · turn {side.place.turn}" if side and side.place and side.place.turn else mark
            traces.append(_named(trace, turn, signals))
    return replace(shown, traces=tuple(traces), x_label="Time since its start" if signals else shown.x_label)


def _named(trace: Trace, name: str, signal: bool) -> Trace:
    """Return a trace under a longer name; that of a signal begins at 0, so that two of different times compare."""
    import numpy

    x = numpy.asarray(trace.x) - trace.x[0] if signal and len(trace.x) else trace.x
    return replace(trace, x=x, name=" ".join(filter(None, (name, trace.name))))


def _words(value: Any, insight: Insight, unit: str) -> str:
    if insight.error:
        return f"{insight.text}\n\nIt is not kept: {insight.error}."
    if isinstance(value, str):
        return value
    if insight.type in ("number", "integer", "truth", "none"):
        return f"{insight.text} {unit}".strip()
    return f"{insight.kind} {insight.shape}\n{insight.text}".strip()


class PictureView(QWidget):
    """A 2-D array in grey from its least to its greatest number, or a colour picture, fitted into the room."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setMinimumSize(40, 40)

    def show_picture(self, value: Any) -> None:
        """Show an array of shape (rows, columns) or (rows, columns, 3 or 4)."""
        self._image = as_image(value)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it, its sides in proportion."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme().sunken)
            if self._image.isNull():
                return
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            box = QRectF(
                (self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(), size.height()
            )
            smooth = size.width() < self._image.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(box, self._image)


def as_image(value: Any) -> QImage:
    """Return an array as a picture; an empty one where it is none."""
    import numpy

    if _dimensions(value) not in (2, 3) or not value.size or value.dtype.kind not in "biuf":
        return QImage()
    colours = value.ndim == 3 and value.shape[2] in (3, 4)
    if value.ndim == 3 and not colours:
        value = value[..., 0]
    if value.dtype != numpy.uint8:
        numbers = numpy.nan_to_num(value.astype(float), posinf=0.0, neginf=0.0)
        low, high = float(numbers.min()), float(numbers.max())
        if colours and low >= 0.0 and high <= 1.0:
            low, high = 0.0, 1.0
        value = ((numbers - low) * (255.0 / ((high - low) or 1.0))).astype(numpy.uint8)
    pixels = numpy.ascontiguousarray(value)
    rows, columns = pixels.shape[:2]
    formats = {2: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}
    depth = pixels.shape[2] if colours else 2
    return QImage(pixels.data, columns, rows, pixels.strides[0], formats[depth]).copy()


__all__ = ["KINDS", "TITLES", "Kind", "PictureView", "ValueFace", "as_image", "as_table", "possible", "suiting"]
