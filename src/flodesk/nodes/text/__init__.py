"""Texts: filled in, joined, taken apart, searched, read as numbers, dates and JSON."""

from __future__ import annotations

from flodesk.nodes.text.coding import from_base64, hash, to_base64
from flodesk.nodes.text.plain import join, length, letters, pad, part, replace, split, template
from flodesk.nodes.text.reading import Measured as Measured
from flodesk.nodes.text.reading import (
    format_date,
    number,
    parse_date,
    parse_json,
    parse_number,
    to_json,
    to_number,
)
from flodesk.nodes.text.searching import Found as Found
from flodesk.nodes.text.searching import contains, count, extract, find, find_all, similarity, word_counts

__all__ = [
    "contains", "count", "extract", "find", "find_all", "format_date", "from_base64", "hash", "join", "length",
    "letters", "number", "pad", "parse_date", "parse_json", "parse_number", "part", "replace", "similarity", "split",
    "template", "to_base64", "to_json", "to_number", "word_counts",
]  # fmt: skip

for _name in (*__all__, "Found", "Measured"):  # scripts and saved values know them by this name, wherever they are
    globals()[_name].__module__ = __name__
