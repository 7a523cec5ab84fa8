"""Words that find our nodes and are not their own: bare ones, and what other programs call them.

What has no node here, such as a tunnel, has a sentence in `IDEAS`. `tests/flow/test_other_names.py` walks all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from flodesk.flow.other_programs import PROGRAMS

_WORD = re.compile(r"[^\W_]+")

BARE = """
filter, noise filter: dsp.butterworth dsp.Lowpass dsp.StreamFilter table.filter_rows dsp.bandpass dsp.highpass
smooth: dsp.Smooth dsp.moving_average dsp.savgol statistics.RunningMean
plot, chart, graph, draw, curve plot, diagram: show.line show.xy show.Strip show.scatter show.bars
average: maths.mean statistics.RunningMean dsp.moving_average collect.Mean
read, open, load, import, read file, open file: file.read_csv file.read_text file.read_excel file.read_image
write, save, export, save file: file.write_csv file.write_text file.write_excel record.Csv
record, log data, logger: record.Csv record.Hdf5 record.Sqlite show.Log
random, rand: maths.random_number source.noise maths.random_numbers source.uniform_noise
noise: source.noise source.uniform_noise source.coloured_noise
wave, waveform, generator, signal generator, function generator: source.sine source.square source.triangle
loop, forever: timing.every timing.count timing.once
repeat: array.repeat timing.every timing.count timing.once
timer, tick: timing.every timing.Stopwatch timing.delay
wait, sleep, pause: timing.delay
switch: control.switch if logic.select
condition: if logic.select
table: show.table control.table collect.Table
list: collect.List array.make
number: show.number control.number text.to_number
text, string: show.text control.text text.template text.join
image, picture, photo: show.image file.read_image source.picture
array: array.make show.table array.filled
fit: fit.line fit.curve fit.polynomial statistics.linear_fit
curve fitting: fit.curve fit.line fit.polynomial fit.exponential fit.gaussian fit.spline
lowpass filter: dsp.Lowpass
highpass filter: dsp.highpass
bandpass filter: dsp.bandpass
regression: fit.regression fit.line statistics.linear_fit
sum, total: maths.sum maths.add maths.cumulative_sum
display, readout, indicator: show.number show.text show.gauge
statistics, describe data: statistics.describe statistics.RunningStatistics
variable, constant, value: source.constant control.number
control, widget: control.slider control.number control.switch control.button control.choice control.text
source: source.sine source.noise source.constant
csv: file.read_csv file.write_csv record.Csv
log: show.Log maths.logarithm record.Csv
sql, database: sql.query sql.query_tables sql.write_table
http, url, rest, api: web.get web.request
json: file.read_json file.write_json text.parse_json
excel, spreadsheet: file.read_excel file.write_excel
sound, audio: file.read_wav file.write_wav
folder, directory: file.list_files file.each_file file.watch_folder control.path
regex, regular expression: text.find text.find_all
classify, classifier, classification: learn.forest_classifier learn.logistic_regression learn.tree_classifier
cluster, clustering: learn.k_means learn.dbscan learn.agglomerative
train, machine learning, ai: learn.split learn.forest_classifier learn.forest_regressor
segment, segmentation: image.threshold image.watershed image.label
blur: image.gaussian image.median
shell, run program, terminal: system.command
mail, email: system.send_email
daq, data acquisition, measure: visa.Query visa.poll record.Csv
mqtt, iot: system.mqtt_subscribe system.MqttPublish
test data, demo data: source.sine source.sunspots source.co2
"""
"""Bare words, of which a hundred nodes have some part: what is meant first."""

IDEAS: dict[str, str] = {
    "tunnel, auto-indexing, autoindexing": "A wire just crosses the border of a loop. What a loop gives after its end "
    "is what a collector has gathered: List, Last, Mean or Table.",
    "shift register, feedback, feedback node, feedback loop": "Draw a wire from a node back to one before it: its "
    "value comes in the next turn. Previous does the same with a start value.",
    "global variable, local variable": "Draw another wire from the same output: as many may begin there as you like. "
    "Between two loops a Queue or Latest carries values.",
    "subvi, sub-vi, subflow, macro, component, call a vi": "Select nodes and choose “Make a subflow”: they become a "
    "function of this file, and a node on the shelf “This file”.",
    "event structure, callback": "Nodes run when a value comes. What a hand presses on the panel is a control: Button.",
    "sequence structure, flat sequence, stacked sequence": "Nodes run in the order of their wires, else in that of the "
    "script. A frame on the canvas groups what belongs together.",
    "break, stop button, conditional terminal": "Stop ends a run at once. A loop that shall end by itself is one of "
    "Count or Once.",
    "property node, invoke node": "Fields of a node are in the inspector; each can be made an input there.",
    "comment, free label, decoration": "Choose “Add a note”: it lies on the canvas and is kept in the file.",
    "catch, error cluster, try, except": "A node that fails stops its loop and says why. With on_error = “reject” in "
    "the header the loop goes on, and what failed is in the dead letters.",
    "link in, link out, wireless": "Wires are drawn. Between two loops a Queue or Latest carries values.",
    "meshgrid, ndgrid, mgrid": "Arrays spread over one another: Reshape one to a column (n, 1), and a calculation of "
    "it with a row gives the whole grid.",
    "breakpoint, probe": "Right-click a node or a wire: a breakpoint holds the run there, a probe shows the value.",
}
"""What has no node of its own, and how it is done here."""


_COMMON = """
source.sine source.noise source.constant source.linspace source.square control.slider control.number control.switch
control.text control.choice control.button show.line show.xy show.number show.text show.table show.Log show.lamp
show.gauge show.image show.scatter show.Histogram show.Strip maths.add maths.subtract maths.multiply maths.divide
maths.scale maths.greater maths.formula maths.mean maths.sum maths.clip array.make array.slice array.sort
dsp.butterworth dsp.Lowpass dsp.spectrum dsp.moving_average dsp.peaks dsp.rms statistics.RunningMean
statistics.describe statistics.standard_deviation fit.line fit.curve timing.every timing.count timing.delay
table.filter_rows table.select table.join table.group_by table.sort table.add_column file.read_csv file.write_csv
file.read_text text.template text.join text.split collect.List collect.Table logic.select logic.Previous
record.Csv visa.Query visa.poll image.threshold image.gaussian image.regions image.crop learn.split learn.predict
learn.forest_classifier learn.k_means web.get sql.query file.list_files
"""
COMMON = frozenset(f"flodesk.nodes.{name}" for name in _COMMON.split())
"""What most flows are made of: of equally good ones these come first."""


class Elsewhere(NamedTuple):
    """What something of another program is here.

    Attributes
    ----------
    system : str
        The program; empty for words of nobody.
    phrase : str
        As it is written there.
    paths : tuple of str
        The paths of our node types, the likeliest first.
    letters : str
        The phrase as `folded` gives it.
    words : tuple of str
        Its words, in small letters; of a dotted name those of its last part.
    """

    system: str
    phrase: str
    paths: tuple[str, ...]
    letters: str
    words: tuple[str, ...]


@cache
def elsewhere() -> tuple[Elsewhere, ...]:
    """Return all names that other programs have for our node types."""
    return tuple(_lines())


def _lines() -> Iterator[Elsewhere]:
    for system, lines in {"": BARE, **PROGRAMS}.items():
        for line in lines.strip().splitlines():
            phrases, _, targets = line.rpartition(": ")
            paths = tuple(f"flodesk.nodes.{name}" if "." in name else name for name in targets.split())
            for phrase in (part.strip() for part in phrases.split(",")):
                yield Elsewhere(
                    system, phrase, paths, folded(phrase), tuple(_WORD.findall(phrase.lower().rpartition(".")[2]))
                )


def folded(text: str) -> str:
    """Return the letters and digits of a text in small letters, without what is between them: ``f16`` for ``F_1 6``."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


@cache
def _ideas() -> dict[str, str]:
    return {folded(name): words for names, words in IDEAS.items() for name in names.split(",")}


def idea(text: str) -> str:
    """Return how something is done here that has no node of its own; empty if nothing of that name is known."""
    return _ideas().get(folded(text), "")


@cache
def _programs() -> dict[str, tuple[Elsewhere, ...]]:
    found: dict[str, tuple[Elsewhere, ...]] = {}
    for other in elsewhere():
        if other.system:
            found[other.letters] = (*found.get(other.letters, ()), other)
    return found


def called_so(text: str) -> tuple[Elsewhere, ...]:
    """Return what a name stands for in other programs; nothing if none that is known has it."""
    return _programs().get(folded(text), ())
