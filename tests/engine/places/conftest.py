"""What the tests of queues elsewhere share: real servers, workers in processes of their own, editors that follow."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pytest
from redis import Redis
from redis.exceptions import OutOfMemoryError

from flodesk.engine.client import Engine, InProcess
from flodesk.engine.events import Event, LogLine, NodeFailed, Rejected, RunFinished
from flodesk.engine.inputs import overrides_of
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.places.server.broker import LocalServer, server_program
from flodesk.engine.places.server.stream import connect
from flodesk.engine.places.session.rq import RqEngine
from flodesk.engine.result import Result
from flodesk.flow.script import read
from flodesk.public import Indicator

SECONDS = 60.0


def wait_for(true: Callable[[], object], what: str, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.01)


@pytest.fixture(name="wait_for", scope="session")
def _wait_for() -> Callable[..., None]:
    """Give the function that waits until something is true, and fails after a minute by the name of it."""
    return wait_for


# ------------------------------------------------------------------ servers
class Mortal:
    """A server on a port of its own that can be killed, and started again where it was.

    It comes back with an empty memory; with all that it had if it has a folder to keep it in.
    """

    def __init__(self, *options: str, folder: Path | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        kept = ["--appendonly", "yes", "--appendfsync", "always"] if folder else ["--appendonly", "no"]
        self._options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", *kept, *options]
        self._folder = folder
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [server_program(), *self._options], cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self._answers, "the server")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=0.5) as link:
            link.sendall(b"PING\r\n")  # one that reads its file still says that it is loading
            return link.recv(16).startswith(b"+PONG")
        return False


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    """Give a server as the program starts it: on a free port, with a password."""
    with LocalServer() as started:
        yield started


@pytest.fixture(scope="module")
def connection(server: LocalServer) -> Iterator[Redis]:
    made = connect(server.url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def start_server() -> Iterator[Callable[..., Mortal]]:
    """Give a function that starts a server that can be killed and started again."""
    made: list[Mortal] = []

    def start(*options: str, folder: Path | None = None) -> Mortal:
        made.append(Mortal(*options, folder=folder))
        return made[-1]

    yield start
    for server in made:
        server.kill()


@pytest.fixture
def mortal() -> Iterator[Mortal]:
    """Give a server that can be killed, and comes back with an empty memory."""
    made = Mortal()
    yield made
    made.kill()


def _fill(connection: Redis) -> None:
    """Put so much there that nothing more fits: what a command brings counts while it is looked at."""
    for size in (1_000_000, 100_000, 10_000, 1000, 100, 10, 1):
        with contextlib.suppress(OutOfMemoryError):
            for _ in range(30):  # others free some meanwhile, and the smallest take none for a long time
                connection.rpush("of-others", b"x" * size)


@pytest.fixture(name="fill", scope="session")
def _give_fill() -> Callable[[Redis], None]:
    """Give the function that leaves no room on a server, in the list ``of-others``."""
    return _fill


# ------------------------------------------------------------------ workers
class WarmWorker:
    """A worker that was forked by a `WarmWorkers`: what tests do with a `subprocess.Popen`, done with this."""

    def __init__(self, pid: int, end: Path, stdout: IO[bytes] | None) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        self._end = end

    def poll(self) -> int | None:
        if self.returncode is None and self._end.exists():
            self.returncode = int(self._end.read_text())
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        deadline = time.monotonic() + (1e9 if timeout is None else timeout)
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"worker {self.pid}", timeout or 0.0)
            time.sleep(0.005)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class WarmWorkers:
    """Workers without the two seconds in which they import: see `warm_worker.py`."""

    def __init__(self, folder: Path) -> None:
        self.paths = os.environ.get("PYTHONPATH")
        self._folder = folder
        self._count = 0
        line = [sys.executable, "-P", str(Path(__file__).with_name("warm_worker.py"))]
        self._process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def start(self, words: list[str], environment: dict[str, str], folder: str, heard: bool, said: Path) -> WarmWorker:
        self._count += 1
        end, out = self._folder / f"end{self._count}", Path(os.devnull)
        if heard:
            out = self._folder / f"out{self._count}"
            os.mkfifo(out)
        asked = {"words": words, "folder": folder, "environment": environment, "out": str(out), "err": str(said)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({**asked, "end": str(end)}).encode() + b"\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        return WarmWorker(pid, end, out.open("rb") if heard else None)

    def close(self) -> None:
        """End the process that waits for requests."""
        self._process.communicate(timeout=60)


@pytest.fixture(scope="session")
def warm_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmWorkers | None]:
    """Give what forks workers, where that is possible."""
    if sys.platform != "linux":
        yield None
        return
    made = WarmWorkers(tmp_path_factory.mktemp("workers"))
    yield made
    made.close()


Worker = subprocess.Popen[bytes] | WarmWorker


def end(process: Worker) -> None:
    """Ask a worker to end, and see to it that it does."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def started(folders: pytest.TempPathFactory, warm: WarmWorkers | None) -> Iterator[Callable[..., Worker]]:
    """Give a function that starts a worker; all that it has started are ended in the end.

    A worker has a data folder of its own, as on another machine, unless one is named, and the key of all tests unless
    it shall have none. What it says on its error channel goes to the file ``said``. One that is ``heard`` listens when
    the function returns. One that finds modules elsewhere (``PYTHONPATH``) is started from nothing, any other one is
    forked with all its imports done.
    """
    made: list[Worker] = []

    def start(
        url: str, *options: str, said: Path | None = None, key: bool = True, heard: bool = False, **environment: str
    ) -> Worker:
        known = {name: value for name, value in os.environ.items() if key or not name.startswith("FLODESK_KEY")}
        data = environment.pop("FLODESK_DATA", "") or str(folders.mktemp("worker"))
        words = ["worker", "--redis", url, *options]
        whole = {**known, "FLODESK_DATA": data, "FLODESK_TRUST": "all", **environment}
        process: Worker
        usual = all(name.startswith("FLODESK_") for name in environment)
        if warm is not None and usual and warm.paths == os.environ.get("PYTHONPATH"):
            process = warm.start(words, whole, data, heard, Path(said or os.devnull))
        else:
            with Path(said or os.devnull).open("wb") as output:
                process = subprocess.Popen(
                    [sys.executable, "-m", "flodesk", *words],
                    env=whole,
                    cwd=data,
                    stdout=subprocess.PIPE if heard else subprocess.DEVNULL,
                    stderr=output,
                )
        made.append(process)
        if process.stdout is not None:
            with process.stdout as greeting:
                assert greeting.readline(), "the worker has ended at once"
        return process

    yield start
    for process in made:
        end(process)


