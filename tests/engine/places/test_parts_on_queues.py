"""Nodes of a run on the workers of Redis queues: real servers, real worker processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Queue
from rq.job import JobStatus
from rq.registry import DeferredJobRegistry, FailedJobRegistry
from rq.serializers import JSONSerializer

from flodesk.engine.events import Event, LogLine, NodeFailed
from flodesk.engine.places.known import Places
from flodesk.engine.places.part import exchange
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.server.signing import seal
from flodesk.engine.places.server.stream import NODES
from flodesk.engine.places.session.job import PARTS, WORK, FlowJob
from flodesk.engine.places.session.runs_there import runs_on
from flodesk.engine.run import Run
from flodesk.engine.table import Table

TOP = """
import flodesk
import numpy
import os
import time
from pathlib import Path


class Total:
    def __init__(self, start=0.0):
        self.value = start

    def __call__(self, x):
        self.value += x
        return self.value, os.getpid()


SEEN = []


def see(*values):
    SEEN.append(values)


def pid(x):
    return os.getpid()


def said(x):
    print(f"said {x}")
    return x


def total(x):
    return float(x.sum())


def wide(x):
    return numpy.full(9000, x % 1000.0 + 1.0)


def raised(x):
    x += 9000.0
    return float(x.sum())


def kept(x, factor):
    return x * factor + (x - x) if isinstance(x, float) else x * factor


def forever():
    while True:
        flodesk.context().sleep(0.005)
        yield 1


def broken(x):
    raise ValueError(f"not {x}")


def stubborn(folder):
    Path(folder, str(os.getpid())).touch()
    while True:
        try:
            while True:
                time.sleep(0.01)
        except BaseException:
            pass


def dead(x):
    os.kill(os.getpid(), 9)


def whose(x):
    return os.getppid()


def met(x, folder):
    Path(folder, str(os.getppid())).touch()
    end = time.monotonic() + 30
    while len(list(Path(folder).iterdir())) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    Path(folder, "over").touch()
    return os.getppid()


def wait(folder, after=0):
    Path(folder, f"{os.getpid()}-{os.getppid()}").touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    return os.getpid()
"""
END = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def text_of(body: str, places: dict[str, str], more: str = "") -> str:
    table = [f'# {node} = "{place}"' for node, place in places.items()]
    head = ["# /// script", "# [tool.flodesk]", "# version = 1", "# [tool.flodesk.places.flow]", *table]
    head += [f"# {line}" for line in more.splitlines()]
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return "\n".join([*head, "# ///"]) + TOP + f"\n\ndef flow():\n{lines}\n{END}"


class Home:
    """Runs at home, whose nodes are on workers."""

    def __init__(self) -> None:
        self.places = Places()
        self.events: list[Event] = []

    def start(self, text: str, path: str = "") -> Run:
        self.events.clear()
        table = Table(memoryview(bytearray(1 << 16)))
        run = Run("run", text, path, emit=self.events.append, table=table, places=self.places)
        run.start()
        return run

    def seen(self, text: str, path: str = "") -> list[Any]:
        """Run a flow to its end, and return what it has given to `see`."""
        run = self.start(text, path)
        assert run.join(60)
        return self.seen_by(run)

    def seen_by(self, run: Run) -> list[Any]:
        assert run.report.reason == "succeeded", run.report.message
        assert run.loaded is not None
        found: list[Any] = run.loaded.namespace["SEEN"]
        return found

    def lines(self, words: str = "") -> list[str]:
        return [event.text for event in self.events if isinstance(event, LogLine) and words in event.text]


@pytest.fixture
def home(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("FLODESK_REDIS_URL", server.url)
    made = Home()
    yield made
    made.places.close()


@pytest.fixture(scope="module")
def workers(server: LocalServer, start_lasting_worker: Callable[..., Any]) -> dict[str, Any]:
    """Give a worker of the usual queues, and one of the queue “gpu”."""
    return {name: start_lasting_worker(server.url, *options, heard=True) for name, options in WORKERS.items()}


QUEUED = '[tool.flodesk.rq.queues.flow]\na = "{}"'
WORKERS: dict[str, tuple[str, ...]] = {"usual": (), "gpu": ("--queue", "gpu")}


def parent(pid: int) -> int:
    """Return who has started a process, which may have ended by now."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


