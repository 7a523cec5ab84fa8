"""How long the library's search takes among 3,000 node types: python3 benchmarks/search.py.

As a ratio to looking for the same text in the titles by plain Python (``in``), which forgives no slip of the finger,
and in ms against the 50 ms that two key presses are apart. `--json [--quick]` prints one object as the last line.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from flodesk.flow.catalog import Catalog
from flodesk.flow.search import Index

TYPES = 3000
AIM_MS = 50.0
TYPED = ("b", "butt", "filter", "buterworht", "low pas filtr", "pd.read_csv", "qqxzzy")


def fastest(call: Callable[[], object], times: int) -> float:
    """Return the shortest of so many times of a call, in s."""
    best = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - begun)
    return best


def main() -> None:
    times = 3 if "--quick" in sys.argv else 10
    specs = list(Catalog.builtin().specs.values())
    many = [
        replace(spec, path=f"{spec.path}{n}", name=f"{spec.name}_{n}", title=f"{spec.title} {chr(97 + n % 26)}{n}")
        for n in range(TYPES // len(specs) + 1)
        for spec in specs
    ]
    index = Index(many)
    titles = [spec.title.lower() for spec in many]
    rows = {}
    print(f"{'typed':16} {'ms':>8} {'× plain':>9}   ({len(many)} types, aim {AIM_MS:g} ms)")
    for typed in TYPED:
        ours = fastest(lambda typed=typed: index.search(typed, "signal"), times)  # type: ignore[misc]
        plain = fastest(lambda typed=typed: [t for t in titles if typed in t], times)  # type: ignore[misc]
        print(f"{typed:16} {1000 * ours:8.2f} {ours / plain:9.1f}")
        rows[f"search for {typed!r}"] = {"value": 1000 * ours, "goal": AIM_MS, "unit": "ms", "better": "lower"}
    if "--json" in sys.argv:
        print(json.dumps(rows))


if __name__ == "__main__":
    main()
