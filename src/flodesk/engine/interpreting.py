"""With which interpreter the processes are started that run, or import, a user's code: decided here alone."""

from __future__ import annotations

import sys


def module_command(module: str, python: str = "") -> list[str]:
    """Return the command that runs a module of ours.

    Parameters
    ----------
    python : str
        The interpreter of the environment that it runs in; empty is that of this process. In the engine's process that
        is the environment of the flow, so what it starts runs there, too.
    """
    # -P: a file in the folder that it is started from must not pass for a package that it imports
    return [python or sys.executable, "-P", "-m", module]


__all__ = ["module_command"]
