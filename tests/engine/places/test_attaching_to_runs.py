"""A run that is left goes on; whoever comes back to it is told what was so far, then what comes, and can steer it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Worker as RqWorker

from flodesk.engine.events import LoopStarted, Paused, RunFinished, RunStarted, Turned
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.server.stream import PlaceError
from flodesk.engine.places.session.run_on import RunOn, digest, here
from flodesk.engine.places.session.runs_there import INDEX, chosen, entry_key, runs_on

COUNTS = """
import flodesk
from flodesk.nodes import control, maths, timing


def said(number):
    if number == 3:
        print("three")
    return number


def flow():
    gain = control.number(1.0)
    number = 0
    for tick in timing.every(0.02):
        more = maths.add(number, 1)
        number = more
        told = said(number)
        big = maths.scale(number, factor=gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""
GATED = """
import flodesk
import time
from pathlib import Path


def wait(folder: str) -> int:
    Path(folder, "begun").touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    print("through")
    return X


def flow():
    x = wait(FOLDER)
    square = abs(x * x)


if __name__ == "__main__":
    flodesk.main(flow)
"""
STUCK = """
import flodesk
from pathlib import Path


def never(folder: str):
    Path(folder, "begun").touch()
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def flow():
    stuck = never(FOLDER)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def gated(folder: Path, x: int = 3) -> str:
    return GATED.replace("FOLDER", repr(str(folder))).replace("return X", f"return {x}")


@pytest.fixture
def on(server: LocalServer, connection: Redis, wait_for: Callable[..., None]) -> Callable[..., RunOn]:
    """Give a function that finds a run in the list of the server, in one of these states."""

    def find(run: str, *states: str) -> RunOn:
        found: list[RunOn] = []

        def there() -> bool:
            runs = [one for one in runs_on(connection, find_or_make_key().secret) if one.run == run]
            found[:] = [one for one in runs if not states or one.state in states]
            return bool(found)

        wait_for(there, f"the run {run} to be {' or '.join(states) or 'there'}")
        return found[0]

    return find


def turns(editor: Any) -> int:
    state = editor.engine.states().get("flow.big")
    return state.count if state else 0


def test_a_run_that_is_left_goes_on_and_is_come_back_to(
    server: LocalServer, worker: object, editors: Callable[..., Any], wait_for: Callable[..., None], on: Any
) -> None:
    first = editors(server.url)
    run = first.start(COUNTS, "/lab/counts.py")
    wait_for(lambda: first.lines("three"), "the third turn")
    first.engine.leave()
    assert not first.engine.running
    assert [end.reason for end in first.events.ends] == ["left"]
    seen = turns(first)
    first.engine.close()
    there = on(run, "running")
    assert (there.path, there.host, there.text) == ("/lab/counts.py", here(), digest(COUNTS))
    assert there.worker
    assert there.is_of("/lab/counts.py")

    second = editors(server.url)
    second.engine.watch({"flow.big"}, {"flow.number"})
    account = second.engine.attach(there)
    assert account.text == COUNTS
    assert second.engine.running
    assert {RunStarted, LoopStarted} <= {type(event) for event in second.events}
    assert second.lines("three"), "what the log has said is told"
    assert turns(second) >= seen, "its states are there at once"
    wait_for(lambda: second.value("flow.big"), "a value of what is watched")
    second.engine.set_parameter("flow.gain", "value", "-1.0")
    wait_for(lambda: second.value("flow.big") < 0, "the change to take effect")
    second.engine.set_breaks({"flow.big": ""})
    wait_for(lambda: any(isinstance(event, Paused) for event in second.events), "the breakpoint")
    second.engine.set_breaks({})
    second.engine.resume()
    held = turns(second)
    wait_for(lambda: turns(second) > held + 3, "it to go on")
    begun = time.monotonic()
    second.engine.stop()
    assert second.over().reason == "stopped"
    assert time.monotonic() - begun < 30
    assert second.events.ends[0].run == run


def test_a_session_that_nobody_follows_ends_with_its_run_and_tells_how_for_a_while(
    server: LocalServer, worker: object, editors: Callable[..., Any], wait_for: Callable[..., None],
    on: Any, connection: Redis, tmp_path: Path,
) -> None:  # fmt: skip
    first = editors(server.url)
    first.engine.watch({"flow.square"}, set())
    run = first.start(gated(tmp_path))
    wait_for((tmp_path / "begun").exists, "the node")
    first.engine.leave()
    (tmp_path / "go").touch()
    there = on(run, "succeeded")
    wait_for(lambda: all(found.get_state() == "idle" for found in RqWorker.all(connection)), "the worker to be free")
    second = editors(server.url)
    account = second.engine.attach(there)
    assert account.over
    assert not second.engine.running
    assert [event.reason for event in second.events.ends] == ["succeeded"]
    assert second.lines("through")
    assert second.value("flow.square") == 9, "what was on the screen when it was left is kept"
    assert second.engine.states()["flow.code_1"].count == 1
    assert second.run(gated(tmp_path, 4)).reason == "succeeded", "the next run is its own"


def test_two_editors_follow_one_run_and_both_are_obeyed(
    server: LocalServer, worker: object, editors: Callable[..., Any], wait_for: Callable[..., None], on: Any
) -> None:
    first, second = editors(server.url), editors(server.url)
    first.engine.watch({"flow.big"}, set())
    run = first.start(COUNTS)
    wait_for(lambda: first.value("flow.big"), "a value")
    second.engine.watch({"flow.number"}, set())
    second.engine.attach(on(run, "running"))
    wait_for(lambda: second.value("flow.number"), "the value that the second has on the screen")
    before = first.value("flow.big")
    wait_for(lambda: first.value("flow.big") != before, "the first to go on to see its own")

    second.engine.set_parameter("flow.gain", "value", "-2.0")
    wait_for(lambda: first.value("flow.big") < 0, "what the second has turned")
    turned = [event for event in first.events if isinstance(event, Turned)]
    assert [(event.node, event.parameter, event.text) for event in turned] == [("flow.gain", "value", "-2.0")]
    assert not [event for event in second.events if isinstance(event, Turned)], "it knows what it has done itself"
    answers: dict[str, str] = {}
    # both count their questions from one
    first.engine.why("flow.big", lambda text: answers.setdefault("first", text))
    second.engine.why("flow.told", lambda text: answers.setdefault("second", text))
    wait_for(lambda: len(answers) == 2, "both answers")
    assert "big" in answers["first"]
    assert "told" in answers["second"]
    second.engine.close()  # stops it, for both
    assert first.over().reason == "stopped"


def test_who_leaves_takes_nothing_along_that_others_want(
    server: LocalServer, worker: object, editors: Callable[..., Any], wait_for: Callable[..., None], on: Any
) -> None:
    first, second = editors(server.url), editors(server.url)
    first.engine.watch({"flow.big"}, set())
    run = first.start(COUNTS)
    second.engine.watch({"flow.big"}, set())
    second.engine.attach(on(run, "running"))
    wait_for(lambda: second.value("flow.big"), "a value")
    first.engine.leave()
    first.engine.close()
    before = second.value("flow.big")
    wait_for(lambda: second.value("flow.big") > before + 5, "the second to go on to see it")
    second.engine.stop()
    second.over()


@pytest.mark.timeout(120)
def test_a_left_run_is_stopped_by_whoever_attaches_also_where_a_node_never_returns(
    server: LocalServer, worker: object, editors: Callable[..., Any], wait_for: Callable[..., None],
    on: Any, tmp_path: Path,
) -> None:  # fmt: skip
    first = editors(server.url)
    run = first.start(STUCK.replace("FOLDER", repr(str(tmp_path))))
    wait_for((tmp_path / "begun").exists, "the node")
    first.engine.leave()
    second = editors(server.url)
    second.engine.attach(on(run, "running"))
    second.engine.stop()
    assert second.over().reason in ("stopped", "killed")


def test_a_run_that_waits_for_a_worker_is_in_the_list_and_can_be_attached_to(
    start_server: Callable[..., Any], start_worker: Callable[..., Any], editors: Callable[..., Any],
    wait_for: Callable[..., None],
) -> None:  # fmt: skip
    server = start_server()
    first = editors(server.url)
    run = first.start(COUNTS, "/lab/counts.py")
    first.engine.leave()
    connection = Redis.from_url(server.url)
    (there,) = runs_on(connection, find_or_make_key().secret)
    assert (there.run, there.state, there.worker) == (run, "waiting", "")
    second = editors(server.url)
    second.engine.attach(there)
    assert second.engine.running
    assert not second.events.ends
    start_worker(server.url)
    wait_for(lambda: turns(second) > 3, "turns of it")
    second.engine.stop()
    assert second.over().reason == "stopped"


def test_entries_that_are_not_signed_or_of_another_session_are_in_no_list(
    server: LocalServer, connection: Redis
) -> None:
    before = runs_on(connection, find_or_make_key().secret)
    head = json.dumps({"session": "forged", "run": "forged", "path": "/etc/passwd", "state": "running"})
    for text in (json.dumps([head, "0" * 64]), head, "[", json.dumps([1, 2]), "{}"):
        connection.set(entry_key("forged"), text, ex=60)
        connection.zadd(INDEX, {"forged": time.time()})
        assert runs_on(connection, find_or_make_key().secret) == before
    connection.zadd(INDEX, {"gone": time.time()})
    runs_on(connection, find_or_make_key().secret)
    assert connection.zscore(INDEX, "gone") is None, "what has no entry is dropped"
    connection.delete(entry_key("forged"))


def test_what_nobody_tells_is_said(server: LocalServer, editors: Callable[..., Any], monkeypatch: Any) -> None:
    monkeypatch.setattr("flodesk.engine.places.session.account.ANSWER_SECONDS", 0.2)
    editor = editors(server.url)
    with pytest.raises(PlaceError, match="says nothing"):
        editor.engine.attach(RunOn("nobody", "nobody", worker="w", state="running"))
    assert not editor.engine.running


def test_a_run_is_chosen_by_the_beginning_of_its_id_or_by_its_file(tmp_path: Path) -> None:
    path = str(tmp_path / "a.py")
    runs = [
        RunOn("aaaa2", "aaaa2", path, here(), 3.0, state="succeeded"),
        RunOn("aaaa1", "aaaa1", path, here(), 2.0, state="running"),
        RunOn("bbbb1", "bbbb1", path, "elsewhere", 1.0, state="running"),
    ]
    assert [run.run for run in chosen(runs, path)] == ["aaaa1"], "of its file those that are on"
    assert [run.run for run in chosen(runs, "aaaa2")] == ["aaaa2"]
    assert [run.run for run in chosen(runs, "bbbb")] == ["bbbb1"]
    assert [run.run for run in chosen(runs, "")] == ["aaaa1", "bbbb1"]
    assert chosen(runs, str(tmp_path / "b.py")) == []
    assert [run.run for run in chosen(runs[:1], path)] == ["aaaa2"], "else how the newest has ended"


def test_a_bare_name_is_that_of_a_file_in_another_folder_unless_one_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runs = [
        RunOn("aaaa3", "aaaa3", "/lab/noisy.py", here(), 4.0, state="succeeded"),
        RunOn("aaaa2", "aaaa2", "/lab/noisy.py", here(), 3.0, state="running"),
        RunOn("aaaa1", "aaaa1", "/lab/quiet.py", here(), 2.0, state="failed"),
        RunOn("bbbb1", "bbbb1", r"C:\lab\quiet.py", "elsewhere", 1.0, state="failed"),
    ]
    assert [run.run for run in chosen(runs, "noisy.py")] == ["aaaa2"]
    assert [run.run for run in chosen(runs, "quiet.py")] == ["aaaa1", "bbbb1"], "of each file one, to be named"
    assert chosen(runs, "lab/noisy.py") == chosen(runs, "noisy") == []
    (tmp_path / "noisy.py").touch()
    assert chosen(runs, "noisy.py") == [], "it is the one that is here"


def test_eight_runs_side_by_side_never_mix(
    start_server: Callable[..., Any], start_worker: Callable[..., Any], editors: Callable[..., Any],
    wait_for: Callable[..., None], tmp_path: Path,
) -> None:  # fmt: skip
    server = start_server()
    for _ in range(3):
        start_worker(server.url)
    numbers = range(1, 9)
    made = {}
    for x in numbers:
        folder = tmp_path / str(x)
        folder.mkdir()
        made[x] = editors(server.url)
        made[x].engine.watch({"flow.x", "flow.square"}, set())
        made[x].start(gated(folder, x))
        (folder / "go").touch()
    for x in numbers:
        assert made[x].over().reason == "succeeded", made[x].over()
    assert {x: made[x].value("flow.square") for x in numbers} == {x: x * x for x in numbers}
    assert {x: made[x].value("flow.x") for x in numbers} == {x: x for x in numbers}
    ids = {x: made[x].events.ends[0].run for x in numbers}
    assert len(set(ids.values())) == 8
    for x in numbers:
        told = {event.run for event in made[x].events if not isinstance(event, RunFinished) and event.run}
        assert told <= {ids[x]}, "each hears of its own run alone"
