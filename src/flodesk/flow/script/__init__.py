"""A flow as the text of a Python script: read, write, load, save; and edits that leave a statement's layout alone."""

from flodesk.flow.script.errors import ChangedOutsideError, SaveError, ScriptError
from flodesk.flow.script.file import LIMIT, content, decode, from_bytes, load, save, save_text
from flodesk.flow.script.patch import keep_text, with_argument
from flodesk.flow.script.reader import read
from flodesk.flow.script.writer import lines_of, write

__all__ = [
    "LIMIT",
    "ChangedOutsideError",
    "SaveError",
    "ScriptError",
    "content",
    "decode",
    "from_bytes",
    "keep_text",
    "lines_of",
    "load",
    "read",
    "save",
    "save_text",
    "with_argument",
    "write",
]
