"""A run on a Redis queue from the command line: ``flodesk run --on rq``, on a server of our own where none is named."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from flodesk.cli.exits import Exit
from flodesk.cli.reading import CommandError
from flodesk.cli.worker import USUAL
from flodesk.engine.causes import Causes
from flodesk.engine.client import Engine
from flodesk.engine.events import Event, LogLine, RunFinished
from flodesk.engine.glance import Progress
from flodesk.engine.headless import Result
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.history.records import About
from flodesk.engine.ids import new_run
from flodesk.engine.limits import Limits
from flodesk.engine.places.server.broker import how_to_start
from flodesk.engine.states import NodeState, restart_words


def run_on_queue(
    text: str,
    path: str,
    options: argparse.Namespace,
    limits: Limits,
    settings: Mapping[tuple[str, str], str],
    indicators: list[str],
    on_event: Callable[[Event], None],
    recorder: Recorder | None,
    on_look: Callable[[Sequence[Progress]], None],
) -> Result:
    """Run a flow as one job of RQ and wait for its end.

    Raises
    ------
    CommandError
        The packages are missing, or no server answers; it was said on stderr.
    """
    try:
        from flodesk.engine.places.server.broker import BrokerError, LocalServer
        from flodesk.engine.places.server.crew import Crew
        from flodesk.engine.places.server.server_address import named_server
        from flodesk.engine.places.server.wire import usual_queue
        from flodesk.engine.places.session.left_there import left_at, remember
        from flodesk.engine.places.session.rq import PlaceError, RqEngine
    except ModuleNotFoundError as error:
        print(f"flodesk: --on rq needs the package {error.name}: pip install 'flodesk[redis]'", file=sys.stderr)
        raise CommandError(Exit.MISSING) from error

    @contextlib.contextmanager
    def place(url: str) -> Iterator[str]:
        if url:
            yield url
            return

        def tell() -> None:
            if crew.trouble:
                engine.listener(LogLine("", "", "warning", crew.trouble, time.time()))

        with (
            LocalServer() as server,
            contextlib.closing(Crew(server.url, "", 1, general=False, queues=[queue], told=tell)) as crew,
        ):
            crew.begin()
            yield server.url

    queue = options.queue or usual_queue()
    try:
        address = named_server(options.redis)
        with place(address.url if address is not None else "") as url:
            engine = RqEngine(url, queue=queue, loops=options.loop, own=address is None)
            run = new_run()

            def begin() -> list[str]:
                engine.open(text, path)
                engine.watch(set(indicators), set())
                for (node, parameter), value in settings.items():
                    engine.set_parameter(node, parameter, value)
                if recorder is not None:
                    named = {f"{node}.{parameter}": value for (node, parameter), value in settings.items()}
                    recorder.begin(run, About(text, path, named, "rq", states=engine.states))
                engine.start(limits=limits, run=run)
                if options.detach:
                    engine.leave()
                    if why := remember(left_at(url, run, path)):
                        words = f"where the run was left is not remembered ({why}): name its server to attach or stop"
                        print(f"flodesk run: {words}", file=sys.stderr)
                return indicators

            return follow(engine, begin, on_event, recorder, on_look)
    except (PlaceError, BrokerError, LookupError) as error:
        print(f"flodesk: {error}", file=sys.stderr)
        raise CommandError(Exit.MISSING) from error


def refuse_to_detach(options: argparse.Namespace) -> None:
    """Refuse to leave a run where it could not go on.

    Raises
    ------
    CommandError
        It would end with this command; it was said on stderr.
    """
    wrong, code = "", Exit.USAGE
    if options.on != "rq":
        wrong = "--detach leaves a run on a Redis queue: say --on rq"
    elif not _is_named(options.redis):
        wrong = (
            "--detach needs a server that stays: name it with --redis or $FLODESK_REDIS_URL. To have one on this "
            f"machine, start {how_to_start()}, beside it flodesk worker, and say --redis {USUAL}"
        )
        code = Exit.MISSING
    elif options.out or options.test_folder or options.json or options.events:
        wrong = "--detach does not wait for what comes out: --out, --json, --events and --save-as-test go with attach"
    if wrong:
        print(f"flodesk run: {wrong}", file=sys.stderr)
        raise CommandError(code)


def _is_named(said: str | None) -> bool:
    from flodesk.engine.places.server.server_address import named_server

    try:
        return named_server(said) is not None
    except LookupError:
        return True  # what is wrong with the keyring is said when it is needed


def follow(
    engine: Engine,
    begin: Callable[[], Sequence[str]],
    on_event: Callable[[Event], None],
    recorder: Recorder | None,
    on_look: Callable[[Sequence[Progress]], None],
    *,
    leave: Callable[[], None] | None = None,
    unread: Callable[[], bool] = lambda: False,
) -> Result:
    """Wait for the end of a run, the time limit or Ctrl+C, and gather what it showed.

    Parameters
    ----------
    engine : RqEngine
        Closed in the end.
    begin : callable
        Starts the run or attaches to it, and returns the outputs of its indicators.
    leave : callable, optional
        What Ctrl+C does; by default it stops the run.
    unread : callable
        Returns whether nobody reads any more what is written: then it ends as by Ctrl+C.
    """
    over = threading.Event()
    causes = Causes()
    ends: list[RunFinished] = []

    def take(event: Event) -> None:
        if recorder is not None:
            recorder.take(event)
        on_event(event)
        causes.take(event)
        if isinstance(event, RunFinished):
            ends.append(event)
            over.set()

    engine.listener = take
    started = time.monotonic()
    interrupted = False
    indicators: Sequence[str] = ()
    try:
        try:
            indicators = begin()
            while not over.wait(0.2):
                on_look(_progress(engine.states()))
                if unread():
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            interrupted = True
            if leave is not None:
                leave()
            else:
                engine.stop()
                over.wait(10)
        except Exception:
            if leave is not None and engine.running:
                leave()  # whatever is wrong here, the run goes on
            raise
        end = ends[-1] if ends else RunFinished("", "killed", "the worker did not answer")
        shown = {name: engine.values()[name].value for name in indicators if name in engine.values()}
        return Result(
            end.run,
            end.reason,
            end.message,
            time.monotonic() - started,
            end.limited,
            interrupted,
            failures=tuple(causes.first),
            causes=causes,
            indicators=shown,
            values=shown,
        )
    finally:
        engine.close()


def _progress(states: Mapping[str, NodeState]) -> list[Progress]:
    """Say which node of each function is at work, and how often it ran: more does not come from there."""
    functions = dict.fromkeys(node.partition(".")[0] for node in states)
    found = []
    for function in functions:
        own = {node: state for node, state in states.items() if node.partition(".")[0] == function}
        at_work = next((node for node, state in own.items() if state.state == "running"), "")
        waits = next(
            (f"{n} {restart_words(s.failures, s.seconds)}" for n, s in own.items() if s.state == "waiting"), ""
        )
        turns = max((state.count for state in own.values()), default=0)
        items = (own[at_work].items, own[at_work].of) if at_work else (0, 0)
        found.append(Progress(function, at_work, turns, waits=waits, items=items))
    return found
