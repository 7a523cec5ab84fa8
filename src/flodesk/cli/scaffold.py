"""The texts that `flodesk new` begins with. ``NAME`` and ``PROJECT`` in them are filled in."""

from __future__ import annotations

_FUNCTION = '''\
from typing import Annotated

from flodesk import Range


def NAME(value: float, factor: Annotated[float, Range(0.0, 100.0)] = 2.0) -> float:
    """Multiply a number.

    Parameters
    ----------
    value : float
        What comes in: a parameter without a default is an input.
    factor : float
        How many times as much goes out (0 to 100): one with a default is a field.

    Returns
    -------
    float
        The product.

    Examples
    --------
    >>> NAME(1.5, factor=4.0)
    6.0
    """
    return value * factor
'''
_HEAD = '"""Nodes of the flows beside this folder: each function here is one, by what its signature says."""'
NODE = f"{_HEAD}\n\n{_FUNCTION}"

NODE_TEST = '''\
"""NAME, against an answer that is known."""

import pytest

from nodes.NAME import NAME


def test_a_number_is_multiplied():
    assert NAME(1.5, factor=4.0) == pytest.approx(6.0)


def test_the_factor_is_two_if_nothing_is_said():
    assert NAME(3.0) == pytest.approx(6.0)
'''

CONFTEST = '"""Where this file stands, pytest lets the tests import from: the folder nodes."""\n'

_PYPROJECT = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "PROJECT"
version = "0.1.0"
description = "Nodes for flodesk."
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["flodesk"]

[project.optional-dependencies]
test = ["pytest>=8"]

# where flodesk finds the nodes: a package, each module of which is a shelf of the library
[project.entry-points."flodesk.nodes"]
PROJECT = "NAME"

[tool.hatch.build.targets.wheel]
packages = ["src/NAME"]

[tool.pytest.ini_options]
pythonpath = ["src"]
testpaths = ["tests"]
"""

_README = """\
# PROJECT

Nodes for flodesk.

    pip install -e .            # they are in the library after the next start of flodesk
    flodesk nodes --packs       # says whether they could be loaded
    python -m pytest            # tests them
"""

_PACK_TEST = '''\
"""The nodes of NAME, against answers that are known, and the pack as flodesk finds it."""

import importlib
import tomllib
from pathlib import Path

import pytest

from NAME.scaling import NAME as node


def test_a_number_is_multiplied():
    assert node(1.5, factor=4.0) == pytest.approx(6.0)


def test_the_entry_point_leads_to_the_nodes():
    project = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8"))
    (module,) = project["project"]["entry-points"]["flodesk.nodes"].values()
    assert importlib.import_module(f"{module}.scaling").NAME is node
'''

PACK = {
    "pyproject.toml": _PYPROJECT,
    "README.md": _README,
    "src/NAME/__init__.py": '"""Nodes for flodesk: each module of this package is a shelf of the library."""\n',
    "src/NAME/scaling.py": f'"""A shelf: each function here is a node, by what its signature says."""\n\n{_FUNCTION}',
    "tests/test_nodes.py": _PACK_TEST,
}
"""The files of a pack, by their places in it."""


def fill(text: str, name: str) -> str:
    """Put the name in: as Python imports it, and as pip calls it."""
    return text.replace("NAME", name).replace("PROJECT", name.replace("_", "-"))
