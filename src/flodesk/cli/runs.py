"""``flodesk runs``: list the runs of the past, show one, drop old ones."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection

from flodesk.cli.arguments import count, seconds
from flodesk.cli.exits import Exit
from flodesk.cli.reading import CommandError
from flodesk.cli.unfolded import unfolded
from flodesk.engine.glance import duration
from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.records import STATES, NodeRecord, Note, RunRecord
from flodesk.engine.history.schema import HistoryError
from flodesk.engine.history.settings import history_settings
from flodesk.engine.writable import json_of

COLOURS = {
    "succeeded": "green",
    "failed": "red",
    "interrupted": "magenta",
    "stopped": "yellow",
    "running": "cyan",
    "paused": "yellow",
    "queued": "cyan",
}
SHORT = 8
"""Letters of a run's name on a terminal: its end, which is chance."""
LONGEST = 300
"""Characters of a message in the list; ``flodesk runs show`` has all that is kept."""
_DAY = 86400.0


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.set_defaults(what=_list)
    _filters(parser)
    what = parser.add_subparsers(title="or one of these", metavar="")
    show = what.add_parser("show", help="say all that is known of a run")
    show.set_defaults(what=_show)
    show.add_argument("id", help="the run: its name, or the beginning or end of it")
    show.add_argument("--json", action="store_true", help="as JSON")
    show.add_argument("--text", action="store_true", help="print the flow as it ran, and nothing else")
    show.add_argument(
        "--change", type=count, metavar="N", help="print the flow as it was from its N-th change on, and nothing else"
    )
    drop = what.add_parser("drop", help="forget runs")
    drop.set_defaults(what=_drop)
    drop.add_argument("id", nargs="+", help="which")
    prune = what.add_parser("prune", help="forget the oldest runs")
    prune.set_defaults(what=_prune)
    prune.add_argument("--keep", type=count, metavar="N", help="all but the newest N")
    prune.add_argument("--older", type=seconds, metavar="TIME", help="those that are older than 12h or 30d")


def _filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--flow", default="", metavar="NAME", help="only of flows whose name or path holds this")
    parser.add_argument("--state", default="", choices=STATES, help="only in this state")
    parser.add_argument("--last", type=count, default=20, metavar="N", help="how many of the newest (default: 20)")
    parser.add_argument("--json", action="store_true", help="as JSON")


def main(options: argparse.Namespace) -> int:
    """Open the history and do what was asked for."""
    what: Callable[[Connection, argparse.Namespace], int] = options.what
    try:
        with history(_say) as connection:
            return what(connection, options)
    except HistoryError as error:
        _say(str(error))
        return Exit.MISSING
    except CommandError as refused:
        return refused.exit


# ------------------------------------------------------------------ list
def _list(connection: Connection, options: argparse.Namespace) -> int:
    runs = store.listed(connection, last=options.last, flow=options.flow, state=options.state)
    if options.json:
        print(json_of([_as_json(run) for run in runs], indent=1))
    elif not runs:
        filtered = options.flow or options.state
        print("No run of the past is like that." if filtered else "No flow has run yet. Run one: flodesk run FILE")
    else:
        console = unfolded()
        console.print(_table(runs, console))
    return Exit.OK


def _table(runs: Sequence[RunRecord], console: Console) -> Table:
    """Make the table; what a narrow terminal has no room for is left out, and the end of a name is name enough."""
    narrow, short = console.width < 110, console.is_terminal
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Run", no_wrap=True)
    table.add_column("When", no_wrap=True)
    table.add_column("Flow", no_wrap=True, overflow="ellipsis", max_width=20 if narrow else 40)
    table.add_column("State", no_wrap=True)
    table.add_column("Took", justify="right", no_wrap=True)
    if not narrow:
        table.add_column("Iterations", justify="right", no_wrap=True)
    table.add_column("Message", overflow="fold", min_width=16)
    for run in runs:
        iterations = [] if narrow else [f"{run.iterations:,}" if run.iterations else ""]
        table.add_row(
            run.id[-SHORT:] if short else run.id,
            _when(run.start)[5:] if short else _when(run.start),
            Text(run.name),
            Text(run.state, COLOURS[run.state]),
            _took(run),
            *iterations,
            Text(run.message if len(run.message) <= LONGEST else f"{run.message[:LONGEST]} …"),
        )
    return table


