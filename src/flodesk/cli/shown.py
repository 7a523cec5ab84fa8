"""What opens a window from the command line: where Qt cannot, it ends the process without a word; so that is asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from flodesk.cli.exits import Exit


def shown(file: str, start: Callable[[ModuleType], int]) -> int:
    """Call `start` with `flodesk.app`, and return what it returns; or say why there can be no window.

    Parameters
    ----------
    file : str
        The flow, for the words about how to run it without one.
    """
    if sys.platform.startswith("linux") and not any(
        os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        print(
            f"flodesk: there is no display to show a window on. Run the flow without one: flodesk run {file}",
            file=sys.stderr,
        )
        return Exit.USAGE
    try:
        app = import_module("flodesk.app")
    except ImportError as error:
        print(
            f"flodesk: the window needs Qt, and it does not load: {error}\n"
            "Install it with: pip install --force-reinstall PySide6-Essentials. On Debian and Ubuntu its system\n"
            "libraries are libgl1 libegl1 libglib2.0-0 libfontconfig1 libxkbcommon0 libdbus-1-3 libgssapi-krb5-2\n"
            "libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0",
            file=sys.stderr,
        )
        return Exit.MISSING
    from flodesk.engine.link import NoSharedMemoryError

    try:
        return int(start(app))
    except NoSharedMemoryError as error:
        print(f"flodesk: {error}", file=sys.stderr)
        return Exit.MISSING
