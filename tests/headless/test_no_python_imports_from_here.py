"""A file beside a flow, or where flodesk was started, does not pass for a package that a process of ours imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from flodesk.cli.picture import draw
from flodesk.engine.places.processes.worker_process import Worker

SPY = "from pathlib import Path\nPath(__file__).with_name('fooled.txt').touch()\n"


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work where somebody has put modules with names of the standard library."""
    for name in ("json.py", "socket.py", "pip.py"):
        (tmp_path / name).write_text(SPY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_worker_process_does_not(downloads: Path) -> None:
    worker = Worker({}, str(downloads))
    worker.begin()
    assert worker.process is not None
    worker.dismiss()
    worker.process.wait(60)
    worker.end()
    worker.sock.close()
    assert not (downloads / "fooled.txt").exists()


def test_who_draws_pictures_does_not(downloads: Path) -> None:
    pytest.importorskip("PySide6")
    draw(3.0, downloads / "three.svg")
    assert (downloads / "three.svg").exists()
    assert not (downloads / "fooled.txt").exists()


def test_a_worker_for_queued_runs_does_not(downloads: Path) -> None:
    pytest.importorskip("rq")
    worker = pytest.importorskip("flodesk.engine.places.workers.worker")
    with pytest.raises(worker.PlaceError):
        worker.OwnWorker("redis://127.0.0.1:9/0", "nobody")  # nobody listens there
    assert not (downloads / "fooled.txt").exists()
