"""``flodesk run``: run a flow without a window, and say in words what each indicator shows."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flodesk.cli import environment
from flodesk.cli.arguments import as_python, assignment, count, seconds, settings_file
from flodesk.cli.elsewhere import refuse_to_detach, run_on_queue
from flodesk.cli.eventlines import EventLines, event_lines
from flodesk.cli.exits import Exit, exit_for
from flodesk.cli.outcome import exit_of, indicators_of, print_result, spoken
from flodesk.cli.output import output, still
from flodesk.cli.picture import FORMATS, PictureError, draw
from flodesk.cli.progress import Shown, shown
from flodesk.cli.reading import CommandError, catalog_for, problems_of, read_flow, tell
from flodesk.cli.saving import refuse, save
from flodesk.cli.settings import mistakes
from flodesk.engine.errors import PlanError
from flodesk.engine.events import Event, LogLine
from flodesk.engine.headless import Result
from flodesk.engine.headless import run as run_here
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.inputs import overrides_of
from flodesk.engine.limits import Limits
from flodesk.engine.part import Part, Which
from flodesk.engine.watched import watched
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import errors
from flodesk.flow.edit import EditError
from flodesk.flow.graph import picture
from flodesk.flow.model import Address, Flow
from flodesk.flow.place_rules import known_places
from flodesk.flow.problem import Problem
from flodesk.flow.script import write
from flodesk.flow.wiring import Refused, set_field


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    environment.add(parser)
    parser.add_argument("file", help="the flow")
    parser.add_argument(
        "--set", action="append", default=[], type=assignment, metavar="NODE.PARAMETER=VALUE", help="change a parameter"
    )
    parser.add_argument(
        "--set-file", action="append", default=[], metavar="FILE",
        help="change the parameters that a file of TOML or JSON names; --set comes after it",
    )  # fmt: skip
    parser.add_argument(
        "--for", dest="seconds", type=seconds, metavar="TIME", default=0.0,
        help="stop it after 5s, 500ms, 2m, 1h: a normal end",
    )  # fmt: skip
    parser.add_argument(
        "--timeout", type=seconds, metavar="TIME", default=0.0,
        help="let the run fail if it has not ended after this time",
    )  # fmt: skip
    parser.add_argument(
        "--max-iterations", dest="iterations", type=count, metavar="N", default=0,
        help="end each outermost loop after N iterations, as if its producer had nothing more to give",
    )  # fmt: skip
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--node", metavar="NODE", help="run this node alone, on the values that the cache has of others")
    part.add_argument("--to", metavar="NODE", help="run this node and all that it needs")
    part.add_argument("--from", dest="onwards", metavar="NODE", help="run this node and all that hangs on it")
    part.add_argument(
        "--loop", action="append", default=[], metavar="NAME",
        help="run this function alone, and others elsewhere: the queues between them live on a Redis server;"
        " may be given more than once",
    )  # fmt: skip
    parser.add_argument(
        "--from-cache", action="store_true", help="with --node: say that its inputs come from the cache, which they do"
    )
    parser.add_argument(
        "--cache", action="store_true",
        help="keep the results of pure nodes, and the last values, on disk, also if the flow does not say cache = true",
    )  # fmt: skip
    parser.add_argument("--why", action="store_true", help="say of each node why it ran, or why it did not")
    parser.add_argument("--json", action="store_true", help="print the result as one line of JSON")
    parser.add_argument(
        "--events", metavar="jsonl|FILE", help="write each event as a line of JSON: to standard output, or into a file"
    )
    parser.add_argument(
        "--save-as-test", dest="test_folder", nargs="?", const="tests", metavar="FOLDER",
        help="save the flow and what it has given as a test, in FOLDER (default: tests); flodesk test runs it",
    )  # fmt: skip
    parser.add_argument("--no-history", action="store_true", help="do not write the run into the history")
    parser.add_argument(
        "--out", action="append", default=[], type=assignment, metavar="INDICATOR=FILE",
        help=f"write a picture of an indicator ({', '.join(FORMATS)})",
    )  # fmt: skip
    parser.add_argument(
        "--on", type=_place, default="local", metavar="PLACE",
        help="where: local (this machine), rq (a Redis queue), or all nodes that can travel in a place: process, "
        "dask or dask=ADDRESS (a cluster; else $FLODESK_DASK_ADDRESS, else one is started), that of a package",
    )  # fmt: skip
    parser.add_argument(
        "--redis",
        metavar="URL",
        help="the server for --on rq (default: $FLODESK_REDIS_URL, the keyring, else one is started)",
    )
    parser.add_argument("--queue", metavar="NAME", help="the queue for --on rq")
    parser.add_argument(
        "--detach", action="store_true",
        help="with --on rq: print the run's id and leave it running: flodesk attach follows it, flodesk stop stops it",
    )  # fmt: skip


def _place(text: str) -> str:
    """Take what ``--on`` says."""
    name, equals, _ = text.partition("=")
    known = dict.fromkeys(("local", "rq", *known_places()))
    if name not in known or (equals and name != "dask"):
        raise argparse.ArgumentTypeError(f"there is no place “{text}”; there are {', '.join(known)} and dask=ADDRESS")
    return text


def main(options: argparse.Namespace) -> int:
    """Read, check, run, tell."""
    recorder = None if options.no_history else Recorder()
    before = output()
    try:
        flow = read_flow(options.file)
        _check(flow, options)
        if options.detach:
            refuse_to_detach(options)
        if options.test_folder:
            refuse(options)
        settings = _settings(flow, options)
        with event_lines(options.events) as lines, spoken(options), shown() as bars:
            result = _run(flow, settings, options, None if options.detach else recorder, bars, lines)
    except CommandError as refused:
        return refused.exit
    finally:
        if recorder is not None:
            recorder.close()
    if options.detach:
        print(result.run)
        return Exit.OK
    still(before)
    part = part_of(flow, options)
    with contextlib.suppress(BrokenPipeError):  # who does not read it has the exit code
        print_result(result, options, part.node if part is not None else "")
    drawn = _draw(result.indicators, options.out)
    if options.test_folder:
        drawn = save(flow, result, options, settings) is Exit.OK and drawn
    if result.interrupted:
        return Exit.STOPPED
    if result.reason == "succeeded" or (result.limited and result.reason == "stopped"):
        asked = Exit.MISSING if result.unreached else Exit.OK  # there is no value of the node that was asked for
        return asked if drawn else Exit.FAILED
    return exit_of(result)


def _run(
    flow: Flow,
    settings: Mapping[tuple[str, str], str],
    options: argparse.Namespace,
    recorder: Recorder | None,
    bars: Shown,
    lines: EventLines | None,
) -> Result:
    limits = Limits(options.iterations, options.seconds, options.timeout)
    text, path = write(flow), str(Path(options.file).resolve())

    def take(event: Event) -> None:
        if isinstance(event, LogLine):
            bars.say(f"{event.level}: {f'{event.node}: ' if event.node else ''}{event.text}")
        if lines is not None:
            lines.take(event)

    if options.on == "rq":
        if (watching := watched()) is not None:
            watching.elsewhere()
        return run_on_queue(
            text, path, options, limits, settings, indicators_of(flow, options.file), take, recorder, bars.look
        )
    place, _, address = options.on.partition("=")
    if address:
        os.environ["FLODESK_DASK_ADDRESS"] = address  # of this process, which runs one flow
    return run_here(
        text,
        path,
        limits=limits,
        on_event=take,
        settings={f"{node}.{parameter}": value for (node, parameter), value in settings.items()},
        keep_events=False,
        keep_values=options.json or bool(options.test_folder),
        part=part_of(flow, options),
        loops=options.loop,
        cache=options.cache,
        recorder=recorder,
        on_look=bars.look,
        watched=watched(),
        place=place,
    )


def part_of(flow: Flow, options: argparse.Namespace) -> Part | None:
    """Return what of the flow is to run: all of it (None), or what ``--node``, ``--to`` or ``--from`` name.

    Raises
    ------
    CommandError
        There is no such node; it was said on stderr.
    """
    asked: tuple[tuple[Which, str | None], ...]
    asked = ("node", options.node), ("to", options.to), ("from", options.onwards)
    for which, name in asked:
        if name:
            full = [f"{f}.{name}" for f in flow.mains if Address(f, name) in flow.index]
            full = [name] if Address.parse(name) in flow.index else full
            if full:
                return Part(which, full[0])
            known = ", ".join(sorted(a.id for a in flow.index if a.function in flow.mains and a.id.isidentifier()))
            print(f"flodesk run: there is no node “{name}” in {options.file}; there are: {known}", file=sys.stderr)
            raise CommandError(Exit.USAGE)
    return None


def _settings(flow: Flow, options: argparse.Namespace) -> dict[tuple[str, str], str]:
    """Find what ``--set`` and ``--set-file`` set, and check the flow with these values.

    Raises
    ------
    CommandError
        There is no such node, or the value does not suit it; it was said on stderr.
    """
    wanted = {name: text for file in options.set_file for name, text in settings_file(file).items()}
    wanted |= {name: as_python(text) for name, text in options.set}
    try:
        settings = overrides_of(flow, wanted)
    except PlanError as error:
        print(f"flodesk run: {'--set' if options.set else '--set-file'}: {error}", file=sys.stderr)
        raise CommandError(Exit.USAGE) from error
    catalog = catalog_for(flow, options.file)
    settings = {key: _truth(flow, catalog, key, text) for key, text in settings.items()}
    changed = flow
    for (address, parameter), text in settings.items():
        function, _, node = address.rpartition(".")
        # what is no field of the picture (a value of `*values`, say) is left to the engine
        with contextlib.suppress(Refused, EditError):
            changed, _ = set_field(changed, picture(changed, catalog, function), node, parameter, text).apply(changed)
    wrong = mistakes(changed, catalog, settings)
    for sentence in wrong:
        print(f"flodesk run: {'--set' if options.set else '--set-file'}: {sentence}", file=sys.stderr)
    if wrong:
        raise CommandError(Exit.USAGE)
    if changed is not flow:
        problems = tuple(errors(problems_of(changed, options.file)))
        tell(problems, options.file)
        _refuse(problems, options.file)
    return settings


def _truth(flow: Flow, catalog: Catalog, where: tuple[str, str], text: str) -> str:
    """Let ``true`` and ``false`` be what they say, where the field is one of the two."""
    if text not in ("'true'", "'false'"):
        return text
    function, _, name = where[0].rpartition(".")
    node = picture(flow, catalog, function).nodes.get(name)
    fields = node.fields if node is not None else ()
    is_truth = any(field.name == where[1] and field.text in ("True", "False") for field in fields)
    return text.strip("'").capitalize() if is_truth else text


def _check(flow: Flow, options: argparse.Namespace) -> None:
    problems = problems_of(flow, options.file)
    tell(problems, options.file)
    _refuse(problems, options.file)
    for name, file in options.out:
        if Path(file).suffix.lower() not in FORMATS:
            print(f"flodesk: {file} is no picture that can be written: use {' or '.join(FORMATS)}", file=sys.stderr)
            raise CommandError(Exit.USAGE)
        if not _named(name, indicators_of(flow, options.file)):
            known = ", ".join(i.partition(".")[2] for i in indicators_of(flow, options.file)) or "none"
            print(f"flodesk: there is no indicator {name!r} in {options.file}; there are: {known}", file=sys.stderr)
            raise CommandError(Exit.USAGE)


def _refuse(problems: tuple[Problem, ...], file: str) -> None:
    if any(errors(problems)):
        print(f"flodesk: {file} was not run.", file=sys.stderr)
        raise CommandError(exit_for(problems))


def _named(name: str, among: Any) -> str:
    """Find the full name of an indicator that is named with or without its function."""
    return next((full for full in among if name in (full, full.partition(".")[2])), "")


def _draw(indicators: Mapping[str, Any], wanted: list[tuple[str, str]]) -> bool:
    """Write the pictures; returns whether all could be written."""
    well = True
    for name, file in wanted:
        full = _named(name, indicators)
        try:
            if not full:
                raise PictureError(f"{name} has shown nothing, so there is no picture of it")
            draw(indicators[full], Path(file))
        except PictureError as error:
            print(f"flodesk: {error}", file=sys.stderr)
            well = False
    return well