@pytest.fixture
def start_worker(
    tmp_path_factory: pytest.TempPathFactory, warm_workers: WarmWorkers | None
) -> Iterator[Callable[..., Worker]]:
    """Give a function that starts a worker for one test."""
    yield from started(tmp_path_factory, warm_workers)


@pytest.fixture(scope="module")
def start_lasting_worker(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory, warm_workers: WarmWorkers | None
) -> Iterator[Callable[..., Worker]]:
    """Give a function that starts a worker for all tests of the module."""
    yield from started(tmp_path_factory, warm_workers)


@pytest.fixture(scope="module")
def worker(server: LocalServer, start_lasting_worker: Callable[..., Worker]) -> Worker:
    """Give the one worker of the server: what it is busy with, nobody else gets."""
    return start_lasting_worker(server.url)


# ------------------------------------------------------------------ editors
class Told(list[Event]):
    """What an editor was told, in order."""

    @property
    def ends(self) -> list[RunFinished]:
        return [event for event in self if isinstance(event, RunFinished)]

    @property
    def end(self) -> RunFinished | None:
        return next(iter(self.ends), None)

    def lines(self, words: str = "") -> list[str]:
        """Return the lines of the log that have these words."""
        return [event.text for event in self if isinstance(event, LogLine) and words in event.text]


class Editor:
    """An editor whose flows run on a queue, and what it is told."""

    wait_for = staticmethod(wait_for)

    def __init__(self, url: str, **how: Any) -> None:
        self.url = url
        self.events = Told()
        self.engine = RqEngine(url, **how)
        self.engine.listener = self.events.append

    @property
    def end(self) -> RunFinished | None:
        return self.events.end

    def lines(self, words: str = "") -> list[str]:
        return self.events.lines(words)

    def start(self, text: str, path: str = "") -> str:
        self.events.clear()
        self.engine.open(text, path)
        return self.engine.start()

    def run(self, text: str, path: str = "", seconds: float = SECONDS) -> RunFinished:
        self.start(text, path)
        return self.over(seconds)

    def over(self, seconds: float = SECONDS) -> RunFinished:
        """Wait for the end of the run."""
        wait_for(lambda: self.events.end, "the end of the run", seconds)
        return self.events.ends[0]

    def value(self, name: str) -> Any:
        sample = self.engine.values().get(name)
        return None if sample is None else sample.value


