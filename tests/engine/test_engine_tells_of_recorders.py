"""What a recorder tells of itself reaches the screen when it changes, also where no node gives another value."""

from __future__ import annotations

from pathlib import Path

from flodesk.engine.codec import decode, encode
from flodesk.nodes import record
from flodesk.public import Recording

SLOW = """
import flodesk
from flodesk.nodes import record, timing


def flow():
    log = record.Arrow("log.arrows")
    for tick in timing.every(3600.0):
        told = log(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_loop_that_turns_once_an_hour_shows_what_is_written_meanwhile_and_the_end(here, tmp_path: Path) -> None:
    here.engine.watch({"flow.told.state"}, set())
    here.start(SLOW, str(tmp_path / "flow.py"))
    first = here.until(lambda: here.value("flow.told.state"))
    assert (first.path, first.live) == (str(tmp_path / "log.arrows"), None)
    here.until(lambda: here.value("flow.told.state").turns == 1)
    here.until(lambda: here.value("flow.told.state").seconds > first.seconds)
    (tmp_path / "log.arrows").unlink()
    here.stop()
    here.until(lambda: here.value("flow.told.state").state == Recording.ENDED)


def test_what_goes_to_another_process_is_how_it_is_now(tmp_path: Path) -> None:
    log = record.Csv(tmp_path / "log.csv", split_size=10**6)
    told = log(1.0)
    came = decode(*encode(told))
    assert came.state.path == str(tmp_path / "log.part001.csv")
    assert (came.state.state, came.state.split_size, came.state.live) == ("recording", 10**6, None)
    log.close()
    assert (told.state.still().state, told.state.still().turns) == ("ended", 1)
    assert told.state.summary().startswith("ended: 1 turns, ")
