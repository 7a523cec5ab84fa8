"""Edits as JSON: for the journal, and for other processes."""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Mapping
from typing import Any, cast

from flodesk.flow import model
from flodesk.flow.edit.app import SetApp
from flodesk.flow.edit.arguments import Connect, Disconnect, SetArguments, SetParameter
from flodesk.flow.edit.base import Edit, EditError, Many
from flodesk.flow.edit.header import Move, SetDrawn, SetHeader, SetOption, SetPanel, SetSetting, SetView
from flodesk.flow.edit.imports import SetImports
from flodesk.flow.edit.pages import SetPages
from flodesk.flow.edit.presets import SetPreset
from flodesk.flow.edit.rename import Rename, RenameFunction, RenameShared
from flodesk.flow.edit.statements import (
    AddNode,
    AddNodes,
    MoveNode,
    RemoveNode,
    RemoveNodes,
    ReplaceStatement,
    Restore,
)  # fmt: skip
from flodesk.flow.edit.texts import SetCode, SetDocstring, SetNote
from flodesk.flow.edit.whole import SetText

EDITS: tuple[type[Any], ...] = (
    AddNode,
    AddNodes,
    RemoveNode,
    RemoveNodes,
    MoveNode,
    ReplaceStatement,
    SetNote,
    SetCode,
    SetDocstring,
    Connect,
    Disconnect,
    SetParameter,
    SetArguments,
    Rename,
    RenameFunction,
    RenameShared,
    Restore,
    Move,
    SetView,
    SetPages,
    SetPanel,
    SetOption,
    SetApp,
    SetPreset,
    SetHeader,
    SetSetting,
    SetDrawn,
    SetImports,
    SetText,
    Many,
)
VALUES: tuple[type[Any], ...] = (
    model.Ref,
    model.Literal,
    model.Expression,
    model.Each,
    model.Argument,
    model.Call,
    model.Bind,
    model.Loop,
    model.Arm,
    model.Switch,
    model.Code,
    model.Return,
    model.Docstring,
    model.Import,
    model.Function,
    model.Main,
    model.Block,
    model.View,
    model.Header,
    model.Region,
)
TYPES = {kind.__name__: kind for kind in (*EDITS, *VALUES)}
TIMES: dict[str, type[datetime.datetime] | type[datetime.date] | type[datetime.time]] = {
    "datetime": datetime.datetime,
    "date": datetime.date,
    "time": datetime.time,
}


def to_json(edit: Edit) -> dict[str, Any]:
    """Write an edit as a tree of dicts, lists, texts and numbers, which `json.dumps` takes as it is.

    A dataclass becomes ``{"is": "Connect", ...}`` without the fields that have their default, a tuple a list.
    """
    return cast(dict[str, Any], _encode(edit))


def from_json(data: Mapping[str, Any]) -> Edit:
    """Read what `to_json` wrote.

    Raises
    ------
    EditError
        It is no edit, or one of a newer flodesk.
    """
    try:
        edit = _decode(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EditError(f"This is no edit that this flodesk knows: {error}") from error
    if not isinstance(edit, EDITS):
        raise EditError("This is no edit.")
    return cast(Edit, edit)


def _encode(value: Any) -> Any:
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"is": "float", "text": repr(value)}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, list):
        return {"is": "list", "items": [_encode(item) for item in value]}
    if isinstance(value, Mapping):
        return {"is": "dict", "items": [[key, _encode(item)] for key, item in value.items()]}
    for name, kind in TIMES.items():
        if type(value) is kind:
            return {"is": name, "text": value.isoformat()}
    if type(value).__name__ not in TYPES:
        raise EditError(f"A value of type {type(value).__name__} cannot be written as JSON.")
    written: dict[str, Any] = {"is": type(value).__name__}
    for field in dataclasses.fields(value):
        if not field.metadata.get("json", True):
            continue
        part = getattr(value, field.name)
        if field.default is dataclasses.MISSING or part != field.default or type(part) is not type(field.default):
            written[field.name] = _encode(part)
    return written


def _decode(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_decode(item) for item in value)
    if not isinstance(value, Mapping):
        return value
    kind = value["is"]
    match kind:
        case "float":
            return float(value["text"])
        case "list":
            return [_decode(item) for item in value["items"]]
        case "dict":
            return {key: _decode(item) for key, item in value["items"]}
        case "datetime" | "date" | "time":
            return TIMES[kind].fromisoformat(value["text"])
        case _:
            return TYPES[kind](**{name: _decode(part) for name, part in value.items() if name != "is"})
