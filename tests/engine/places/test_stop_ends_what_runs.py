"""Stop ends what runs elsewhere, whatever it is busy with: the run says so, its process goes, its worker goes on."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.events import RunFinished
from flodesk.engine.places.session.rq import RqEngine

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="signals, and looks into /proc"),
    pytest.mark.usefixtures("workers", "cluster"),
]
FLOW = """# /// script
# [tool.flodesk]
# version = 1
#{header}
# ///
import flodesk
import numpy
import os
import re
import time
from pathlib import Path

LONG = (0,) * 1_000_000


def hang(folder, how):
    Path(folder, str(os.getpid())).touch()
    {how}


def pid(x):
    return os.getpid()


def flow():
    {body}


if __name__ == "__main__":
    flodesk.main(flow)
"""
HOW = {
    "sleeps": "time.sleep(1000)",
    "spins": "while True: pass",
    "matches": "re.match('(a+)+$', 'a' * 60 + 'b')",
    "counts": "sum(range(10**13))",
    "sorts": "numpy.sort(numpy.frompyfunc(lambda n: LONG, 1, 1)(numpy.arange(100_000)))",
    "swallows": """while True:
        try:
            while True:
                try:
                    while True: time.sleep(0)
                except BaseException: pass
        except BaseException: pass""",
}
"""What a node is busy with. What matches, counts or sorts never lets another thread have the interpreter; what swallows
does so also where two exceptions come together, the second while it takes the first."""
HEADERS = {
    "run": "",
    "run without fork": "",
    "node": ' [tool.flodesk.places.flow]\n# a = "rq"',
    "job a node": ' [tool.flodesk.places.flow]\n# a = "rq"\n# [tool.flodesk.rq]\n# jobs = "node"',
    "dask": ' [tool.flodesk.places.flow]\n# a = "dask"',
}
"""What of the flow runs elsewhere, and how."""
POLITE = ("spins",)
"""What the exception that Stop puts into it ends: its process may go on."""
DAILY = {(place, "counts") for place in HEADERS} | {("node", "swallows"), ("run", "sleeps"), ("run", "spins")}
CASES = [
    pytest.param(place, how, id=f"{place}, {how}", marks=[] if (place, how) in DAILY else pytest.mark.long)
    for place in HEADERS
    for how in HOW
]


def flow(place: str, body: str, how: str = "pass") -> str:
    return FLOW.format(header=HEADERS[place], how=how, body=body)


def gone(pid: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


def seconds_of(pid: int) -> float:
    """Return how much time of a processor a process has had."""
    _, _, fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")
    return sum(map(int, fields.split()[11:13])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def workers(server: Any, start_lasting_worker: Callable[..., Any]) -> None:
    """Start a worker that forks, and one that does not."""
    start_lasting_worker(server.url, heard=True)
    start_lasting_worker(server.url, "--no-fork", "--queue", "no-fork", heard=True)


@pytest.fixture
def engine(server: Any, monkeypatch: pytest.MonkeyPatch, place: str) -> Any:
    """Give an engine that has the flow, or a node of it, run elsewhere; and what it tells."""
    events: list[Any] = []
    if place == "dask":
        made: Any = InProcess(events.append)
    else:
        monkeypatch.setenv("FLODESK_REDIS_URL", server.url)
        here = not place.startswith("run")
        made = InProcess() if here else RqEngine(server.url, queue="no-fork" if place.endswith("fork") else "")
        made.listener = events.append
    yield made, events
    made.close()


@pytest.mark.parametrize(("place", "how"), CASES)
def test_stop_ends_it_and_the_next_run_goes_on(
    engine: Any, place: str, how: str, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    it, events = engine
    where = "dask" if place == "dask" else "rq" if place.startswith("run") else "local"

    def ends() -> list[str]:
        return [event.reason for event in events if isinstance(event, RunFinished)]

    it.open(flow(place, f"a = hang({str(tmp_path)!r}, {how!r})", HOW[how]))
    it.start(place=where)
    wait_for(lambda: list(tmp_path.iterdir()), "the node")
    process = int(next(tmp_path.iterdir()).name)
    assert process != os.getpid()
    if how == "sleeps":
        time.sleep(0.3)
    else:  # what ends it between its file and what it is then busy with is no proof
        before = seconds_of(process)
        wait_for(lambda: seconds_of(process) > before + 0.1, "it to be busy")
    assert not ends()
    it.stop()
    wait_for(ends, "the end of the run")
    if how in POLITE:
        assert ends() == ["stopped"]
    else:
        assert ends() == ["killed"]
        wait_for(lambda: gone(process), "the end of its process")
    events.clear()
    it.open(flow(place, "a = pid(1)"))
    it.start(place=where)
    wait_for(ends, "the end of the next run")
    assert ends() == ["succeeded"]