# ------------------------------------------------------------------ where, and what comes out
def test_each_run_says_once_which_server_has_its_nodes(
    home: Home, server: LocalServer, workers: dict[str, Any]
) -> None:
    for _ in range(2):
        home.seen(text_of("a = pid(1.0)\nb = pid(2.0)\nc = pid(3.0)", {"a": "rq", "c": "rq"}))
        (said,) = home.lines("Nodes on the Redis queue go to")
        assert f":{server.url.rpartition(':')[2].partition('/')[0]}" in said
        assert "FLODESK_REDIS_URL" in said


def test_each_queue_does_its_part(home: Home, workers: dict[str, Any]) -> None:
    body = "a = pid(1.0)\nb = pid(a)\nc = pid(b)\nd = pid(c)\ne = see(a, b, c, d)"
    text = text_of(body, {"b": "rq", "c": "rq"}, '[tool.flodesk.rq.queues.flow]\nc = "gpu"')
    ((a, b, c, d),) = home.seen(text)
    assert a == d == os.getpid()
    assert (parent(b), parent(c)) == (workers["usual"].pid, workers["gpu"].pid)
    ((_, again, *_),) = home.seen(text)
    assert again == b, "the next run costs no new job"


def test_an_object_keeps_its_worker_and_its_state_for_the_run(home: Home, workers: dict[str, Any]) -> None:
    body = "sums = Total(1.0)\nfor i in range(4):\n    x = sums(i)\n    y = see(x)"
    found = home.seen(text_of(body, {"sums": "rq"}))
    assert [value for ((value, _),) in found] == [1.0, 2.0, 4.0, 7.0]
    pids = {pid for ((_, pid),) in found}
    assert len(pids) == 1
    assert pids != {os.getpid()}
    assert [value for ((value, _),) in home.seen(text_of(body, {"sums": "rq"}))] == [1.0, 2.0, 4.0, 7.0]


def test_what_its_nodes_say_and_their_states_come_live(
    home: Home,
    workers: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    wait_for: Callable[..., None],
) -> None:
    run = home.start(text_of(f"a = said('begun')\nb = wait({str(tmp_path)!r})\nc = see(b)", {"a": "rq", "b": "rq"}))
    wait_for(lambda: "flow" in run.runners, "the start")
    runner = run.runners["flow"]
    cells = {name: item.cell for name, item in runner.plan.items.items()}
    there = runner.cells
    wait_for(lambda: there[cells["b"]] > there[cells["b"] + 1], "the state of the second node")
    assert there[cells["a"] + 1] >= there[cells["a"]] > 0
    wait_for(lambda: "said begun" in capsys.readouterr().out, "the line")
    (tmp_path / "go").touch()
    assert run.join(60)
    home.seen_by(run)


def test_large_arrays_go_once_and_may_be_written_to(home: Home, workers: dict[str, Any]) -> None:
    body = """
a = numpy.full(100000, 2.0)
for i in range(3):
    b = total(a)
    c = wide(b)
    d = raised(c)
    e = see(b, d)
"""
    text = text_of(body, {"b": "rq", "d": "rq"})
    found = home.seen(text)
    assert found == [(200000.0, 9001.0 * 9000)] * 3


