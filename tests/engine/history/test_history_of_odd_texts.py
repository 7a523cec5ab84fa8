"""Half a character, as in the name of a file that is not UTF-8, costs no run its place in the history."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.events import Failure, LogLine, Rejected, from_json, to_json
from flodesk.engine.headless import run
from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.history.records import About
from flodesk.engine.letters.letter import Letter
from flodesk.engine.letters.store import Letters
from flodesk.engine.states import NodeState
from flodesk.engine.versions.store import Versions
from flodesk.engine.writable import json_of, writable, writable_in

HALF = b"m\xfcll".decode("utf-8", "surrogateescape")

FLOW = """import flodesk


def look(name: str) -> str:
    half = b"m\\xfcll.csv".decode("utf-8", "surrogateescape")
    flodesk.context().log("log " + half)
    print("print " + half)
    if name == "fail":
        raise FileNotFoundError(half)
    return half


def flow():
    a = look("NAME")


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def recorder():
    said: list[str] = []
    made = Recorder(said.append)
    made.said_of_test = said
    yield made
    made.close()


def listed() -> list[Any]:
    with history() as connection:
        return list(reversed(store.listed(connection)))


def test_texts_are_spelled_out_only_where_they_must_be() -> None:
    assert writable("plain") == "plain"
    assert writable("Prüfstand 😀") == "Prüfstand 😀"
    assert writable(HALF) == "m\\udcfcll"
    assert writable_in({"a": [HALF, 1], HALF: (HALF, None)}) == {
        "a": ["m\\udcfcll", 1],
        "m\\udcfcll": ("m\\udcfcll", None),
    }
    assert json.loads(json_of(["😀", "\\ud"])) == ["😀", "\\ud"]
    assert json.loads(json_of([HALF])) == ["m\\udcfcll"]


def test_runs_with_half_characters_in_them_and_those_after_are_kept(recorder: Recorder) -> None:
    folder = f"/somewhere/{HALF}"
    for name in ("well", "fail", "well"):
        run(FLOW.replace("NAME", name), f"{folder}/{HALF}.py", recorder=recorder)
    assert recorder.flush()
    assert recorder.said_of_test == []
    runs = listed()
    assert [found.state for found in runs] == ["succeeded", "failed", "succeeded"]
    assert {found.name for found in runs} == {"m\\udcfcll"}
    assert "m\\udcfcll.csv" in runs[1].message
    assert "m\\udcfcll.csv" in runs[1].error["message"]
    with history() as connection:
        lines = [line.text for line in store.lines_of(connection, runs[1].id)]
        assert store.listed(connection, flow=HALF)
    assert "log m\\udcfcll.csv" in lines


def test_a_node_with_such_a_name_is_kept(recorder: Recorder) -> None:
    recorder.begin("r", About("x = 1", "/x.py", states=lambda: {f"flow.{HALF}": NodeState("running", 1)}))
    recorder.take(LogLine("r", f"flow.{HALF}", "info", HALF))
    assert recorder.flush()
    recorder.close()
    assert recorder.said_of_test == []
    with history() as connection:
        assert [node.node for node in store.nodes_of(connection, "r")] == ["flow.m\\udcfcll"]


def test_a_run_that_cannot_be_written_is_left_out_alone(recorder: Recorder) -> None:
    run(FLOW.replace("NAME", "well"), "/good.py", recorder=recorder)
    recorder.begin("odd", About("x = 1", "/odd.py", place=object()))  # type: ignore[arg-type]
    recorder.begin("worse", About("x = 1", "/worse.py", parameters={"a": object()}))  # type: ignore[dict-item]
    run(FLOW.replace("NAME", "well"), "/good.py", recorder=recorder)
    assert recorder.flush()
    run(FLOW.replace("NAME", "well"), "/good.py", recorder=recorder)
    assert recorder.flush()
    assert [(found.name, found.state) for found in listed()] == [("good", "succeeded")] * 3
    first, second = sorted(recorder.said_of_test)
    assert first.startswith("Something that a run told is not in the history: TypeError")
    assert second.startswith("The run odd of odd is not in the history: ")


def test_whatever_happens_in_it_the_thread_goes_on(recorder: Recorder) -> None:
    def states() -> Any:
        raise RuntimeError("not now")

    recorder.begin("r", About("x = 1", "/x.py", states=states))
    assert recorder.flush()
    run(FLOW.replace("NAME", "well"), "/good.py", recorder=recorder)
    assert recorder.flush()
    assert [found.name for found in listed()] == ["x", "good"]


def test_dead_letters_are_kept(tmp_path: Path) -> None:
    letters = Letters(tmp_path)
    failure = Failure(f"flow.{HALF}", "OSError", HALF, f"/{HALF}.py", 3, HALF, ((HALF, HALF),), HALF)
    written = letters.write(Letter("r", f"/{HALF}.py", "", "flow", "flow.k", 1, failure, ()))
    letters.failed_again(written.id, "s", failure)
    (head,) = letters.heads([f"/{HALF}.py"])
    assert (head.node, head.error, head.count) == ("flow.m\\udcfcll", "OSError: m\\udcfcll", 2)
    assert letters.find(f"/{HALF}.py")[0].failure.message == "m\\udcfcll"
    letters.close()


def test_events_are_json_for_everybody() -> None:
    failure = Failure("flow.a", "OSError", HALF, inputs=(("name", HALF),))
    for event in (LogLine("r", "flow.a", "info", HALF), Rejected("r", failure, 1, 1)):
        text = json.dumps(to_json(event), ensure_ascii=False)
        assert text.encode()
        assert "m\\udcfcll" in str(from_json(json.loads(text)).__reduce_ex__(2)).replace("\\\\", "\\")


def test_versions_of_such_a_file_are_kept(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    file = tmp_path / f"{HALF}.py"
    assert versions.keep(file, b"x = 1\n", "saved")
    assert [version.size for version in versions.of(file)] == [6]


@pytest.mark.skipif(sys.platform != "linux", reason="only there a file's name is any bytes")
def test_a_file_of_such_a_name_runs_on_the_command_line(tmp_path: Path, data_of_its_own: Path) -> None:
    file = os.fsencode(tmp_path) + b"/fl\xfcw.py"
    with open(file, "w", encoding="utf-8") as stream:  # noqa: PTH123 - its name is bytes
        stream.write(FLOW.replace("NAME", "well"))
    command = [sys.executable, "-m", "flodesk", "run", file, "--json", "--events", "jsonl"]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:strict", "FLODESK_DATA": str(data_of_its_own)}
    done = subprocess.run(command, capture_output=True, env=environment, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    last = json.loads(done.stdout.decode().splitlines()[-1])
    assert last["values"]["flow.a"] == "m\\udcfcll.csv"
    assert b"print m\\udcfcll.csv" in done.stderr
    assert [(found.name, found.state) for found in listed()] == [("fl\\udcfcw", "succeeded")]
