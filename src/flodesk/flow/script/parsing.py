"""Text → syntax tree, with errors in words."""

from __future__ import annotations

import ast

from flodesk.flow.script.errors import ScriptError
from flodesk.flow.script.text import Text
from flodesk.flow.syntax import parse_tree

DEEP = "statements or expressions are nested too deeply to be read; split them up"


def parse(text: str) -> ast.Module:
    """Parse a text.

    Raises
    ------
    ScriptError
        It is not Python.
    """
    if "\0" in text:
        raise ScriptError("there is a null byte: this is not a text file", _line_of(text, text.index("\0")))
    try:
        return parse_tree(text, quiet=True)
    except SyntaxError as error:
        raise ScriptError(f"this is not Python: {error.msg}", error.lineno or 0) from error
    except UnicodeEncodeError as error:
        raise ScriptError("there is half a character (a lone surrogate)", _line_of(text, error.start)) from error
    except ValueError as error:
        raise ScriptError(f"this is not Python: {error}") from error
    except (RecursionError, MemoryError) as error:
        raise ScriptError(DEEP) from error


def stands_alone(text: str) -> bool:
    """Whether a text is one whole statement, so that an expression needs no brackets round its lines."""
    try:
        return len(parse(text).body) == 1
    except ScriptError:
        return False


def _line_of(text: str, offset: int) -> int:
    return len(Text(text[:offset] + ".").lines)
