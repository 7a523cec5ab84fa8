"""What the library says beside its rows: what another program's word is here, and what to do where nothing is found."""

from __future__ import annotations

from html import escape

from flodesk.flow.catalog import Catalog
from flodesk.flow.other_names import called_so, folded, idea
from flodesk.flow.wiring import NEW_FUNCTION

OWN = NEW_FUNCTION.path
"""The link that begins a function of one's own."""
PACKAGE = "package"
"""The link that asks for a package."""


def told(text: str, catalog: Catalog) -> str:
    """Return what a word of another program is here, in a sentence; empty if the rows speak for themselves."""
    if words := idea(text):
        return words
    others = called_so(text)
    if not others:
        return ""
    specs = [spec for path in others[0].paths if (spec := catalog.find(path)) is not None]
    if not specs or any(folded(text) in (folded(spec.title), folded(spec.name)) for spec in specs):
        return ""
    programs = " and ".join(dict.fromkeys(other.system for other in others))
    return f"“{others[0].phrase}” of {programs} is {' or '.join(spec.title for spec in specs[:2])} here."


def nothing_html(text: str, color: str) -> str:
    """Return what is said where nothing is found, with what can be done about it."""
    package, own = (
        f"<a href='{link}' style='color:{color}'>{words}</a>"
        for link, words in ((PACKAGE, "add a package by its name"), (OWN, "write your own function"))
    )
    return (
        f"<p>Nothing is called “{escape(text)}”.</p>"
        f"<p>Try a word for what it does, such as filter, mean or table. Or {package}, or {own}.</p>"
    )
