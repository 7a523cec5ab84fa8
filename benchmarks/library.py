"""How long node types take to be known: packages that are read, packs that are imported, and the search for them.

The peer of reading a package is the import of the same module, which is what it spares. All times are CPU time of a
process of their own, the least of a few.

    python benchmarks/library.py [--json] [--quick]

Rows
----
scipy.signal read, s
    From nothing kept to all node types of it.
scipy.signal kept, s
    The same from the cache folder: what each later start, and each opening of a flow that uses it, waits for.
read / import
    The first as a ratio to ``import scipy.signal``.
nodes of scipy.signal
    How many they are, all with a summary.
our packs imported, s
    The import of all modules of our nodes, beyond that of what describes them, from their bytecode: as it is kept by
    the first import, and by pip when it installs them.
our packs compiled, s
    The same where there is no bytecode, as with PYTHONDONTWRITEBYTECODE in a checkout: Python compiles 42,000 lines.
our packs kept, s
    All node types of ours from the cache folder: what a start waits for.
search at 3,000 nodes, ms
    The slowest of some words that a hand types (`search.py` tells of each).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from itertools import cycle, islice

from measuring import Row, Rows, least, show

from flodesk.flow.catalog import Catalog
from flodesk.flow.search import Index

TYPES = 3000
TYPED = ("b", "butt", "buterworht", "low pas filtr", "qqxzzy")
READ = """
import sys, time
from flodesk.engine.described import describe
begun = time.process_time()
told = describe("scipy.signal")
print(time.process_time() - begun, sum(bool(spec.summary) for spec in told.specs.values()))
assert "scipy" not in sys.modules
"""
IMPORT = "import time; begun = time.process_time(); import scipy.signal; print(time.process_time() - begun, 0)"
OURS = """
import importlib, pkgutil, sys, time
import flodesk.flow.catalog
begun = time.process_time()
import flodesk.nodes
for one in pkgutil.iter_modules(flodesk.nodes.__path__, "flodesk.nodes."):
    importlib.import_module(one.name)
print(time.process_time() - begun, 0)
heavy = {"scipy", "pandas", "skimage", "sklearn", "statsmodels", "PySide6"} & set(sys.modules)
assert not heavy, f"imported with our nodes: {heavy}"
"""
KEPT = """
import time
from flodesk.flow.catalog import Catalog
begun = time.process_time()
catalog = Catalog.builtin()
print(time.process_time() - begun, len(catalog.specs))
"""


def measured(code: str, cache: str, times: int, bytecode: str = "") -> tuple[float, int]:
    """Return the least CPU time that a process tells, in s, and the number that it counted.

    Parameters
    ----------
    bytecode : str
        A folder where bytecode is kept, whatever the environment says; by default it is as the environment says.
    """
    told = []
    for _ in range(times):
        environment = {**os.environ, "FLODESK_CACHE": cache}
        if bytecode:
            environment["PYTHONPYCACHEPREFIX"] = bytecode
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8", env=environment
        )
        seconds, count = done.stdout.split()
        told.append((float(seconds), int(count)))
    return min(told)


def search_ms(rounds: int) -> float:
    """Return how long the slowest of some searches takes among 3,000 node types, in ms."""
    specs = list(Catalog.builtin().specs.values())
    many = [
        replace(spec, path=f"{spec.path}{n}", name=f"{spec.name}_{n}", title=f"{spec.title} {n}")
        for n, spec in enumerate(islice(cycle(specs), TYPES))
    ]
    index = Index(many)
    return 1000 * max(least({typed: lambda typed=typed: index.search(typed) for typed in TYPED}, rounds).values())  # type: ignore[misc]


def main() -> None:
    parser = argparse.ArgumentParser(description="How long node types take to be known.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    times = 1 if options.quick else 5
    rows: Rows = {}
    with tempfile.TemporaryDirectory() as cache:
        colds = [measured(READ, f"{cache}/{number}", 1) for number in range(times)]
        read, count = min(colds)
        kept, _ = measured(READ, f"{cache}/0", times)
        imported, _ = measured(IMPORT, cache, times)
        compiled, _ = min(measured(OURS, cache, 1, f"{cache}/bytecode {number}") for number in range(times))
        ours, _ = measured(OURS, cache, times, f"{cache}/bytecode 0")
        measured(KEPT, cache, 1)
        ours_kept, own = measured(KEPT, cache, times)
    rows["scipy.signal read, s"] = Row(read, 2.0, "s")
    rows["scipy.signal kept, s"] = Row(kept, 0.1, "s")
    rows["read / import"] = Row(read / imported, None, "×", note=f"the import takes {imported:.2f} s")
    rows["nodes of scipy.signal"] = Row(count, 140, "", "higher")
    rows["our packs imported, s"] = Row(ours, 0.15, "s")
    rows["our packs compiled, s"] = Row(compiled, None, "s")
    rows["our packs kept, s"] = Row(ours_kept, 0.15, "s", note=f"{own} node types")
    rows["search at 3,000 nodes, ms"] = Row(search_ms(2 if options.quick else 10), 50.0, "ms")
    show(rows, as_json=options.json)


if __name__ == "__main__":
    main()
