"""Walks the library: the help of every node holds an example, and it gives what it says."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re

import numpy as np
import pandas as pd
import pytest

import flodesk.nodes
from flodesk.public import Waveform

SHELVES = {
    module.name: importlib.import_module(f"flodesk.nodes.{module.name}")
    for module in pkgutil.iter_modules(flodesk.nodes.__path__)
    if module.name[0] != "_"
}
NODES = [f"{shelf}.{name}" for shelf, module in SHELVES.items() for name in module.__all__]
HEADING = re.compile(r"^Examples\n-{8}$", re.M)
READ = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def examples_of(node):
    """Return the examples in a node's help: its own docstring, and those of its methods."""
    shelf, name = node.split(".")
    target = getattr(SHELVES[shelf], name)
    methods = [part for _, part in inspect.getmembers(target, inspect.isfunction)] if inspect.isclass(target) else []
    docs = [inspect.getdoc(part) or "" for part in (target, *methods)]
    found = [example for text in docs for example in doctest.DocTestParser().get_examples(text)]
    assert not found or any(HEADING.search(text) for text in docs), f"{node}: its example has no heading Examples"
    return found


@pytest.mark.parametrize("node", NODES)
def test_the_examples_in_a_nodes_help_give_what_they_say(node, tmp_path, monkeypatch):
    examples = examples_of(node)
    if not examples:
        pytest.fail(f"{node} has no example: add a section Examples with two or three lines to its docstring")
    monkeypatch.chdir(tmp_path)  # what an example writes is gone with it
    names = {**SHELVES, "np": np, "pd": pd, "Waveform": Waveform}
    told = []
    # a number stands in help as `8.0`, whichever library it is of
    with np.printoptions(legacy="1.25"):
        test = doctest.DocTest(examples, names, node, None, None, None)
        doctest.DocTestRunner(optionflags=READ).run(test, out=told.append)
    assert not told, "".join(told)
