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
    each,
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


def convert(source: Any, target: Any, **options: Any) -> Any:
    """Convert a recording to another format, by the ending of the new name (`flodesk convert` does the same).

    Parameters
    ----------
    source, target : Path
        The recording, and the new file: ``*.arrows``, ``*.csv``, ``*.tdms``, ``*.h5``, ``*.sqlite``, ``*.parquet``.
    **options
        ``replace=True`` replaces a file of that name, ``remove=True`` removes the recording once the new file was
        compared with it, ``told=function`` gets how far it is, from 0 to 1.

    Returns
    -------
    Converted
        The new `path`, the number of `turns`, and in `ending` what is wrong with the end of the recording, if so.

    Raises
    ------
    OSError, ValueError, ModuleNotFoundError
        What went wrong, and what to do; the recording is as it was.
    """
    # looked up at the call, as above
    return import_module("flodesk.nodes._recording.converting").convert(source, target, **options)


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
    "convert",
    "each",
    "main",
    "node",
]
