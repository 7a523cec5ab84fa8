"""Words of other programs find our nodes, a bare word what is meant by it, a word with a slip what was to be typed."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from flodesk.flow.catalog import OURS, Catalog
from flodesk.flow.other_names import BARE, COMMON, IDEAS, called_so, elsewhere, folded, idea
from flodesk.flow.other_programs import PROGRAMS
from flodesk.flow.python_types import offered_of_python
from flodesk.flow.wiring import IF, OWN_PYTHON
from flodesk.flow.word_forms import stem

CATALOG = Catalog.builtin().plus((*OWN_PYTHON, IF, *offered_of_python()))


def found(text: str, most: int = 8, **options: object) -> list[str]:
    return [spec.path.removeprefix(f"{OURS}.") for spec in CATALOG.search(text, **options)[:most]]


def test_every_program_has_a_table() -> None:
    assert {"LabVIEW", "MATLAB", "Python", "Flojoy", "Node-RED", "Orange"} == set(PROGRAMS)
    systems = Counter(other.system for other in elsewhere())
    assert all(systems[program] > 20 for program in PROGRAMS)
    assert len(elsewhere()) > 350


@pytest.mark.parametrize("other", elsewhere(), ids=lambda other: f"{other.system} {other.phrase}")
def test_every_other_name_finds_what_it_means(other) -> None:
    assert [path for path in other.paths if CATALOG.find(path) is None] == []
    paths = [spec.path for spec in CATALOG.search(other.phrase)[:8]]
    assert set(other.paths) <= set(paths), paths
    if other.system:
        assert set(paths[:2]) & set(other.paths), paths
    else:
        assert tuple(paths[: len(other.paths)]) == other.paths


def test_no_table_says_a_thing_twice() -> None:
    for system, lines in {"": BARE, **PROGRAMS}.items():
        phrases = Counter(other.letters for other in elsewhere() if other.system == system)
        assert [phrase for phrase, n in phrases.items() if n > 1] == []
        assert re.fullmatch(r"(\n[^:\n]*[^\n]*: [\w=. ]+)+\n", lines), system


def test_what_is_common_is_there() -> None:
    assert [path for path in COMMON if CATALOG.find(path) is None] == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("filter", "dsp.butterworth"), ("FILTER", "dsp.butterworth"), ("filters", "dsp.butterworth"),
        ("fitler", "dsp.butterworth"), ("buterworth", "dsp.butterworth"), ("spectrm", "dsp.spectrum"),
        ("plto", "show.line"), ("tabel", "show.table"), ("averge", "maths.mean"),
        ("mooving avrage", "dsp.moving_average"), ("histgram", "statistics.histogram"), ("SINE", "source.sine"),
        ("while loop", "timing.every"), ("whlie loop", "timing.every"), ("shift register", "logic.Previous"),
        ("formula node", "maths.formula"), ("fft", "dsp.spectrum"), ("psd", "dsp.power_spectral_density"),
        ("imread", "file.read_image"), ("readtable", "file.read_csv"), ("movmean", "dsp.moving_average"),
        ("inject", "timing.every"), ("debug", "show.Log"), ("np.mean", "maths.mean"),
        ("df.merge(right)", "table.join"), ("scipy.signal.butter", "dsp.butterworth"),
        ("flodesk.nodes.dsp.notch", "dsp.notch"), ("time.sleep(1)", "timing.delay"), ("read my csv", "file.read_csv"),
        ("+", "maths.add"), ("*", "maths.multiply"), ("<", "maths.less"), ("if", "if"), ("control", "control.slider"),
        ("filt", "dsp.butterworth"), ("sine generator", "source.sine"),
        ("curve fitting", "fit.curve"), ("fitting", "fit.line"), ("fits", "fit.line"), ("filtering", "dsp.butterworth"),
        ("smoothing", "dsp.Smooth"), ("plotting", "show.line"), ("averaging", "maths.mean"), ("averages", "maths.mean"),
        ("waveform chart", "show.Strip"), ("waveform charts", "show.Strip"), ("every 50 ms", "timing.every"),
        ("lowpas filtr", "dsp.Lowpass"), ("low pass filtering", "dsp.Lowpass"), ("fit gaussian", "fit.gaussian"),
        ("running", "statistics.RunningMean"), ("repeat", "array.repeat"),
    ],
)  # fmt: skip
def test_what_is_typed_finds_what_is_meant(typed: str, first: str) -> None:
    assert found(typed)[0] == first


def test_the_name_of_a_shelf_finds_all_of_it() -> None:
    for shelf in ("dsp", "maths", "statistics", "simulate"):
        of_shelf = {path for path, spec in CATALOG.specs.items() if spec.category == shelf}
        assert of_shelf <= {spec.path for spec in CATALOG.search(shelf)}


def test_the_form_of_a_word_does_not_matter() -> None:
    for form, word in (
        ("fitting", "fit"), ("filtering", "filter"), ("smoothing", "smooth"), ("smoothed", "smooth"),
        ("plotting", "plot"), ("averaging", "average"), ("averages", "average"),
    ):  # fmt: skip
        assert found(form, 4) == found(word, 4), form
    fits = {path for path, spec in CATALOG.specs.items() if spec.category == "fit"}
    assert fits <= {spec.path for spec in CATALOG.search("fitting")}
    assert [stem(word) for word in ("string", "process", "processes", "speed", "spline", "fill", "filling")] == [
        "string", "proces", "proces", "speed", "splin", "fil", "fil",
    ]  # fmt: skip


def test_a_title_comes_before_whatever_was_used_last() -> None:
    liked = [f"{OURS}.{name}" for name in ("source.uniform_noise", "dsp.butterworth", "dsp.moving_average")]
    assert found("noise", liked=liked)[:2] == ["source.noise", "source.uniform_noise"]
    assert found("smooth", liked=liked)[:2] == ["dsp.Smooth", "dsp.moving_average"]
    assert found("lowpass", liked=liked)[0] == found("lowpas filtr", liked=liked)[0] == "dsp.Lowpass"
    for spec in list(CATALOG.specs.values())[::9]:
        others = [other for other in CATALOG.specs if CATALOG.specs[other].title.lower() != spec.title.lower()]
        first = CATALOG.search(spec.title, liked=others[:10])[0]
        assert folded(first.title) == folded(spec.title)


def test_a_wire_comes_before_a_bare_word() -> None:
    assert found("filter", fits="table")[0] == "table.filter_rows"
    assert found("filter", fits="signal")[0] == "dsp.butterworth"
    assert found("plot", fits="number")[0] in ("show.Strip", "show.line")
    assert found("read", feeds="text")[0] == "file.read_text"
    assert found("read", feeds="image")[0] == "file.read_image"


def test_what_is_liked_comes_first_among_equals() -> None:
    liked = [f"{OURS}.maths.tanh", f"{OURS}.dsp.notch"]
    assert found("", liked=liked)[:2] == ["maths.tanh", "dsp.notch"]
    assert found("", fits="table", liked=[f"{OURS}.table.pivot"])[0] == "table.pivot"
    assert found("hyperbolic")[0] != "maths.tanh"
    assert found("hyperbolic", liked=liked)[0] == "maths.tanh"
    assert found("butterworth", liked=liked)[0] == "dsp.butterworth"


def test_nonsense_finds_nothing_and_signs_only_what_they_are() -> None:
    assert found("qqxzzy") == []
    assert found("§§") == []
    assert len(found("+", most=99)) < 4


def test_what_has_no_node_is_told() -> None:
    for names in IDEAS:
        assert all(idea(name.upper()) for name in names.split(","))
    assert "Previous" in idea("Shift Register")
    assert idea("butterworth") == ""


def test_it_is_known_which_program_calls_something_so() -> None:
    (only,) = called_so("Case Structure")
    assert (only.system, only.paths) == ("LabVIEW", ("if", f"{OURS}.logic.select"))
    assert called_so("filter") == ()
    assert folded("Big_Number 2") == "bignumber2"
