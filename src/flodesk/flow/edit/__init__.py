"""Changes of a flow as values: applying one gives the new flow and the edit that takes it back, text included.

Edits are small and know no node types; `flodesk.flow.wiring` makes them from what a hand does and knows the types.
Whoever changes a parameter uses `wiring.set_field`: it knows whether the script passes it by position or by keyword.
"""

from flodesk.flow.edit.app import SetApp
from flodesk.flow.edit.arguments import Connect, Disconnect, SetArguments, SetParameter
from flodesk.flow.edit.base import Edit, EditError, Many, each_edit
from flodesk.flow.edit.codec import from_json, to_json
from flodesk.flow.edit.header import Move, SetDrawn, SetHeader, SetOption, SetPanel, SetSetting, SetView
from flodesk.flow.edit.imports import SetImports
from flodesk.flow.edit.pages import SetPages, pages, panel_functions
from flodesk.flow.edit.presets import SetPreset, presets
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

__all__ = [
    "Edit",
    "EditError",
    "Many",
    "AddNode",
    "AddNodes",
    "RemoveNode",
    "RemoveNodes",
    "MoveNode",
    "ReplaceStatement",
    "SetNote",
    "SetCode",
    "SetDocstring",
    "Connect",
    "Disconnect",
    "SetParameter",
    "SetArguments",
    "Rename",
    "RenameFunction",
    "RenameShared",
    "Restore",
    "SetImports",
    "SetText",
    "Move",
    "SetView",
    "SetPages",
    "pages",
    "panel_functions",
    "SetPanel",
    "SetOption",
    "SetApp",
    "SetPreset",
    "presets",
    "SetDrawn",
    "SetHeader",
    "SetSetting",
    "each_edit",
    "to_json",
    "from_json",
]
