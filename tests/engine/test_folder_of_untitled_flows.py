"""A flow without a file works in one folder, whatever was open before it and wherever the program was started."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flodesk.engine.folders import data_folder, untitled_folder

TEXT = """
import flodesk
from pathlib import Path
from flodesk.nodes import control, file


def flow():
    chosen = control.path("chosen.txt")
    plain = Path("plain.txt").write_text("by Python")
    written = file.write_text("by a node", "node.txt")


if __name__ == "__main__":
    flodesk.main(flow)
"""


def written(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix == ".txt"}


def test_relative_files_of_untitled_flows_are_in_their_folder_also_after_a_flow_with_a_file(
    host: Any, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert untitled_folder() == data_folder() / "untitled"
    assert host.run(TEXT).reason == "succeeded"
    assert written(untitled_folder()) == {"plain.txt", "node.txt"}
    for path in untitled_folder().glob("*.txt"):
        path.unlink()
    assert host.run(TEXT, str(elsewhere / "flow.py")).reason == "succeeded"
    assert written(elsewhere) == {"plain.txt", "node.txt"}
    assert written(untitled_folder()) == set()
    assert host.run(TEXT).reason == "succeeded"
    assert written(untitled_folder()) == {"plain.txt", "node.txt"}
    host.engine.watch({"flow.chosen", "flow.written"}, set())
    host.until(lambda: host.value("flow.chosen") == str(untitled_folder() / "chosen.txt"))
    host.until(lambda: host.value("flow.written") == str(untitled_folder() / "node.txt"))


def test_where_the_data_folder_cannot_be_made_it_is_the_users_own(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "file"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert untitled_folder() == tmp_path