@pytest.fixture
def editors() -> Iterator[Callable[..., Editor]]:
    """Give a function that opens an editor for a server, by its address."""
    made: list[Editor] = []

    def another(url: str, **how: Any) -> Editor:
        made.append(Editor(url, **how))
        return made[-1]

    yield another
    for editor in made:
        editor.engine.close()


@pytest.fixture
def editor(server: LocalServer, worker: Worker, editors: Callable[..., Editor]) -> Editor:
    """Give an editor whose flows go to the worker of the module."""
    return editors(server.url)


@pytest.fixture
def engine(editor: Editor) -> RqEngine:
    return editor.engine


@pytest.fixture
def events(editor: Editor) -> Told:
    return editor.events


# ------------------------------------------------------------------ a queue and a cluster
class There:
    """An engine, and where it has flows run."""

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place
        self._events = Told()
        engine.listener = self._events.append

    def run(
        self,
        text: str,
        path: str = "",
        *,
        limits: Limits = UNLIMITED,
        settings: Mapping[str, str] | None = None,
        keep_values: bool = True,
        keep_events: bool = True,
        wanted: Collection[str] = (),
    ) -> Result:
        """Do what `flodesk.engine.headless.run` does; all newest values are in the result.

        Those that are `wanted` are waited for: a large one may come after the end of its run was told.
        """
        mains = [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        names = {f"{f.name}.{n.id}" for f in mains for n in ast.walk(f) if isinstance(n, ast.Name)}
        self._events.clear()
        self.engine.open(text, path)
        self.engine.watch(names, set())
        for (node, parameter), value in overrides_of(read(text), settings or {}).items():
            self.engine.set_parameter(node, parameter, value)
        self.engine.start(place=self.place, limits=limits)
        wait_for(lambda: self._events.end, "the end of the run", 100.0)
        end = self._events.ends[0]
        deadline = time.monotonic() + SECONDS
        while not self.engine.values().keys() >= set(wanted) and time.monotonic() < deadline:
            time.sleep(0.01)
        values = {name: sample.value for name, sample in self.engine.values().items()}
        events = tuple(self._events)
        shown = {name: value for name, value in values.items() if isinstance(value, Indicator)}
        failed = tuple(e for e in events if isinstance(e, NodeFailed | Rejected))
        return Result(
            end.run,
            end.reason,
            end.message,
            events=events,
            failures=failed,
            indicators=shown,
            values=values,
        )


TRIAL = """
import flodesk
from flodesk.nodes import maths


def flow():
    five = maths.add(2.0, 3.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@contextlib.contextmanager
def at(engine: Engine, place: str) -> Iterator[There]:
    try:
        yield There(engine, place)
    finally:
        engine.close()


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Hold a cluster of our own: each run reaches for the same one."""
    from flodesk.engine.places.dask.dask_client import Holds  # Dask takes its time, and few tests need it

    hold = Holds.of("", 0)
    with at(InProcess(), "dask") as there:
        assert there.run(TRIAL).values["flow.five"] == 5.0  # it stands, with its threads
    yield
    hold.let_go()


@pytest.fixture
def home() -> Iterator[There]:
    with at(InProcess(), "local") as made:
        yield made


@pytest.fixture(scope="module", params=["rq", "dask"])
def place(request: pytest.FixtureRequest) -> str:
    """Set up one of the two; a fixture of the module, so that its threads are older than any test."""
    for needed in ("server", "worker") if request.param == "rq" else ("cluster",):
        request.getfixturevalue(needed)
    return str(request.param)


@pytest.fixture
def there(request: pytest.FixtureRequest, place: str) -> Iterator[There]:
    """Give an engine whose flows run on the queue, and one whose flows run on the cluster."""
    engine: Engine = RqEngine(request.getfixturevalue("server").url) if place == "rq" else InProcess()
    with at(engine, place) as made:
        yield made
