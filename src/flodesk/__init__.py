"""flodesk: wire Python together on a canvas, watch live results, run the flow anywhere.

What the author of a node or a flow imports is here, and importing it costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from flodesk.public import (
    Array,
    Choices,
    Context,
    Indicator,
    Kind,
    Lamp,
    Line,
    Note,
    Number,
    Picture,
    Press,
    Range,
    Sheet,
    Signal,
    Table,
    Template,
    Trace,
    Unit,
    Waveform,
    context,
    node,
)

__version__ = "0.1.0"


def main(*functions: Any) -> None:
    """Run the flow of the file that calls this: what ``python flow.py`` does.

    The engine runs the parsed file, as ``flodesk run FILE`` would, with the command line's options. The lines after
    this one follow.

    Raises
    ------
    SystemExit
        It did not run to its end; with the exit code of ``flodesk run``.
    """
    if sys._getframe(1).f_globals.get("__name__") == "flodesk_flow":
        return  # the engine loads the file: one that starts itself whatever its name is must not do so again
    # looked up at the call: whoever imports the names above must not bring in the command line and all below it
    code: int = import_module("flodesk.cli").run_script(functions)
    if code:
        raise SystemExit(code)


__all__ = [
    "Array",
    "Choices",
    "Context",
    "Indicator",
    "Kind",
    "Lamp",
    "Line",
    "Note",
    "Number",
    "Picture",
    "Press",
    "Range",
    "Sheet",
    "Signal",
    "Table",
    "Template",
    "Trace",
    "Unit",
    "Waveform",
    "__version__",
    "context",
    "main",
    "node",
]
