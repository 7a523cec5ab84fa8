"""Queues between loops that live on a Redis server: a real server, and loops in one process."""

from __future__ import annotations

import json
import os
import sys
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from redis import Redis

from flodesk.engine.events import Changed, Event, LogLine, NodeFailed
from flodesk.engine.headless import Result, run
from flodesk.engine.letters import Letters
from flodesk.engine.limits import Limits
from flodesk.engine.places.queues import queue_list
from flodesk.engine.places.queues.queue_settings import with_secret
from flodesk.engine.places.queues.queue_values import entry_of
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.run import Run
from flodesk.engine.table import Table

TOP = """
import flodesk
from flodesk.nodes import collect, maths, queue, timing


def boom(value, at):
    if value == at:
        raise RuntimeError(f"no {value}")
    return value

"""
WRITE = """
def acquire():
    for n in timing.count(NUMBER):
        sent = jobs.put(n)
"""
READ = """
def report():
    rows = collect.List()
    for value in jobs:
        rows.add(value)
    readings = rows.result()
"""


@pytest.fixture
def client(server: LocalServer) -> Iterator[Redis]:
    client = Redis.from_url(server.url)
    yield client
    client.close()


@dataclass
class Flow:
    """A flow whose queues live on the server, each under a name that no other test uses."""

    mark: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def text(self, body: str, *mains: str, far: tuple[str, ...] = ("jobs",), more: str = "", head: str = "") -> str:
        lines = "".join(
            f'# {name} = {{ on = "redis", name = "{self.name(name)}", timeout = 2.0{more} }}\n' for name in far
        )
        header = f"# /// script\n# [tool.flodesk]\n# version = 1\n{head}# [tool.flodesk.queues]\n{lines}# ///\n"
        handed = ", ".join(mains)
        return f'{header}{TOP}{body}\n\nif __name__ == "__main__":\n    flodesk.main({handed})\n'

    def name(self, queue: str = "jobs") -> str:
        return f"{self.mark}.{queue}"

    def key(self, queue: str = "jobs") -> str:
        return f"flodesk:queue:{{{self.name(queue)}}}:values"

    def ran(self, body: str, *mains: str, options: dict[str, Any] | None = None, **how: Any) -> Result:
        return run(self.text(body, *mains, **how), keep_values=True, **(options or {}))


