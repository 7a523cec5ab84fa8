"""How a value that a hand has set is written in the script: texts in double quotes, of a table one row a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flodesk.flow.model import Literal

_STEP = "    "
_PLAIN = frozenset({float, int, bool, type(None)})


def written(value: Any, indent: str = "") -> str:
    """Return a value as Python text.

    Parameters
    ----------
    indent : str
        What the statement begins with that the text stands in: the lines of a table are a step further in.
    """
    if not (isinstance(value, list) and value and all(isinstance(row, list | tuple | Mapping) for row in value)):
        return _line(value)
    rows = [f"{indent}{_STEP}{_line(row)},\n" for row in value]
    return f"[\n{''.join(rows)}{indent}]"


def _line(value: Any) -> str:
    if type(value) in _PLAIN:
        return repr(value)
    if isinstance(value, str):
        text = repr(value)
        return f'"{text[1:-1]}"' if text.startswith("'") and '"' not in text else text
    if isinstance(value, list):
        return f"[{', '.join(map(_line, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_line, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_line(key)}: {_line(one)}' for key, one in value.items())}}}"
    return Literal.of(value).text
