"""Rings of objects are looked for in the window's thread, and not all of them at each look."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.ui import garbage
from flodesk.ui.garbage import Garbage


class Ring:
    """An object that only such a look takes away."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def seconds() -> list[float]:
    """The time that passes."""
    return [0.0]


@pytest.fixture
def looking(qtbot: QtBot, qapp: object, seconds: list[float]) -> Iterator[Garbage]:
    gc.collect()
    made = Garbage(qapp, clock=lambda: seconds[0])  # type: ignore[arg-type]
    made._timer.stop()  # the tests say when
    yield made
    made.end()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    made.deleteLater()


def ring() -> "weakref.ref[Ring]":
    return weakref.ref(Ring())


def test_young_rings_go_at_the_next_look_and_not_before(looking: Garbage) -> None:
    gone: list[str] = []
    kept = Ring()
    weakref.finalize(kept, lambda: gone.append(threading.current_thread().name))
    del kept
    others = [[] for _ in range(5 * garbage.YOUNG)]  # by itself Python would have looked several times
    assert not gone
    looking.look()
    assert gone == [threading.main_thread().name]
    assert len(others) == 5 * garbage.YOUNG


def test_few_young_objects_are_not_worth_a_look(looking: Garbage) -> None:
    for _ in range(garbage.FIRST):
        looking.look()
    gc.collect()
    one = ring()
    looking.look()
    assert one() is not None
    for _ in range(garbage.OFTEN):
        looking.look()
    assert one() is None


def test_what_stays_is_left_alone_until_all_is_looked_at(looking: Garbage, seconds: list[float]) -> None:
    kept = Ring()
    for _ in range(garbage.FIRST):
        looking.look()
    assert gc.get_freeze_count() > 1000
    watched = weakref.ref(kept)
    del kept
    for _ in range(2 * garbage.OFTEN):
        looking.look()
    assert watched() is not None, "what a start has brought stays"
    looking.look_at_all()
    assert watched() is None

    later = Ring()
    watched = weakref.ref(later)
    looking.look_at_all()
    del later
    for _ in range(2 * garbage.OFTEN):
        looking.look()
    assert watched() is not None
    seconds[0] += garbage.ALL + 1.0
    looking.look()
    assert watched() is None


def test_a_look_that_took_long_leaves_alone_what_it_has_found(looking: Garbage, seconds: list[float]) -> None:
    for _ in range(garbage.FIRST):
        looking.look()
    kept = Ring()

    def slow(phase: str, _: dict[str, int]) -> None:
        seconds[0] += 2 * garbage.LONG if phase == "stop" else 0.0

    gc.callbacks.append(slow)
    try:
        for _ in range(garbage.OFTEN):
            looking.look()
    finally:
        gc.callbacks.remove(slow)
    watched = weakref.ref(kept)
    del kept
    for _ in range(2 * garbage.OFTEN):
        looking.look()
    assert watched() is not None


def test_all_is_looked_at_when_the_user_turns_to_another_program(looking: Garbage) -> None:
    kept = Ring()
    watched = weakref.ref(kept)
    looking.look_at_all()
    del kept
    looking._app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert watched() is None
