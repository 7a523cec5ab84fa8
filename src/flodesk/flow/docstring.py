"""What a docstring says about parameters and results, in NumPy's or Google's style."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest

_UNDERLINE = re.compile(r"^-{3,}\s*$")
_NUMPY_ENTRY = re.compile(r"^(?P<names>\*{0,2}\w+(?:\s*,\s*\*{0,2}\w+)*)\s*(?::(?P<type>.*))?$")
_GOOGLE_HEAD = re.compile(r"^(Args|Arguments|Parameters|Returns|Yields|Attributes):\s*$")
_GOOGLE_ENTRY = re.compile(r"^(?P<names>\*{0,2}\w+)\s*(?:\((?P<type>[^)]*)\))?\s*:\s*(?P<text>.*)$")
_UNITS = r"Hz|s|ms|V|A|W|Ω|ohm|K|°C|%|m|kg|Pa|N|J|T|F|H|S/s|dB|rad|°|V/s|m/s|samples|years|cycles"
_UNIT = re.compile(rf"(?:\b[Ii]n |\[)({_UNITS})(?=[\s.,;:)\]]|$)")
_SECTIONS = {
    **dict.fromkeys(("Parameters", "Other Parameters", "Args", "Arguments", "Attributes"), "takes"),
    **dict.fromkeys(("Returns", "Yields"), "gives"),
}


@dataclass(frozen=True, slots=True)
class Described:
    """A docstring, taken apart.

    Attributes
    ----------
    summary : str
        The first paragraph on one line.
    text : str
        All of it, without its indentation.
    takes, gives : dict of name to text
        The entries of the sections on parameters and on results; a result without a name is under ``""``.
    takes_types, gives_types : dict of name to text
        The types that these entries name, as they are written: ``array_like``, ``{'full', 'same'}, optional``.
    """

    summary: str = ""
    text: str = ""
    takes: dict[str, str] = field(default_factory=dict)
    gives: dict[str, str] = field(default_factory=dict)
    takes_types: dict[str, str] = field(default_factory=dict)
    gives_types: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def describe(docstring: str) -> Described:
    """Take a docstring apart; what follows no style is left in `text` alone."""
    text = inspect.cleandoc(docstring)
    lines = text.split("\n")
    summary = " ".join(line.strip() for line in text.partition("\n\n")[0].split("\n"))
    takes: tuple[dict[str, str], dict[str, str]] = ({}, {})
    gives: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for title, google, body in _sections(lines):
        texts, types = takes if _SECTIONS[title] == "takes" else gives
        for name, help_text, kind in _entries(body, google=google, unnamed=texts is gives[0]):
            if name not in texts:
                texts[name], types[name] = help_text, kind
    return Described(summary, text, takes[0], gives[0], takes[1], gives[1])


def unit_of(help_text: str) -> str:
    """Return the unit that a help text names in its first sentence (``Length in s``, ``Rate [Hz]``), or ``""``."""
    found = _UNIT.search(help_text.partition(". ")[0])
    return found[1] if found else ""


def _sections(lines: list[str]) -> list[tuple[str, bool, list[str]]]:
    """Give each section that we read: title, whether it is in Google's style, lines."""
    found: list[tuple[str, bool, list[str]]] = []
    body: list[str] | None = None
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        google = _GOOGLE_HEAD.match(line)
        if google or (line and not line[0].isspace() and _UNDERLINE.match(following)):
            title = google[1] if google else line.strip()
            body = []
            if title in _SECTIONS:
                found.append((title, bool(google), body))
        elif body is not None and not _UNDERLINE.match(line):
            body.append(line)
    return found


def _entries(lines: list[str], *, google: bool, unnamed: bool) -> list[tuple[str, str, str]]:
    """Give name, help and type of each entry of a section."""
    entries: list[tuple[list[str], list[str], str]] = []
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    for line in (line[depth:] for line in lines if line.strip()):
        if line[0].isspace() and entries:
            entries[-1][1].append(line.strip())
        elif google and (entry := _GOOGLE_ENTRY.match(line)):
            entries.append(([entry["names"].lstrip("*")], [entry["text"]], (entry["type"] or "").strip()))
        elif google:
            entries.append(([""], [line.strip()], ""))
        elif numpy := _NUMPY_ENTRY.match(line):
            names = [name.strip().lstrip("*") for name in numpy["names"].split(",")]
            # In a section on results `float` alone is a type, `low : float` is a name with its type.
            alone = unnamed and ":" not in line
            entries.append(([""] if alone else names, [], (line if alone else numpy["type"] or "").strip()))
        else:
            entries.append(([""], [], line.strip()))
    return [(name, " ".join(text).strip(), kind) for names, text, kind in entries for name in names]
