"""A server that has no memory left: what does not come is said, what happens is told as soon as there is room."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from redis import Redis

from flodesk.engine.places.server.stream import PlaceError, connect

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
LARGE = """
import flodesk
import numpy


def flow():
    before = 1 + 1
    large = numpy.ones((500, 500, DEPTH))
    after = 2 + 2


if __name__ == "__main__":
    flodesk.main(flow)
"""
WAITS = """
import flodesk
import time
from pathlib import Path


def wait(folder: str) -> int:
    Path(folder, "here").touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    print("went on")
    return 7


def past(number: int, folder: str) -> int:
    time.sleep(0.3)
    Path(folder, "past").touch()
    return number


def flow():
    seven = wait(FOLDER)
    more = past(seven, FOLDER)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture(scope="module")
def small(start_server, start_lasting_worker) -> str:
    """Give the address of a server of 20 MB with a worker; what is deleted there is free at once, and not soon."""
    now = ("--lazyfree-lazy-user-del", "no")
    url = str(start_server("--maxmemory", "20mb", "--maxmemory-policy", "noeviction", *now).url)
    start_lasting_worker(url, heard=True)
    return url


@pytest.fixture
def other(small: str) -> Iterator[Redis]:
    with connect(small) as made:
        yield made
        made.delete("of-others")


def test_a_value_for_which_there_is_no_room_is_told_and_the_others_come(small: str, editors, wait_for) -> None:
    editor = editors(small)
    editor.engine.watch({"flow.before", "flow.large", "flow.after"}, set())
    end = editor.run(LARGE.replace("DEPTH", "16"))  # 32 MB, of 20
    assert end.reason == "succeeded"
    wait_for(lambda: editor.lines("no memory left for this value of 32.0 MB"), "that it is told")
    assert editor.value("flow.large") is None
    wait_for(lambda: editor.value("flow.before") == 2, "a small value")
    wait_for(lambda: editor.value("flow.after") == 4, "a small value")
    assert editor.run(LARGE.replace("DEPTH", "2")).reason == "succeeded"
    wait_for(lambda: editor.value("flow.large") is not None, "4 MB, for which there is room")


def test_the_end_of_a_run_comes_when_there_is_room_for_it(
    small: str, other: Redis, fill, editors, tmp_path, wait_for
) -> None:
    editor = editors(small)
    editor.engine.watch({"flow.seven"}, set())
    editor.start(WAITS.replace("FOLDER", repr(str(tmp_path))))
    wait_for((tmp_path / "here").exists, "the node")
    # what others have left expires meanwhile, and makes room
    wait_for(lambda: fill(other) or editor.lines("has no memory left"), "that it is told")
    (tmp_path / "go").touch()
    wait_for((tmp_path / "past").exists, "the node after it: the value was left out")
    assert editor.end is None
    other.delete("of-others")
    assert editor.over().reason == "succeeded"
    assert len(editor.lines("went on")) == 1
    wait_for(lambda: editor.value("flow.seven") == 7, "the value")


def test_a_server_that_is_full_takes_no_flow_and_that_is_said_at_once(small: str, other: Redis, fill, editors) -> None:
    editor = editors(small)
    fill(other)
    with pytest.raises(PlaceError, match=r"has no memory left.*Drop what is not needed.*maxmemory"):
        editor.start(LARGE.replace("DEPTH", "2"))
    assert not editor.engine.running
    other.delete("of-others")
    assert editor.run(LARGE.replace("DEPTH", "2")).reason == "succeeded", "and its worker is still there"
