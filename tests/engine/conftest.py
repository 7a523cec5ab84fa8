"""What the tests of the engine share: both placements, and a flow run plainly beside the engine's run of it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from flodesk.engine.client import Engine, Host, InProcess
from flodesk.engine.events import Event, NodeFailed, RunFinished
from flodesk.engine.headless import Result, run
from flodesk.engine.load import MODULE_NAME


@dataclass
class Watcher:
    """An engine, and every event that came."""

    engine: Engine
    events: list[Event] = field(default_factory=list)
    finished: threading.Event = field(default_factory=threading.Event)

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, RunFinished):
            self.finished.set()

    def start(self, text: str, path: str = "") -> str:
        self.finished.clear()
        self.engine.open(text, path)
        return self.engine.start()

    def run(self, text: str, path: str = "", seconds: float = 60.0) -> RunFinished:
        self.start(text, path)
        return self.wait(seconds)

    def wait(self, seconds: float = 60.0) -> RunFinished:
        assert self.finished.wait(seconds), f"the run has not ended: {self.events[-5:]}"
        return [e for e in self.events if isinstance(e, RunFinished)][-1]

    def stop(self) -> RunFinished:
        self.engine.stop()
        return self.wait()

    def until(self, true: Callable[[], Any], seconds: float = 60.0) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = true()
            if found:
                return found
            time.sleep(0.005)
        raise AssertionError(f"never came true; {self.events[-3:]}, {dict(self.engine.values())}")

    def value(self, name: str) -> Any:
        sample = self.engine.values().get(name)
        return None if sample is None else sample.value

    @property
    def failures(self) -> list[Any]:
        return [event.failure for event in self.events if isinstance(event, NodeFailed)]

    def lines(self) -> list[Any]:
        return [event for event in self.events if type(event).__name__ == "LogLine"]


def _watcher(engine: Host | InProcess) -> Watcher:
    watcher = Watcher(engine)
    engine.listener = watcher
    return watcher


def quiet_host() -> Host:
    """An engine process that imports nothing ahead: half a second less for each of many tests."""
    return Host(warm=())


@pytest.fixture(params=[InProcess, quiet_host], ids=["in process", "host"])
def placed(request: pytest.FixtureRequest) -> Iterator[Watcher]:
    """Both placements: what holds for one holds for the other."""
    engine = request.param()
    yield _watcher(engine)
    engine.close()


@pytest.fixture
def host() -> Iterator[Watcher]:
    engine = quiet_host()
    yield _watcher(engine)
    engine.close()


@pytest.fixture
def eager() -> Iterator[Watcher]:
    """An engine process as the program has it: it imports ahead what flows need."""
    engine = Host()
    yield _watcher(engine)
    engine.close()


@pytest.fixture
def here() -> Iterator[Watcher]:
    engine = InProcess()
    yield _watcher(engine)
    engine.close()


PRELUDE = """
log = []


def note(name, *values):
    log.append((name, values))
    return len(log)
"""


def plainly(text: str, function: str = "flow") -> tuple[list[Any], str]:
    """Run the text as Python does; returns what was called, and what was raised."""
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    raised = ""
    try:
        space[function]()
    except Exception as error:  # noqa: BLE001 - whatever the script raises is compared
        raised = type(error).__name__
    return list(space["log"]), raised


def by_engine(text: str) -> tuple[list[Any], str, Result]:
    """Run the text by the engine; returns what was called, and what was raised."""
    result = run(text)
    raised = result.failures[0].failure.type if result.failures else ""
    return list(sys.modules[MODULE_NAME].log), raised, result


def assert_same(text: str) -> Result:
    """Assert that the engine calls what the script calls, with the same values, and ends the same way."""
    plain, raised = plainly(text)
    calls, failed, result = by_engine(text)
    assert calls == plain
    assert failed == raised, result.message
    return result


@pytest.fixture
def same() -> Callable[[str], Result]:
    return assert_same
