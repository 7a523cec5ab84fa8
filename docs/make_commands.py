"""Write ``docs/commands.md``, every command, option, setting and variable: ``python docs/make_commands.py``.

Commands and options are what the program itself says of them; the words about settings and variables of the environment
stand here, and a test finds those that are missing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from flodesk.cli import COMMANDS as WORDS
from flodesk.engine.history.settings import History
from flodesk.engine.letters.settings import Room
from flodesk.engine.places.dask.dask_settings import Scheduler
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.trust import Asking
from flodesk.engine.versions.settings import Keeping
from flodesk.ui.commands.table import COMMANDS

PAGE = Path(__file__).resolve().parent / "commands.md"
STORES = {"dask": Scheduler, "history": History, "letters": Room, "queue": Wire, "trust": Asking, "versions": Keeping}
"""The sections of ``settings.toml``."""
SETTINGS = {
    "canvas/activity": "whether cards light up as they are called",
    "canvas/grid": "whether cards snap to the grid",
    "canvas/guides": "whether cards snap to each other",
    "canvas/order": "whether cards show the order of the script",
    "docks": "where the docks are",
    "editor": "the editor that *Open in my editor* starts",
    "folder": "the folder in which the last file was opened or saved",
    "geometry": "where the window is, and how large",
    "guide/geometry": "where the window of the guide is, and how large",
    "guide/parts": "how the window of the guide is divided",
    "keys": "the keys of commands that are not the usual ones, a command each (`keys/file.save`)",
    "group_tabs": "which tab of each group of the panel was looked at last, by flow",
    "letters/columns": "the widths of the columns of dead letters",
    "letters/parts": "how the dock of dead letters is divided",
    "library/favourites": "the favourite node types",
    "library/open": "the shelves of the library that are open",
    "library/packages": "the packages of Python whose functions stand in the library",
    "library/recent": "the node types that were added last",
    "page_windows": "where the windows of single pages are, by flow",
    "panel/history_megabytes": "how much of the past of a run the panel keeps, in MB",
    "queues/parts": "how the dock of queues is divided",
    "queues/columns/jobs/2": "the widths of the columns of jobs",
    "queues/columns/queues": "the widths of the columns of queues between loops",
    "queues/columns/workers": "the widths of the columns of workers",
    "recent": "the files that were open last",
    "script_header_folded": "whether the header of the script is folded",
    "size": "how large everything is drawn, in percent",
    "sizes": "the sizes of the docks",
    "start/with": "with what a start begins: `page` (the start page), `last` (the flow of last time), `live`",
    "theme": "the theme: `system`, `light` or `dark`",
    "updates/asked": "when it was asked last whether a newer flodesk is out",
    "updates/on": "whether that is asked at all: once a day, if somebody wants it",
    "updates/passed": "the newer version about which *Not now* was said",
    "tour/seen": "whether the tour was offered",
}
"""What the window remembers."""
VARIABLES = {
    "FLODESK_CACHE": "the folder in which is kept what node types are like",
    "FLODESK_CACHE_BYTES": "how many bytes the values that are kept on the disk may take",
    "FLODESK_CLAIMS": "set by flodesk for programs that it starts: lets them into the recordings that it has claimed",
    "FLODESK_DASK_ADDRESS": "the scheduler of the Dask cluster that nodes with the place `dask` run on",
    "FLODESK_DATA": "the folder of the history, dead letters, versions and unsaved changes",
    "FLODESK_HISTORY": "`off` keeps no history of runs, whatever `settings.toml` says",
    "FLODESK_KEY": "the project's key, with which flows that go to a queue are signed",
    "FLODESK_KEY_FILE": "a file that holds it",
    "FLODESK_REDIS_URL": "the Redis server for workers, and for queues between loops",
    "FLODESK_SECRET_NAME": "the secret NAME, which flows use without its value in the file",
    "FLODESK_SETTINGS": "the file of what the window remembers, or its folder: a second profile",
    "FLODESK_TRUST": "`all`: files from elsewhere are run without being asked about",
    "FLODESK_WATCHED": "set by flodesk for the process of a run: who watches it",
}


def page() -> str:
    """Return the whole page as Markdown."""
    return "".join(
        [
            "# Commands and settings\n\nMade by `docs/make_commands.py` from what the program says of itself; "
            "do not edit it by hand.\n",
            *_window(),
            "\n## Commands of the command line\n",
            *(part for name in WORDS for part in _command(name)),
            "\n## What the window remembers\n\n| Setting | |\n|---|---|\n",
            *(f"| `{key}` | {words} |\n" for key, words in sorted(SETTINGS.items())),
            "\n## Settings of the stores\n\nIn `settings.toml` in the data folder, a section each.\n\n"
            "| Section | Setting | Usual |\n|---|---|---|\n",
            *(
                f"| `[{section}]` | `{key}` | `{str(usual).lower()}` |\n"
                for section, kind in STORES.items()
                for key, usual in asdict(kind()).items()
            ),
            "\n## Variables of the environment\n\n| Variable | |\n|---|---|\n",
            *(f"| `{name}` | {words} |\n" for name, words in sorted(VARIABLES.items())),
        ]
    )


def _window() -> Iterator[str]:
    yield "\n## Commands of the window\n"
    for menu in dict.fromkeys(command.menu for command in COMMANDS):
        heading = f"Menu {menu.replace('/', ' → ')}" if menu else "By the palette and by keys alone"
        yield f"\n### {heading}\n\n| Command | Keys | |\n|---|---|---|\n"
        for command in COMMANDS:
            if command.menu == menu:
                yield f"| {command.title} | {_cell(', '.join(command.shortcuts))} | {_cell(command.tip)} |\n"


def _command(name: str) -> Iterator[str]:
    parser = argparse.ArgumentParser(prog=f"flodesk {name}")
    import_module(f"flodesk.cli.{name}").add(parser)
    yield f"\n### flodesk {name}\n\n{WORDS[name][0].upper()}{WORDS[name][1:]}.\n"
    yield from _options(parser)


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    rows, below = [], {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            below = dict(action.choices)
        elif action.dest != "help":
            known = ", ".join(map(str, action.choices)) if action.choices else ""
            value = action.metavar or known or ("" if action.nargs == 0 else action.dest.upper())
            named = ", ".join(action.option_strings) or str(action.metavar or action.dest)
            shown = f"{named} {value}" if action.option_strings and value else named
            rows.append(f"| `{_cell(shown)}` | {_cell((action.help or '') % vars(action))} |\n")
    if rows:
        yield "\n| Option | |\n|---|---|\n"
        yield from rows
    for name, other in below.items():
        yield f"\n#### {parser.prog} {name}\n"
        yield from _options(other)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