def test_own_modules_travel_and_are_read_afresh(
    home: Home, workers: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    module = tmp_path / "mine.py"
    text = text_of("a = twice(4.0)\nb = see(a)", {"a": "rq"}).replace("import os", "import os\nfrom mine import twice")
    path = tmp_path / "flow.py"
    path.write_text(text)
    for factor in (2.0, 3.0):
        module.write_text(f"def twice(x):\n    return x * {factor}\n")
        sys.modules.pop("mine", None)
        assert home.seen(text, str(path)) == [(4.0 * factor,)]
    sys.modules.pop("mine", None)


def test_a_parameter_takes_effect_at_the_next_call_and_an_edit_keeps_the_state(
    here: Any, server: LocalServer, workers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLODESK_REDIS_URL", server.url)
    body = """
sums = Total(0.0)
for k in forever():
    a = kept(1, factor=2)
    t = sums(a)
    n = t[0]
"""
    text = text_of(body, {"sums": "rq", "a": "rq"})
    here.engine.watch({"flow.a", "flow.n"}, set())
    here.start(text)
    here.until(lambda: here.value("flow.a") == 2)
    here.engine.set_parameter("flow.a", "factor", "5")
    here.until(lambda: here.value("flow.a") == 5)
    total = here.until(lambda: here.value("flow.n"))
    here.engine.swap(
        text.replace("factor=2", "factor=7").replace("    n = t", "    b = kept(a, factor=2)\n        n = t")
    )
    here.until(lambda: here.value("flow.a") == 7)
    assert here.value("flow.n") > total
    later = here.value("flow.n")
    here.until(lambda: here.value("flow.n") > later)
    assert here.stop().reason == "stopped"


def test_a_node_that_raises_is_named_with_its_line(home: Home, workers: dict[str, Any]) -> None:
    run = home.start(text_of("a = abs(-1.0)\nb = broken(a)\nc = see(b)", {"a": "rq", "b": "rq"}))
    assert run.join(60)
    assert run.report.reason == "failed"
    (failed,) = [event.failure for event in home.events if isinstance(event, NodeFailed)]
    assert (failed.node, failed.type, failed.message, failed.code) == (
        "flow.b",
        "ValueError",
        "not 1.0",
        'raise ValueError(f"not {x}")',
    )


# ------------------------------------------------------------------ a job for each node
def test_each_node_may_be_a_job_that_waits_for_those_it_reads(home: Home, workers: dict[str, Any]) -> None:
    body = """
a = numpy.full(20000, 2.0)
b = total(a)
c = wide(b)
d = kept(c, 1.0)
e = kept(b, total(d))
f = pid(e)
s = see(b, d[0], e, f)
"""
    places = dict.fromkeys("bcdef", "rq")
    ((b, d, e, f),) = home.seen(text_of(body, places))
    ((b1, d1, e1, f1),) = home.seen(text_of(body, places, '[tool.flodesk.rq]\njobs = "node"'))
    assert (b1, d1, e1) == (b, d, e) == (40000.0, 1.0, 40000.0 * 9000)
    assert f1 != f


def test_the_job_of_a_node_is_deferred_while_that_of_the_node_it_reads_runs(
    home: Home, workers: dict[str, Any], connection: Redis, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    more, places = '[tool.flodesk.rq]\njobs = "node"', dict.fromkeys("ab", "rq")
    run = home.start(text_of(f"a = wait({str(tmp_path)!r})\nb = kept(a, 2)\nc = see(a, b)", places, more))
    wait_for(lambda: list(tmp_path.iterdir()), "the first node")
    deferred = DeferredJobRegistry(NODES, connection=connection, serializer=JSONSerializer)
    queue = Queue(NODES, connection=connection, serializer=JSONSerializer, job_class=FlowJob)
    wait_for(lambda: deferred.get_job_ids() or queue.job_ids, "the job of the second node")
    assert queue.job_ids == [], "nobody can begin it"
    (job,) = (FlowJob.fetch(id, connection=connection, serializer=JSONSerializer) for id in deferred.get_job_ids())
    assert job.get_status() == JobStatus.DEFERRED
    (before,) = job.fetch_dependencies()
    assert before.get_status() == JobStatus.STARTED
    (tmp_path / "go").touch()
    assert run.join(60)
    ((a, b),) = home.seen_by(run)
    assert b == 2 * a


def test_jobs_of_nodes_are_on_their_queues_and_keep_the_rules(
    home: Home, workers: dict[str, Any], tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    body = """
sums = Total(1.0)
for i in range(3):
    a = kept(i, 1.0)
    b = pid(a)
    c = kept(a, 2.0)
    d = sums(c)
    e = see(b, c, d)
"""
    more = '[tool.flodesk.rq]\njobs = "node"\n[tool.flodesk.rq.queues.flow]\nb = "gpu"'
    found = home.seen(text_of(body, dict.fromkeys(["a", "b", "c", "sums"], "rq"), more))
    assert [(c, d[0]) for _, c, d in found] == [(0.0, 1.0), (2.0, 3.0), (4.0, 7.0)]
    assert len({d[1] for _, _, d in found}) == 1, "an object keeps its worker"
    assert len({b for b, _, _ in found}) == 3, "a process each"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_job_of_a_node_whose_worker_dies_runs_again_and_one_that_raises_ends_the_others(
    home: Home, workers: dict[str, Any], tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    more = '[tool.flodesk.rq]\njobs = "node"'
    places = dict.fromkeys("ab", "rq")
    run = home.start(text_of(f"a = wait({str(tmp_path)!r})\nb = kept(a, 2.0)\nc = see(a, b)", places, more))
    wait_for(lambda: list(tmp_path.iterdir()), "the node")
    (file,) = tmp_path.iterdir()
    os.kill(int(file.name.partition("-")[0]), signal.SIGKILL)
    wait_for(lambda: len(list(tmp_path.iterdir())) == 2, "the second try")
    (tmp_path / "go").touch()
    assert run.join(60)
    assert run.report.reason == "succeeded", run.report.message
    run = home.start(text_of("a = abs(-1.0)\nb = broken(a)\nc = kept(b, 1.0)\nd = see(c)", {**places, "c": "rq"}, more))
    assert run.join(60)
    (failed,) = [event.failure for event in home.events if isinstance(event, NodeFailed)]
    assert (failed.node, failed.message) == ("flow.b", "not 1.0")


DIAMOND = "b = kept(a, 2)\nc = kept(a, 3)\nd = kept(b, c)\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("shape", ["chain", pytest.param("diamond", marks=pytest.mark.long)])
@pytest.mark.parametrize("how", ["refused", "dead", "garbled"])
def test_jobs_of_nodes_behind_one_that_has_failed_end_with_it(
    home: Home, server: LocalServer, start_worker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch,
    how: str, shape: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(exchange, "QUIET_SECONDS", 0.2)
    monkeypatch.setattr(exchange, "LOOK_SECONDS", 0.1)
    key = {"FLODESK_KEY": "another" * 8} if how == "refused" else {}
    if how == "garbled":
        monkeypatch.setattr("flodesk.engine.places.part.node_jobs.sizes_of", lambda head: head["nothing"])
    start_worker(server.url, "--queue", how, heard=True, **key)
    queues = "\n".join(["[tool.flodesk.rq.queues.flow]", *(f'{node} = "{how}"' for node in "abcd")])
    body = f"a = {'dead(1)' if how == 'dead' else 'abs(-1)'}\n"
    body += {"chain": "b = kept(a, 2)\nc = kept(b, 3)\nd = kept(c, a)\n", "diamond": DIAMOND}[shape] + "e = see(d)"
    run = home.start(text_of(body, dict.fromkeys("abcd", "rq"), f'[tool.flodesk.rq]\njobs = "node"\n{queues}'))
    assert run.join(60)
    (failed,) = [event.failure for event in home.events if isinstance(event, NodeFailed)]
    said = {"refused": "its signature is not", "dead": "3 workers have died with it", "garbled": "cannot be taken here"}
    assert said[how] in failed.message


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_jobs_of_nodes_stop(home: Home, workers: dict[str, Any], tmp_path: Path, wait_for: Callable[..., None]) -> None:
    more = '[tool.flodesk.rq]\njobs = "node"'
    run = home.start(
        text_of(f"a = wait({str(tmp_path)!r})\nb = kept(a, 2.0)\nc = see(b)", {"a": "rq", "b": "rq"}, more)
    )
    wait_for(lambda: list(tmp_path.iterdir()), "the node")
    run.stop()
    assert run.join(60)
    assert run.report.reason == "stopped"


def test_the_items_of_a_mapped_node_go_to_all_workers_of_its_queue(
    home: Home, server: LocalServer, start_worker: Callable[..., Any], tmp_path: Path
) -> None:
    pids = {start_worker(server.url, "--queue", "items", heard=True).pid for _ in range(2)}
    for jobs in ("part", "node"):
        folder = tmp_path / jobs
        folder.mkdir()
        more = f'[tool.flodesk.rq]\njobs = "{jobs}"\n{QUEUED.format("items")}'
        body = f"r = list({(*range(20),)})\na = [met(x, {str(folder)!r}) for x in r]\nb = see(a)"
        ((found,),) = home.seen(text_of(body, {"a": "rq"}, more))
        assert len(found) == 20
        assert set(found) == pids, jobs


# ------------------------------------------------------------------ who waits for whom
def test_a_session_whose_worker_is_the_only_one_does_not_wait_for_itself(
    server: LocalServer,
    editors: Callable[..., Any],
    start_worker: Callable[..., Any],
    tmp_path: Path,
    wait_for: Callable[..., None],
) -> None:
    start_worker(server.url, "--queue", "one", "--queue", "two", heard=True)
    (tmp_path / "settings.toml").write_text('[queue]\nflows = "one"\nnodes = "two"\n')
    editor = editors(server.url, queue="one")
    editor.engine.watch({"flow.b", "flow.c"}, set())
    body = "a = pid(1.0)\nsums = Total(1.0)\nb = sums(3.0)\nc = pid(b)"
    places = {"sums": "rq", "c": "rq"}
    queues = '[tool.flodesk.rq.queues.flow]\nsums = "two"\nc = "two"'
    assert editor.run(text_of(body, places, queues)).reason == "succeeded"
    wait_for(lambda: editor.value("flow.c"), "the values")
    assert editor.lines("this one runs its nodes, too")


def test_a_session_and_its_nodes_are_on_two_workers(
    server: LocalServer, editors: Callable[..., Any], workers: dict[str, Any], wait_for: Callable[..., None]
) -> None:
    editor = editors(server.url)
    editor.engine.watch({"flow.a", "flow.b"}, set())
    text = text_of("a = pid(1.0)\nb = pid(a)", {"b": "rq"}, '[tool.flodesk.rq.queues.flow]\nb = "gpu"')
    assert editor.run(text).reason == "succeeded"
    wait_for(lambda: editor.value("flow.b"), "the values")
    pids = [int(editor.value(name)) for name in ("flow.a", "flow.b")]
    assert [parent(pid) for pid in pids] == [workers["usual"].pid, workers["gpu"].pid]


def test_a_run_whose_parts_are_on_two_queues_goes_on_without_its_editor_and_can_be_attached_to(
    server: LocalServer,
    connection: Redis,
    editors: Callable[..., Any],
    workers: dict[str, Any],
    start_worker: Callable[..., Any],
    tmp_path: Path,
    wait_for: Callable[..., None],
) -> None:
    other = start_worker(server.url, "--queue", "cpu", heard=True)
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    queues = '[tool.flodesk.rq.queues.flow]\na = "cpu"\nb = "gpu"'
    body = f"a = wait({str(first)!r})\nb = wait({str(second)!r}, a)\nc = whose(b)"
    file = tmp_path / "parts.py"
    file.write_text(text_of(body, dict.fromkeys("ab", "rq"), queues))
    command = [sys.executable, "-m", "flodesk", "run", str(file), "--on", "rq", "--detach"]
    environment = {**os.environ, "FLODESK_REDIS_URL": server.url, "FLODESK_TRUST": "all"}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    wait_for(lambda: list(first.iterdir()), "the node on the first queue, with its editor gone")
    (first / "go").touch()
    wait_for(lambda: list(second.iterdir()), "the node on the second queue")
    (there,) = (run for run in runs_on(connection, find_or_make_key().secret) if run.path == str(file))
    assert there.run in said.stdout
    editor = editors(server.url)
    editor.engine.watch({"flow.c"}, set())
    editor.engine.attach(there)
    (second / "go").touch()
    assert editor.over().reason == "succeeded"
    wait_for(lambda: editor.value("flow.c"), "the value")
    assert editor.value("flow.c") == workers["usual"].pid, "who watches it"
    by = [{int(node.name.partition("-")[2]) for node in folder.glob("*-*")} for folder in (first, second)]
    assert by == [{other.pid}, {workers["gpu"].pid}]


def test_a_queue_that_nobody_listens_to_is_named(
    home: Home, start_worker: Callable[..., Any], server: Any, wait_for: Callable[..., None]
) -> None:
    text = text_of("a = pid(1.0)\nb = see(a)", {"a": "rq"}, '[tool.flodesk.rq.queues.flow]\na = "quiet"')
    run = home.start(text)
    wait_for(lambda: home.lines("flodesk worker --queue quiet"), "the hint")
    worker = start_worker(server.url, "--queue", "quiet")
    assert run.join(60)
    ((pid,),) = home.seen_by(run)
    assert parent(pid) == worker.pid


def test_two_functions_share_a_worker_where_there_is_one(home: Home, workers: dict[str, Any]) -> None:
    body = "sums = Total(1.0)\nfor i in range(5):\n    x = sums(i)\n    y = see(x)\n    z = time.sleep(0.4)"
    text = text_of(body, {"sums": "rq"})
    second = text[text.index("def flow") : text.index("if __name__")].replace("flow", "other")
    text = text.replace("# ///\n", '# [tool.flodesk.places.other]\n# sums = "rq"\n# ///\n', 1)
    text = text.replace("if __name__", f"{second}\n\nif __name__").replace("main(flow)", "main(flow, other)")
    found = home.seen(text)
    assert sorted(value for ((value, _),) in found) == [1.0, 1.0, 2.0, 2.0, 4.0, 4.0, 7.0, 7.0, 11.0, 11.0]
    assert len({pid for ((_, pid),) in found}) == 1


def test_a_worker_that_no_call_needs_is_there_for_others(
    home: Home, workers: dict[str, Any], server: LocalServer, editors: Callable[..., Any]
) -> None:
    home.seen(text_of("a = pid(1.0)\nb = see(a)", {"a": "rq"}))
    assert editors(server.url).run(text_of("a = pid(1.0)", {})).reason == "succeeded"
    assert home.seen(text_of("a = pid(1.0)\nb = see(a)", {"a": "rq"}))


# ------------------------------------------------------------------ what dies, and what is stopped
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("pure", [True, False])
def test_a_killed_worker_is_an_error_or_no_matter(
    home: Home,
    server: LocalServer,
    start_worker: Callable[..., Any],
    tmp_path: Path,
    pure: bool,
    wait_for: Callable[..., None],
) -> None:
    queue = f"mortal{pure}"
    start_worker(server.url, "--queue", queue, heard=True)
    places, more = {"a": "rq"}, f'[tool.flodesk.rq.queues.flow]\na = "{queue}"'
    text = text_of(f"a = wait({str(tmp_path)!r})\nb = see(a)", places, more)
    run = home.start(text if pure else text.replace("def wait", "@flodesk.node(pure=False)\ndef wait"))
    wait_for(lambda: list(tmp_path.iterdir()), "the node")
    (file,) = tmp_path.iterdir()
    process, worker = map(int, file.name.split("-"))
    os.kill(process, signal.SIGKILL)
    if pure:
        wait_for(lambda: len(list(tmp_path.iterdir())) == 2, "the second try")
        (tmp_path / "go").touch()
        assert run.join(60)
        assert home.seen_by(run)[0][0] != process
        assert home.lines("runs again on another")
    else:
        assert run.join(60)
        assert run.report.reason == "failed"
        (failed,) = [event.failure for event in home.events if isinstance(event, NodeFailed)]
        assert (failed.node, failed.type) == ("flow.a", "WorkerLostError")
        assert "not run again by itself" in failed.message
        assert len(list(tmp_path.iterdir())) == 1, "it was run once"
    os.kill(worker, signal.SIGTERM)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_that_has_died_between_two_runs_is_no_matter(
    home: Home, workers: dict[str, Any], connection: Redis, wait_for: Callable[..., None]
) -> None:
    text = text_of("sums = Total(1.0)\na = sums(2.0)\nb = see(a)", {"sums": "rq"})
    (((_, first),),) = home.seen(text)
    failed = FailedJobRegistry(NODES, connection=connection, serializer=JSONSerializer)
    known = set(failed.get_job_ids())
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: set(failed.get_job_ids()) - known, "the end of its job")
    exchange.QUIET_SECONDS, before = 0.0, exchange.QUIET_SECONDS
    try:
        (((value, second),),) = home.seen(text)
    finally:
        exchange.QUIET_SECONDS = before
    assert (value, second != first) == (3.0, True)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_that_is_killed_with_its_node_gives_it_to_another(
    home: Home, server: LocalServer, start_worker: Callable[..., Any], tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    workers = {start_worker(server.url, "--queue", "two", heard=True).pid for _ in range(2)}
    text = text_of(f"a = wait({str(tmp_path)!r})\nb = see(a)", {"a": "rq"}, QUEUED.format("two"))
    run = home.start(text)
    wait_for(lambda: list(tmp_path.iterdir()), "the node")
    (file,) = tmp_path.iterdir()
    first = int(file.name.partition("-")[2])
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(list(tmp_path.iterdir())) == 2, "the second try")
    assert {int(file.name.partition("-")[2]) for file in tmp_path.iterdir()} == workers
    (tmp_path / "go").touch()
    assert run.join(60)
    home.seen_by(run)
    assert home.lines("runs again on another")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_node_that_does_not_return_is_ended_with_its_process(
    home: Home, workers: dict[str, Any], tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    run = home.start(text_of(f"a = stubborn({str(tmp_path)!r})\nb = see(a)", {"a": "rq"}))
    wait_for(lambda: list(tmp_path.iterdir()), "the node")
    (file,) = tmp_path.iterdir()
    run.stop()
    assert run.join(60)
    assert run.report.reason == "killed"
    wait_for(lambda: not Path(f"/proc/{file.name}").exists(), "the end of its process")
    assert home.seen(text_of("a = pid(1.0)\nb = see(a)", {"a": "rq"})), "the worker lives on"


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_ends_what_nobody_needs_any_more(
    workers: dict[str, Any], server: LocalServer, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    text = text_of(f"a = stubborn({str(tmp_path)!r})", {"a": "rq"})
    (tmp_path / "flow").mkdir()
    file = tmp_path / "flow" / "f.py"
    file.write_text(text.replace(str(tmp_path), str(tmp_path / "flow")))
    command = [sys.executable, "-m", "flodesk", "run", str(file), "--no-history"]
    environment = {**os.environ, "FLODESK_REDIS_URL": server.url, "FLODESK_TRUST": "all"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: len(list(file.parent.iterdir())) == 2, "the node")
    process.kill()
    process.wait()
    (node,) = (found.name for found in file.parent.iterdir() if found.name.isdigit())
    wait_for(lambda: not Path(f"/proc/{node}").exists(), "the end of the process of the node")


def test_a_server_that_comes_back_empty_loses_no_call(
    mortal: Any,
    start_worker: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    wait_for: Callable[..., None],
) -> None:
    monkeypatch.setenv("FLODESK_REDIS_URL", mortal.url)
    start_worker(mortal.url, heard=True)
    home = Home()
    try:
        body = f"sums = Total(1.0)\nx = sums(2.0)\na = wait({str(tmp_path)!r})\ny = sums(a)\nb = see(x, a, y)"
        run = home.start(text_of(body, {"sums": "rq", "a": "rq"}))
        wait_for(lambda: list(tmp_path.iterdir()), "the node")
        mortal.kill()
        (tmp_path / "go").touch()
        wait_for(lambda: home.lines("waiting for it"), "the word about the server")
        mortal.start()
        assert run.join(60)
        (((x, first), a, (y, second)),) = home.seen_by(run)
        assert (x, y, first, second) == (3.0, 3.0 + a, a, a)
        assert home.lines("answers again")
    finally:
        home.places.close()


# ------------------------------------------------------------------ who may
def test_a_forged_or_altered_job_runs_nothing(
    workers: dict[str, Any], server: LocalServer, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    connection = Redis.from_url(server.url)
    queue = Queue(NODES, connection=connection, serializer=JSONSerializer, job_class=FlowJob)
    key = os.environ["FLODESK_KEY"].encode()

    def head(id: str) -> dict[str, Any]:
        job = {"id": id, "mark": os.urandom(16).hex(), "made": time.time(), "client": "somebody"}
        return {**job, "idle": 1.0, "patience": 1.0, "megabytes": 1.0, "commands": []}

    text, signed = seal(key, "part", head("altered"))
    forged = {
        "other-key": (PARTS, seal(b"another key altogether", "part", head("other-key"))),
        "altered": (PARTS, (text.replace("somebody", "another"), signed)),
        "as-a-run": (WORK, seal(key, "part", head("as-a-run"))),
        "as-a-part": (PARTS, seal(key, "job", head("as-a-part"))),
        "renamed": (PARTS, seal(key, "part", head("another"))),
        "unsigned": (PARTS, (text, "")),
        "foreign": ("os.mkdir", (str(tmp_path / "made"),)),
    }
    for id, (function, arguments) in forged.items():
        queue.enqueue_call(function, args=arguments, job_id=id)
    failed = FailedJobRegistry(queue=queue)
    wait_for(lambda: set(failed.get_job_ids()) >= forged.keys(), "the failed jobs")
    for id in forged:
        job = FlowJob.fetch(id, connection=connection, serializer=JSONSerializer)
        assert "RefusedError" in (job.latest_result().exc_string or ""), id
    assert not (tmp_path / "made").exists()
    assert not list(connection.scan_iter("flodesk:somebody:*")), "nobody has said a word"


def test_commands_and_answers_that_are_not_signed_are_no_words(
    home: Home, workers: dict[str, Any], server: LocalServer, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    connection = Redis.from_url(server.url)
    run = home.start(text_of(f"a = wait({str(tmp_path)!r})\nb = see(a)", {"a": "rq"}))
    wait_for(lambda: list(tmp_path.iterdir()), "the node")
    (client,) = {key.split(b":")[1] for key in connection.scan_iter("flodesk:*:alive")} - {b""}
    (events,) = connection.scan_iter(b"flodesk:" + client + b":events")
    _, fields = connection.xrevrange(events, count=1)[0]
    jobs = [key.split(b":")[1] for key in connection.scan_iter(b"flodesk:" + client + b"-*:commands")]
    answer = b'{"f":"done","key":"","n":1,"values":{"a":{"h":7}}}'
    for job in jobs:
        connection.xadd(b"flodesk:" + job + b":commands", {"h": '{"c":"close"}'})
        connection.xadd(events, {**fields, b"h": answer, b"from": job})
        connection.xadd(events, {"h": answer, "from": job})
    (tmp_path / "go").touch()
    assert run.join(60)
    ((pid,),) = home.seen_by(run)
    assert pid == int(next(file.name for file in tmp_path.iterdir() if "-" in file.name).partition("-")[0])


# ------------------------------------------------------------------ without a server
def test_a_server_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLODESK_REDIS_URL", "redis://:s3cret@127.0.0.1:1/0")
    home = Home()
    try:
        run = home.start(text_of("a = pid(1.0)\nb = see(a)", {"a": "rq"}))
        assert run.join(60)
        assert run.report.reason == "failed"
        (failed,) = [event.failure for event in home.events if isinstance(event, NodeFailed)]
        assert (failed.unreached, "127.0.0.1:1" in failed.message, "s3cret" in failed.message) == (True, True, False)
    finally:
        home.places.close()


def test_without_a_server_one_of_our_own_is_started(
    monkeypatch: pytest.MonkeyPatch, wait_for: Callable[..., None]
) -> None:
    monkeypatch.delenv("FLODESK_REDIS_URL", raising=False)
    home = Home()
    try:
        ((pid,),) = home.seen(text_of("a = pid(1.0)\nb = see(a)", {"a": "rq"}))
        assert pid != os.getpid()
        assert home.lines("one of our own")
        process = Path(f"/proc/{parent(pid)}")
    finally:
        home.places.close()
    wait_for(lambda: not process.exists(), "the end of the worker")
