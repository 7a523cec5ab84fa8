"""Every example gives on a Redis queue and on a Dask cluster what it gives at home, and passes its own tests there.

A real server, a worker in a process of its own, and a cluster of our own with its workers: one for all examples.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import inspect
import math
import random
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest
from nanoarrow import ArrayStream

from flodesk.engine.limits import Limits
from flodesk.engine.places.travel import why_not
from flodesk.engine.result import Result

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "resources" / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.py"))


# ------------------------------------------------------------------ what runs there
@dataclass(frozen=True)
class Own:
    """A test of an example, to be passed elsewhere: its name, and what it is given beside what all are given."""

    test: str
    given: Mapping[str, Any] = field(default_factory=dict)


OWN = {
    "cities": Own("test_the_distance_from_lisbon", {"there": ("Japan", "Tokyo"), "kilometres": 11_144}),
    "coins": Own("test_all_coins_are_counted_and_the_plain_threshold_misses_two"),
    "echoes": Own("test_every_caller_hears_its_square"),
    "eight_channels": Own("test_peak_hold_knows_how_strong_each_channel_is"),
    "heat_plate": Own("test_steel_takes_longer_than_copper"),
    "loud_blocks": Own("test_the_slider_says_what_is_loud"),
    "mauna_loa": Own("test_the_figures_of_the_record"),
    "noisy_sine": Own("test_the_meter_shows_the_effective_value_of_the_last_second"),
    "optimisers": Own("test_dots_are_painted_where_the_searchers_are"),
    "orders": Own("test_totals_by_month_and_country_are_right_to_the_cent"),
    "parcels": Own("test_the_good_parcels_are_sent_and_add_up"),
    "pid_bench": Own("test_it_does_not_overshoot_and_settles_within_five_seconds"),
    "seismometer": Own("test_the_slow_screen_shows_the_newest_readings_in_their_order"),
    "stage": Own("test_the_motor_has_the_newest_target_and_the_log_the_newest_position"),
    "stations": Own("test_a_change_of_the_slow_function_makes_it_run_again"),
    "sunspots": Own("test_the_sun_has_a_cycle_of_eleven_years"),
    "temperature_logger": Own("test_the_others_are_on_disk_and_ring_the_alarm"),
    "temperatures": Own("test_the_engine_goes_through_both_subflows"),
    "tomography": Own("test_what_comes_back_is_the_slice"),
    "wine": Own("test_three_clusters_are_nearly_those_of_the_growers"),
}

SHOWN: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "digits": lambda values: (values["number"].value, round(values["percent"].value, 1)) == (450, 99.1),
    "diode": lambda values: values["told"].startswith("# 1.6"),
    "predator_prey": lambda values: abs(values["period"].value - 10.79) < 0.01,
    "thermostat": lambda values: (
        abs(values["share"].value - 0.775926) < 1e-4 and values["last"].text == "3:59  19.55 °C"
    ),
    "two_workers": lambda values: (
        abs(values["shown_low"].value - math.sqrt(2.0)) + abs(values["shown_high"].value - math.sqrt(0.5)) < 2e-3
    ),
}
"""Known answers of examples whose own tests look at the class of a result, at a long list or at all columns of a table:
the screen has a plain tuple of it, or a part."""

EACH_DAY_ON_DASK = ("cities", "echoes", "noisy_sine", "orders", "stations", "temperatures")
"""A stretch there takes some milliseconds, and starting a run longer: the others run there with ``--long``."""
TURNS = {
    "diode": 51,
    "eight_channels": 12,
    "heat_plate": 20,
    "loud_blocks": 40,
    "noisy_sine": 20,
    "optimisers": 6,
    "pid_bench": 20,
    "temperatures": 20,
    "thermostat": 20,
}
"""For how many turns the examples that go on for ever, or for long, are compared; their own tests take them all."""
OTHERWISE_EACH_TIME = {
    "voltmeter": "each reading of the instrument, which is simulated, is another",
    "replay": "what is recorded has the time of its recording",
    "seismometer": "the screen shows what it has had time for",
    "stage": "the motor has the target of its moment, and the log notes what it has had time for",
    "water_samples": "two photometers compete for the samples",
    "temperature_logger": "what is on the disk by now hangs on the disk, and what a strip holds on the clock",
}
"""Examples that never give the same twice, at home either: only their own tests tell whether it is right."""


ROUNDED = {"wine"}
"""Examples whose last digit is another: a table lies otherwise in memory after a journey, and BLAS adds otherwise."""
VARIABLES_OTHERWISE_EACH_TIME = {
    "flow.port",  # of the server of the echoes
    "flow.written",  # the report on the orders, which says where it is
    "flow.report",
    "flow.course",  # a strip over the heat plate, which goes by the clock
}


def run_plainly(
    there: Any, folder: Path, name: str, turns: int = 0, change: tuple[str, str] = ("", ""), **_: Any
) -> list[dict[str, Any]]:
    """Do what the fixture of the examples' own tests does; of the turns there is the last one."""
    text = (folder / f"{name}.py").read_text(encoding="utf-8")
    assert change[0] in text
    changed = text.replace(*change) if change[0] else text
    result = there.run(hurried(changed), str(folder / f"{name}.py"), limits=Limits(iterations=turns))
    assert result.reason == "succeeded", result.message
    return [{key.partition(".")[2]: value for key, value in result.values.items()}]


