"""Reports as a browser reads them: what is in the page, and what must not be."""

from __future__ import annotations

import base64
import datetime
import io
import itertools
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from flodesk import public
from flodesk.engine.headless import run
from flodesk.nodes import show, table
from flodesk.nodes.table.figures import ticks
from flodesk.public import Waveform

PARTS = pd.DataFrame(
    {
        "lot": ["A", "B"],
        "ohm": [10.0, None],
        "n": [3, 40000],
        "day": pd.to_datetime(["2024-02-29 00:00", "2024-03-01 12:30"]),
        "ok": [True, False],
    }
)


class Page(HTMLParser):
    """What stands in a page: tags with their attributes, and the text in each kind of tag."""

    def __init__(self, place):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(place.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip():
            self.texts.append((self.open[-1], data.strip()))

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    def text(self, tag):
        return [text for name, text in self.texts if name == tag]


@pytest.fixture
def report(tmp_path):
    def write(*parts, **options):
        return Page(table.report_html(*parts, path=tmp_path / "report.html", **options))

    return write


def test_a_table_is_there_as_it_is_read(report):
    page = report(PARTS, title="Parts", text="First.\n\nSecond.", headings=["All lots"])
    assert page.text("h1") == page.text("title") == ["Parts"]
    assert page.text("h2") == ["All lots"]
    assert page.text("p")[1:] == ["First.", "Second."]
    assert page.text("th") == ["lot", "ohm", "n", "day", "ok"]
    assert page.text("td") == ["A", "10", "3", "2024-02-29", "yes", "B", "–", "40000", "2024-03-01 12:30:00", "no"]
    styles = [attrs.get("class") for attrs in page.all("td")]
    assert styles == [None, "number", "number", None, None, None, "number missing", "number", None, None]
    assert page.open == [], "every tag is closed"


def test_a_long_table_says_how_much_of_it_is_left_out(report):
    page = report(pd.DataFrame({"n": range(30)}), rows=10)
    assert page.text("td") == [str(number) for number in range(10)]
    assert "20 more rows of 30 not shown." in page.text("p")


def test_amounts_have_all_their_digits(report):
    values = [1234567.89, -12345.67, 999999.999, 1000000.0, 3.14159265, 1e-7, 2.5e12]
    page = report(pd.DataFrame({"eur": values}))
    assert page.text("td") == ["1234567.89", "-12345.67", "1000000", "1000000", "3.14159", "1e-07", "2.5e+12"]
    assert report(50000.25).text("p")[1:] == ["50000.25"]


def test_a_time_of_day_is_shown(report):
    assert report(pd.DataFrame({"at": [datetime.time(8, 30)]})).text("td") == ["08:30:00"]


def test_the_keys_of_groups_are_columns(report):
    sales = pd.DataFrame({"lot": ["A", "B", "A"], "year": [1, 1, 2], "n": [1, 2, 3]})
    page = report(sales.groupby("lot")[["n"]].sum())
    assert page.text("th") == ["lot", "n"]
    assert page.text("td") == ["A", "4", "B", "2"]
    page = report(sales.groupby(["lot", "year"]).sum(), rows=2)
    assert page.text("th") == ["lot", "year", "n"]
    assert page.text("td") == ["A", "1", "1", "A", "2", "3"]
    assert [attrs.get("class") for attrs in page.all("td")][:3] == [None, "number", "number"]
    assert report(sales[["n"]].agg(["min", "max"])).text("td") == ["min", "1", "max", "3"]
    assert report(sales[sales.n > 1][["n"]]).text("td") == ["2", "3"]


EVIL = "<script>alert('\"x\"')</script><img src=http://x/y onerror=alert(1)>{{ 7 * 7 }}"


def test_nothing_that_is_shown_is_taken_for_a_tag_and_nothing_is_loaded(report):
    named = public.Bars("", (np.array([1.0, 2.0]),), (EVIL, "b"), (EVIL,), x_label=EVIL, y_unit=EVIL)
    parts = (pd.DataFrame({EVIL: [EVIL]}), EVIL, {EVIL: EVIL}, named, [EVIL], np.eye(4))
    page = report(*parts, title=EVIL, text=EVIL, headings=[EVIL] * 6)
    assert page.all("script") == []
    assert [attrs["src"][:22] for attrs in page.all("img")] == ["data:image/png;base64,"]
    assert page.text("h1") == [EVIL]
    assert page.text("td") == [EVIL] * 3
    given = set(itertools.chain.from_iterable(attrs for _, attrs in page.tags))
    assert not given & {"href", "onerror", "onload", "srcset", "xlink:href"}
    policy = [attrs["content"] for attrs in page.all("meta") if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


def test_a_picture_is_in_the_page_point_by_point(report):
    points = np.arange(24, dtype=np.uint8).reshape(2, 4, 3) * 10
    heat = public.Image("Heat", np.array([[-5.0, 0.0, 5.0]]))
    shown = report(points, heat).all("img")
    seen = [np.asarray(Image.open(io.BytesIO(base64.b64decode(attrs["src"].partition(",")[2])))) for attrs in shown]
    assert seen[0].tolist() == points.tolist()
    assert seen[1].tolist() == [[0, 128, 255]]
    assert [(attrs["width"], attrs["height"]) for attrs in shown] == [("4", "2"), ("3", "1")]


def points_of(attrs):
    return np.array([[float(one) for one in pair.split(",")] for pair in attrs["points"].split()])


def test_signals_and_plots_are_drawn_to_scale(report):
    ramp = Waveform(np.array([0.0, 1.0, 4.0]), dt=0.5, t0=2.0, unit="V")
    page = report(ramp, show.line(ramp, ramp * 2.0, title="Both"), [1.0, 2.0, 0.0])
    first, *both, last = [points_of(attrs) for attrs in page.all("polyline")]
    assert np.diff(first[:, 0]).tolist() == pytest.approx([322.0, 322.0])
    assert (first[0, 1] - first[2, 1]) / (first[0, 1] - first[1, 1]) == pytest.approx(4.0, rel=0.01)
    assert len(both) == 2
    assert both[1][2, 1] < both[0][2, 1], "the larger one is above"
    assert last[2, 1] > last[0, 1] > last[1, 1]
    words = page.text("text")
    assert [text for text in words if text in ("2.0", "2.2", "2.4", "2.6", "2.8", "3.0")][:6] == [
        "2.0", "2.2", "2.4", "2.6", "2.8", "3.0",
    ]  # fmt: skip
    assert "Time in s" in words
    assert "V" in words
    assert "Both" in page.text("h2")


def test_bars_and_dots_are_drawn_to_scale(report):
    bars = public.Bars("", (np.array([3.0, -6.0]), np.array([1.0, np.nan])), ("up", "down"), ("old", "new"))
    dots = public.Scatter("", (public.Trace(np.array([0.0, 1.0, 4.0]), np.array([0.0, 1.0, np.nan])),))
    page = report(bars, dots)
    boxes = [{key: float(attrs[key]) for key in ("x", "y", "width", "height")} for attrs in page.all("rect")]
    assert [box["height"] / boxes[0]["height"] for box in boxes] == pytest.approx([1.0, 2.0, 1 / 3, 0.0], abs=0.01)
    assert boxes[1]["y"] == pytest.approx(boxes[0]["y"] + boxes[0]["height"]), "it goes down from zero"
    assert boxes[0]["x"] < boxes[2]["x"] < boxes[1]["x"] < boxes[3]["x"]
    assert page.text("li") == ["old", "new"]
    assert {"up", "down"} <= set(page.text("text"))
    assert len(page.all("circle")) == 2


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (0.0, 1.0, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-2.6, 3.1, 8, ["-2", "-1", "0", "1", "2", "3"]),
        (0.0, 3e-9, 3, ["0", "1e-09", "2e-09", "3e-09"]),
        (12.0, 88.0, 5, ["20", "40", "60", "80"]),
        (0.0, 2e9, 4, ["0", "5e+08", "1e+09", "1.5e+09", "2e+09"]),
    ],
)
def test_axes_have_round_numbers(low, high, most, texts):
    assert [text for _, text in ticks(low, high, most)] == texts


