"""How wide the docks beside the canvas are, and how high those below it: what each had last, made to fit the window.

Qt gives a dock that comes back whatever the others leave, and takes it from its neighbours for good. So each dock's
size is remembered here, and all are laid out anew whenever one comes or goes, or the window gets another size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow

from flodesk.ui.soon import soon

_AREAS = {
    Qt.Orientation.Horizontal: (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea),
    Qt.Orientation.Vertical: (Qt.DockWidgetArea.TopDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea),
}


@dataclass
class _Lane:
    """Docks that have one size in common: behind tabs of each other, or one above the other."""

    docks: list[QDockWidget]
    size: int
    least: int


class DockSizes(QObject):
    """The sizes of all docks along one orientation.

    Parameters
    ----------
    window : QMainWindow
        Whose docks they are.
    docks : iterable of QDockWidget
        The docks; one that stands elsewhere, floats or is hidden counts when it comes.
    orientation : Qt.Orientation
        Horizontal for widths of the docks at both sides, vertical for heights of those below.
    first : callable
        Gives the size in pixels that a dock wants before a hand has drawn its edge.
    least : int
        Below this many pixels a dock does not go as long as the middle has `middle`.
    middle : int
        Pixels that the middle of the window keeps as long as the docks can give way.
    roomy : int
        In a window of fewer pixels the docks give way in proportion; 0 lets them be as they are.

    Signals
    -------
    crowded : there are too many docks side by side for this window
    changed : a dock has come or gone, or stands elsewhere
    """

    crowded = Signal()
    changed = Signal()

    def __init__(
        self,
        window: QMainWindow,
        docks: Iterable[QDockWidget],
        orientation: Qt.Orientation,
        first: Callable[[QDockWidget], float],
        *,
        least: int,
        middle: int = 0,
        roomy: int = 0,
    ) -> None:
        super().__init__(window)
        self._window, self._orientation, self._first = window, orientation, first
        self._least, self._middle, self._roomy = least, middle, roomy
        self._docks: list[QDockWidget] = []
        self.drawn: dict[str, float] = {}
        """Sizes that hands gave, by the names of the docks, in a window that is roomy."""
        self._pressed: dict[str, int] = {}
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._renew)
        window.installEventFilter(self)
        for dock in docks:
            self.add(dock)

    def add(self, dock: QDockWidget) -> None:
        """Take a dock in."""
        self._docks.append(dock)
        # queued: what a dock says while the window is taken apart reaches nobody
        for moved in (dock.visibilityChanged, dock.dockLocationChanged, dock.topLevelChanged):
            moved.connect(self._moved, Qt.ConnectionType.QueuedConnection)

    def restore(self, drawn: object) -> None:
        """Take the sizes that hands gave in an earlier window."""
        if isinstance(drawn, dict):
            self.drawn = {str(name): float(size) for name, size in drawn.items() if isinstance(size, int | float)}

    def forget(self) -> None:
        """Give every dock its first size."""
        self.drawn.clear()

    def lay(self) -> None:
        """Give each dock the size that it wants, as far as the window has the room."""
        self._later.stop()
        layout = self._window.layout()
        if not self._window.isVisible() or layout is None:
            return
        layout.activate()
        lanes = self._lanes()
        if not lanes:
            return
        whole, gap = self._extent(self._window.rect()), 1
        room = whole - gap * len(lanes)
        over = sum(lane.size for lane in lanes) + self._middle - room
        give = sum(lane.size - lane.least for lane in lanes)
        if over > 0 and give > 0:
            share = min(over / give, 1.0)
            for lane in lanes:
                lane.size -= round((lane.size - lane.least) * share)
        sizes = [lane.size for lane in lanes]
        self._window.resizeDocks([lane.docks[0] for lane in lanes], sizes, self._orientation)
        if self._middle and sum(lane.least for lane in lanes) + self._hard() > room:
            self.crowded.emit()

    @Slot()
    def _moved(self) -> None:
        self._later.start()

    def _renew(self) -> None:
        self.lay()
        self.changed.emit()

    def close(self) -> None:
        """Lay out nothing more: a timer that is still to fire would keep the window from going."""
        self._later.stop()

    # -------------------------------------------------------------- what comes and goes, and what a hand draws
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of an edge that a hand has drawn."""
        kind = event.type()
        if watched is self._window and kind == QEvent.Type.MouseButtonPress:
            self._pressed = self._now()
        elif watched is self._window and kind == QEvent.Type.MouseButtonRelease and self._pressed:
            soon(self, self._note)  # once the window itself has heard of it
        return super().eventFilter(watched, event)

    def _note(self) -> None:
        before, self._pressed = self._pressed, {}
        for name, size in self._now().items():
            if before.get(name, size) != size:
                self.drawn[name] = size / self._share()

    def _now(self) -> dict[str, int]:
        return {dock.objectName(): self._extent(dock.geometry()) for lane in self._lanes() for dock in lane.docks}

    # -------------------------------------------------------------- inside
    def _lanes(self) -> list[_Lane]:
        """Return what stands one beside the other along the orientation."""
        areas, window = _AREAS[self._orientation], self._window
        lanes: list[_Lane] = []
        spans: list[tuple[Qt.DockWidgetArea, int, int]] = []
        seen: set[QDockWidget] = set()
        for dock in self._docks:
            area = window.dockWidgetArea(dock)
            if dock.isHidden() or dock.isFloating() or area not in areas or dock in seen:
                continue
            group = [dock, *(other for other in window.tabifiedDockWidgets(dock) if not other.isHidden())]
            seen.update(group)
            start, end = max(self._span(member.geometry()) for member in group)  # one behind a tab lies far away
            size = max(self._wanted(member) for member in group)
            least = max(self._least, *(self._hint(member) for member in group))
            at = next((i for i, (a, s, e) in enumerate(spans) if a == area and s < end and start < e), None)
            if at is None:
                lanes.append(_Lane(group, max(size, least), least))
                spans.append((area, start, end))
            else:
                lane = lanes[at]
                lane.docks += group
                lane.size, lane.least = max(lane.size, size), max(lane.least, least)
        return lanes

    def _wanted(self, dock: QDockWidget) -> int:
        size = self.drawn.get(dock.objectName())
        return round((self._first(dock) if size is None else size) * self._share())

    def _share(self) -> float:
        """Return how much of its size a dock gets in a window as small as this one is."""
        return min(self._extent(self._window.rect()), self._roomy) / self._roomy if self._roomy else 1.0

    def _hard(self) -> int:
        """Return the pixels that the middle cannot do without."""
        center = self._window.centralWidget()
        return 0 if center is None else max(center.minimumSizeHint().width(), center.minimumWidth())

    def _hint(self, dock: QDockWidget) -> int:
        hint = dock.minimumSizeHint()
        return hint.width() if self._orientation == Qt.Orientation.Horizontal else hint.height()

    def _extent(self, box: QRect) -> int:
        return box.width() if self._orientation == Qt.Orientation.Horizontal else box.height()

    def _span(self, box: QRect) -> tuple[int, int]:
        if self._orientation == Qt.Orientation.Horizontal:
            return box.left(), box.right()
        return box.top(), box.bottom()


__all__ = ["DockSizes"]
