"""Objects that have to be closed: each once, the last one made first, and those that raise hold up no other."""

from __future__ import annotations

from flodesk.engine.objects import Objects, making


class Door:
    def __init__(self, name: str, log: list[str], *, jammed: bool = False) -> None:
        self.name, self.log, self.jammed = name, log, jammed

    def close(self) -> None:
        self.log.append(self.name)
        if self.jammed:
            raise OSError(f"{self.name} is jammed")


def test_the_last_one_made_is_closed_first_and_each_once() -> None:
    log: list[str] = []
    objects = Objects()
    objects.note("a", Door("first", log))
    objects.note("b", Door("second", log, jammed=True))
    objects.note("c", Door("third", log))
    assert [(id, str(error)) for id, error in objects.close()] == [("b", "second is jammed")]
    assert log == ["third", "second", "first"]
    assert list(objects.close()) == []
    assert log == ["third", "second", "first"]


def test_what_is_replaced_or_not_kept_is_closed_at_once() -> None:
    log: list[str] = []
    objects = Objects()
    objects.note("a", Door("first", log))
    objects.note("b", Door("second", log))
    objects.note("a", Door("another", log))
    assert log == ["first"]
    objects.keep({"a"})
    assert log == ["first", "second"]
    assert list(objects) == ["a"]


def test_the_step_that_makes_an_object_notes_it_down_where_its_slots_say() -> None:
    log: list[str] = []
    here, there = Objects(), Objects()
    step, *_, out = making((lambda name: Door(name, log), 0, -1, 2), "a", lambda s: s[1])
    assert out == 2
    assert step(["here", here]) is here["a"]
    assert step(["there", there]) is there["a"]
    assert here["a"].name == "here"


def test_what_cannot_be_there_beside_its_successor_is_closed_before_that_is_made() -> None:
    log: list[str] = []

    class Gate(Door):
        ends_first = True

    def made(name: str) -> Door:
        log.append(f"{name} is made")
        return (Gate if "gate" in name else Door)(name, log)

    objects = Objects()
    step, *_ = making((made, 0, -1, 1), "a", lambda s: objects)
    for name in ("gate 1", "gate 2", "door 1", "door 2"):
        step([name])
    assert log == [
        "gate 1 is made",
        *("gate 1", "gate 2 is made"),
        *("gate 2", "door 1 is made"),
        *("door 2 is made", "door 1"),
    ]
