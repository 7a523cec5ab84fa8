"""The dialog of the preferences: a page for each subject."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from flodesk.ui.environments.environments import Environments
from flodesk.ui.on_screen import TITLE_BAR
from flodesk.ui.preferences.dask_cluster import DaskCluster
from flodesk.ui.preferences.environment import ProjectEnvironment
from flodesk.ui.preferences.pieces import Answer, button, row
from flodesk.ui.preferences.project_key import ProjectKey, QueueNames
from flodesk.ui.preferences.redis_server import RedisServer
from flodesk.ui.preferences.releases import Releases
from flodesk.ui.side_thread import SideThread
from flodesk.ui.theme import current

_SIZE = (640, 780)


class PreferencesDialog(QDialog):
    """Everything in it counts at once. What takes a while is done in a thread that ends with the dialog."""

    def __init__(self, parent: QWidget, environments: Environments) -> None:
        super().__init__(parent)
        self.setObjectName("preferences")
        self.setWindowTitle("Preferences")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height() - TITLE_BAR))
        self._side = SideThread(self)
        self.server = RedisServer(self._side)
        self.key = ProjectKey(self._side)
        self.names = QueueNames(self._side)
        self.cluster = DaskCluster(self._side)
        self.tabs = QTabWidget()
        self.tabs.tabBar().setProperty("bare", True)
        self.tabs.addTab(_page(self.server, self.key, self.names, self.cluster), "Queue and cluster")
        self.environment = ProjectEnvironment(self._side, environments)
        self.tabs.addTab(_page(self.environment), "Environment")
        self.releases = Releases(self._side)
        self.tabs.addTab(_page(self.releases), "Updates")
        close = button("Close", "Close the preferences", self.close)
        foot = row()
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(10)
        column.addWidget(self.tabs, 1)
        column.addLayout(foot)
        current.changed.connect(self._wear)
        self.finished.connect(self._side.close)
        self.server.host.setFocus()

    def _wear(self) -> None:
        for answer in self.findChildren(Answer):
            answer.wear_theme()


def _page(*groups: QWidget) -> QScrollArea:
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(4, 12, 12, 8)
    column.setSpacing(14)
    for number, group in enumerate(groups):
        if number:
            rule = QFrame()
            rule.setProperty("rule", True)
            rule.setFixedHeight(1)
            column.addWidget(rule)
        column.addWidget(group)
    column.addStretch(1)
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setWidget(inside)
    return made
