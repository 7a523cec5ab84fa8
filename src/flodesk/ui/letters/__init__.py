"""The dead letters in the window: a list of them, what is known of the one that is chosen, and what can be done."""

from flodesk.ui.letters.dead_letters import DeadLetters
from flodesk.ui.letters.rejecting import Rejecting

__all__ = ["DeadLetters", "Rejecting"]
