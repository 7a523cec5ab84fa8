"""The environment of a flow's project in the window: which one, what is in it, what is installed there."""

from flodesk.ui.environments.environments import Environments

__all__ = ["Environments"]