# ------------------------------------------------------------------ show
def _show(connection: Connection, options: argparse.Namespace) -> int:
    run = _the(connection, options.id)
    if options.text:
        print(store.text_of(connection, run.flow), end="")
        return Exit.OK
    nodes, lines = store.nodes_of(connection, run.id), store.lines_of(connection, run.id)
    notes = store.notes_of(connection, run.id)
    if options.change:
        return _show_change(connection, run, notes, options.change)
    if options.json:
        told = _as_json(run) | {"nodes": [asdict(n) for n in nodes], "log": [asdict(line) for line in lines]}
        told["notes"] = [asdict(note) for note in notes]
        print(json_of(told, indent=1))
        return Exit.OK
    console = unfolded()
    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(run):
        facts.add_row(Text(name, "bold"), value)
    console.print(facts)
    if run.error:
        console.print(Text(f"\n{run.error.get('traceback') or run.error.get('message', '')}".rstrip(), "red"))
        for name, summary in run.error.get("inputs", ()):
            console.print(Text(f"  {name} was {summary}"))
    if notes:
        console.print()
    changes = 0
    for note in notes:
        changes += note.kind == "changed"
        hint = f" (flodesk runs show {run.id} --change {changes})" if note.kind == "changed" else ""
        console.print(Text(f"{_when(note.time)[11:]}  {note.words()}{hint}"))
    if nodes:
        console.print()
        console.print(_nodes_table(nodes))
    if lines:
        console.print()
    before = 0
    for line in lines:
        if line.number > before + 1:
            console.print(Text(f"… {line.number - before - 1} lines left out", "dim"))
        before = line.number
        where = f"{line.node}: " if line.node else ""
        console.print(Text(f"{_when(line.time)[11:]}  {line.level}: {where}{line.text}"))
    return Exit.OK


def _show_change(connection: Connection, run: RunRecord, notes: Sequence[Note], number: int) -> int:
    """Print the text that a run went on with."""
    changes = [note for note in notes if note.kind == "changed"]
    if number > len(changes):
        there = f"it was changed {len(changes)} times" if len(changes) != 1 else "it was changed once"
        _say(f"{run.id} has no change {number}: {there} while it was on.")
        return Exit.MISSING
    print(store.text_of(connection, changes[number - 1].flow or ""), end="")
    return Exit.OK


def _facts(run: RunRecord) -> list[tuple[str, str | Text]]:
    packages = ", ".join(f"{name} {version}" for name, version in run.environment.get("packages", {}).items())
    found: list[tuple[str, str | Text]] = [
        ("Run", run.id),
        ("Flow", Text(run.path or run.name)),
        ("State", Text(run.state, COLOURS[run.state])),
        ("Began", _when(run.start)),
        ("Took", _took(run)),
        ("Message", Text(run.message)),
        ("Iterations", f"{run.iterations:,}" if run.iterations else ""),
        *(("Set", Text(f"{name} = {value}")) for name, value in run.parameters.items()),
        ("Place", run.place),
        ("By", Text(f"{run.user or '?'} on {run.host}, process {run.pid}")),
        ("With", Text(f"Python {run.environment.get('python')}, flodesk {run.environment.get('flodesk')}, {packages}")),
        ("Text", f"{run.flow} (flodesk runs show {run.id} --text)"),
    ]
    return [(name, value) for name, value in found if str(value)]


def _nodes_table(nodes: Sequence[NodeRecord]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Node", "State"):
        table.add_column(name, no_wrap=True)
    for name in ("Calls", "In all", "Last"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Error", overflow="fold")
    for n in nodes:
        about = "≈ " if n.count > 1 else ""
        ran = bool(n.last)
        table.add_row(
            Text(n.node),
            Text(n.state, {"failed": "red", "idle": "dim"}.get(n.state, "")),
            f"{n.count:,}" if n.count else "",
            f"{about}{duration(n.seconds)}" if ran else "",
            duration(n.last) if ran else "",
            Text(n.error),
        )
    return table


# ------------------------------------------------------------------ drop, prune
def _drop(connection: Connection, options: argparse.Namespace) -> int:
    runs = [_the(connection, id) for id in options.id]
    on = [run for run in runs if run.open]
    if on:
        _say(f"{on[0].id} is {on[0].state}: stop it first. Nothing was dropped.")
        return Exit.USAGE
    print(_gone(store.drop(connection, [run.id for run in runs])))
    return Exit.OK


def _prune(connection: Connection, options: argparse.Namespace) -> int:
    usual = history_settings(_say)
    given = options.keep is not None or options.older is not None
    keep, older = (options.keep or 0, options.older or 0.0) if given else (usual.keep_runs, usual.keep_days * _DAY)
    print(_gone(store.prune(connection, keep_runs=keep, keep_days=older / _DAY)))
    return Exit.OK


def _gone(number: int) -> str:
    return f"{number} {'run was' if number == 1 else 'runs were'} dropped."


def _the(connection: Connection, id: str) -> RunRecord:
    runs = store.found(connection, id)
    if len(runs) == 1:
        return runs[0]
    if runs:
        _say(f"{id} may be any of {', '.join(run.id for run in runs)}: write more of the name.")
    else:
        _say(f"There is no run {id}. flodesk runs lists what there is.")
    raise CommandError(Exit.USAGE if runs else Exit.MISSING)


def _as_json(run: RunRecord) -> dict[str, object]:
    return {**asdict(run), "began": datetime.fromtimestamp(run.start).astimezone().isoformat(timespec="milliseconds")}


def _when(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at))


def _took(run: RunRecord) -> str:
    return duration(run.seconds) if run.seconds is not None else ""


def _say(sentence: str) -> None:
    print(f"flodesk runs: {sentence}", file=sys.stderr)
