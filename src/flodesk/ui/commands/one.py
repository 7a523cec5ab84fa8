"""What there is to know of one command of the window."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes
    ----------
    menu : str
        The menu it stands in, ``View/Theme`` for a menu within one; empty for the palette alone.
    when : str
        Path of a truth (or of a callable that gives one) that must hold; empty for always.
    why_not : str
        Path of a text that says why that does not hold; empty where nobody would wonder.
    checked : str
        Path of a truth that the command shows by a tick; empty for none.
    suffix : str
        Path of a text that follows the title in the menu (what would be undone); empty for none.
    icon : str
        Name of a drawing in ``resources/icons``.
    """

    id: str
    title: str
    do: str
    menu: str = ""
    shortcuts: tuple[str, ...] = ()
    when: str = ""
    checked: str = ""
    suffix: str = ""
    icon: str = ""
    tip: str = ""
    line_before: bool = False
    why_not: str = ""
