"""What stands beside a flow goes to the workers of a Dask cluster with it: modules, their dataclasses, models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.workfolder import import_from, leave

FLOW = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# big = "dask"
# low = "dask"
# point = "dask"
# ///
import flodesk
from nodes import filters
from scale import twice
from shapes.points import Point, shift


def flow():
    big = twice(4)
    low = filters.low(big)
    here = Point(1.0, 2.0)
    point = shift(here, by=low)
    far = point.x


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give the folder of a flow that has modules of its own."""
    for name in ("nodes", "shapes"):
        (tmp_path / name).mkdir()
    (tmp_path / "nodes" / "filters.py").write_text("from helping import half\n\n\ndef low(x):\n    return half(x)\n")
    (tmp_path / "helping.py").write_text("def half(x):\n    return x / 2\n")
    (tmp_path / "scale.py").write_text("def twice(x):\n    return 2 * x\n")
    (tmp_path / "shapes" / "__init__.py").write_text("")
    (tmp_path / "shapes" / "points.py").write_text(
        "from dataclasses import dataclass, replace\n\n\n@dataclass\nclass Point:\n    x: float\n    y: float\n\n\n"
        "def shift(point: Point, by: float) -> Point:\n    return replace(point, x=point.x + by)\n"
    )
    yield tmp_path
    leave(str(tmp_path))


@pytest.fixture
def values(there: Any, folder: Path) -> Callable[[str], dict[str, Any]]:
    """Give the function that runs a flow in that folder, as a fresh engine does."""

    def run(text: str) -> dict[str, Any]:
        leave(str(folder))
        import_from(str(folder), afresh=True)
        found: dict[str, Any] = there.values(text, str(folder / "flow.py"))
        return found

    return run


def test_modules_come_with_the_flow_and_what_was_edited_with_the_next_run(folder: Path, values: Any) -> None:
    got = values(FLOW)
    assert (got["low"], got["far"]) == (4.0, 5.0)
    assert type(got["point"]).__name__ == "Point"
    assert isinstance(got["point"], type(got["here"]))
    (folder / "scale.py").write_text("def twice(x):\n    return 3 * x\n")
    (folder / "shapes" / "points.py").write_text(
        (folder / "shapes" / "points.py").read_text().replace("point.x + by", "point.x - by")
    )
    got = values(FLOW)
    assert (got["low"], got["far"]) == (6.0, -5.0)


def test_the_module_is_not_read_from_the_folder_of_the_flow(folder: Path, values: Any) -> None:
    (folder / "scale.py").write_text("def twice(x):\n    return __file__\n")
    text = FLOW.replace("    low = filters.low(big)\n    here", "    low = float(1)\n    here")
    got = values(text)
    assert "code" in got["big"]
    assert str(folder) not in got["big"], "as on another machine, where it is not there"


def test_models_travel(there: Any, flow: Any) -> None:
    pytest.importorskip("skops")
    top = """
from sklearn.linear_model import LinearRegression


def fitted(x):
    return LinearRegression().fit([[0.0], [1.0]], [1.0, 1.0 + x])


def told(model):
    return float(model.predict([[2.0]])[0])
"""
    got = there.values(flow("    m = fitted(3.0)\n    p = told(m)\n    q = told(m)\n", "m", "p", top=top))
    assert abs(got["p"] - 7.0) < 1e-9
    assert abs(got["q"] - 7.0) < 1e-9


STEPS = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# one = "dask"
# two = "dask"
# ///
import flodesk
import steps


def flow():
    one = steps.grown(3.0)
    two = steps.grown(one)


if __name__ == "__main__":
    flodesk.main(flow)
"""
GROWN = """from flodesk.nodes import maths


def grown(x):
    more = maths.add(x, 1.0)
    much = maths.multiply(more, 2.0)
    return much
"""


def test_nodes_of_a_function_in_a_module_have_their_states_there(there: Any, folder: Path, values: Any) -> None:
    (folder / "steps.py").write_text(GROWN)
    got = values(STEPS)
    assert (got["one"], got["two"]) == (8.0, 18.0)
    assert there.run.runners["flow"].plan.inner.keys() == {"steps.grown"}
    for node in ("flow.one", "flow.two", "steps.grown.more", "steps.grown.much"):
        assert there.state(node).state == "done", node


def test_a_module_that_is_not_from_beside_the_flow_here_has_no_nodes_there(
    there: Any, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for place in (folder, elsewhere):
        (place / "steps.py").write_text(GROWN)
    import_from(str(elsewhere), afresh=True)
    try:
        got = there.values(STEPS, str(folder / "flow.py"))
    finally:
        leave(str(elsewhere))
    assert not there.run.runners["flow"].plan.inner
    assert (got["one"], got["two"]) == (8.0, 18.0)
    assert there.state("flow.two").state == "done"
