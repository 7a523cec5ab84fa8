"""Programs, the computer and log files, against what anybody can look up."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import threading
from pathlib import Path

import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.events import RunFinished
from flodesk.nodes import system

PYTHON = f'"{Path(sys.executable).as_posix()}"'
posix = pytest.mark.skipif(os.name == "nt", reason="signals and process groups")


@pytest.mark.node("system.command")
def test_a_program_is_given_arguments_input_and_variables_and_says_what_it_wrote(tmp_path, monkeypatch):
    monkeypatch.setenv("FLODESK_SECRET_KEY", "hunter2")
    said = "import os, sys; print(sys.argv[1:], sys.stdin.read(), os.getcwd(), os.environ['ROOM'], os.environ['KEY'])"
    done = system.command(
        f'{PYTHON} -c "{said}" "a b"',
        ["c d", "$HOME; ls"],
        input="Ω",
        folder=tmp_path,
        environment={"ROOM": "B 12", "KEY": "secret:KEY", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.output == f"['a b', 'c d', '$HOME; ls'] Ω {tmp_path} B 12 hunter2"
    assert (done.errors, done.code) == ("", 0)
    done = system.command(f"{PYTHON} -c", ["import sys; sys.exit('too hot')"], on_error="give")
    assert done == ("", "too hot", 1)


@posix
@pytest.mark.node("system.command")
def test_a_shell_reads_the_line_only_where_it_is_asked_for():
    assert system.command("echo a | tr a b").output == "a | tr a b"
    assert system.command("echo a | tr a b", shell=True).output == "b"
    assert system.command("printf '%s,'", ["x; echo y", "z"], shell=True).output == "x; echo y,z,"


@pytest.mark.node("system.command")
def test_what_goes_wrong_with_a_program_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("FLODESK_SECRET_KEY", "hunter2")
    for words in ("there is nothing to run", "a quote in `echo 'a` does not end"):
        with pytest.raises(ValueError, match=words):
            system.command("" if "nothing" in words else "echo 'a")
    with pytest.raises(FileNotFoundError, match="there is no program 'no-such-program': check its name"):
        system.command("no-such-program -x")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        system.command("echo", folder=tmp_path / "none")
    told = "import os, sys; print('no entry with ' + os.environ['KEY'], file=sys.stderr); sys.exit(3)"
    with pytest.raises(ChildProcessError, match=r"-c` ended with code 3: no entry with \*\*\*$"):
        system.command(f"{PYTHON} -c", [told], environment={"KEY": "secret:KEY"})
    with pytest.raises(TimeoutError, match=r"-c` was ended after 0.1 s: give it more time"):
        system.command(f"{PYTHON} -c", ["import time; time.sleep(600)"], timeout=0.1)
    (tmp_path / "notes.txt").write_text("no program")
    if os.name != "nt":
        with pytest.raises(PermissionError, match="cannot be run"):
            system.command(str(tmp_path / "notes.txt"))
        with pytest.raises(ChildProcessError, match="was ended by signal 9"):
            system.command("kill -9 $$", shell=True)


FLOW = """
import flodesk
from flodesk.nodes import system


