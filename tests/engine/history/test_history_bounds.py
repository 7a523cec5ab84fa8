"""What is kept of runs is bounded: the length of what they say, and how many they are."""

from __future__ import annotations

from pathlib import Path

from flodesk.cli.commands import main
from flodesk.engine.errors import MESSAGE_MOST, TRACEBACK_MOST, shortened
from flodesk.engine.headless import run
from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.history.settings import History

FLOW = """import flodesk


def fail(x: int) -> int:
    raise ValueError("begin " + "x" * 5_000_000 + " end")


def flow():
    a = fail(1)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_message_of_megabytes_is_cut_and_says_so(capsys) -> None:
    recorder = Recorder()
    result = run(FLOW, recorder=recorder)
    recorder.close()
    assert len(result.message) < MESSAGE_MOST + 200
    assert "(5,000,010 characters)" in result.message
    assert " end" in result.message
    with history() as connection:
        (found,) = store.listed(connection)
        (node,) = store.nodes_of(connection, found.id)
    assert len(found.message) + len(node.error) < 2 * MESSAGE_MOST + 500
    assert len(found.error["traceback"]) < TRACEBACK_MOST
    assert main(["runs"]) == 0
    assert len(capsys.readouterr().out) < 2000


def test_a_text_that_fits_is_left_as_it_is() -> None:
    assert shortened("x" * 100, 100) == "x" * 100
    assert shortened("a" * 80 + "b" * 21, 100) == "a" * 80 + " … (101 characters) … " + "b" * 20


def test_no_more_runs_are_kept_than_wanted() -> None:
    recorder = Recorder(settings=History(keep_runs=2))
    for _ in range(4):
        run(FLOW.replace("5_000_000", "5"), recorder=recorder)
        recorder.flush()
    with history() as connection:
        assert store.count(connection) == 2
    recorder.close()
    for _ in range(2):  # each in a program of its own, as on the command line
        recorder = Recorder(settings=History(keep_runs=2))
        run(FLOW.replace("5_000_000", "5"), recorder=recorder)
        recorder.close()
        with history() as connection:
            assert store.count(connection) == 2


def test_any_number_is_kept_where_nobody_wants_fewer(tmp_path: Path) -> None:
    recorder = Recorder(settings=History(keep_runs=0, keep_days=0), folder=tmp_path)
    for _ in range(3):
        run(FLOW.replace("5_000_000", "5"), recorder=recorder)
    recorder.close()
    with history(folder=tmp_path) as connection:
        assert store.count(connection) == 3
