"""Node types are made from signatures, annotations and docstrings."""

from __future__ import annotations

import enum
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import pytest

import flodesk
from flodesk import Array, Choices, Line, Range, Signal, Table, Unit, Waveform
from flodesk.flow.describe import describe, title_of
from flodesk.flow.docstring import describe as read_docstring
from flodesk.flow.docstring import unit_of
from flodesk.flow.model import Symbol
from flodesk.flow.spec import from_json, to_json


class Parts(NamedTuple):
    """Two bands.

    Attributes
    ----------
    """

    low: Signal
    high: Annotated[float, Unit("V")]


@dataclass
class Pair:
    left: Table
    right: int


class Window(enum.Enum):
    HANN = 1
    FLAT = 2


def countries() -> list[str]:
    return ["AT"]


def lowpass_it(
    signal: Signal,
    cutoff: Annotated[float, Unit("Hz"), Range(0.5, 200.0, 0.5)] = 20.0,
    order: int = 4,
    *,
    kind: Literal["low", "high"] = "low",
    window: Window = Window.HANN,
    place: Path | None = None,
    country: Annotated[str, Choices(countries)] = "AT",
    delay: float = 0.0,
    flag: bool = False,
) -> Signal:
    """Let low frequencies pass.

    More text.

    Parameters
    ----------
    signal : Signal
        What to filter.
    cutoff, order : float
        Where it falls, and
        how steeply.
    delay : float
        Shift in s, from 0 on.

    Returns
    -------
    Signal
        The rest.
    """
    raise AssertionError("a description runs nothing")


def field(spec, name):
    found = spec.parameter(name)
    assert found is not None
    return found


def test_a_function_says_everything_once():
    spec = describe(lowpass_it, "my.lowpass_it")
    assert (spec.role, spec.name, spec.title, spec.category) == ("function", "lowpass_it", "Lowpass it", "my")
    assert spec.summary == "Let low frequencies pass."
    assert spec.pure
    assert spec.file.endswith("test_describe_callables.py")
    assert spec.line > 30
    signal, cutoff = field(spec, "signal"), field(spec, "cutoff")
    assert (signal.type, signal.required, signal.default, signal.help) == ("signal", True, "", "What to filter.")
    assert (cutoff.type, cutoff.required, cutoff.default, cutoff.unit) == ("number", False, "20.0", "Hz")
    assert (cutoff.minimum, cutoff.maximum, cutoff.step) == (0.5, 200.0, 0.5)
    assert cutoff.help == field(spec, "order").help == "Where it falls, and how steeply."
    assert field(spec, "kind").choices == ("low", "high")
    assert (field(spec, "kind").type, field(spec, "kind").passing) == ("text", "keyword")
    assert field(spec, "window").choices == (Symbol("Window.HANN"), Symbol("Window.FLAT"))
    assert field(spec, "window").default == "Window.HANN"
    assert (field(spec, "place").type, field(spec, "place").optional, field(spec, "place").widget) == (
        "path",
        True,
        "file",
    )
    assert field(spec, "country").widget == "choices"
    assert field(spec, "delay").unit == "s"
    assert field(spec, "flag").type == "truth"
    assert [(o.name, o.type, o.help) for o in spec.outputs] == [("", "signal", "The rest.")]


def test_named_results_are_several_outputs():
    def parts() -> Parts: ...
    def pair() -> Pair: ...

    parts_spec, pair_spec = describe(parts), describe(pair)
    assert [(o.name, o.type, o.unit) for o in parts_spec.outputs] == [("low", "signal", ""), ("high", "number", "V")]
    assert [(o.name, o.type) for o in pair_spec.outputs] == [("left", "table"), ("right", "integer")]


def test_an_indicator_is_one_output():
    def draw(*values: Array, title: str = "") -> Line: ...

    spec = describe(draw)
    assert spec.role == "indicator"
    assert [(o.name, o.type) for o in spec.outputs] == [("", "indicator")]
    assert field(spec, "values").passing == "many"
    assert not field(spec, "values").required


def test_a_generator_is_a_producer_with_the_type_that_it_yields():
    def every(period: float) -> Iterator[int]:
        yield 0

    def other(period: float):
        yield 0

    def pairs() -> Iterator[Parts]: ...

    assert describe(every).role == describe(other).role == describe(pairs).role == "producer"
    assert [o.type for o in describe(every).outputs] == ["integer"]
    assert [o.type for o in describe(other).outputs] == ["any"]
    assert [o.name for o in describe(pairs).outputs] == ["low", "high"]
    assert not describe(every).pure


