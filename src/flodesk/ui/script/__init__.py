"""The script beside the picture: pane, editor, and what keeps text and flow in step."""

from flodesk.ui.script.ahead_chip import AheadChip
from flodesk.ui.script.beside import Beside
from flodesk.ui.script.pane import ScriptPane
from flodesk.ui.script.text_diff import TextDiff

__all__ = ["AheadChip", "Beside", "ScriptPane", "TextDiff"]
