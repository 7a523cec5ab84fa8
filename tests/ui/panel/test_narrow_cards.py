"""A narrow card keeps its title whole beside the sign that its value is not of the newest run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow.model import View
from flodesk.ui.earlier import Mark
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.paint import small
from flodesk.ui.panel.setting import Reading

MARK = Mark("before change", "As it was before the flow was changed; it has not been made anew yet.")


def title_of(card: QWidget, width: int) -> QImage:
    return card.grab(QRect(12, 8, width, 18)).toImage()


@pytest.mark.parametrize(("wide", "words"), [(104, False), (150, False), (300, True)])
def test_the_title_comes_before_the_words_of_the_sign(qtbot: QtBot, wide: int, words: bool) -> None:
    card = Card(
        "flow", View(id="number", shows="number", column=0, row=0, width=3, height=2), Reading("flow.n", "number")
    )
    qtbot.addWidget(card)
    card.resize(wide, 88)
    card.show()
    card.show_sample(Sample(3.0, 1))
    title = QFontMetrics(small(card, 12, bold=True)).horizontalAdvance("number")
    before, right = title_of(card, title), card.grab(QRect(wide - 12 - 80, 8, 60, 18)).toImage()
    card.show_mark(MARK)
    assert title_of(card, title) == before, "it is as it was without the sign"
    assert card.toolTip() == MARK.words
    if wide > 200:
        assert (card.grab(QRect(wide - 12 - 80, 8, 60, 18)).toImage() != right) is words
