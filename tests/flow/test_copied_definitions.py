"""What a node of a package calls, found and copied into the flow: it loads there, and means the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.sources import Source, source_for
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
EMPTY = 'import flodesk\n\n\ndef flow():\n    pass\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def added(path: str) -> tuple[Flow, str, Source]:
    edit, node = wiring.add_node(read(EMPTY), CATALOG, "flow", path, (0.0, 0.0))
    flow, _ = edit.apply(read(EMPTY))
    box = picture(flow, CATALOG, "flow").nodes[node]
    source = source_for(flow, None, None, box)
    assert source is not None, path
    return flow, node, source


def copied(flow: Flow, node: str, source: Source) -> Flow:
    package = source.file is not None and source.file.name == "__init__.py"
    graph = picture(flow, CATALOG, "flow")
    edit = wiring.copy_in(flow, graph, node, source.text, source.name, source.module, package=package)
    after, inverse = edit.apply(flow)
    assert write(inverse.apply(after)[0]) == write(flow), "one step, which undo takes back"
    return after


@pytest.mark.parametrize("path", [p for p in sorted(CATALOG.specs) if ".queue." not in p][::19])
def test_nodes_of_ours_are_found_where_they_are_defined_and_load_in_the_flow(path: str) -> None:
    flow, node, source = added(path)
    assert source.home == "package"
    name = path.rpartition(".")[2]
    begins = source.text.split("\n")[source.line - 1 :]
    assert any(line.startswith((f"def {name}(", f"class {name}", f"async def {name}(")) for line in begins[:40])
    after = copied(flow, node, source)
    exec(compile(write(after), "copied", "exec"), {"__name__": "copied"})
    wrong = [p.message for p in check(after, CATALOG) if p.severity == "error" and p.kind != "open-input"]
    assert wrong == []


def test_the_copy_gives_what_the_node_gives() -> None:
    flow, node, source = added("flodesk.nodes.maths.hypotenuse" if "flodesk.nodes.maths.hypotenuse" in CATALOG.specs
                               else "flodesk.nodes.maths.add")  # fmt: skip
    after = copied(flow, node, source)
    names: dict[str, object] = {"__name__": "copied"}
    exec(compile(write(after), "copied", "exec"), names)
    mine = next(value for name, value in names.items() if name.endswith(source.name) and callable(value))
    assert mine(3.0, 4.0) in (5.0, 7.0)  # type: ignore[operator]
    assert f"from {source.module.rpartition('.')[0]}" not in write(after).partition("def flow")[2]


def test_a_name_that_the_flow_has_otherwise_is_given_another_one() -> None:
    flow = read(EMPTY.replace("import flodesk\n", "import flodesk\nimport pack\n\nhelper = 7\n").replace(
        "    pass", "    a = pack.grown(1)"))  # fmt: skip
    text = "def helper(x):\n    return x\n\n\ndef grown(x):\n    return helper(x)\n"
    edit = wiring.copy_in(flow, picture(flow, CATALOG, "flow"), "a", text, "grown", "pack", package=False)
    after = write(edit.apply(flow)[0])
    assert "from pack import helper as helper_2" in after
    assert "def grown(x):\n    return helper_2(x)\n" in after
    assert "a = grown(1)" in after
    assert "import pack\n" not in after


def copy_of(body: str, module: str) -> str:
    head = EMPTY.replace("import flodesk\n", f"import flodesk\nimport {module}\n")
    flow = read(head.replace("    pass", f"    a = {module}.grown(1)"))
    text = f"def grown(x):\n    {body}\n    return g(x)\n"
    graph = picture(flow, CATALOG, "flow")
    return write(wiring.copy_in(flow, graph, "a", text, "grown", module, package=False).apply(flow)[0])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("from ._impl import g", "    from lab.core._impl import g\n"),
        ("from . import g, h", "    from lab.core import g, h\n"),
        ("from ..my_import import (g,", "    from lab.my_import import (g,\n"),
        ("y = '\u00fc'; from .. import g", "; from lab import g\n"),
    ],
)
def test_relative_imports_inside_a_copy_are_absolute(body: str, expected: str) -> None:
    assert expected in copy_of(f"{body}\n        h)" if "(" in body else body, "lab.core.edges")


@pytest.mark.parametrize("body", ["from .... import g", "from .\\\n    deep import g"])
def test_a_relative_import_that_cannot_be_absolute_is_refused(body: str) -> None:
    with pytest.raises(Refused, match="beside the source"):
        copy_of(body, "lab.core.edges")


def test_what_is_not_there_is_refused_and_code_in_c_has_no_source(tmp_path: Path) -> None:
    flow = read(
        EMPTY.replace("import flodesk\n", "import flodesk\nimport math\n").replace("pass", "a = math.floor(1.5)")
    )
    graph = picture(flow, CATALOG, "flow")
    assert source_for(flow, tmp_path, None, graph.nodes["a"]) is None
    with pytest.raises(Refused, match="was not found"):
        wiring.copy_in(flow, graph, "a", "x = 1\n", "floor", "math", package=False)


def test_a_function_that_a_package_hands_on_is_found_where_it_stands() -> None:
    text = EMPTY.replace("import flodesk\n", "import flodesk\nimport scipy.signal\n")
    flow = read(text.replace("pass", "a = scipy.signal.savgol_filter([1.0], 5, 2)"))
    source = source_for(flow, None, None, picture(flow, CATALOG, "flow").nodes["a"])
    assert source is not None
    assert source.text.split("\n")[source.line - 1].startswith(("def savgol_filter", "@"))