def flow():
    told = system.command(LINE, shell=True, timeout=0.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@posix
def test_stop_ends_a_program_with_all_that_it_has_started(tmp_path):
    os.mkfifo(tmp_path / "alive")
    # the shell, a program that it waits for, and one that is deaf to all that is polite: each has the pipe open
    line = f"exec 3>{tmp_path}/alive; (trap '' TERM; echo on >&3; sleep 600; sleep 600) & sleep 600"
    ended = threading.Event()
    engine = InProcess(lambda event: ended.set() if isinstance(event, RunFinished) else None)
    try:
        engine.open(FLOW.replace("LINE", repr(line)), "flow.py")
        engine.start()
        with (tmp_path / "alive").open() as alive:
            assert alive.readline() == "on\n"
            engine.stop()
            assert ended.wait(60.0)
            assert alive.read() == "", "the end of the pipe: none of them has it open any more"
    finally:
        engine.close()


@pytest.mark.node("system.computer", "system.disk_space", "system.environment_variable")
def test_the_computer_is_what_it_is(tmp_path, monkeypatch):
    told = system.computer()
    assert told.system == platform.system()
    assert told.python == platform.python_version()
    assert told.name == platform.node()
    assert 0 < told.cores <= (os.cpu_count() or 1)
    if told.system == "Linux":
        kilobytes = int(re.search(r"MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text())[1])
        assert told.memory == kilobytes * 1024
    space = system.disk_space(tmp_path)
    assert space.total == shutil.disk_usage(tmp_path).total
    assert space.share == pytest.approx(space.free / space.total)
    with pytest.raises(FileNotFoundError, match="there is no file"):
        system.disk_space(tmp_path / "none")
    monkeypatch.setenv("LAB_ROOM", "B 12")
    assert system.environment_variable("LAB_ROOM", default="x") == "B 12"
    monkeypatch.delenv("LAB_ROOM")
    assert system.environment_variable("LAB_ROOM", default="") == ""
    with pytest.raises(LookupError, match="there is no variable LAB_ROOM: set it before flodesk"):
        system.environment_variable("LAB_ROOM")
    monkeypatch.setenv("FLODESK_SECRET_KEY", "hunter2")
    with pytest.raises(PermissionError, match="is a secret: write secret:KEY at the node"):
        system.environment_variable("FLODESK_SECRET_KEY")


@pytest.mark.node("system.LogFile")
def test_lines_of_a_log_have_time_and_level_and_stay(tmp_path):
    path = tmp_path / "oven.log"
    log = system.LogFile(path)
    line = log("Oven at", 182.5, None, "°C", level="warning")
    log("two\nlines")
    assert log("") == ""
    log.close()
    again = system.LogFile(path)
    again("on")
    again.close()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == line
    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d "
    assert re.fullmatch(stamp + "WARNING   Oven at 182.5 °C", lines[0])
    assert re.fullmatch(stamp + "INFO      two", lines[1])
    assert lines[2] == "    lines"
    assert lines[3].endswith("INFO      on")
    with pytest.raises(ValueError, match=r"oven\.log is closed"):
        log("late")
    with pytest.raises(ValueError, match="there is no level “loud”"):
        again("x", level="loud")
    with pytest.raises(ValueError, match="set both to 0 or more"):
        system.LogFile(path, size=-1)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        system.LogFile(tmp_path / "none" / "a.log")


@pytest.mark.node("system.LogFile")
def test_a_log_never_grows_beyond_its_size_and_the_oldest_goes(tmp_path):
    log = system.LogFile(tmp_path / "a.log", size=200, keep=2)
    for number in range(20):
        log(f"line {number:02}")  # 46 bytes with time and level: four in a file
    log.close()
    kept = [tmp_path / name for name in ("a.2.log", "a.1.log", "a.log")]
    assert sorted(tmp_path.iterdir()) == sorted(kept)
    numbers = [re.findall(r"line (\d+)", path.read_text()) for path in kept]
    assert numbers == [["08", "09", "10", "11"], ["12", "13", "14", "15"], ["16", "17", "18", "19"]]
    assert all(path.stat().st_size <= 200 for path in kept)
    none = system.LogFile(tmp_path / "b.log", size=1, keep=0)
    none("first")
    none("second")
    none.close()
    assert (tmp_path / "b.log").read_text().count("\n") == 1
    assert "second" in (tmp_path / "b.log").read_text()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.node("system.LogFile")
def test_a_full_disk_is_said():
    log = system.LogFile(Path("/dev/full"))
    with pytest.raises(OSError, match="/dev/full could not be written, the disk is full: free some space"):
        log("x")
    log.close()
