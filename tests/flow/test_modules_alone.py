"""Rooms of the flow can be the first one that is imported: none needs that another was before it."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("name", ["retyped", "wiring.passing"])
def test_it_can_be_imported_first(name: str) -> None:
    code = f"import flodesk.flow.{name}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert not done.stderr
