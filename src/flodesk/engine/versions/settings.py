"""How many versions are kept: ``[versions]`` in ``settings.toml`` in the data folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flodesk.engine.settings import section


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept.

    Attributes
    ----------
    on : bool
        Whether versions are kept at all.
    keep_versions : int
        Of each file the newest so many; 0 for any number.
    keep_days : float
        Those of so many days, and of each file always the newest; 0 for any time.
    keep_megabytes : float
        Of all files together; 0 for any amount.
    """

    on: bool = True
    keep_versions: int = 200
    keep_days: float = 180.0
    keep_megabytes: float = 200.0


def keeping(said: Callable[[str], None] = lambda sentence: None) -> Keeping:
    """Return the user's settings; what is wrong with their file is said, and the usual is taken for it."""
    return section("versions", Keeping(), said)
