"""Files that a hand drops on a flow: what each becomes, as Python text. Nothing of them is imported or run."""

from flodesk.flow.incoming.taking import Incoming, Untaken, becomes, take_in

__all__ = ["Incoming", "Untaken", "becomes", "take_in"]
