"""What we touch of NodeGraphQt is there, and what we replace is what we replaced when it was written.

If a hash differs after an upgrade: read the function's new source, decide whether ours still stands in for it, then
write the new hash down.
"""

from __future__ import annotations

import hashlib
import inspect
import subprocess
import sys
from importlib.metadata import version

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from flodesk.ui.canvas import framework
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.canvas.wire_item import LiveWire, WireItem
from flodesk.ui.canvas.zoom_view import ZoomView

OVERRIDDEN = {
    "NodeViewer._items_near": "c33c7c5851d6",
    "NodeViewer._update_scene": "5e4e08751b1b",
    "NodeViewer.contextMenuEvent": "3604b5ecfeb6",
    "NodeViewer.dragEnterEvent": "7f2d5ec996f8",
    "NodeViewer.dragMoveEvent": "c3bd2a950900",
    "NodeViewer.dropEvent": "5b2bff6cbeb5",
    "NodeViewer.focusInEvent": "d11a68353122",
    "NodeViewer.focusOutEvent": "d3d092854cda",
    "NodeViewer.keyPressEvent": "a2018ce7f14b",
    "NodeViewer.keyReleaseEvent": "a6c2680eb60e",
    "NodeViewer.mouseMoveEvent": "cb27a7639004",
    "NodeViewer.mousePressEvent": "7fbe09ff529d",
    "NodeViewer.mouseReleaseEvent": "fc401c54ebbc",
    "NodeViewer.resizeEvent": "190831a69335",
    "NodeViewer.scale": "f8864cb73a82",
    "NodeViewer.wheelEvent": "d9177fdd86aa",
    "NodeViewer._set_viewer_pan": "61929057e9bd",
    "NodeViewer._set_viewer_zoom": "0fa57fa553a0",
    "NodeViewer._on_pipes_sliced": "b027cf3a0b9d",
    "NodeScene.drawBackground": "5353606abbd3",
    "NodeScene.mouseMoveEvent": "ce1934783ba2",
    "NodeScene.mousePressEvent": "e2b38ff557ce",
    "NodeScene.mouseReleaseEvent": "5e572c923e8d",
    "PipeItem.__init__": "18f6a4022260",
    "PipeItem.activate": "e69554962703",
    "PipeItem.delete": "6b2de39e6ec1",
    "PipeItem.highlight": "3c6276c241ac",
    "PipeItem.hoverEnterEvent": "ee4ee12b64f2",
    "PipeItem.hoverLeaveEvent": "7ba0213fbe08",
    "PipeItem.itemChange": "85e2d293a3e5",
    "PipeItem.reset": "2115fd5d520b",
    "PipeItem.set_connections": "ae4e1e78a28b",
    "PortItem.__init__": "934a2e06d39a",
    "PortItem.hoverEnterEvent": "2b8ef0ad4e1f",
    "PortItem.hoverLeaveEvent": "791ce4dfe9fe",
    "AbstractNodeItem.__init__": "732d44f21a8e",
    "AbstractNodeItem.mousePressEvent": "c5d6ceb50043",
    "AbstractNodeItem.setSelected": "4fa14adeca86",
}
"""Functions that we override or whose inside we rely on, with the beginning of the hash of their source."""


def digest(name: str) -> str:
    kind, _, method = name.partition(".")
    source = inspect.getsource(getattr(getattr(framework, kind), method))
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def test_source_of_what_we_rely_on() -> None:
    others = [name for name in OVERRIDDEN if digest(name) != OVERRIDDEN[name]]
    assert not others, f"NodeGraphQt {version('NodeGraphQt')} has others"


def test_pinned_version() -> None:
    assert version("NodeGraphQt") == "0.6.44"


def test_names_that_we_touch_are_there(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    viewer = Viewer(parent, lambda: None)  # type: ignore[arg-type, return-value]
    flags = ("ALT_state", "CTRL_state", "SHIFT_state", "LMB_state", "RMB_state")
    parts = ("_rubber_band", "_LIVE_PIPE", "_SLICER_PIPE", "_search_widget", "moved_nodes", "connection_sliced")
    for name in (*flags, *parts, "_scene_range", "_last_size", "_node_positions"):
        assert hasattr(viewer, name), name
    for name in ("_undo_action", "_redo_action"):
        assert getattr(viewer, name) is None, "its undo is not to be used"
    assert isinstance(viewer._LIVE_PIPE, LiveWire)
    assert viewer._search_widget.parent() is viewer, "else it is a window of its own"
    assert not [a for a in viewer.actions() if not a.shortcut().isEmpty()]
    for name in ("_input_port", "_output_port", "_active", "_highlight"):
        assert name in inspect.getsource(framework.PipeItem.__init__), name
    assert issubclass(WireItem, framework.PipeItem)
    assert issubclass(Viewer, ZoomView)


def test_stand_ins_hold_the_place_of_heavy_modules() -> None:
    """In a process of its own: here, the panel's plots may have loaded them."""
    code = (
        "import sys, flodesk.ui.canvas\n"
        "qt = sys.modules['Qt']\n"
        "assert qt.__binding__ == 'PySide6' and getattr(qt, '__file__', None) is None, qt\n"
        "assert not {'PySide6.QtQml', 'PySide6.QtOpenGL'} & sys.modules.keys()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
