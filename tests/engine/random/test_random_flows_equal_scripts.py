"""Random flows of everything there is hold in every variable what the plain script holds."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from flodesk.engine.places.known import Places


def _beside(name: str) -> Any:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


drawn, ways = _beside("drawn_scripts"), _beside("both_ways")
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
MANY = settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def places() -> Iterator[Places]:
    made = Places()
    yield made
    made.close()


def check(script: Any, places: Places | None = None) -> None:
    note(script.text())
    plain = ways.Plainly(script.plain(), script.mains)
    engine = ways.ByEngine(script.text(), script.names(), places=places)
    ways.compare(plain, engine, script.places)


@FEW
@given(drawn.scripts())
def test_every_variable_holds_what_that_of_the_script_holds(script: Any) -> None:
    check(script)


@pytest.mark.long
@MANY
@given(drawn.scripts(3))
def test_very_many_variables_hold_what_those_of_scripts_hold(script: Any) -> None:
    check(script)


@FEW
@given(drawn.scripts(), st.data())
def test_wherever_the_nodes_run(places: Places, script: Any, data: st.DataObject) -> None:
    check(drawn.placed(data.draw, script), places)


@pytest.mark.long
@MANY
@given(drawn.scripts(3), st.data())
def test_wherever_very_many_nodes_run(places: Places, script: Any, data: st.DataObject) -> None:
    check(drawn.placed(data.draw, script), places)
