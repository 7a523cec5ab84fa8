"""What ``flodesk run`` says: of an error the way to it, of a node in a worker process what it prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(flodesk: Command) -> Command:
    return lambda *arguments: flodesk("run", "--no-history", *arguments)


def test_an_error_names_the_inner_node_and_the_way_to_it(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "deep.py"
    file.write_text(
        "import flodesk\nfrom flodesk.nodes import maths\n\n\ndef low(x):\n    c = int(x)\n    return c\n\n\n"
        "def middle(x):\n    b = low(x)\n    return b\n\n\ndef flow():\n    a = middle('one')\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n',
        encoding="utf-8",
    )
    done = run(file)
    assert done.returncode == 1
    assert done.stderr.startswith("flow.a → middle.b → low.c failed: ValueError: invalid literal")
    assert f"{file}, line 6: c = int(x)" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="the process place is of POSIX")
def test_what_a_node_in_a_worker_process_prints_comes_out_as_at_home(run: Command, tmp_path: Path) -> None:
    text = (
        "import sys\nimport flodesk\nfrom flodesk.nodes import timing\n\n\ndef say(x):\n    print('value', x)\n"
        "    if x == 0:\n        print('careful', file=sys.stderr)\n        flodesk.context().log('logged')\n"
        "    return x\n\n\ndef flow():\n    for i in timing.count(900):\n        b = say(i)\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    )
    home, away = tmp_path / "home.py", tmp_path / "away.py"
    home.write_text(text, encoding="utf-8")
    header = '# /// script\n# [tool.flodesk]\n# version = 1\n#\n# [tool.flodesk.places.flow]\n# b = "process"\n# ///\n'
    away.write_text(header + text, encoding="utf-8")
    at_home, at_work = run(home), run(away)
    assert at_home.returncode == at_work.returncode == 0, at_work.stderr
    assert at_work.stdout == at_home.stdout
    assert at_work.stdout.startswith("value 0\nvalue 1\n")
    assert at_work.stdout.count("value") == 900
    assert sorted(at_work.stderr.splitlines()) == sorted(at_home.stderr.splitlines())


def test_of_a_part_the_value_of_the_node_that_was_asked_for_is_said(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "sums.py"
    file.write_text(
        "import flodesk\nfrom flodesk.nodes import maths, show, source\n\n\ndef flow():\n    a = maths.add(1.0, 2.0)\n"
        "    wave = source.sine(a, samples=50)\n    seen = show.number(a)\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n',
        encoding="utf-8",
    )
    assert run(file, "--to", "a").stdout == "flow.a = 3\n"
    assert "array of 50" in run(file, "--to", "wave").stdout
    assert run(file, "--to", "seen").stdout == "flow.seen: 3\n"


def test_a_node_finds_the_command_line_that_was_typed(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "typed.py"
    file.write_text(
        "import sys\nimport flodesk\n\n\ndef typed(x):\n    return ' '.join(sys.argv)\n\n\n"
        "def flow():\n    a = typed(1)\n    b = print(a)\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n',
        encoding="utf-8",
    )
    plain = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=True, timeout=60)
    assert plain.stdout.splitlines()[0] == str(file)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_process_that_a_node_forks_can_be_ended(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "forks.py"
    file.write_text(
        "import multiprocessing, time\nimport flodesk\n\n\ndef forked(x):\n"
        "    begun = multiprocessing.get_context('fork').Event()\n\n"
        "    def wait():\n        begun.set()\n        time.sleep(60)\n\n"
        "    other = multiprocessing.get_context('fork').Process(target=wait)\n    other.start()\n    begun.wait(20)\n"
        "    other.terminate()\n    other.join(20)\n    return other.exitcode\n\n\n"
        "def flow():\n    a = forked(1)\n    b = print(a)\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n',
        encoding="utf-8",
    )
    assert run(file).stdout.splitlines()[0] == "-15"


FIELDS = """
from dataclasses import dataclass
from typing import NamedTuple

import flodesk


class Peak(NamedTuple):
    x: float
    unit: str


@dataclass
class Pair:
    low: object
    high: object


def peak():
    return Peak(0.5, "Hz")


def pair():
    found = Pair(Peak(1.0, "V"), None)
    found.high = found
    return found


def flow():
    top = peak()
    both = pair()


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_of_a_result_with_several_fields_each_is_said(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "fields.py"
    file.write_text(FIELDS, encoding="utf-8")
    assert run(file, "--to", "top").stdout == 'flow.top.x = 0.5\nflow.top.unit = "Hz"\n'
    low, high = run(file, "--to", "both").stdout.splitlines()
    assert low == "flow.both.low = Peak of 2: x, unit"
    assert high == "flow.both.high = Pair: low, high", "one that holds itself has an end, too"
    values = json.loads(run(file, "--json").stdout)["values"]
    assert values["flow.top"] == {"x": 0.5, "unit": "Hz"}
    assert list(values["flow.both"]) == ["low", "high"]


QUEUES = """
import flodesk
from flodesk.nodes import queue, timing

lossy = queue.Queue(size=1, full="newest")
whole = queue.Queue(size=5)


def write():
    for n in timing.count(3):
        sent = whole.put(n)
        also = lossy.put(n)


def read():
    for value in whole:
        same = value


if __name__ == "__main__":
    flodesk.main(write, read)
"""


def test_what_went_through_a_queue_is_said_once(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "queues.py"
    file.write_text(QUEUES, encoding="utf-8")
    done = run(file)
    assert done.returncode == 0
    assert done.stdout.count("3 put in") == 1, "a result"
    assert "whole: 3 put in, 3 read\n" in done.stdout
    assert done.stderr.count("3 put in") == 1, "a warning"
    assert "warning: lossy: 3 put in, 0 read" in done.stderr


def test_a_node_that_a_part_does_not_come_to_has_no_value_and_the_exit_code_says_so(
    run: Command, tmp_path: Path
) -> None:
    file = tmp_path / "arms.py"
    file.write_text(
        "import flodesk\nfrom flodesk.nodes import maths\n\n\ndef flow():\n    a = maths.add(1.0, 2.0)\n"
        "    high = maths.greater(a, 5.0)\n    if high:\n        b = maths.add(a, 1.0)\n"
        "    else:\n        c = maths.add(a, 2.0)\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n',
        encoding="utf-8",
    )
    why = "it did not run: the branch that it stands in was not taken"
    done = run(file, "--to", "b", "--why")
    assert done.returncode == 3
    assert f"flow.b: {why}" in done.stdout.splitlines()
    assert f"flow.b: {why}" in done.stderr
    assert "flow.b: it ran" not in done.stdout
    plain = run(file, "--to", "b", "--json")
    assert plain.returncode == 3
    assert json.loads(plain.stdout)["unreached"] == why
    there = run(file, "--to", "c", "--json")
    assert there.returncode == 0
    assert json.loads(there.stdout)["unreached"] == ""
    whole = run(file, "--why")
    assert f"flow.b: {why}" in whole.stdout.splitlines()
