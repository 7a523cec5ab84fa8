"""What can go wrong with a script as a file."""

from __future__ import annotations


class ScriptError(ValueError):
    """The text cannot be opened as a flow.

    Attributes
    ----------
    message : str
        What is wrong and what to do, without the place.
    line : int
        Line of the text, counted from 1; 0 where no line is to blame.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.message = message
        self.line = line


class SaveError(OSError):
    """The flow could not be written; what was in the file before is still there. `strerror` says why, in words."""

    def __str__(self) -> str:
        return str(self.strerror)


class ChangedOutsideError(SaveError):
    """The file does not hold what was read from it or saved to it: somebody else has written it since."""
