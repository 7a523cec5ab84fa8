"""A flow that is played again is not read again."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from flodesk.engine.client import InProcess
from flodesk.engine.events import Event, RunFinished

TEXT = """import flodesk


def one(x=1):
    return x


def flow():
    a = one(x=1)


if __name__ == "__main__":
    flodesk.main(flow)
"""


class Player:
    def __init__(self) -> None:
        self.ended = threading.Event()
        self.engine = InProcess(self._take)
        self.engine.watch({"flow.a"}, set())

    def _take(self, event: Event) -> None:
        if isinstance(event, RunFinished):
            assert event.reason == "succeeded", event.message
            self.ended.set()

    def play(self) -> tuple[object, object]:
        """Run it; returns the flow that was run and the value of its node."""
        self.ended.clear()
        self.engine.start()
        assert self.ended.wait(60)
        run = self.engine._session._run
        assert run is not None
        assert run.loaded is not None
        return run.loaded.flow, run.runners["flow"].plan.slots[run.runners["flow"].plan.names["a"]]


@pytest.fixture
def player() -> Iterator[Player]:
    made = Player()
    yield made
    made.engine.close()


def test_the_same_text_is_read_once(player: Player) -> None:
    player.engine.open(TEXT)
    first, value = player.play()
    again, value_again = player.play()
    assert again is first
    assert value == value_again == 1


@pytest.mark.parametrize("again", [False, True])
def test_another_text_is_read(player: Player, again: bool) -> None:
    player.engine.open(TEXT)
    first, _ = player.play()
    player.engine.open(TEXT.replace("one(x=1)\n\n", "one(x=2)\n\n"), again=again)
    changed, value = player.play()
    assert changed is not first
    assert value == 2


def test_a_text_that_was_changed_while_it_ran_is_what_is_played(player: Player) -> None:
    player.engine.open(TEXT)
    player.play()
    player.ended.clear()
    player.engine.swap(TEXT.replace("one(x=1)\n\n", "one(x=3)\n\n"))
    assert player.ended.wait(60)
    _, value = player.play()
    assert value == 3
    player.ended.clear()
    player.engine.set_parameter("flow.a", "x", "4")
    assert player.ended.wait(60)
    assert player.play()[1] == 4


def test_a_number_of_thousands_of_digits_is_run_as_any_other(player: Player) -> None:
    number = "0x" + "f" * 5000  # Python writes no more than 4,300 digits, and reads these
    player.engine.open(TEXT.replace("x=1)", f"x={number})", 2))
    assert player.play()[1] == int(number, 16)
