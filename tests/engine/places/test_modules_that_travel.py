"""The modules beside a flow go to the worker with it, each content once, and what was altered runs nothing."""

from __future__ import annotations

import hashlib
import signal
import stat
import sys
from pathlib import Path

import pytest
from redis import Redis

from flodesk.engine.places.server.stream import PlaceError

FLOW = """
import flodesk
from nodes import filters
from scale import twice


def flow():
    big = twice(4)
    low = filters.low(big)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the data folder of the worker."""
    return tmp_path_factory.mktemp("far")


@pytest.fixture(scope="module")
def worker(server, far: Path, start_lasting_worker):
    return start_lasting_worker(server.url, FLODESK_DATA=str(far))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of a flow that has modules of its own."""
    (tmp_path / "nodes").mkdir()
    (tmp_path / "nodes" / "filters.py").write_text("from helping import half\n\n\ndef low(x):\n    return half(x)\n")
    (tmp_path / "helping.py").write_text("def half(x):\n    return x / 2\n")
    (tmp_path / "scale.py").write_text("def twice(x):\n    return 2 * x\n")
    (tmp_path / "other.py").write_text("raise RuntimeError('nobody imports this')\n")
    return tmp_path


@pytest.fixture
def editor(editor):
    editor.engine.watch({"flow.low"}, set())
    return editor


def blobs(connection: Redis) -> int:
    return len(connection.keys("flodesk:code:*"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_they_come_with_it_and_each_content_once(editor, folder: Path, far: Path, connection: Redis, worker) -> None:
    worker.send_signal(signal.SIGSTOP)
    try:
        editor.start(FLOW, str(folder / "flow.py"))
        moved = folder.rename(folder.with_name("moved"))  # as on another machine: they are not there
    finally:
        worker.send_signal(signal.SIGCONT)
    assert editor.over().reason == "succeeded", editor.end
    assert editor.value("flow.low") == 4.0
    assert blobs(connection) == 3
    (kept,) = (far / "code").iterdir()
    assert sorted(str(file.relative_to(kept)) for file in kept.rglob("*.py")) == [
        "helping.py", "nodes/filters.py", "scale.py",
    ]  # fmt: skip
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    moved.rename(folder)
    (folder / "scale.py").write_text("def twice(x):\n    return 20 * x\n")
    assert editor.run(FLOW, str(folder / "flow.py")).reason == "succeeded"
    assert editor.value("flow.low") == 40.0, "the session has the new code"
    assert blobs(connection) == 4, "what had not changed was there"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_module_that_was_altered_on_its_way_runs_nothing(editor, folder: Path, connection: Redis, worker) -> None:
    victim = folder / "victim"
    text = "def twice(x):\n    return 3 * x\n"
    (folder / "scale.py").write_text(text)
    worker.send_signal(signal.SIGSTOP)
    try:
        editor.start(FLOW, str(folder / "flow.py"))
        own = f"flodesk:code:{hashlib.sha256(text.encode()).hexdigest()}"
        assert connection.get(own) == text.encode()
        connection.set(own, f"open({str(victim)!r}, 'w')\n\n\ndef twice(x):\n    return x\n")
    finally:
        worker.send_signal(signal.SIGCONT)
    assert "The worker refused to run it: scale.py was altered on its way" in editor.over().message
    assert not victim.exists()


def test_what_they_import_has_to_be_allowed_too_also_in_an_open_session(editor, folder: Path) -> None:
    for begun in (False, True):
        (folder / "helping.py").write_text("import redis\n\n\ndef half(x):\n    return x\n")
        end = editor.run(FLOW, str(folder / "flow.py"))
        assert end.reason == "failed", begun
        assert "line 1 of helping.py imports redis" in end.message
        (folder / "helping.py").write_text("def half(x):\n    return x / 2\n")
        assert editor.run(FLOW, str(folder / "flow.py")).reason == "succeeded"
    (folder / "helping.py").write_text("#" * 18_000_000)
    with pytest.raises(PlaceError, match=r"modules beside the flow take 18 MB"):
        editor.start(FLOW, str(folder / "flow.py"))


STAGED = """
import flodesk
import staging
from flodesk.nodes import maths


def flow():
    x = maths.add(1.0, 1.0)
    y = staging.stage(x)


if __name__ == "__main__":
    flodesk.main(flow)
"""
STAGE = """from flodesk.nodes import maths


def stage(x):
    first = maths.add(x, 10.0)
    return first
"""


def test_nodes_inside_of_their_functions_show_their_states(editor, folder: Path) -> None:
    path = str(folder / "flow.py")
    (folder / "staging.py").write_text(STAGE)
    assert editor.run(STAGED, path).reason == "succeeded"
    assert editor.engine.states()["staging.stage.first"].count == 1
    (folder / "staging.py").write_text(
        STAGE.replace("    return first", "    last = maths.add(first, 1.0)\n    return last")
    )
    for elsewhere in ("", "[tool.flodesk.places.flow]\ny = 'process'\n"):
        header = "\n".join(f"# {line}".rstrip() for line in f"/// script\n{elsewhere}///".splitlines())
        assert editor.run(f"{header}\n{STAGED}" if elsewhere else STAGED, path).reason == "succeeded"
        states = editor.engine.states()
        assert (states["staging.stage.first"].count, states["staging.stage.last"].count) == (1, 1)
