"""Types of ports as annotations: what a parameter or a result is to be called in the script."""

from __future__ import annotations

from flodesk.flow.model import Flow
from flodesk.flow.types import PortType
from flodesk.flow.wiring.naming import callee_of
from flodesk.flow.wiring.refused import Refused

_PLAIN: dict[PortType, str] = {
    "number": "float", "integer": "int", "truth": "bool", "text": "str", "list": "list",
}  # fmt: skip
_DOTTED: dict[PortType, tuple[str, ...]] = {
    "array": ("numpy.ndarray", "flodesk.Array"),
    "signal": ("flodesk.Signal",),
    "table": ("pandas.DataFrame", "flodesk.Table"),
    "image": ("flodesk.Picture",),
    "path": ("pathlib.Path",),
}
"""Those of a module; they are written only if the file has it imported, so that a wire never costs an import."""


def hint_for(flow: Flow, function: str, kind: PortType) -> str:
    """Return the annotation for a port type; empty where there is none that the file can name as it is."""
    if kind in _PLAIN:
        return "" if _PLAIN[kind] in flow.imports or _PLAIN[kind] in flow.functions else _PLAIN[kind]
    for path in _DOTTED.get(kind, ()):
        try:
            written, importing = callee_of(flow, function, path)
        except Refused:
            continue
        if importing is None:
            return written
    return ""
