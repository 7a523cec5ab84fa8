"""Texts and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flodesk.indicators.base import Indicator
from flodesk.markers import Table


@dataclass(frozen=True, slots=True)
class Note(Indicator):
    """A line or more of text to look at."""

    text: str = ""
    brief: ClassVar[bool] = True

    def summary(self) -> str:
        """Give the text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Markdown(Note):
    """A text with headings, lists, emphasis and tables."""


@dataclass(frozen=True, slots=True)
class Sheet(Indicator):
    """A table to look at."""

    table: Table = None

    def summary(self) -> str:
        """Say how many rows, and which columns."""
        if self.table is None:
            return "no table"
        rows, columns = self.table.shape
        return f"{rows} rows, {columns} columns: {', '.join(str(c) for c in self.table.columns[:8])}"
