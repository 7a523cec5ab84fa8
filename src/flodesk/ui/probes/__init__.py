"""Probes: the past of ports that somebody watches, in a dock with a bar of time."""

from flodesk.ui.probes.probing import Probing

__all__ = ["Probing"]
