"""A flow on a Redis queue: a real server, a real worker in a process of its own that cannot import Qt."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from flodesk.engine.client import Look
from flodesk.engine.events import LogLine, NodeFailed, RunFinished, RunStarted
from flodesk.engine.insight import Insight
from flodesk.engine.limits import Limits
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.stream import QUEUE, PlaceError, connect, hidden
from flodesk.engine.places.session.rq import RqEngine
from flodesk.engine.places.workers.worker import OwnWorker
from flodesk.engine.probing import Answer
from flodesk.engine.ring import Room

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def worker(server, start_lasting_worker):
    without_qt = str(ROOT / "tests" / "headless" / "without_qt")
    return start_lasting_worker(server.url, PYTHONPATH=os.pathsep.join([without_qt, os.environ.get("PYTHONPATH", "")]))


def script(body: str, before: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f'import flodesk\n{before}\n\ndef flow():\n{lines}\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


TUNED = script(
    """
gain = control.number(2.0)
for tick in timing.every(0.02):
    big = maths.scale(tick, factor=gain)
    seen = show.number(big)
""",
    "from flodesk.nodes import control, maths, show, timing\n",
)


def test_values_come_back_and_a_parameter_acts_while_it_runs(engine: RqEngine, events, wait_for) -> None:
    engine.open(TUNED)
    engine.watch({"flow.seen", "flow.tick"}, set())
    run = engine.start()
    wait_for(lambda: {"flow.seen", "flow.tick"} <= set(engine.values()), "values")
    assert [(e.run, e.place) for e in events if isinstance(e, RunStarted)] == [(run, "rq")]
    engine.set_parameter("flow.gain", "value", "-1.0")
    wait_for(lambda: engine.values()["flow.seen"].value.value < 0, "the changed parameter")
    wait_for(lambda: "flow.big" in engine.states() and engine.states()["flow.big"].count > 5, "states")
    begun = time.monotonic()
    engine.stop()
    wait_for(lambda: not engine.running, "the stop")
    assert time.monotonic() - begun < 15
    assert events.end.reason == "stopped"


def test_the_worker_keeps_the_past_of_probed_ports_as_long_as_it_runs(engine: RqEngine, wait_for) -> None:
    said: list[str] = []
    answers: list[Answer] = []
    engine.save_probe("flow.big", "/tmp/no.csv", lambda count, error: said.append(error))
    assert "queue" in said[0]
    engine.set_probes({"flow.big": Room(50)})
    engine.open(TUNED)
    engine.start()

    def held() -> bool:
        engine.look({}, answers.append)
        time.sleep(0.2)
        return bool(answers) and "flow.big" in answers[-1].held and answers[-1].held["flow.big"].count > 3

    wait_for(held, "the values of a probe")
    now = answers[-1].held["flow.big"]
    assert now.loop == "flow.tick"
    assert now.kept is not None
    assert now.kept.place is not None
    assert now.kept.place.turn == now.last.turn
    seen: list[Insight] = []
    engine.examine("flow.big", seen.append)
    wait_for(lambda: seen, "a close look")
    assert seen[0].type == "number"
    engine.stop()
    wait_for(lambda: not engine.running, "the stop")
    engine.look({}, answers.append)
    assert "no run" in answers[-1].error


def test_a_node_of_a_queued_run_may_have_a_worker_process_of_its_own(engine: RqEngine, events, wait_for) -> None:
    header = '# /// script\n# [tool.flodesk]\n# version = 1\n# [tool.flodesk.places.flow]\n# b = "process"\n# ///\n'
    body = "a = os.getpid()\nb = pid(a)\nc = maths.subtract(b, a)"
    engine.open(
        header + script(body, "import os\n\nfrom flodesk.nodes import maths\n\n\ndef pid(a):\n    return os.getpid()\n")
    )
    engine.watch({"flow.a", "flow.b", "flow.c"}, set())
    engine.start()
    wait_for(lambda: events.end, "the end")
    assert events.end.reason == "succeeded"
    assert engine.values()["flow.c"].value != 0
    pid = engine.values()["flow.b"].value
    engine.close()
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), "the end of the worker process with its session")


def test_breakpoints_steps_and_looks_work_there_as_at_home(engine: RqEngine, events, wait_for) -> None:
    engine.open(
        script("a = maths.add(2.0, 3.0)\nb = maths.multiply(a, 7.0)\nc = abs(b)", "from flodesk.nodes import maths\n")
    )
    engine.set_breaks({"flow.b": "a > 4"})
    engine.start()
    wait_for(lambda: engine.held, "the breakpoint")
    assert (engine.held["flow"].node, engine.held["flow"].why) == ("flow.b", "breakpoint (a > 4)")
    wait_for(lambda: engine.states().get("flow.b") and engine.states()["flow.b"].state == "paused", "the state")
    looks: list[Look] = []
    engine.inspect("flow", looks.append)
    engine.inspect("flow", looks.append, "a")
    wait_for(lambda: len(looks) == 2, "the answers")
    assert [name for name, _ in looks[0].frames[0].variables] == ["a"]
    assert (looks[1].value, looks[1].text) == (5.0, "5.0")
    engine.step()
    wait_for(lambda: engine.held and engine.held["flow"].node == "flow.c", "the step")
    engine.resume()
    wait_for(lambda: events.end, "the end")
    assert events.end.reason == "succeeded"
    assert engine.held == {}
    engine.inspect("flow", looks.append)
    assert looks[-1].error == "There is no run"


def test_it_gives_what_the_script_gives(engine: RqEngine, events, wait_for) -> None:
    engine.open(script("a = maths.add(2.0, 3.0)\nb = maths.multiply(a, 7.0)", "from flodesk.nodes import maths\n"))
    engine.watch({"flow.b"}, set())
    engine.start()
    wait_for(lambda: events.end, "the end")
    assert events.end.reason == "succeeded"
    assert engine.values()["flow.b"].value == 35.0


def test_two_loops_and_their_queue_run_there(engine: RqEngine, events, wait_for) -> None:
    text = (ROOT / "resources" / "examples" / "loud_blocks.py").read_text(encoding="utf-8")
    engine.open(text.replace("size=100", "size=2"))
    engine.watch({"report.number"}, set())
    engine.start()
    wait_for(lambda: events.end, "the end")
    assert events.end.reason == "succeeded"
    assert engine.values()["report.number"].value.value == 366


def test_a_node_that_raises_is_named_with_its_line(engine: RqEngine, events, wait_for) -> None:
    engine.open(script("a = worse(3)", "\ndef worse(x: int) -> int:\n    return x // 0\n"))
    engine.start()
    wait_for(lambda: events.end, "the end")
    (failed,) = [e for e in events if isinstance(e, NodeFailed)]
    assert (failed.failure.node, failed.failure.type, failed.failure.code) == (
        "flow.a",
        "ZeroDivisionError",
        "return x // 0",
    )
    assert events.end.reason == "failed"


def test_a_node_that_does_not_return_is_ended_and_the_worker_goes_on(engine: RqEngine, events, wait_for) -> None:
    engine.open(script("stuck = time.sleep(60)", "import time\n"))
    engine.start()
    wait_for(lambda: "flow.stuck" in engine.states() and engine.states()["flow.stuck"].state == "running", "the sleep")
    begun = time.monotonic()
    engine.stop()
    wait_for(lambda: not engine.running, "the end")
    assert time.monotonic() - begun < 15
    assert events.end.reason == "killed"
    assert "flow.stuck" in events.end.message
    events.clear()
    test_it_gives_what_the_script_gives(engine, events, wait_for)


def test_a_node_that_outlives_the_time_limit_fails_by_it(engine: RqEngine, events, wait_for) -> None:
    engine.open(script("stuck = time.sleep(60)", "import time\n"))
    engine.start(limits=Limits(timeout=1.0))
    wait_for(lambda: any(isinstance(e, RunFinished) for e in events), "the end")
    end = events.end
    assert end.reason == "failed"
    assert end.message.startswith("The run did not end within its time limit of 1 s")


def test_a_crash_of_the_workers_process_is_told(engine: RqEngine, events, wait_for) -> None:
    engine.open(script("gone = os._exit(7)", "import os\n"))
    engine.start()
    wait_for(lambda: events.end, "the end")
    assert events.end.reason == "crashed"


def test_a_foreign_job_runs_nothing(server: LocalServer, worker, tmp_path: Path, wait_for) -> None:
    connection = connect(server.url)
    victim = tmp_path / "made by a foreign job"
    job = Queue(QUEUE, connection=connection, serializer=JSONSerializer).enqueue_call(
        "os.mkdir", args=(str(victim),), on_failure=None
    )
    wait_for(lambda: Job.fetch(job.id, connection, serializer=JSONSerializer).is_failed, "the refusal")
    assert not victim.exists()
    assert "runs flows and nothing else" in (job.latest_result().exc_string or "")
    connection.close()


def test_nothing_on_the_server_is_pickled(engine: RqEngine, events, server: LocalServer, wait_for) -> None:
    engine.open(script("a = maths.add(2.0, 3.0)", "from flodesk.nodes import maths\n"))
    engine.watch({"flow.a"}, set())
    run = engine.start()
    wait_for(lambda: events.end, "the end")
    raw = Redis.from_url(server.url)
    data = raw.hget(f"rq:job:{run}", "data")
    assert json.loads(zlib.decompress(data))[0] == "flodesk.engine.places.session.job.work"  # type: ignore[arg-type]
    for key in (f"flodesk:{run}:events", f"flodesk:{run}:values"):
        entries = raw.xrange(key)
        assert entries
        for _, fields in entries:
            json.loads(fields[b"h"])
    wait_for(lambda: 0 < raw.ttl(f"flodesk:{run}:events") <= 600, "the expiry")  # set after the last word
    raw.close()


def test_a_flow_without_a_worker_says_what_to_start_and_can_be_stopped(server: LocalServer, editors) -> None:
    lonely = editors(server.url, queue="nobody-listens")
    lonely.start(TUNED)
    lonely.engine.stop()
    assert lonely.over().reason == "stopped"
    said = next(e for e in lonely.events if isinstance(e, LogLine))
    assert "flodesk worker --redis" in said.text
    assert 0 <= time.time() - said.time < 60


def test_a_server_that_goes_away_ends_the_run_with_a_message(data_of_its_own: Path, editors) -> None:
    (data_of_its_own / "settings.toml").write_text("[queue]\npatience = 0.5\n", encoding="utf-8")
    with LocalServer() as own:
        editor = editors(own.url)
        editor.start(TUNED)
    assert editor.over().reason == "crashed"
    assert "does not answer any more" in editor.end.message


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_server_of_our_own_wants_its_password_and_no_command_line_shows_it() -> None:
    with LocalServer() as own, OwnWorker(own.url, "mine"):
        with pytest.raises(PlaceError, match="wants a password"):
            connect(f"redis://{own.url.rpartition('@')[2]}")
        password = own.url.partition("://:")[2].partition("@")[0]
        shown = [Path(f"/proc/{child}/cmdline").read_text() for child in children_of(os.getpid())]
        assert any("--own" in line for line in shown)
        assert len(password) > 20
        assert not any(password in line for line in shown)


OWNER = """
import sys, time
from pathlib import Path
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.limits import Limits
from flodesk.engine.places.session.rq import RqEngine
from flodesk.engine.places.workers.worker import OwnWorker
from flodesk.engine.probing import Answer
from flodesk.engine.ring import Room
server = LocalServer()
worker = OwnWorker(server.url, "flodesk-flows")
engine = RqEngine(server.url)
engine.open(Path(sys.argv[1]).read_text(), sys.argv[1])
engine.start()
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_owner_leaves_neither_server_nor_worker_nor_run(tmp_path: Path, wait_for) -> None:
    flow, said = tmp_path / "flow_of_test.py", tmp_path / "process"
    before = (
        "import os\n\n\ndef spin(file):\n    open(file, 'w').write(str(os.getpid()))\n    while True:\n        pass\n"
    )
    flow.write_text(script(f"a = spin({str(said)!r})", before), encoding="utf-8")
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(flow)])
    wait_for(lambda: said.exists() and said.read_text(), "the run")
    runs = int(said.read_text())
    family = [runs, *children_of(owner.pid)]
    assert len(family) >= 3  # the run, its worker, the server
    owner.kill()
    owner.wait()
    wait_for(lambda: not any(alive(process) for process in family), "the end of all of them")


def children_of(process: int) -> list[int]:
    found = [path.parent for path in Path("/proc").glob("[0-9]*/stat")]
    return [int(path.name) for path in found if stat_of(int(path.name))[1:2] == [str(process)]]


def alive(process: int) -> bool:
    return stat_of(process)[:1] not in ([], ["Z"])


def stat_of(process: int) -> list[str]:
    """State, parent and so on; empty if there is no such process."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return []


def test_no_server_and_a_wrong_address_are_told_in_words() -> None:
    with pytest.raises(PlaceError, match=r"No Redis server answers at redis://127\.0\.0\.1:1/0"):
        RqEngine("redis://127.0.0.1:1/0")
    with pytest.raises(PlaceError, match="is no address of a Redis server"):
        RqEngine("nonsense")
    assert hidden("rediss://ann:secret@host:6379/0") == "rediss://***@host:6379/0"


def test_a_worker_that_has_ended_leaves_no_filter_on_the_log_of_all(server: LocalServer) -> None:
    lines = [
        "import logging",
        "from flodesk.engine.places.workers.worker import serve",
        f"serve({server.url!r}, ['nobody'], burst=True)",
        "assert not logging.getLogger('rq.worker').filters",
    ]
    ended = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