def test_a_long_signal_makes_no_large_page_and_keeps_its_peak(report, tmp_path):
    y = np.zeros(1_000_000)
    y[777_777] = 1.0
    line = points_of(report(Waveform(y, 1e-6)).all("polyline")[0])
    assert (tmp_path / "report.html").stat().st_size < 60_000
    assert np.ptp(line[:, 1]) == pytest.approx(226.0 / 1.1, abs=0.5), "all of the height, less its room"


def test_other_parts(report):
    level = show.number(3.3, unit="V")
    page = report(3.14159265, True, None, "one\n\ntwo", {"offset": 0.5}, [{"a": 1}, {"a": 2}], level)
    assert page.text("p")[1:] == ["3.14159", "yes", "–", "one", "two", "3.3 V"]
    assert page.text("td") == ["offset", "0.5", "1", "2"]
    assert "Nothing to draw." in report(np.array([np.nan])).text("p")


@pytest.mark.node("table.report_html")
@pytest.mark.parametrize(
    ("parts", "options", "error", "words"),
    [
        ((1, object()), {}, TypeError, "part 2 is object, which a report cannot show: wire a table"),
        ((np.array([1j]),), {}, TypeError, "part 1 is an array of shape .1,. of complex128"),
        ((np.array([[300.5, 2.0]]),), {}, ValueError, "go from 2 to 300.5: bring them to 0 to 1"),
        ((1,), {"headings": ["a", "b"]}, ValueError, "there are 2 headings for 1 parts"),
    ],
)
def test_what_cannot_be_shown_leaves_the_old_report(report, tmp_path, parts, options, error, words):
    (tmp_path / "report.html").write_text("old")
    with pytest.raises(error, match=words):
        report(*parts, **options)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        table.report_html(1, path=tmp_path / "none" / "report.html")


TEXT = """
import flodesk
from flodesk.nodes import show, source, table


def flow():
    wave = source.sine(0, frequency=5.0)
    chart = show.line(wave, title="A sine")
    place = table.report_html(chart, path="report.html", title="Run of today")


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_flow_writes_its_report_beside_itself(tmp_path):
    result = run(TEXT, path=str(tmp_path / "waves.py"))
    assert result.reason == "succeeded"
    page = Page(tmp_path / "report.html")
    assert page.text("h1") == ["Run of today"]
    assert page.text("h2") == ["A sine"]
    assert page.text("p")[0].endswith("· waves.py")
    assert len(page.all("polyline")) == 1