class Mean:
    """Running mean.

    Parameters
    ----------
    window : int
        How many.
    """

    def __init__(self, window: int = 10) -> None: ...

    def __call__(self, value: float) -> float:
        """Take one more.

        Parameters
        ----------
        value : float
            In V.
        """
        return value


class Gather:
    def add(self, *values: float, weight: float = 1.0) -> None: ...
    def result(self) -> Table: ...


class Inherits(Mean):
    """Another."""


def test_classes_are_nodes_with_state_and_collectors():
    mean, gather = describe(Mean), describe(Gather)
    assert (mean.role, mean.methods, mean.pure) == ("state", ("__call__",), False)
    assert [(p.method, p.name, p.required, p.help) for p in mean.parameters] == [
        ("__init__", "window", False, "How many."), ("__call__", "value", True, "In V."),
    ]  # fmt: skip
    assert field(mean, "value").unit == "V"
    assert [(o.method, o.type) for o in mean.outputs] == [("__call__", "number")]
    assert (gather.role, gather.methods) == ("collector", ("add", "result"))
    assert [(p.method, p.name) for p in gather.parameters] == [("add", "values"), ("add", "weight")]
    assert [(o.method, o.type) for o in gather.outputs] == [("result", "table")]
    assert describe(Inherits).role == "state"


def test_facts_add_what_python_cannot_say():
    @flodesk.node(title="Knob", tags=("dial",), role="control", widget="knob", pure=False)
    def turn(value: float = 0.0) -> float:
        return value

    spec = describe(turn)
    assert (spec.title, spec.tags, spec.role, spec.pure) == ("Knob", ("dial",), "control", False)
    assert field(spec, "value").widget == "knob"
    assert turn(3.0) == 3.0


def test_foreign_and_bare_functions_are_described_too():
    def bare(a, b=2, *rest, c=None, **more): ...

    spec = describe(bare)
    assert [(p.name, p.type, p.required, p.passing) for p in spec.parameters] == [
        ("a", "any", True, "either"), ("b", "any", False, "either"), ("rest", "any", False, "many"),
        ("c", "any", False, "keyword"),
    ]  # fmt: skip
    assert spec.extra
    assert [o.type for o in spec.outputs] == ["any"]
    assert describe(math.hypot).name == "hypot"
    assert describe(math.hypot).parameters[0].passing in ("many", "either", "position")

    def broken(a: "NoSuchName", b: float) -> float: ...  # type: ignore[name-defined]  # noqa: F821, UP037

    assert [(p.name, p.type) for p in describe(broken).parameters] == [("a", "any"), ("b", "number")]


def test_what_gives_nothing_has_no_output():
    def write(path: Path) -> None: ...

    assert describe(write).outputs == ()
    assert not describe(write).pure


def test_a_thing_that_is_no_function_is_refused():
    with pytest.raises(TypeError, match="cannot be a node"):
        describe(3)  # type: ignore[arg-type]


def test_waveforms_arrays_and_unions():
    def mixed(a: Waveform, b: int | float, c: float | None, d: list[int], e: int | str, f: Literal[1, 2]) -> Array: ...

    kinds = [p.type for p in describe(mixed).parameters]
    assert kinds == ["signal", "number", "number", "list", "any", "integer"]
    assert field(describe(mixed), "c").optional


def test_needed_packages_are_told_without_running():
    def needs() -> int:
        import json

        import statsmodels.api

        return len(json.dumps(str(statsmodels.api)))

    assert describe(needs).requires == ("statsmodels",)


@pytest.mark.parametrize("target", [lowpass_it, Mean, Gather])
def test_a_description_travels_as_json(target):
    spec = describe(target, "a.b")
    assert from_json(json.loads(json.dumps(to_json(spec)))) == spec


@pytest.mark.parametrize(
    ("name", "title"),
    [("running_mean", "Running mean"), ("RunningMean", "Running mean"), ("FFT", "FFT"), ("fft", "Fft")],
)
def test_titles(name, title):
    assert title_of(name) == title


def test_google_docstrings():
    said = read_docstring(
        "Do it.\n\nArgs:\n    rate (float): How often [Hz]. Not 0.\n    name: A name\n        of two lines.\n\n"
        "Returns:\n    What came out.\n"
    )
    assert said.takes == {"rate": "How often [Hz]. Not 0.", "name": "A name of two lines."}
    assert said.gives == {"": "What came out."}
    assert unit_of(said.takes["rate"]) == "Hz"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Length in s.", "s"),
        ("in the same unit", ""),
        ("Rate in Hz, above 0", "Hz"),
        ("Kept in V", "V"),
        ("In V.", "V"),
        ("", ""),
        ("In a file", ""),
    ],
)
def test_units_in_help(text, unit):
    assert unit_of(text) == unit
