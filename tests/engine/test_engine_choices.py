"""Entries of a drop-down that follow from another field: computed by the engine, answered whenever they are there."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

import pytest

from flodesk.engine import answering
from flodesk.engine.client import Offer

TEXT = """
import time
from typing import Annotated

import flodesk
from flodesk import Choices
from flodesk.nodes import file

CITIES = {"AT": ["Wien", "Graz"], "CH": ["Bern"]}


def cities(country):
    return CITIES[country]


def hang():
    time.sleep(3.0)
    return []


def town(country: str = "AT", city: Annotated[str, Choices(cities, after="country")] = "") -> str:
    return city


def slow(what: Annotated[str, Choices(hang)] = "") -> str:
    return what


def spin() -> list[str]:
    while True:
        pass


def spun(what: Annotated[str, Choices(spin)] = "") -> str:
    return what


def doze() -> list[str]:
    time.sleep(2.5)
    return ["late"]


def dozed(what: Annotated[str, Choices(doze)] = "") -> str:
    return what


def leave() -> list[str]:
    raise SystemExit(3)


def left(what: Annotated[str, Choices(leave)] = "") -> str:
    return what


class Post:
    def __init__(self, zone: str = "north"):
        pass

    def __call__(self, value: float, city: Annotated[str, Choices(cities, after="country")] = "", country="CH") -> str:
        return city


def flow():
    a = town("AT", city="Wien")
    b = slow()
    f = spun()
    g = dozed()
    h = left()
    p = Post()
    c = p(1.0)
    d = file.read_column("data.csv", column="volt")
    e = abs(-1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def ask(placed, where: str, node: str, parameter: str, **values: str) -> Offer:
    told: queue.SimpleQueue[Offer] = queue.SimpleQueue()
    placed.engine.choices(TEXT, where, f"flow.{node}", parameter, values, told.put)
    return told.get(timeout=60)


def test_the_entries_follow_from_the_other_field(placed, tmp_path: Path) -> None:
    path = str(tmp_path / "flow.py")
    (tmp_path / "data.csv").write_text("time;volt;the amp\n1;2;3\n")
    assert ask(placed, path, "a", "city", country="'AT'") == Offer(("'Wien'", "'Graz'"))
    assert ask(placed, path, "a", "city", country="'CH'") == Offer(("'Bern'",))
    assert ask(placed, path, "a", "city") == Offer(("'Wien'", "'Graz'"))  # the default
    assert ask(placed, path, "c", "city") == Offer(("'Bern'",))  # of an object's call
    assert ask(placed, path, "d", "column", path="'data.csv'") == Offer(("'time'", "'volt'", "'the amp'"))


def test_what_cannot_be_computed_is_said(here, tmp_path: Path) -> None:
    path = str(tmp_path / "flow.py")
    assert ask(here, path, "a", "city", country="'XX'").error == "there is no 'XX'"
    assert "data.csv" in ask(here, path, "d", "column", path="'data.csv'").error
    assert ask(here, path, "d", "column").error == "choose path first"
    assert ask(here, path, "a", "country").error == "country offers no choices"
    assert "no node" in ask(here, path, "gone", "city").error
    assert ask(here, path, "e", "x").error


def test_one_that_takes_its_time_holds_nobody_up(placed, tmp_path: Path) -> None:
    told: queue.SimpleQueue[Offer] = queue.SimpleQueue()
    placed.engine.choices(TEXT, "", "flow.b", "what", {}, told.put)
    assert ask(placed, "", "a", "city") == Offer(("'Wien'", "'Graz'"))
    with pytest.raises(queue.Empty):
        told.get_nowait()
    assert told.get(timeout=60) == Offer()


def test_one_that_never_returns_is_given_up_and_ended(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "CHOICES_SECONDS", 0.1)
    offer = ask(here, "", "f", "what")
    assert offer.error == "What computes the choices of flow.f.what did not return within 0.1 s."
    here.until(lambda: not [thread for thread in threading.enumerate() if "choices of" in thread.name])
    assert ask(here, "", "f", "what") == offer, "and it is asked again"


def test_one_that_cannot_be_ended_is_not_begun_a_second_time(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "CHOICES_SECONDS", 0.1)
    assert "“Restart the engine” ends it" in ask(here, "", "g", "what").error
    assert "still not returned" in ask(here, "", "g", "what").error
    here.until(lambda: not [thread for thread in threading.enumerate() if "choices of" in thread.name])


def test_one_that_leaves_the_program_is_answered_for(here) -> None:
    assert ask(here, "", "h", "what").error.startswith("it asked the whole program to end (3)")
