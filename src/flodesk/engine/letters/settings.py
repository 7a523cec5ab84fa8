"""How many dead letters are kept: the section ``[letters]`` of ``settings.toml`` in the data folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flodesk.engine.settings import section


@dataclass(frozen=True, slots=True)
class Room:
    """How many letters are kept, and how many megabytes of them; 0 for any number. The oldest go first."""

    keep_letters: int = 10_000
    keep_megabytes: float = 1000.0

    def has(self, letters: int, size: float) -> bool:
        """Return whether so many letters of so many bytes are no more than that."""
        few = not self.keep_letters or letters <= self.keep_letters
        return few and (not self.keep_megabytes or size <= self.keep_megabytes * 1e6)

    @property
    def words(self) -> str:
        """Say it: ``10,000 letters and 1,000 MB``; empty where there is no limit."""
        parts = [f"{self.keep_letters:,} letter{'' if self.keep_letters == 1 else 's'}"] * bool(self.keep_letters)
        parts += [f"{self.keep_megabytes:,g} MB"] * bool(self.keep_megabytes)
        return " and ".join(parts)


def letters_settings(said: Callable[[str], None] = lambda sentence: None) -> Room:
    """Return the user's settings; what is wrong with their file is said, and the usual is taken for it."""
    return section("letters", Room(), said)
