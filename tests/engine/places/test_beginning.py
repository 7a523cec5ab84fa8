"""A run that waits for its begin beside one that is being begun: each has what was said to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flodesk.engine.places.beginning import Asked, Beginning


def _set_to(value: str) -> Callable[[Any], None]:
    return lambda heard: heard.append(value)


def test_what_is_set_for_the_run_that_waits_does_not_reach_the_one_that_is_being_begun() -> None:
    beginning = Beginning()
    beginning.ask(Asked("first"))
    assert beginning.take() == Asked("first")
    assert beginning.keep(_set_to("1"), "gain")
    beginning.ask(Asked("second"))
    assert beginning.keep(_set_to("2"), "gain")
    assert beginning.keep(_set_to("3"), "gain")
    first: Any = []
    beginning.done(first)
    assert first == ["1"]
    assert beginning.take() == Asked("second")
    second: Any = []
    beginning.done(second)
    assert second == ["3"]


def test_what_waits_is_dropped_and_what_is_being_begun_still_hears() -> None:
    beginning = Beginning()
    beginning.ask(Asked("first"))
    beginning.take()
    assert beginning.ask(Asked("second")) is None
    assert beginning.ask(Asked("third")) == Asked("second")
    assert beginning.drop() == Asked("third")
    assert beginning.keep(_set_to("stop"))
    heard: Any = []
    beginning.done(heard)
    assert heard == ["stop"]
    assert beginning.take() is None
    assert not beginning.keep(_set_to("more"))
