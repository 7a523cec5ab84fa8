"""A node in the place of another: what fits by name or type stays, the rest is said."""

from __future__ import annotations

import contextlib
import random

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
N = "flodesk.nodes."
TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# level = [0, 0]
# smooth = [100, 0]
# tick = [0, 200]
# signal = [200, 200]
# louder = [400, 200]
# clean = [600, 200]
# size = [800, 200]
# code_1 = [1000, 200]
# chart = [1200, 200]
# meter = [1200, 400]
#
# [tool.flodesk.panel.flow]
# level = [0, 0, 5, 2]
# meter = [5, 0, 3, 2]
#
# [tool.flodesk.pins.flow]
# clean = ["order"]
# ///
import flodesk
from flodesk.nodes import control, dsp, maths, show, source, statistics, timing


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    smooth = statistics.RunningMean(window=20)
    for tick in timing.every(0.05):
        signal = source.sine(tick, frequency=5.0, samples=50)
        louder = maths.multiply(signal, level)  # why
        clean = dsp.butterworth(louder, cutoff=level, order=4)
        size = dsp.rms(clean)
        soft = smooth(size)
        twice = soft * 2
        chart = show.line(louder, clean, title="A")
        meter = show.number(twice, unit="V")


if __name__ == "__main__":
    flodesk.main(flow)
"""


def replaced(node: str, path: str, text: str = TEXT) -> tuple[Flow, str, tuple[str, ...]]:
    """Replace, and see to what holds each time: a file as it is read, and an undo that leads back."""
    flow = read(text)
    made = wiring.replace_node(flow, CATALOG, picture(flow, CATALOG), node, path)
    new, inverse = made.edit.apply(flow)
    assert read(write(new)) == new
    assert write(inverse.apply(new)[0]) == text
    assert made.node in picture(new, CATALOG).nodes
    return new, made.node, made.lost


def line(flow: Flow, start: str) -> str:
    return next(text.strip() for text in write(flow).splitlines() if text.strip().startswith(start))


def test_a_call_becomes_another_on_its_own_line() -> None:
    new, node, lost = replaced("louder", N + "maths.add")
    assert (node, lost) == ("louder", ())
    assert write(new) == TEXT.replace("maths.multiply(signal, level)", "maths.add(signal, level)")


def test_wires_go_by_name_first_and_then_by_type() -> None:
    new, _, lost = replaced("signal", N + "source.square")
    assert line(new, "signal") == "signal = source.square(tick, frequency=5.0, samples=50)"
    assert lost == ()
    new, _, lost = replaced("chart", N + "show.number")
    assert line(new, "chart") == 'chart = show.number(louder, title="A")'
    assert lost == ("the wire from clean to values[1]",)


def test_what_has_no_place_is_said() -> None:
    new, _, lost = replaced("clean", N + "dsp.spectrum")
    assert line(new, "clean") == "clean = dsp.spectrum(louder)"
    assert lost == ("the wire from level to cutoff", "order = 4")


def test_a_node_with_state_takes_the_place_of_a_call_and_back() -> None:
    new, node, lost = replaced("clean", N + "dsp.Lowpass")
    assert lost == ()
    assert line(new, "clean") == "clean = dsp.Lowpass(order=4)"
    assert line(new, "lowpass_out") == "lowpass_out = clean(louder, cutoff=level)"
    assert line(new, "size") == "size = dsp.rms(lowpass_out)"
    assert new.header.canvas["flow"]["clean"] == (600.0, 200.0)
    assert new.header.settings["pins"]["flow"] == {"clean": ["order"]}
    back, node, lost = replaced(node, N + "dsp.butterworth", write(new))
    assert line(back, "clean") == "clean = dsp.butterworth(louder, cutoff=level, order=4)"
    assert line(back, "size") == "size = dsp.rms(clean)"
    assert write(back).index("for tick") < write(back).index("clean = dsp")


def test_code_becomes_a_node_and_what_read_it_reads_that() -> None:
    new, node, lost = replaced("code_1", N + "maths.scale")
    assert line(new, node) == f"{node} = maths.scale(soft)"
    assert line(new, "meter") == f'meter = show.number({node}, unit="V")'
    assert new.header.canvas["flow"][node] == (1000.0, 200.0)
    assert lost == ()


def test_a_producer_keeps_its_loop() -> None:
    new, _, lost = replaced("tick", N + "timing.count")
    assert write(new) == TEXT.replace("timing.every(0.05)", "timing.count()")
    assert lost == ("period = 0.05",)


def test_views_of_the_panel_follow() -> None:
    new, _, _ = replaced("level", N + "control.number")
    assert line(new, "level") == "level = control.number(2.0, minimum=0.0, maximum=10.0)"
    assert new.header.panel == read(TEXT).header.panel
    new, _, lost = replaced("level", N + "source.constant")
    assert list(new.header.panel["flow"]) == ["meter"]
    assert lost == ("minimum = 0.0", "maximum = 10.0")
    new, _, _ = replaced("size", N + "show.number")
    assert "size" in new.header.panel["flow"]


@pytest.mark.parametrize(
    ("node", "path", "words"),
    [
        ("louder", "timing.every", "begins a loop: it can stand in the place of a producer alone"),
        ("tick", "maths.add", "another producer alone"),
        ("louder", "queue.Queue", "shared between functions"),
        ("nobody", "maths.add", "There is no “nobody”"),
        ("louder", "maths.nix", "no node type"),
    ],
)
def test_what_cannot_be_replaced_says_why(node: str, path: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        replaced(node, N + path)


def every_pair() -> list[tuple[str, str]]:
    return [(node, path) for node in picture(read(TEXT), CATALOG).nodes for path in CATALOG.specs]


def try_all(pairs: list[tuple[str, str]]) -> None:
    done = 0
    for node, path in pairs:
        with contextlib.suppress(Refused):
            replaced(node, path)
            done += 1
    assert done > len(pairs) // 3


def test_any_node_in_the_place_of_some() -> None:
    try_all(random.Random(7).sample(every_pair(), 40))


@pytest.mark.long
def test_any_node_in_the_place_of_any() -> None:
    try_all(every_pair())


def test_a_name_of_the_type_gives_way_and_one_of_a_hand_stays() -> None:
    text = TEXT.replace("louder", "multiply_2").replace("clean", "butterworth")
    new, node, _ = replaced("multiply_2", N + "maths.add", text)
    assert node == "add"
    assert line(new, "add") == "add = maths.add(signal, level)  # why"
    assert line(new, "butterworth") == "butterworth = dsp.butterworth(add, cutoff=level, order=4)"
    new, node, _ = replaced("butterworth", N + "dsp.Lowpass", text)
    assert node == "lowpass"
    assert line(new, "lowpass_out") == "lowpass_out = lowpass(multiply_2, cutoff=level)"
    new, node, _ = replaced("lowpass", N + "dsp.butterworth", write(new))
    assert line(new, "butterworth") == "butterworth = dsp.butterworth(multiply_2, cutoff=level, order=4)"
    taken = text.replace("size = dsp.rms(butterworth)", "add = dsp.rms(butterworth)").replace(
        "smooth(size)", "smooth(add)"
    )
    _, node, _ = replaced("multiply_2", N + "maths.add", taken)
    assert node == "add_2"
