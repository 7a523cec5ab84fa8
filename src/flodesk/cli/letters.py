"""``flodesk letters``: turns that failed and were kept: list and show them, put them back into the flow, drop them."""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path

from flodesk.cli import environment
from flodesk.cli.exits import Exit, exit_for
from flodesk.cli.reading import CommandError, problems_of, read_flow, tell
from flodesk.engine.errors import way_of
from flodesk.engine.events import Event, LogLine, NodeFailed, Rejected
from flodesk.engine.headless import run
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.letters import Letter, Letters, LettersError
from flodesk.engine.watched import watched
from flodesk.engine.writable import json_of
from flodesk.flow.check import errors
from flodesk.flow.script import write

ACTIONS = ("list", "show", "retry", "drop")
OTHERS = 5
"""Of so many other flows it is said that they have letters."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.usage = "flodesk letters [list | show ID | retry (IDS | --all) | drop (IDS | --all)] [FILE]"
    environment.add(parser)
    parser.add_argument(
        "words",
        nargs="*",
        metavar="WORD",
        help="what to do (list, if nothing is said), numbers of letters (3, 5-8), and the flow's file",
    )
    parser.add_argument("--all", action="store_true", help="all letters, with FILE all of this flow")
    parser.add_argument("--json", action="store_true", help="list and show: everything, as JSON")


def main(options: argparse.Namespace) -> int:
    """Do what is asked."""
    try:
        action, ids, file = _words(options.words)
        store = Letters(said=lambda sentence: print(f"flodesk letters: {sentence}", file=sys.stderr))
    except (ValueError, LettersError) as error:
        print(f"flodesk letters: {error}", file=sys.stderr)
        return Exit.USAGE if isinstance(error, ValueError) else Exit.FAILED
    try:
        path = str(Path(file).resolve()) if file else ""
        if file and (refused := _no_such(store, file, path, action)):
            return refused
        if action == "list":
            code = _list(store.find(path, ids or None), options.json, file if not ids else "")
            if file and not options.json and not ids and not store.count([path]) and (others := _others(store)):
                print(f"Other flows have some: {others}.")
            if not options.json and not ids:
                print("\n".join(["", *stock]) if (stock := _stock(store)) else "", end="\n" if stock else "")
            return code
        if not ids and not options.all:
            print(f"flodesk letters {action}: say which: their numbers, or --all", file=sys.stderr)
            return Exit.USAGE
        if ids and options.all:
            print(f"flodesk letters {action}: say either their numbers or --all, not both", file=sys.stderr)
            return Exit.USAGE
        letters = store.find("" if ids else path, ids or None)
        known = {letter.id for letter in letters}
        if missing := [str(number) for number in ids if number not in known]:
            print(f"flodesk letters: there is no letter {', '.join(missing)}", file=sys.stderr)
            return Exit.MISSING
        if action == "show":
            return _show(store, letters, options.json)
        if action == "drop":
            print(f"{_count(store.drop([letter.id for letter in letters]))} dropped")
            return Exit.OK
        return _retry(store, letters, path)
    except LettersError as error:
        print(f"flodesk letters: {error}", file=sys.stderr)
        return Exit.FAILED
    except CommandError as refused:
        return refused.exit
    finally:
        store.close()


def _words(words: Sequence[str]) -> tuple[str, list[int], str]:
    """Tell what is to be done, to which letters, and of which file."""
    rest = list(words)
    action = rest.pop(0) if rest and rest[0] in ACTIONS else ACTIONS[0]
    ids: list[int] = []
    file = ""
    for word in rest:
        if found := re.fullmatch(r"(\d+)-(\d+)", word):
            first, last = int(found[1]), int(found[2])
            if last - first > 100_000:
                raise ValueError(f"{word} are too many to name: use --all")
            ids += range(first, last + 1)
        elif word.isdecimal():
            ids.append(int(word))
        elif file:
            raise ValueError(f"there are two files, {file} and {word}: name one")
        else:
            file = word
    return action, ids, file


# ------------------------------------------------------------------ list and show
def _no_such(store: Letters, file: str, path: str, action: str) -> int:
    """Say that a word is neither a command, a file, nor the name of one that letters are from; 0 if it is."""
    if Path(path).exists() or action == "retry" or store.count([path]):
        return 0
    if Path(file).suffix == ".py" or len(Path(file).parts) > 1:
        others = f". Other flows have some: {found}" if (found := _others(store)) else ""
        print(f"flodesk letters: there is no file {file}, and no letter is from it{others}", file=sys.stderr)
        return Exit.MISSING
    near = get_close_matches(file, ACTIONS, 1)
    meant = f" Did you mean: flodesk letters {near[0]}?" if near else f" Commands: {', '.join(ACTIONS)}."
    print(f"flodesk letters: “{file}” is no command, and there is no file of that name.{meant}", file=sys.stderr)
    return Exit.USAGE


def _others(store: Letters) -> str:
    """Say of which flows there are letters, and how many: the newest first."""
    numbers: dict[str, int] = {}
    for head in store.heads():
        numbers[head.path] = numbers.get(head.path, 0) + 1
    named = [f"{path or 'a flow that was not saved'} ({_count(number)})" for path, number in numbers.items()]
    more = [f"and {len(named) - OTHERS} more"] if len(named) > OTHERS else []
    return ", ".join([*named[:OTHERS], *more])


def _list(letters: list[Letter], as_json: bool, file: str) -> int:
    if as_json:
        print(json_of([_plain(letter) for letter in letters], indent=1))
        return Exit.OK
    if not letters:
        print(f"There are no dead letters{f' of {file}' if file else ''}.")
    rows = [
        (
            str(letter.id),
            _when(letter),
            Path(letter.path).name or "(not saved)",
            letter.failure.node,
            f"{letter.count} ×" if letter.count > 1 else "",
            _payload(letter),
            f"{letter.failure.type}: {letter.failure.message}",
        )
        for letter in letters
    ]
    widths = [min(40, max(len(row[n]) for row in rows)) for n in range(6)] if rows else []
    for row in rows:
        cells = [f"{_cut(cell, width):{width}}" for cell, width in zip(row, widths, strict=False)]
        print("  ".join([*cells, _cut(row[-1], 100)]).rstrip())
    return Exit.OK


def _stock(store: Letters) -> list[str]:
    """Say how much there is, how much is kept, and how much went to make room."""
    stock, room = store.stock(), store.room.words
    most = f"; no more than {room} are kept, the oldest go first ([letters] in settings.toml)" if room else ""
    lines = [f"{_count(stock.letters)}, {_megabytes(stock.size)}{most}"] if stock.letters else []
    if stock.dropped:
        since = time.strftime("%Y-%m-%d", time.localtime(stock.since))
        lines.append(f"{_count(stock.dropped)} dropped to make room since {since}")
    return lines


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"


def _show(store: Letters, letters: list[Letter], as_json: bool) -> int:
    if as_json:
        print(json_of([_plain(letter) for letter in letters], indent=1))
        return Exit.OK
    for letter in letters:
        failure = letter.failure
        times = "" if letter.count == 1 else f", {letter.count} times by now"
        print(f"Letter {letter.id}: {failure.node} failed{times}, {_when(letter)}")
        print(f"  {failure.type}: {failure.message}")
        if failure.line:
            print(f"  {failure.file}, line {failure.line}: {failure.code}")
        print(f"  flow    {letter.path or '(not saved)'}")
        print(f"  run     {letter.run}, turn {letter.iteration} of {letter.loop}")
        if letter.host:
            print(f"  from    a worker on {letter.host}")
        for kept in letter.payload:
            print(f"  {kept.name} gave {kept.summary}")
            for line in kept.text.splitlines()[:40]:
                print(f"    {line}")
        for name, summary in failure.inputs:
            print(f"  {name} was {summary}")
        if not letter.returnable:
            print(f"  It cannot be put back: {letter.why_not}")
        if failure.traceback:
            print("  " + failure.traceback.rstrip().replace("\n", "\n  "))
    return Exit.OK


def _plain(letter: Letter) -> dict[str, object]:
    data = asdict(letter)
    for part in (*data["payload"], *data["inputs"]):
        part.pop("buffers")
    return {**data, "returnable": letter.returnable}


def _when(letter: Letter) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(letter.time))


def _payload(letter: Letter) -> str:
    if not letter.payload:
        return ""
    kept = letter.payload[-1]
    return kept.text if len(kept.text) <= 40 and "\n" not in kept.text else kept.summary


def _cut(text: str, width: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _count(number: int) -> str:
    return f"{number:,} letter{'' if number == 1 else 's'}"


# ------------------------------------------------------------------ retry
def _retry(store: Letters, letters: list[Letter], path: str) -> int:
    """Run each flow with its letters; the worst that happens is the exit code."""
    flows: dict[str, list[Letter]] = {}
    for letter in letters:
        if not letter.returnable:
            print(f"Letter {letter.id} cannot be put back: {letter.why_not}", file=sys.stderr)
            continue
        flows.setdefault(path or letter.path, []).append(letter)
    worst = Exit.OK if sum(map(len, flows.values())) == len(letters) else Exit.FAILED
    if not letters:
        print("There are no dead letters.")
    for file, some in flows.items():
        if not file:
            numbers = ", ".join(str(letter.id) for letter in some)
            print(f"flodesk letters: the flow of {numbers} was never saved: name a FILE", file=sys.stderr)
            return Exit.MISSING
        worst = max(worst, _put_back(store, file, some))
    return worst


def _put_back(store: Letters, file: str, letters: list[Letter]) -> Exit:
    flow = read_flow(file)
    problems = problems_of(flow, file)
    if any(errors(problems)):
        tell(problems, file)
        print(f"flodesk: {file} was not run.", file=sys.stderr)
        raise CommandError(exit_for(problems))
    ids = [letter.id for letter in letters]
    recorder = Recorder()
    try:
        result = run(
            write(flow),
            str(Path(file).resolve()),
            on_event=_tell,
            keep_events=False,
            put_back=ids,
            recorder=recorder,
            watched=watched(),
        )
    finally:
        recorder.close()
    left = {letter.id: letter for letter in store.find(ids=ids)}
    print(f"{file}: {len(ids) - len(left):,} of {_count(len(ids))} passed")
    for letter in left.values():
        print(f"  {letter.id} stays: {letter.failure.node}: {letter.failure.type}: {letter.failure.message}")
    if result.interrupted:
        return Exit.STOPPED
    if result.reason != "succeeded" and not left:
        print(f"flodesk: the run {result.reason}: {result.message}", file=sys.stderr)
    return Exit.OK if result.reason == "succeeded" and not left else Exit.FAILED


def _tell(event: Event) -> None:
    match event:
        case LogLine():
            where = f"{event.node}: " if event.node else ""
            print(f"{event.level}: {where}{event.text}", file=sys.stderr)
        case NodeFailed() if not event.goes_on:
            failure = event.failure
            print(f"{way_of(failure)} failed: {failure.type}: {failure.message}", file=sys.stderr)
        case Rejected() | _:
            pass
