"""What saving a run as a test leaves on the disk where it is given up, or cannot be written: real files and runs."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
import pytest

from flodesk.engine.expected.comparing import Tolerance, compare
from flodesk.engine.expected.forms import form_of
from flodesk.engine.expected.saving import Given, Saved, save_test
from flodesk.engine.expected.trial import Giving
from flodesk.flow.script import load

FLOW = '''"""A flow that says when it runs, and waits."""
import time
from pathlib import Path

import flodesk


def wait():
    Path({mark!r}).touch()
    while not Path({go!r}).exists():
        time.sleep(0.02)
    return 1


def flow():
    waited = wait()


if __name__ == "__main__":
    flodesk.main(flow)
'''
NEWER = "# hours of work, saved meanwhile\n"
LARGE = {"flow.waited": {"type": "text", "value": "x" * 20_000}}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "bench.py"
    file.write_text(FLOW.format(mark=str(tmp_path / "runs"), go=str(tmp_path / "go")))
    return file


def given_up(source: Path, target: Path, meanwhile: Callable[[], None]) -> Saved:
    """Save a test, do something while its second run is on, and give that up."""
    giving, saved = Giving(), list[Saved]()
    flow = load(source)
    thread = threading.Thread(target=lambda: saved.append(save_test(flow, Given({}, {}), source, target, giving)))
    thread.start()
    while not (source.parent / "runs").exists():
        assert thread.is_alive()
        time.sleep(0.02)
    meanwhile()
    giving.give_up()
    thread.join()
    return saved[0]


def older_test(source: Path) -> Path:
    target = source.parent / "tests" / "bench.py"
    target.parent.mkdir()
    target.write_text("print('older')\n")
    (target.parent / "bench.expected.json").write_text("{}")
    return target


def standing(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


def test_a_flow_that_is_its_own_test_keeps_what_is_saved_to_it_while_the_second_run_is_given_up(source: Path) -> None:
    text = source.read_text()
    assert given_up(source, source, lambda: source.write_text(text + NEWER) and None).given_up
    assert source.read_text() == text + NEWER
    assert not (source.parent / "bench.expected.json").exists()


def test_of_a_copy_only_what_nobody_has_changed_since_is_taken_back(source: Path) -> None:
    target = older_test(source)
    assert given_up(source, target, lambda: target.write_text(NEWER) and None).given_up
    assert standing(target.parent) == {"bench.py": NEWER, "bench.expected.json": "{}"}


@pytest.mark.skipif(sys.platform == "win32", reason="it has no limit for the size of files")
def test_an_expectation_that_does_not_fit_on_the_disk_leaves_the_older_test_or_none(source: Path) -> None:
    import resource

    target, new = older_test(source), source.parent / "new" / "bench.py"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        for file in (target, new):
            with pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
                save_test(load(source), Given(LARGE, {}), source, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert standing(target.parent) == {"bench.py": "print('older')\n", "bench.expected.json": "{}"}
    assert standing(new.parent) == {}


@pytest.mark.parametrize("failing", [2, 3])
def test_a_file_that_cannot_be_replaced_brings_the_other_one_back(
    source: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    target, replace, many = older_test(source), Path.replace, []
    (source.parent / "go").touch()

    def fails(new: Path, file: Path) -> Path:
        many.append(file)
        if len(many) == failing:  # the third is the expectation without what came out differently
            raise PermissionError(errno.EACCES, "another program has it open")
        return replace(new, file)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(PermissionError):
        save_test(load(source), Given(LARGE, {}), source, target)
    assert standing(target.parent) == {"bench.py": "print('older')\n", "bench.expected.json": "{}"}


_TABLE = pandas.DataFrame({"a": [1.0, 2.0]}, index=["x", "y"])
_TWO = pandas.DataFrame([[1.0, 2.0], [3.0, 4.0]], columns=["a", "a"])


@pytest.mark.parametrize(
    ("before", "now", "where"),
    [
        (_TABLE, _TABLE.rename(index={"y": "z"}), ".index"),
        (_TABLE, _TABLE.reset_index(drop=True), ""),
        (_TABLE.reset_index(drop=True), _TABLE, ""),
        (pandas.Series([1.0, 2.0], index=[1, 2]), pandas.Series([1.0, 2.0], index=[5, 6]), ".index"),
        (_TWO, _TWO.set_axis(["b", "a"], axis=1), ""),
        (_TWO, pandas.DataFrame([[9.0, 2.0], [9.0, 4.0]], columns=["a", "a"]), ".a[0]"),
    ],
)
def test_the_names_of_rows_count_and_columns_of_one_name_do_each(before: Any, now: Any, where: str) -> None:
    expected = json.loads(json.dumps(form_of(before, Path("/"))))
    assert compare(expected, form_of(before, Path("/"), expected), Tolerance()) is None
    found = compare(expected, form_of(now, Path("/"), expected), Tolerance())
    assert found is not None
    assert found.where.startswith(where)


def test_what_was_saved_before_the_names_of_rows_were_is_read_as_then() -> None:
    expected = {name: part for name, part in form_of(_TABLE, Path("/")).items() if name != "index"}
    assert compare(expected, form_of(_TABLE.reset_index(drop=True), Path("/"), expected), Tolerance()) is None
