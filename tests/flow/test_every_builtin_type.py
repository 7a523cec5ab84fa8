"""A walk over all of our own node types: what a person needs to know stands in each description."""

from __future__ import annotations

import re

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.packs import OURS
from flodesk.flow.script import read
from flodesk.flow.spec import NodeSpec

SPECS = list(Catalog.builtin().specs.values())
_SAYS_UNIT = re.compile(
    r"\bunits?\b|\bin (?:s|Hz|V|rad|samples|any)\b|dimensionless|[Nn]umber of|[Hh]ow many|[Ss]hare|digits|[Ss]hape"
)

WRITTEN_AS = {"date": "text", "date_time": "text", "time": "text", "range": "list", "table": "list"}
"""Controls whose value is written as plain data, which a hand can read, and given as an object."""


@pytest.fixture(params=SPECS, ids=lambda spec: spec.path.removeprefix(f"{OURS}."))
def spec(request: pytest.FixtureRequest) -> NodeSpec:
    return request.param


def test_all_modules_were_loaded():
    assert Catalog.builtin().broken == {}
    assert len(SPECS) >= 30


def test_it_says_what_it_does(spec):
    assert re.fullmatch(r"[A-Z].*\.", spec.summary), spec.summary
    assert spec.title
    assert spec.file
    assert spec.line > 0
    for parameter in spec.parameters:
        assert parameter.help, f"{parameter.name} has no help"


def test_every_number_has_its_unit(spec):
    # What comes out of a control or constant is what was put in: its unit is said there.
    passed_on = spec.role == "control" or spec.name == "constant"
    for port in (*spec.parameters, *(() if passed_on else spec.outputs)):
        if port.type == "number":
            assert port.unit or _SAYS_UNIT.search(port.help), f"{port.name or 'the result'}: {port.help!r}"


def test_every_default_is_allowed_by_its_own_limits(spec):
    given = ", ".join(
        f"{p.name}={p.default}"
        for p in spec.parameters
        if p.default and p.method in ("", "__init__") and p.passing != "many"
    )
    module, _, name = spec.path.rpartition(".")
    text = (
        f"import flodesk\nfrom {OURS} import {module.removeprefix(OURS + '.')}\n\n\ndef flow():\n"
        f"    x = {module.rpartition('.')[2]}.{name}({given})\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    )
    kinds = {problem.kind for problem in check(read(text), Catalog.builtin())}
    assert kinds <= {"open-input", "producer-call"} | ({"queue"} if spec.role == "shared" else set())


def test_what_has_state_says_what_it_is_called_with(spec):
    if spec.role == "state":
        assert spec.inputs("__call__")
        assert spec.methods == ("__call__",)
    elif spec.role == "collector":
        assert spec.inputs("add")
        assert spec.results("result")
    elif spec.role == "shared":
        assert spec.inputs("put")
        assert spec.results("get") or spec.results("__iter__")
    else:
        assert spec.methods == ()


def test_a_control_has_a_widget_and_gives_what_it_takes(spec):
    if spec.role == "control":
        assert spec.parameters[0].widget
        held = WRITTEN_AS.get(spec.parameters[0].widget, spec.outputs[0].type)
        assert spec.parameters[0].type == held
        assert not spec.parameters[0].required