@pytest.fixture
def flow(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Flow:
    monkeypatch.setenv("FLODESK_REDIS_URL", server.url)
    return Flow()


def lines(result: Result) -> list[str]:
    return [event.text for event in result.events if isinstance(event, LogLine)]


def failed(result: Result) -> list[str]:
    return [event.failure.node for event in result.events if isinstance(event, NodeFailed)]


# ------------------------------------------------------------------ as at home
@pytest.mark.parametrize("size", [1, 7])
def test_every_value_arrives_once_and_the_run_ends(flow, client, size):
    body = f"jobs = queue.Queue(size={size})\n" + WRITE.replace("NUMBER", "40") + READ
    result = flow.ran(body, "acquire", "report")
    assert result.reason == "succeeded", result.message
    assert result.values["report.readings"] == list(range(40))
    assert result.summary()[0] == "jobs: 40 put in, 40 read"
    state = queue_list.look(client, flow.name())
    assert (state.depth, state.pending, state.ended, state.capacity) == (0, 0, True, size)


def test_values_travel_by_the_codec(flow):
    body = (
        "import numpy\n\njobs = queue.Queue()\n\n\ndef given():\n"
        "    yield numpy.arange(6.0).reshape(2, 3)\n    yield {'a': (1, 2 ** 70)}\n    yield 'ü'\n\n\n"
        "def acquire():\n    for n in given():\n        sent = jobs.put(n)\n" + READ
    )
    array, plain, text = flow.ran(body, "acquire", "report").values["report.readings"]
    assert array.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert (plain, text) == ({"a": (1, 2**70)}, "ü")


def test_what_cannot_travel_is_refused_in_words(flow):
    body = "jobs = queue.Queue()\n\n\ndef acquire():\n    one = object()\n    sent = jobs.put(one)\n" + READ
    result = flow.ran(body, "acquire", "report")
    assert failed(result) == ["acquire.sent"]
    assert "the queue jobs is on a Redis server: a value of type object cannot be sent" in result.message


def test_the_end_travels_through_queues_here_and_there(flow):
    body = """
first = queue.Queue(size=2)
second = queue.Queue(size=1)
jobs = queue.Queue(size=3)


def double():
    for a in first:
        b = maths.multiply(a, 2)
        sent = second.put(b)


def more():
    for c in second:
        d = maths.add(c, 1)
        sent = jobs.put(d)
"""
    write = WRITE.replace("NUMBER", "12").replace("jobs", "first")
    mains = ("report", "more", "double", "acquire")
    result = flow.ran(body + write + READ, *mains, far=("first", "jobs"))
    assert result.reason == "succeeded", result.message
    assert [int(n) for n in result.values["report.readings"]] == [2 * n + 1 for n in range(12)]


def test_each_reading_function_gets_every_value_and_those_that_compete_share(flow):
    two = READ + READ.replace("report", "second")
    each = "jobs = queue.Queue(size=5)\n" + WRITE.replace("NUMBER", "30") + two
    result = flow.ran(each, "acquire", "report", "second")
    assert result.values["report.readings"] == result.values["second.readings"] == list(range(30))
    other = Flow()
    shared = each.replace("size=5", 'size=5, readers="compete"')
    result = other.ran(shared, "acquire", "report", "second")
    got = [*result.values["report.readings"], *result.values["second.readings"]]
    assert sorted(got) == list(range(30))


def test_values_stay_until_every_reading_function_has_got_them(flow, client):
    two = READ + READ.replace("report", "second")
    body = "jobs = queue.Queue(size=50)\n" + WRITE.replace("NUMBER", "20") + two
    mains = ("acquire", "report", "second")
    first = flow.ran(body, *mains, options={"loops": ["acquire", "second"]})
    assert first.values["second.readings"] == list(range(20))
    assert queue_list.depth(client, flow.name()) == 20
    assert flow.ran(body, *mains, options={"loops": ["report"]}).values["report.readings"] == list(range(20))
    assert queue_list.depth(client, flow.name()) == 0


@pytest.mark.parametrize(
    ("full", "left"), [("drop_oldest", [7, 8, 9]), ("newest", [9]), ("fail", [0, 1, 2])], ids=lambda v: str(v)
)
def test_a_full_queue_does_what_its_policy_says(flow, client, full, left):
    body = f'jobs = queue.Queue(size=3, full="{full}")\n' + WRITE.replace("NUMBER", "10") + READ
    result = flow.ran(body, "acquire", "report", options={"loops": ["acquire"]})
    assert [entry.value for entry in queue_list.peek(client, flow.name())] == left
    if full == "fail":
        assert failed(result) == ["acquire.sent"]
        assert "the queue jobs is full" in result.message
    else:
        assert result.reason == "succeeded"
        assert any("The queue jobs is full (3 values)" in line for line in lines(result))


def test_a_writer_that_waits_for_room_stops_and_nothing_is_lost(flow, client):
    body = "jobs = queue.Queue(size=3)\n" + WRITE.replace("NUMBER", "100") + READ
    events: list[Event] = []
    this = Run(
        "run", flow.text(body, "acquire", "report"), "", emit=events.append,
        table=Table(memoryview(bytearray(1 << 16))), loops=["acquire"],
    )  # fmt: skip
    this.start()
    wait = threading.Event()
    while queue_list.depth(client, flow.name()) < 3:
        wait.wait(0.01)
    this.stop()
    assert this.join(30)
    assert this.report.reason == "stopped"  # and neither ended by force nor failed
    assert [entry.value for entry in queue_list.peek(client, flow.name())] == [0, 1, 2]


def test_a_reader_that_waits_for_values_stops(flow):
    body = "jobs = queue.Queue()\n" + WRITE.replace("NUMBER", "5") + READ
    this = Run(
        "run", flow.text(body, "acquire", "report"), "", emit=lambda event: None,
        table=Table(memoryview(bytearray(1 << 16))), loops=["report"],
    )  # fmt: skip
    this.start()
    while "report" not in this.runners or this.runners["report"].control.waiting == "":
        threading.Event().wait(0.01)
    this.stop()
    assert this.join(30)
    assert this.report.reason == "stopped"


def test_a_change_while_values_are_put_in_takes_no_answer_of_theirs(flow, client):
    write = "def acquire():\n    for n in timing.every(0.001):\n        sent = jobs.put(n)\n"
    body = (
        "jobs = queue.Queue(size=500)\n\n\n" + write + READ.replace("rows.add(value)", "more = maths.add(value, 1.0)")
    )
    body = body.replace("    rows = collect.List()\n", "").replace("    readings = rows.result()\n", "")
    text = flow.text(body, "acquire", "report")
    events: list[Event] = []
    this = Run("run", text, "", emit=events.append, table=Table(memoryview(bytearray(1 << 16))))
    this.start()
    for number in range(2, 32):
        while client.hget(f"flodesk:queue:{{{flow.name()}}}:writers", "acquire") != b"on":
            threading.Event().wait(0.01)
        this.swap(text.replace("1.0", f"{number}.0"))
    while sum(isinstance(event, Changed) for event in events) == 0:
        threading.Event().wait(0.01)
    this.stop()
    assert this.join(60)
    assert this.report.reason == "stopped", this.report.message
    assert this.links.summaries()["jobs"][1] == 0  # nothing is said to be dropped


# ------------------------------------------------------------------ at least once
def test_what_a_failed_turn_had_in_hand_comes_again(flow):
    body = (
        "jobs = queue.Queue(size=50)\n"
        + WRITE.replace("NUMBER", "10")
        + READ.replace("        rows.add(value)", "        good = boom(value, 4)\n        rows.add(good)")
    )
    first = flow.ran(body, "acquire", "report")
    assert failed(first) == ["report.good"]
    for _ in range(6):  # that is no death of a process, however often
        assert failed(flow.ran(body, "acquire", "report", options={"loops": ["report"]})) == ["report.good"]
    again = flow.ran(body.replace(", 4)", ", -1)"), "acquire", "report", options={"loops": ["report"]})
    assert again.values["report.readings"] == [4, 5, 6, 7, 8, 9]


def test_a_loop_that_leaves_early_has_acknowledged_its_last_turn(flow, client):
    leave = READ.replace(
        "        rows.add(value)", "        rows.add(value)\n        if value == 3:\n            break"
    )
    body = "jobs = queue.Queue(size=50)\n" + WRITE.replace("NUMBER", "10")
    assert flow.ran(body + leave, "acquire", "report").values["report.readings"] == [0, 1, 2, 3]
    assert [entry.value for entry in queue_list.peek(client, flow.name())] == [4, 5, 6, 7, 8, 9]
    limited = {"loops": ["report"], "limits": Limits(2)}
    assert flow.ran(body + READ, "acquire", "report", options=limited).values["report.readings"] == [4, 5]
    assert [entry.value for entry in queue_list.peek(client, flow.name())] == [6, 7, 8, 9]


def test_a_rejected_turn_is_a_dead_letter_and_the_loop_goes_on(flow, client):
    body = (
        "jobs = queue.Queue(size=5)\n"
        + WRITE.replace("NUMBER", "6")
        + READ.replace("        rows.add(value)", "        good = boom(value, 4)\n        rows.add(good)")
    )
    result = flow.ran(body, "acquire", "report", head='# on_error = "reject"\n')
    assert result.values["report.readings"] == [0, 1, 2, 3, 5]
    store = Letters()
    try:
        [head] = store.find()
        whole = store.get(head.id)
        assert whole is not None
        assert [kept.value() for kept in whole.payload] == [(4,)]
    finally:
        store.close()
    assert queue_list.depth(client, flow.name()) == 0


def test_a_message_of_somebody_else_is_a_dead_letter_and_says_so(flow, client):
    body = "jobs = queue.Queue(size=50)\n" + WRITE.replace("NUMBER", "1") + READ
    flow.ran(body, "acquire", "report", options={"loops": ["acquire"]})
    [[_, ours]] = client.xrange(flow.key())
    elsewhere = entry_of(os.environ["FLODESK_KEY"].encode(), "another queue", 9999, [])
    forged = [
        {"temperature": "21"},
        {"h": '{"v":{"t":"class","n":"os:system"}}'},
        {"h": '{"v":9999}'},
        {**ours, b"h": b'{"v":9999}'},
        {**ours, b"b0": b"more"},
        dict(zip(elsewhere[::2], elsewhere[1::2], strict=True)),
        {"h": b'{"v":' + b"[" * 100_000 + b"]" * 100_000 + b"}"},
    ]
    for fields in forged:
        client.xadd(flow.key(), fields)
    assert "recursion" in queue_list.peek(client, flow.name(), 50)[-1].wrong
    result = flow.ran(body, "acquire", "report")
    assert result.values["report.readings"] == [0, 0]
    said = " ".join(lines(result))
    assert "was written by somebody else: it has the fields 'temperature'" in said
    assert "is not signed with the project's key: somebody else has put it there" in said
    assert "jobs: 1 put in, 2 read, 7 dead letters" in said
    kept = queue_list.peek(client, flow.name(), 50, dead=True)
    assert len(kept) == 7
    assert "temperature" in kept[-1].wrong
    assert queue_list.purge(client, flow.name(), dead=True) == 7


def test_a_queue_that_is_open_takes_values_of_producers_that_are_no_flodesk(flow, client):
    client.xadd(flow.key(), {"h": '{"v":9999}'})
    client.xadd(flow.key(), {"h": b'{"v":' + b"[" * 100_000 + b"]" * 100_000 + b"}"})
    body = "jobs = queue.Queue(size=5)\n" + WRITE.replace("NUMBER", "2") + READ
    result = flow.ran(body, "acquire", "report", more=", open = true")
    assert result.values["report.readings"] == [9999, 0, 1]
    assert queue_list.look(client, flow.name()).dead == 1


def test_a_value_that_ends_every_process_is_a_dead_letter(flow, client):
    body = "jobs = queue.Queue(size=50)\n" + WRITE.replace("NUMBER", "4") + READ
    flow.ran(body, "acquire", "report", options={"loops": ["acquire"]})
    client.xreadgroup("report", "gone", {flow.key(): ">"}, count=2)
    for held, times in zip(client.xpending_range(flow.key(), "report", "-", "+", 2), (5, 4), strict=True):
        entry = [held["message_id"]]  # so many have had it, and died
        client.xclaim(flow.key(), "report", "gone", 0, entry, idle=10**6, retrycount=times, justid=True)
    result = flow.ran(body, "acquire", "report", options={"loops": ["report"]})
    assert result.values["report.readings"] == [1, 2, 3]
    [kept] = queue_list.peek(client, flow.name(), dead=True)
    assert "was in the hands of 5 processes that died" in kept.wrong


def test_a_part_of_a_flow_leaves_in_the_queue_what_it_reads(flow, client):
    from flodesk.engine.part import Part

    body = "jobs = queue.Queue(size=50)\n" + WRITE.replace("NUMBER", "5")
    body += READ.replace("        rows.add(value)", "        more = maths.add(value, 1)\n        rows.add(more)")
    flow.ran(body, "acquire", "report", options={"loops": ["acquire"]})
    result = flow.ran(body, "acquire", "report", options={"part": Part("to", "report.more")})
    assert result.values["report.more"] == 1
    assert [entry.value for entry in queue_list.peek(client, flow.name())][:5] == [0, 1, 2, 3, 4]


def test_a_reader_that_comes_after_the_end_waits_for_the_next_who_writes(flow):
    body = "jobs = queue.Queue(size=50)\n" + WRITE.replace("NUMBER", "4") + READ
    flow.ran(body, "acquire", "report")
    found: list[Result] = []
    late = threading.Thread(
        target=lambda: found.append(flow.ran(body, "acquire", "report", options={"loops": ["report"]}))
    )
    late.start()
    late.join(0.6)
    assert not found
    flow.ran(body, "acquire", "report", options={"loops": ["acquire"]})
    late.join(60)
    assert found[0].values["report.readings"] == [0, 1, 2, 3]
    assert any("has been read to its end: waiting for somebody who writes" in line for line in lines(found[0]))


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_loops_of_one_flow_run_on_different_workers(flow, server, start_worker, editors, wait_for, monkeypatch):
    monkeypatch.delenv("FLODESK_REDIS_URL")  # the workers know where they listen
    body = "jobs = queue.Queue(size=5)\n\n\ndef worker():\n    return os.getppid()\n\n\n" + WRITE.replace(
        "NUMBER", "30"
    )
    body = body.replace("def acquire():\n", "def acquire():\n    at = worker()\n")
    body += READ + "    at = worker()\n"
    text = flow.text(body, "acquire", "report").replace("import flodesk\n", "import os\nimport flodesk\n", 1)
    workers = [start_worker(server.url, "--queue", flow.mark) for _ in range(2)]
    made = {loop: editors(server.url, queue=flow.mark, loops=[loop]) for loop in ("report", "acquire")}
    for editor in made.values():
        editor.engine.watch({"acquire.at", "report.at", "report.readings"}, set())
        editor.start(text)
    assert [editor.over().reason for editor in made.values()] == ["succeeded", "succeeded"]
    wait_for(lambda: all(editor.value(f"{loop}.at") for loop, editor in made.items()), "where they were")
    assert {editor.value(f"{loop}.at") for loop, editor in made.items()} == {worker.pid for worker in workers}
    wait_for(lambda: made["report"].value("report.readings"), "what was read")
    assert made["report"].value("report.readings") == list(range(30))
    assert (made["report"].value("acquire.at"), made["acquire"].value("report.at")) == (None, None)


# ------------------------------------------------------------------ what the header says
def test_a_queue_in_memory_does_not_reach_another_process(flow):
    body = "jobs = queue.Queue()\n" + WRITE.replace("NUMBER", "4") + READ
    result = flow.ran(body, "acquire", "report", far=(), options={"loops": ["acquire"]})
    assert result.reason == "failed"
    assert "“jobs” lies in memory, so “report” would have to run in the same process" in result.message
    assert 'jobs = { on = "redis" }' in result.message


def test_a_server_that_is_not_there_is_told_before_the_run(flow, monkeypatch):
    body = "jobs = queue.Queue()\n" + WRITE.replace("NUMBER", "4") + READ
    monkeypatch.setenv("FLODESK_REDIS_URL", "redis://:hush@127.0.0.1:1/0")
    result = flow.ran(body, "acquire", "report")
    assert result.reason == "failed"
    assert "No Redis server answers at redis://***@127.0.0.1:1/0" in result.message
    monkeypatch.delenv("FLODESK_REDIS_URL")
    assert "Set the environment variable FLODESK_REDIS_URL" in flow.ran(body, "acquire", "report").message


def test_the_address_may_be_that_of_a_connection_with_a_secret(flow, server, monkeypatch):
    monkeypatch.delenv("FLODESK_REDIS_URL")
    monkeypatch.setenv("FLODESK_SECRET_PLANT", server.url)
    body = "jobs = queue.Queue()\n" + WRITE.replace("NUMBER", "3") + READ
    head = '# [tool.flodesk.connections]\n# plant = "secret:PLANT"\n'
    result = flow.ran(body, "acquire", "report", head=head, more=', connection = "plant"')
    assert result.values["report.readings"] == [0, 1, 2]
    missing = flow.ran(body, "acquire", "report", more=', connection = "plant"')
    assert "there is no connection plant in the header" in missing.message
    monkeypatch.setenv("FLODESK_SECRET_WORD", "p@ss/1")
    assert with_secret("rediss://lab:secret:WORD@host:6380/1") == "rediss://lab:p%40ss%2F1@host:6380/1"
    with pytest.raises(ValueError, match="does not stand in a flow"):
        with_secret("redis://lab:hush@host")


def test_capacity_of_the_header_goes_before_that_of_the_flow(flow, client):
    body = 'jobs = queue.Queue(size=3, full="drop_oldest")\n' + WRITE.replace("NUMBER", "10") + READ
    flow.ran(body, "acquire", "report", more=", capacity = 6", options={"loops": ["acquire"]})
    assert queue_list.look(client, flow.name()).depth == 6


# ------------------------------------------------------------------ who looks after them
def test_queues_are_listed_and_emptied(flow, client):
    from flodesk.cli import main

    body = "jobs = queue.Queue(size=50)\n" + WRITE.replace("NUMBER", "4") + READ
    flow.ran(body, "acquire", "report", options={"loops": ["acquire"]})
    assert flow.name() in queue_list.names(client)
    state = queue_list.look(client, flow.name())
    assert (state.depth, state.readers, state.ended) == (4, 0, True)
    assert [(g.name, g.waiting, g.pending) for g in state.groups] == [("report", 4, 0)]
    assert main(["queues", "purge", flow.name(), "--yes"]) == 0
    assert flow.name() not in queue_list.names(client)
    assert not list(client.scan_iter(f"flodesk:queue:{{{flow.name()}}}*"))


def test_the_command_line_lists_peeks_and_asks(flow, client, capsys, monkeypatch):
    from flodesk.cli import main

    body = "jobs = queue.Queue(size=50)\n" + WRITE.replace("NUMBER", "4") + READ
    flow.ran(body, "acquire", "report", options={"loops": ["acquire"]})
    assert main(["queues", "--json"]) == 0
    [found] = [state for state in json.loads(capsys.readouterr().out)["queues"] if state["name"] == flow.name()]
    assert (found["depth"], found["capacity"], found["readers"], found["dead"]) == (4, 50, 0, 0)
    assert main(["queues"]) == 0
    assert f"{flow.name()}: nobody reads it now. Read so far by: report" in capsys.readouterr().out
    assert main(["queues", "peek", flow.name(), "--count", "2"]) == 0
    assert [line.rpartition("  ")[2] for line in capsys.readouterr().out.splitlines()] == ["value = 0", "value = 1"]
    client.xadd(flow.key(), {"h": '{"v":9999}'})
    assert main(["queues", "peek", flow.name(), "--json"]) == 0
    assert [each["signed"] for each in json.loads(capsys.readouterr().out)] == [True] * 4 + [False]
    assert main(["queues", "peek", flow.name()]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("not signed; value = 9999")
    assert [entry.signed for entry in queue_list.peek(client, flow.name())] == [True] * 5, "nobody knows without a key"
    monkeypatch.setattr("builtins.input", lambda question: "n")
    assert main(["queues", "purge", flow.name()]) == 0
    assert "Nothing was dropped" in capsys.readouterr().out
    assert main(["queues", "peek", "nobody's"]) == 3
    assert main(["queues", "peek"]) == 2
