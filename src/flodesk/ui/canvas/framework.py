"""The one import of NodeGraphQt: the classes that the canvas builds on. ``typings/NodeGraphQt`` lists what is touched.

We take its viewer (marquee, modifiers, slicer, panning, which nodes a drag has moved) and the base classes of its scene
and items. Its graph, node models, undo, menus, search and files stay unused: the flow is the model.
"""

from __future__ import annotations

# isort: off
import flodesk.ui.canvas.qtstandin  # noqa: F401 - first: without it NodeGraphQt cannot be imported
from NodeGraphQt.qgraphics.node_abstract import AbstractNodeItem
from NodeGraphQt.qgraphics.pipe import LivePipeItem, PipeItem
from NodeGraphQt.qgraphics.port import PortItem
from NodeGraphQt.widgets.scene import NodeScene
from NodeGraphQt.widgets.viewer import NodeViewer
# isort: on

__all__ = ["AbstractNodeItem", "LivePipeItem", "NodeScene", "NodeViewer", "PipeItem", "PortItem"]
