"""The course of a number in little: an option of its view."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow.model import View
from flodesk.public import Number
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.small_faces import NumberFace
from flodesk.ui.panel.faces.spark import STEPS, Spark
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme


def test_the_line_is_the_course_of_the_last_seconds() -> None:
    now = [100.0]
    spark = Spark(lambda: now[0])
    spark.span(10.0)
    for value in (1.0, 3.0, 2.0):
        spark.add(value)
        now[0] += 2.5
    line = spark.line(QRectF(0, 0, 100, 50))
    assert [(point.x(), point.y()) for point in line] == [(50.0, 50.0), (75.0, 0.0), (100.0, 25.0)]
    for _ in range(20_000):
        now[0] += 0.01
        spark.add(now[0])
    line = spark.line(QRectF(0, 0, 100, 50))
    assert line.size() <= 3 * (STEPS + 1), "however many values there were"
    assert line.boundingRect().left() == pytest.approx(0.0, abs=1.0)
    spark.add(float("nan"))
    spark.span(20.0)
    assert spark.line(QRectF(0, 0, 100, 50)).isEmpty(), "another length begins anew"


def test_a_peak_between_two_pixels_is_seen() -> None:
    spark = Spark(lambda: 5.0)
    spark.span(10.0)
    now = iter([0.0, 5.0, 5.0, 5.0])
    spark = Spark(lambda: next(now))
    spark.span(10.0)
    for value in (1.0, 1.0, 9.0, 1.0):
        spark.add(value)
    heights = [point.y() for point in spark.line(QRectF(0, 0, 100, 80))]
    assert heights == [80.0, 80.0, 0.0, 80.0]


def test_a_view_asks_for_it_and_the_number_keeps_its_place(qtbot: QtBot) -> None:
    reading = Reading("flow.value", "Level", options={"sparkline": 30})
    card = Card("flow", View("view", "node", 0, 0, 3, 3), reading)
    qtbot.addWidget(card)
    card.resize(210, 130)
    card.show()
    card.show_sample(Sample(1, Number("", 1.0, "V")))
    face = card.content
    assert isinstance(face, NumberFace)
    now = [0.0]
    face.spark._clock = lambda: now[0]
    for number in range(2, 40):
        now[0] += 0.5
        card.show_sample(Sample(number, Number("", float(number % 7), "V")))
    assert face.text == "4.000 V"
    image = face.grab().toImage()
    inks = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert theme().accent in inks
    card.show_shown(card.view, Reading("flow.value", "Level"))
    assert card.content is face
    assert not face.spark.seconds
