"""Random flows of everything there is hold on a queue and on a cluster, in every variable, what the plain script holds.

On the queue they run one after the other in one open session.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings

RANDOM = Path(__file__).parents[1] / "random"


def _of(name: str) -> Any:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, RANDOM / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


drawn, ways = _of("drawn_scripts"), _of("both_ways")
# what fails is not made smaller here: each try takes a run there
HOW = {"deadline": None, "suppress_health_check": list(HealthCheck), "phases": (Phase.explicit, Phase.generate)}
FEW = settings(max_examples=5, derandomize=True, database=None, **HOW)
MANY = settings(max_examples=300, **HOW)


def is_long(value: Any) -> bool:
    """Say whether this stands for an array: its type, its shape, and a hash of what is in it."""
    return isinstance(value, tuple) and isinstance(value[0], str)


def check(there: Any, script: Any) -> None:
    note(script.text())
    plain = ways.Plainly(script.plain(), script.mains)
    result = there.run(script.text())
    assert result.reason == "succeeded", result.message
    for main in script.mains:
        # of an object with state the screen shows what it is, and a long array in fewer points: what reads them tells
        wanted = {n: v for n, v in plain.values[f"{main}/{main}"].items() if not isinstance(v, dict) and not is_long(v)}
        got = ways.seen({name: result.values[f"{main}.{name}"] for name in wanted if f"{main}.{name}" in result.values})
        ways.assert_same(got, wanted, f"at the end of {main} in the place {there.place}")


@FEW
@given(drawn.scripts())
def test_every_variable_holds_there_what_that_of_the_script_holds(there: Any, script: Any) -> None:
    check(there, script)


@pytest.mark.long
@MANY
@given(drawn.scripts(3))
def test_very_many_variables_hold_there_what_those_of_scripts_hold(there: Any, script: Any) -> None:
    check(there, script)
