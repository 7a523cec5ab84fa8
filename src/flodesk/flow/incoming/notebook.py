"""A Jupyter notebook as Python text: its code cells, with what is written between them as comments.

The format is JSON and documented (nbformat 3 and 4); nothing more of it is needed than the cells' own text.
"""

from __future__ import annotations

import json
import re
from typing import Any

from flodesk.flow.syntax import parse_tree

_MAGIC = re.compile(r"^\s*(%|!|\?)|^[\w.]+\?{1,2}\s*$")
_HARMLESS = ("%%time", "%%timeit", "%%capture", "%%prun")
"""Magics of a whole cell below which Python stands."""


def text_of_notebook(data: bytes) -> tuple[str, str]:
    """Return the Python of a notebook, and a remark on what of it is none, or an empty text.

    Raises
    ------
    ValueError
        It is no notebook, of another language, or has no code; the text follows its name.
    """
    try:
        whole: Any = json.loads(data)
        cells = whole["cells"] if "cells" in whole else whole["worksheets"][0]["cells"]
        kinds = [(str(cell["cell_type"]), _source(cell)) for cell in cells]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise ValueError("is no Jupyter notebook: its text is not what one looks like.") from error
    language = _language(whole)
    if language and not language.startswith(("python", "ipython")):
        raise ValueError(f"is a notebook in {language}: only those in Python become nodes.")
    parts: list[str] = []
    aside = 0
    for kind, source in kinds:
        if kind == "code":
            text = without_magics(source)
            if not _is_python(text):
                text, aside = _commented(source), aside + 1
            parts.append(text.rstrip())
        elif source.strip():
            parts.append(_commented(source))
    if not any(kind == "code" and source.strip() for kind, source in kinds):
        raise ValueError("has no code in it.")
    cells_aside = f"{aside} cells are" if aside > 1 else "a cell is"
    remark = f"{cells_aside} no Python, and became comments." if aside else ""
    return "\n\n".join(part for part in parts if part) + "\n", remark


def without_magics(source: str) -> str:
    """Return the text of a cell with what IPython alone understands as comments."""
    lines = source.splitlines()
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%") and first.split()[0] not in _HARMLESS:
        return _commented(source)
    return "\n".join(f"# {line}" if _MAGIC.match(line) else line for line in lines)


def _source(cell: Any) -> str:
    source = cell["source"] if "source" in cell else cell.get("input", "")
    return source if isinstance(source, str) else "".join(map(str, source))


def _language(whole: Any) -> str:
    about = whole.get("metadata", {}) if isinstance(whole, dict) else {}
    told = about.get("language_info", {}).get("name") or about.get("kernelspec", {}).get("language") or ""
    return str(told).lower()


def _is_python(text: str) -> bool:
    try:
        parse_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _commented(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.strip().splitlines())
