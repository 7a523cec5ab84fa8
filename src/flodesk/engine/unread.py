"""Keeps PySide6 from reading the source of every module that is imported; import it right behind PySide6.

PySide6 looks into each for its own name, to know whether `__feature__` is for it, and the lines stay in `linecache`:
55 MB of the window, 27 of the engine, and some 100 ms at the start. flodesk uses none of these features, and a module
that asks for them by `from __feature__ import` has them all the same.
"""

from __future__ import annotations

import linecache
import sys

_feature = sys.modules.get("shibokensupport.feature")
if _feature is not None and hasattr(_feature, "_mod_uses_pyside"):
    vars(_feature)["_mod_uses_pyside"] = lambda module: False  # an answer without a look
    linecache.clearcache()
