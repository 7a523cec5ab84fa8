"""What a hand drags to the panel, or asks to see there: a node, a port, a field, a value, or a type of the library."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any, Literal, get_args

from PySide6.QtCore import QMimeData

NODE_MIME = "application/x-flodesk-node"
"""A node type of the library, by its path."""
VIEW_MIME = "application/x-flodesk-view"
"""What is to be shown on the panel, as a JSON list of `Subject`."""
SubjectKind = Literal["node", "output", "field", "value", "type"]


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that may be shown on the panel.

    Attributes
    ----------
    kind : str
        What it is: a whole ``node``, an ``output`` or a ``field`` of one, a ``value`` by the name that the engine has
        for it, or a node ``type`` that is to be added.
    function : str
        Where it stands; of a type empty.
    node : str
        The node's id; of a value the variable, of a type its path.
    part : str
        The name of the port or of the parameter.
    """

    kind: SubjectKind
    function: str
    node: str
    part: str = ""

    @classmethod
    def of_value(cls, name: str) -> Subject:
        """Return a value by its name (``function.variable``)."""
        function, _, variable = name.partition(".")
        return cls("value", function, variable)


def packed(subjects: Iterable[Subject]) -> QMimeData:
    """Return what a drag carries along."""
    data = QMimeData()
    data.setData(VIEW_MIME, json.dumps([astuple(subject) for subject in subjects]).encode())
    return data


def carried(data: QMimeData) -> tuple[Subject, ...]:
    """Return what is dragged; nothing if it is nothing that the panel could show."""
    if data.hasFormat(NODE_MIME):
        return (Subject("type", "", bytes(data.data(NODE_MIME).data()).decode("utf-8", "replace")),)
    if not data.hasFormat(VIEW_MIME):
        return ()
    try:
        told = json.loads(bytes(data.data(VIEW_MIME).data()))
        return tuple(_subject(*one) for one in told)
    except (ValueError, TypeError):  # another program's, under our name
        return ()


def _subject(kind: Any, *told: Any) -> Subject:
    if kind not in get_args(SubjectKind) or not all(isinstance(text, str) for text in told):
        raise ValueError(f"no subject: {kind}")
    return Subject(kind, *told)