def hurried(text: str) -> str:
    """Let a clock that never ends tick as fast as the turns can be made: none of what it makes hangs on the time."""
    return re.sub(r"timing\.every\([\d.]+\)", "timing.every(0.001)", text)


@pytest.fixture(scope="module")
def wanted() -> dict[str, Result]:
    """Keep what came out at home."""
    return {}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the examples and their data, where they may write."""
    for path in EXAMPLES.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    return tmp_path


# ------------------------------------------------------------------ what is the same
def alike(one: Any, other: Any, where: str, *, rounded: bool = False) -> None:
    """Assert that two values are the same: of one type, and to the last bit, or but for the last digit."""
    assert type(one).__qualname__ == type(other).__qualname__, f"{where}: {type(one)}, {type(other)}"
    if isinstance(one, numpy.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), where
        if rounded and one.dtype.kind == "f":
            numpy.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12, err_msg=where)
        else:
            assert numpy.array_equal(one, other, equal_nan=one.dtype.kind in "fc"), where
    elif isinstance(one, pandas.DataFrame):
        pandas.testing.assert_frame_equal(one, other, check_exact=not rounded, obj=where)
    elif dataclasses.is_dataclass(one):
        for each in dataclasses.fields(one):
            alike(getattr(one, each.name), getattr(other, each.name), f"{where}.{each.name}", rounded=rounded)
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), where
        for number, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            alike(mine, theirs, f"{where}[{number}]", rounded=rounded)
    elif isinstance(one, dict):
        assert list(one) == list(other), where
        for key in one:
            alike(one[key], other[key], f"{where}[{key!r}]", rounded=rounded)
    else:
        assert one == other or (one != one and other != other), f"{where}: {one!r}, {other!r}"


@pytest.fixture
def now_and_then(request: pytest.FixtureRequest, place: str, name: str) -> None:
    if place == "dask" and name not in EACH_DAY_ON_DASK and not request.config.getoption("--long"):
        pytest.skip("on a cluster with --long")


@pytest.mark.usefixtures("now_and_then")
@pytest.mark.parametrize("name", [name for name in NAMES if name not in OTHERWISE_EACH_TIME])
def test_every_variable_of_an_example_is_the_same_there(
    there, home, wanted: dict[str, Result], folder: Path, name: str
) -> None:
    path = folder / f"{name}.py"
    text, limits = hurried(path.read_text(encoding="utf-8")), Limits(iterations=TURNS.get(name, 0))
    if name not in wanted:
        wanted[name] = home.run(text, str(path), limits=limits)
    travelling = {key: value for key, value in wanted[name].values.items() if not why_not(key, value)}
    assert len(travelling) > 2
    keys = travelling.keys() - VARIABLES_OTHERWISE_EACH_TIME
    got = there.run(text, str(path), limits=limits, wanted=keys)
    assert (got.reason, got.message) == (wanted[name].reason, wanted[name].message), got.failures
    for key in keys:
        value = travelling[key]
        assert key in got.values, f"{key} has not come: {sorted(got.values)}"
        alike(value, got.values[key], key, rounded=name in ROUNDED)


@pytest.mark.usefixtures("now_and_then")
@pytest.mark.parametrize(
    "name", [name if name in OTHERWISE_EACH_TIME else pytest.param(name, marks=pytest.mark.long) for name in OWN]
)
def test_an_example_passes_its_own_test_there(there, folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ROOT / "tests" / "examples" / f"test_{name}_example.py"
    spec = importlib.util.spec_from_file_location(f"own_test_of_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.syspath_prepend(str(path.parent))
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "run", there.run, raising=False)
    if (there.place, name) == ("dask", "stage"):
        pytest.skip("a turn of its motor takes longer there than the log of it: there is nothing to leave out")
    check, given = getattr(module, OWN[name].test), dict(OWN[name].given)
    made: dict[str, Callable[[], Any]] = {
        "run_plainly": lambda: lambda *what, **how: run_plainly(there, folder, *what, **how),
        # one that takes both copies what it needs
        "examples": lambda: EXAMPLES if "tmp_path" in inspect.signature(check).parameters else folder,
        "tmp_path": lambda: folder,
        "text": lambda: (folder / f"{name}.py").read_text(encoding="utf-8"),
        "result": lambda: there.run((folder / f"{name}.py").read_text(encoding="utf-8"), str(folder / f"{name}.py")),
        "values": lambda: run_plainly(there, folder, name)[0],
    }
    check(**given, **{key: made[key]() for key in inspect.signature(check).parameters if key not in given})


@pytest.mark.long
@pytest.mark.parametrize("name", SHOWN)
def test_an_example_shows_the_known_answer_there(there, folder: Path, name: str) -> None:
    (values,) = run_plainly(there, folder, name, 1000 if name == "diode" else 0)
    assert SHOWN[name](values), values


def test_each_water_sample_is_measured_once_there(there, folder: Path) -> None:
    """Its own test looks at what a run at home says of its queues, too."""
    result = there.run((folder / "water_samples.py").read_text(encoding="utf-8"))
    assert result.reason == "succeeded", result.message
    table = result.values["report.ordered"]
    assert list(table["sample"]) == list(range(1, 25))
    assert list(table["nitrate"]) == pytest.approx([10.0 + 5.0 * math.sin(math.tau * n / 24) for n in range(1, 25)])


def test_what_was_recorded_is_played_there(there, folder: Path) -> None:
    """Its own test looks at the class of a result, and what is shown of it is a plain tuple."""
    noise = random.Random(1)
    known = [noise.gauss(5.0, 0.1) for _ in range(100)]
    (values,) = run_plainly(there, folder, "replay")
    assert values["all_readings"] == known
    rows = ArrayStream.from_path(str(folder / "replay.arrows")).read_all().to_pylist()
    assert [row["volt"] for row in rows] == known


def test_the_voltmeter_measures_there(there, folder: Path) -> None:
    """Its own tests look at each of its turns; its instrument is simulated, and each reading is another."""
    (values,) = run_plainly(there, folder, "voltmeter", 15)
    assert 4.0 <= values["volt"] <= 6.0
    assert values["alarm"].on == (values["volt"] > 5.5)
    assert len(values["chart"].traces[0].y) == 15
    rows = (folder / "voltmeter.csv").read_text().splitlines()
    assert float(rows[-1].split(",")[1]) == values["volt"]
    assert len(rows) == 16


def test_no_example_is_left_out() -> None:
    # the own tests of the tuning forks look at the class of a result, too: there all their variables are compared
    assert set(NAMES) == {*OWN, *SHOWN, "replay", "tuning_forks", "voltmeter", "water_samples"}
    assert set(OTHERWISE_EACH_TIME) <= set(NAMES)
