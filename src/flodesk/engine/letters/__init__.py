"""Dead letters: turns of a loop that failed, kept to be looked at, put back or dropped."""

from flodesk.engine.letters.letter import Kept, Letter, keep, keep_inputs, keep_payload, put_back_words
from flodesk.engine.letters.schema import LettersError
from flodesk.engine.letters.settings import Room, letters_settings
from flodesk.engine.letters.store import Head, Letters, Stock

__all__ = [
    "Head",
    "Kept",
    "Letter",
    "Letters",
    "LettersError",
    "Room",
    "Stock",
    "keep",
    "keep_inputs",
    "keep_payload",
    "letters_settings",
    "put_back_words",
]
