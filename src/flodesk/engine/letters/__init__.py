"""Dead letters: turns of a loop that failed, kept to be looked at, put back or dropped."""

from flodesk.engine.letters.letter import Kept, Letter, keep, keep_inputs, keep_payload
from flodesk.engine.letters.store import Letters, LettersError

__all__ = ["Kept", "Letter", "Letters", "LettersError", "keep", "keep_inputs", "keep_payload"]
