"""What is kept of the history, and for how long: ``settings.toml`` in the data folder, and an environment variable."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flodesk.engine.folders import FolderError, data_folder

FILE = "settings.toml"
VARIABLE = "FLODESK_HISTORY"
"""``off`` keeps no history, whatever the file says."""
_OFF = {"off", "0", "no", "false"}


@dataclass(frozen=True, slots=True)
class History:
    """What is kept.

    Attributes
    ----------
    on : bool
        Whether runs are written down at all.
    keep_runs : int
        The newest so many; 0 for any number.
    keep_days : float
        Those of so many days; 0 for any time.
    """

    on: bool = True
    keep_runs: int = 1000
    keep_days: float = 90.0


def history_settings(said: Callable[[str], None] = lambda sentence: None) -> History:
    """Return the user's settings; what is wrong with their file is said, and the usual is taken for it."""
    settings = History()
    if os.environ.get(VARIABLE, "").strip().lower() in _OFF:
        return replace(settings, on=False)
    try:
        file = data_folder() / FILE
        found = tomllib.loads(file.read_text(encoding="utf-8")).get("history", {})
    except (FolderError, FileNotFoundError):
        return settings  # whoever writes into the folder says what is wrong with it
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        said(f"{FILE} cannot be read: {error}. The usual settings are taken.")
        return settings
    for name, value in found.items() if isinstance(found, dict) else ():
        if not _suits(name, value):
            known = "on = true, keep_runs = 1000, keep_days = 90"
            said(f"{file}: [history] has no setting {name} = {value!r}. There are {known}")
            continue
        settings = replace(settings, **{name: value})
    return settings


def _suits(name: str, value: Any) -> bool:
    if name == "on":
        return isinstance(value, bool)
    kinds = {"keep_runs": int, "keep_days": int | float}
    return name in kinds and isinstance(value, kinds[name]) and not isinstance(value, bool) and value >= 0
