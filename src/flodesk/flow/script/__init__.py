"""A flow as the text of a Python script: read, write, load, save."""

from flodesk.flow.script.errors import SaveError, ScriptError
from flodesk.flow.script.file import load, save
from flodesk.flow.script.reader import read
from flodesk.flow.script.writer import write

__all__ = ["SaveError", "ScriptError", "load", "read", "save", "write"]
