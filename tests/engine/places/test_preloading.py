"""What a worker has imported before a flow comes: NumPy and pandas, our nodes, and the packs that are installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PACK = """
import os
import sys

IMPORTED_BY = os.getpid()
LOADED = sorted({"numpy", "pandas", "scipy.signal", "flodesk.nodes.maths"} & set(sys.modules))

with open(FOLDER + "/imports", "a") as file:
    print(os.getpid(), file=file)


def importer(x):
    return [IMPORTED_BY, os.getpid(), len(LOADED)]
"""
FLOW = """import flodesk
from flo_ahead import importer


def flow():
    a = importer(1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def install(site: Path, name: str, text: str) -> None:
    """Leave what pip leaves of a pack of one module."""
    (site / f"{name}.py").write_text(text)
    info = site / f"{name}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[flodesk.nodes]\n{name} = {name}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.parametrize("options", [(), ("--no-fork",)])
def test_a_worker_imports_packs_before_a_flow_comes_and_the_run_finds_them(
    server: Any, start_worker: Callable[..., Any], editors: Callable[..., Any], wait_for: Callable[..., None],
    tmp_path: Path, options: tuple[str, ...],
) -> None:  # fmt: skip
    install(tmp_path, "flo_ahead", PACK.replace("FOLDER", repr(str(tmp_path))))
    install(tmp_path, "flo_broken", "raise RuntimeError('no licence')\n")
    paths = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    queue = "".join(["ahead", *options])
    worker = start_worker(server.url, "--queue", queue, *options, heard=True, PYTHONPATH=paths)
    imports = tmp_path / "imports"
    wait_for(imports.exists, "the import of the pack, with no flow there")
    before = imports.read_text().split()
    if not options:
        assert before == [str(worker.pid)], "once, by the worker itself, as it listens"
    editor = editors(server.url, queue=queue)
    editor.engine.watch({"flow.a"}, set())
    assert editor.run(FLOW).reason == "succeeded", editor.end
    wait_for(lambda: editor.value("flow.a"), "the value")
    importer, there, loaded = editor.value("flow.a")
    assert loaded == 4, "what flows need most was there before the packs"
    if options:
        assert importer == there != worker.pid
        assert str(there) in before, "the process that was started ahead had it"
    else:
        assert (importer, there != worker.pid) == (worker.pid, True)
