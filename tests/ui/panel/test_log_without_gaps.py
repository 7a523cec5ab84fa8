"""A log that the screen could not follow asks for the lines that it missed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from flodesk.engine.client import InProcess, Sample
from flodesk.flow.model import View
from flodesk.indicators import Lines
from flodesk.ui.panel.asking import Asking
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.words.log import LogFace
from flodesk.ui.panel.setting import Reading

TEXT = """
import flodesk
from flodesk.nodes import show


def upto(n):
    yield from range(1, n + 1)


def flow():
    told = show.Log(keep=KEEP)
    for k in upto(9000):
        log = told(k)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def engine() -> Iterator[InProcess]:
    made = InProcess()
    yield made
    made.close()


@pytest.mark.parametrize(("keep", "there"), [(10_000, 9000), (3000, None)])
def test_lines_that_were_missed_are_asked_for(engine: InProcess, qtbot: QtBot, keep: int, there: int | None) -> None:
    engine.open(TEXT.replace("KEEP", str(keep)))
    engine.watch({"flow.log"}, set())
    engine.start()
    qtbot.waitUntil(lambda: "flow.log" in engine.values() and engine.values()["flow.log"].value.count == 9000)
    newest = engine.values()["flow.log"].value
    card = Card("flow", View("view", "log", 0, 0, 6, 6), Reading("flow.log", "Log"))
    qtbot.addWidget(card)
    asking = Asking(card)
    asking.engine = lambda: engine
    card.ask(asking)
    card.show_sample(
        Sample(
            1,
            Lines(
                log=newest.log,
                count=1,
                first=0,
                times=newest.times[:1],
                levels=newest.levels[:1],
                ends=newest.ends[:1],
                letters=newest.letters,
            ),
        )
    )
    face = card.content
    assert isinstance(face, LogFace)
    card.show_sample(Sample(2, newest))
    if there is not None:
        qtbot.waitUntil(lambda: len(face.model.rows) == there)
        assert [row[2] for row in face.model.rows[1:]] == [str(n) for n in range(2, 9001)]
    else:
        qtbot.waitUntil(lambda: "not kept any more" in face.model.rows[1][2])
        assert face.model.rows[-1][2] == "9000"
        texts = [row[2] for row in face.model.rows[2:]]
        assert texts == [str(n) for n in range(int(texts[0]), 9001)]
