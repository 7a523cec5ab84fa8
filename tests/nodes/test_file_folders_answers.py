"""Files of a folder: listed, one by one, and as they come, in real folders."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.events import RunFinished
from flodesk.nodes import file
from flodesk.nodes.file import folders
from flodesk.public import PlainContext, context, enter_context


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "data"
    (place / "deep" / "er").mkdir(parents=True)
    (place / ".hidden").mkdir()
    for name in ("run10.csv", "run2.csv", "Run1.csv", "note.txt", ".secret.csv", ".hidden/run3.csv"):
        (place / name).touch()
    (place / "deep/er/run4.csv").touch()
    (place / "folder.csv").mkdir()
    return place


def names(paths, folder):
    return [path.relative_to(folder).as_posix() for path in paths]


@pytest.mark.node("file.list_files", "file.each_file")
def test_files_come_in_the_order_of_their_numbers(folder):
    assert names(file.list_files(folder), folder) == ["note.txt", "Run1.csv", "run2.csv", "run10.csv"]
    assert names(file.list_files(folder, "run?.csv"), folder)[-1] == "run2.csv"
    assert names(file.list_files(folder, ".*"), folder) == [".secret.csv"]
    deep = ["deep/er/run4.csv", "Run1.csv", "run2.csv", "run10.csv"]
    assert names(file.list_files(folder, "*.csv", deep=True), folder) == deep
    assert names(file.each_file(folder, "*.csv", deep=True), folder) == deep
    assert file.list_files(folder, "*.doc") == []
    made = file.each_file(folder, "run2*")
    assert names([next(made)], folder) == ["run2.csv"]
    (folder / "run22.csv").touch()
    assert list(made) == []


@pytest.mark.node("file.list_files", "file.each_file", "file.watch_folder")
def test_folders_and_patterns_that_make_no_sense_are_refused(folder):
    for node in (file.list_files, lambda *given: list(file.each_file(*given)), lambda *g: next(file.watch_folder(*g))):
        with pytest.raises(FileNotFoundError, match=r"there is no folder .*none: check the name"):
            node(folder / "none")
        with pytest.raises(NotADirectoryError, match=r"note\.txt is a file: choose its folder"):
            node(folder / "note.txt")
        for pattern in ("", "../*", "/etc/*", "..\\*"):
            with pytest.raises(ValueError, match="is no pattern of names"):
                node(folder, pattern)


# ------------------------------------------------------------------ as they come
@pytest.fixture
def watched(tmp_path):
    """Watch a folder: that the first file is told means that those after it are, too."""
    made = []
    (tmp_path / "0.csv").touch()

    def watch(**options):
        made.append(file.watch_folder(tmp_path, "*.csv", existing=True, quiet=0.05, **options))
        assert next(made[-1]) == tmp_path / "0.csv"
        return made[-1]

    yield watch
    for one in made:
        one.close()


@pytest.mark.parametrize("network", [False, True], ids=["told by the system", "looked at"])
def test_each_file_that_comes_is_given_once(watched, tmp_path, network):
    coming = watched(network=network)
    (tmp_path / "note.txt").touch()
    (tmp_path / ".0.csv").touch()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.csv").touch()
    (tmp_path / "0.csv").write_text("changed")
    file.write_text("4.9", tmp_path / "1.csv")
    assert next(coming).name == "1.csv"
    (tmp_path / "1.csv").write_text("changed")
    (tmp_path / "2.csv").touch()
    assert next(coming).name == "2.csv"
    (tmp_path / "2.csv").unlink()
    (tmp_path / "3.csv").touch()
    assert next(coming).name == "3.csv"
    (tmp_path / "2.csv").touch()
    assert next(coming).name == "2.csv", "it is a new one"


def test_changed_files_and_those_of_folders_in_it_come_if_they_are_asked_for(watched, tmp_path):
    (tmp_path / "deep").mkdir()
    coming = watched(changed=True, deep=True)
    (tmp_path / "0.csv").write_text("changed")
    assert next(coming).name == "0.csv"
    (tmp_path / "deep" / "1.csv").touch()
    assert names([next(coming)], tmp_path) == ["deep/1.csv"]


def test_those_that_come_while_a_turn_runs_are_given_after_it(watched, tmp_path):
    coming = watched()
    for number in range(1, 21):
        (tmp_path / f"{number}.csv").touch()
    assert {next(coming).name for _ in range(20)} == {f"{number}.csv" for number in range(1, 21)}


@pytest.mark.node("file.watch_folder")
def test_a_file_is_given_when_nobody_writes_to_it_any_more(tmp_path, monkeypatch):
    done, looked = threading.Event(), threading.Event()

    class Clock:
        """Stands still as long as the file is written."""

        time = staticmethod(time.time)

        @staticmethod
        def monotonic():
            looked.set()
            return time.monotonic() if done.is_set() else 0.0

    monkeypatch.setattr(folders, "time", Clock)

    def write():
        for _ in range(4):
            with (tmp_path / "1.csv").open("a") as opened:
                opened.write("piece ")
            looked.clear()
            looked.wait(20)  # a watcher that takes a file too early would have done so by now
        done.set()

    (tmp_path / "0.csv").touch()
    done.set()
    coming = file.watch_folder(tmp_path, existing=True, quiet=0.3)
    assert next(coming).name == "0.csv"
    done.clear()
    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert next(coming).read_text() == "piece " * 4
    finally:
        writer.join()
        coming.close()


def test_a_folder_that_goes_away_is_said(watched, tmp_path):
    coming = watched()
    shutil.rmtree(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"the folder .* went away: make it anew"):
        next(coming)


@pytest.mark.node("file.watch_folder")
def test_waiting_for_a_file_ends_when_the_run_is_stopped(tmp_path):
    class Stopped(BaseException):
        pass

    class Run(PlainContext):
        asked = 0

        def check(self):
            self.asked += 1
            if self.asked > 5:
                raise Stopped

    before = context()
    enter_context(Run())
    try:
        with pytest.raises(Stopped):
            next(file.watch_folder(tmp_path))
    finally:
        enter_context(before)


TEXT = """
import flodesk
from flodesk.nodes import file


def flow():
    for place in file.watch_folder("in", existing=True, quiet=0.05):
        done = file.move(place, "out")


if __name__ == "__main__":
    flodesk.main(flow)
"""


def until(true, seconds=60.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_run_takes_files_from_a_folder_until_it_is_stopped(tmp_path: Path) -> None:
    heard: list[object] = []
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    (tmp_path / "in" / "1.csv").touch()
    engine = InProcess(heard.append)
    try:
        engine.open(TEXT, str(tmp_path / "flow.py"))
        engine.start()
        until((tmp_path / "out" / "1.csv").exists)
        (tmp_path / "in" / "2.csv").touch()
        until((tmp_path / "out" / "2.csv").exists)
        engine.stop()
        until(lambda: any(isinstance(event, RunFinished) for event in heard))
    finally:
        engine.close()
    assert [event.reason for event in heard if isinstance(event, RunFinished)] == ["stopped"]
