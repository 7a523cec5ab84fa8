"""The dock of the queues: what is on a Redis server, and a local one at the press of a button."""

from flodesk.ui.queues.queues import Queues

__all__ = ["Queues"]
