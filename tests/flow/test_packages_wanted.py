"""Of which modules of packages a flow speaks: told by its text and the files beside it."""

from __future__ import annotations

from pathlib import Path

from flodesk.flow.packages.finding import Finder
from flodesk.flow.packages.wanted import called, imported, module_of
from flodesk.flow.script import read

TEXT = """import json
import flodesk
import numpy as np
import mine
import more.parts
from flodesk.nodes import maths
from scipy import signal
from scipy.stats import zscore


def scaled(x):
    y = np.linalg.norm(x)
    return y


def flow():
    a = np.arange(5)
    z = zscore(a)
    for part in signal.windows.hann(4):
        if z:
            b = np.random.random(3)
        c = maths.add(part, 1.0)
        d = mine.f(c)
        e = json.loads("1")


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_imports_and_calls_of_packages_and_of_nothing_else(tmp_path: Path):
    (tmp_path / "mine.py").write_text("")
    (tmp_path / "more").mkdir()
    flow = read(TEXT)
    assert imported(flow, tmp_path) == ("numpy", "scipy.signal", "scipy.stats.zscore")
    assert imported(flow, None) == ("numpy", "mine", "more", "scipy.signal", "scipy.stats.zscore")
    assert set(called(flow, tmp_path)) == {
        "numpy.arange",
        "numpy.linalg.norm",
        "numpy.random.random",
        "scipy.stats.zscore",
        "scipy.signal.windows.hann",
    }


def test_a_path_leads_into_the_longest_module_that_it_begins_with():
    finder = Finder()
    paths = ("scipy.stats.zscore", "numpy", "scipy.signal.windows.hann", "scipy.stats.norm.pdf", "numpyy.x")
    assert [module_of(path, finder) for path in paths] == [
        "scipy.stats",
        "numpy",
        "scipy.signal.windows",
        "scipy.stats",
        "",
    ]
