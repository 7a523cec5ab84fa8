"""Walks the library: every node is documented, says its units, costs nothing to import, and has its known answer."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import flodesk.nodes
from flodesk.flow.describe import describe

HERE = Path(__file__).parent
SHELVES = sorted(module.name for module in pkgutil.iter_modules(flodesk.nodes.__path__) if module.name[0] != "_")
NODES = [f"{shelf}.{name}" for shelf in SHELVES for name in importlib.import_module(f"flodesk.nodes.{shelf}").__all__]
HEAVY = [
    "numpy", "scipy", "pandas", "statsmodels", "pyvisa", "nanoarrow", "nptdms", "h5py", "pyarrow", "PySide6", "sklearn",
    "skimage", "skops", "onnxruntime", "duckdb", "openpyxl", "pywt", "paho", "sqlalchemy", "PIL", "watchfiles",
]  # fmt: skip
PLAIN = re.compile(r"unit|dimensionless|[Nn]umber of|[Hh]ow many| in (s|Hz|rad|V)\b")


def target_of(node):
    shelf, name = node.split(".")
    return getattr(importlib.import_module(f"flodesk.nodes.{shelf}"), name)


def docs_of(target):
    """Return the docstrings that speak of a node: its own and those of its methods."""
    methods = ("__call__", "add", "result", "put", "get", "__iter__") if isinstance(target, type) else ()
    own = {name for base in target.__mro__[:-1] for name in vars(base)} if methods else ()
    return [target.__doc__] + [getattr(target, name).__doc__ for name in methods if name in own]


def test_there_are_shelves_and_nodes():
    assert len(SHELVES) >= 14
    assert len(NODES) >= 32


@pytest.mark.parametrize("node", NODES)
def test_a_node_is_documented(node):
    target = target_of(node)
    spec = describe(target)
    assert spec.path == f"flodesk.nodes.{node}"
    assert spec.category == node.split(".")[0]
    assert spec.summary.endswith("."), spec.summary
    text = "\n".join(docs_of(target))
    for parameter in spec.parameters:
        assert parameter.help, f"{node}: nothing is said about {parameter.name}"
        if parameter.type in ("number", "integer"):
            assert parameter.unit or PLAIN.search(parameter.help), f"{node}: {parameter.name} has no unit"
    for output in spec.outputs:
        if output.type not in ("none",):
            assert output.help, f"{node}: nothing is said about its output {output.name}"
        if output.type == "number":
            assert output.unit or PLAIN.search(output.help) or spec.role == "control" or "number" in output.help, node
        if output.type == "array":
            assert re.search(r"[Ss]hape|[Ff]requencies|[Aa]mplitude", output.help), f"{node}: shape of {output.name}?"
    assert "Returns\n" in text or "Yields\n" in text, node
    raises = any(isinstance(part, ast.Raise) for part in ast.walk(source_of(target)))
    assert not raises or "Raises\n" in text, f"{node}: says not what it raises"


def source_of(target):
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(target)))
    except OSError:  # a class that is known by the name of its shelf and written in a module of that
        methods = [part for part in vars(target).values() if inspect.isfunction(part)]
        whole = ast.parse(Path(inspect.getsourcefile(methods[0])).read_text(encoding="utf-8"))
        return next(part for part in whole.body if getattr(part, "name", "") == target.__name__)


@pytest.mark.parametrize("node", NODES)
def test_a_nodes_defaults_are_within_its_limits_and_choices(node):
    for parameter in describe(target_of(node)).parameters:
        if parameter.required or parameter.passing == "many":
            continue
        value = ast.literal_eval(parameter.default)
        if parameter.minimum is not None and value is not None:
            assert value >= parameter.minimum
        if parameter.maximum is not None and value is not None:
            assert value <= parameter.maximum
        assert not parameter.choices or value in parameter.choices


def known_answers():
    """Return the nodes that the tests beside this one are marked with, and check that they use them."""
    found = set()
    for path in HERE.glob("test_*_answers.py"):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(function, ast.FunctionDef):
                continue
            used = {ast.unparse(part) for part in ast.walk(function) if isinstance(part, ast.Attribute)}
            for mark in function.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.node":
                    names = {argument.value for argument in mark.args}
                    assert names <= used, f"{path.name}: {function.name} does not use {sorted(names - used)}"
                    found |= names
    return found


def test_every_node_has_a_test_against_a_known_answer():
    assert known_answers() == set(NODES)


def test_importing_the_library_costs_nothing():
    code = f"""
import importlib, sys
for shelf in {SHELVES!r}:
    importlib.import_module("flodesk.nodes." + shelf)
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nodes_know_nothing_but_the_public_names_and_the_instruments():
    root = Path(flodesk.nodes.__path__[0])
    for path in root.rglob("*.py"):
        shelf = path.relative_to(root).parts[0]  # one that is a package knows its own modules
        for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [part.module or ""] if isinstance(part, ast.ImportFrom) else []
            names += [alias.name for alias in part.names] if isinstance(part, ast.Import) else []
            for name in names:
                if name.startswith("flodesk"):
                    ours = ("flodesk.instruments.", "flodesk.nodes._", f"flodesk.nodes.{shelf}.")
                    assert name in ("flodesk.public", "flodesk.vetting") or name.startswith(ours), path
