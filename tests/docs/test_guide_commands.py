"""The guide lists every command that has keys, with those keys."""

from __future__ import annotations

import re
from pathlib import Path

from flodesk.ui.commands.table import COMMANDS

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide.md"


def test_the_table_of_commands_is_that_of_the_window() -> None:
    part = GUIDE.read_text(encoding="utf-8").partition("### Commands")[2].partition("\n### ")[0]
    listed = re.findall(r"^\| (.+?) \| (.+?) \|$", part, re.M)[1:]
    listed = [row for row in listed if row != ("---", "---")]
    assert listed == [(command.title, ", ".join(command.shortcuts)) for command in COMMANDS if command.shortcuts]


def test_menu_entries_that_the_guide_names_exist() -> None:
    titles = {f"{command.menu.replace('/', ' → ')} → {command.title}" for command in COMMANDS}
    titles |= {command.menu.replace("/", " → ") for command in COMMANDS}  # a menu within one is named, too
    named = re.findall(r"\*(\w+ → [^*]+)\*", GUIDE.read_text(encoding="utf-8"))
    assert named
    assert set(named) - titles == set()
