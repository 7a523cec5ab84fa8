"""Stand-ins for two modules that NodeGraphQt imports, put in place before its own import.

`Qt` (the package Qt.py) would load 23 Qt modules, three times what NodeGraphQt uses (170 against 53 ms, 86 against
50 MB), and its classes are those of PySide6 anyway. `distutils` is gone since Python 3.12; NodeGraphQt asks it for one
comparison of version numbers.
"""

from __future__ import annotations

import re
import sys
import types
from typing import Any

from PySide6 import QtCore, QtGui, QtSvg, QtWidgets

_MOVED = ("QAction", "QActionGroup", "QShortcut", "QUndoCommand", "QUndoGroup", "QUndoStack")
"""Classes that Qt 6 keeps in QtGui and that NodeGraphQt looks for in QtWidgets."""


class _Delegate(types.ModuleType):
    """A module that has what another one has, and a few names more. PySide6 makes its classes lazily: no copying."""

    def __init__(self, name: str, source: types.ModuleType, **extra: Any) -> None:
        super().__init__(name)
        self.__dict__["_source"] = source
        self.__dict__.update(extra)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_source"], name)


class _LooseVersion:
    """What NodeGraphQt needs of ``distutils.version.LooseVersion``."""

    def __init__(self, text: str) -> None:
        self._parts = [int(part) for part in re.findall(r"\d+", text)]

    def __ge__(self, other: _LooseVersion) -> bool:
        return self._parts >= other._parts

    def __lt__(self, other: _LooseVersion) -> bool:
        return self._parts < other._parts


def _qt() -> dict[str, types.ModuleType]:
    compat = types.ModuleType("Qt.QtCompat")
    resize = staticmethod(lambda header, *mode: header.setSectionResizeMode(*mode))
    compat.__dict__["QHeaderView"] = type("QHeaderView", (), {"setSectionResizeMode": resize})
    parts: dict[str, types.ModuleType] = {
        "QtCore": _Delegate("Qt.QtCore", QtCore, QRegExp=QtCore.QRegularExpression),
        "QtGui": _Delegate("Qt.QtGui", QtGui, QRegExpValidator=QtGui.QRegularExpressionValidator),
        "QtWidgets": _Delegate("Qt.QtWidgets", QtWidgets, **{name: getattr(QtGui, name) for name in _MOVED}),
        "QtSvg": _Delegate("Qt.QtSvg", QtSvg),
        "QtCompat": compat,
    }
    package = types.ModuleType("Qt")
    package.__path__ = []
    package.__dict__.update(parts, __binding__="PySide6", IsPySide6=True, IsPySide2=False, IsPyQt5=False, IsPyQt6=False)
    return {"Qt": package} | {f"Qt.{name}": part for name, part in parts.items()}


def _distutils() -> dict[str, types.ModuleType]:
    package, version = types.ModuleType("distutils"), types.ModuleType("distutils.version")
    package.__path__ = []
    version.__dict__["LooseVersion"] = _LooseVersion
    package.__dict__["version"] = version
    return {"distutils": package, "distutils.version": version}


def install() -> None:
    """Put the stand-ins in place; what is there already stays."""
    for modules in (_qt(), _distutils()):
        if next(iter(modules)) not in sys.modules:
            sys.modules.update(modules)


install()
