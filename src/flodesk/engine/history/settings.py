"""What is kept of the history, and for how long: ``settings.toml`` in the data folder, and an environment variable."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from flodesk.engine.settings import section

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
    if os.environ.get(VARIABLE, "").strip().lower() in _OFF:
        return replace(History(), on=False)
    return section("history", History(), said)
