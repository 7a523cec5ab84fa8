"""The guide lists every command that has keys, with those keys."""

from __future__ import annotations

import re
from pathlib import Path

from flodesk.ui.commands.table import COMMANDS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_table_of_commands_is_that_of_the_window() -> None:
    text = (DOCS / "canvas.md").read_text(encoding="utf-8")
    part = text.partition("\n## Commands\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| (.+?) \| (.+?) \|$", part, re.M)
    listed = [row for row in listed if row not in (("---", "---"), ("Command", "Keys"))]
    assert listed == [(command.title, ", ".join(command.shortcuts)) for command in COMMANDS if command.shortcuts]


def test_menu_entries_that_the_guide_names_exist() -> None:
    titles = {f"{command.menu.replace('/', ' → ')} → {command.title}" for command in COMMANDS}
    titles |= {command.menu.replace("/", " → ") for command in COMMANDS}  # a menu within one is named, too
    pages = [page for page in DOCS.rglob("*.md") if page.parent.name not in ("decisions", "nodes")]
    named = [name for page in pages for name in re.findall(r"\*(\w+ → [^*]+)\*", page.read_text(encoding="utf-8"))]
    assert named
    assert {name for name in named if not name.startswith("Tab →")} - titles == set()  # that is a menu of the panel
