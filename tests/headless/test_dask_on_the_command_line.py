"""``flodesk run --on dask``: the values of a run here, on a cluster that is started for it and ends with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"


def flodesk(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flodesk", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=110)


def test_a_run_on_a_cluster_gives_the_same_as_here_and_says_where_it_was() -> None:
    here = flodesk("run", EXAMPLES / "sunspots.py", "--json", "--no-history")
    there = flodesk("run", EXAMPLES / "sunspots.py", "--json", "--on", "dask")
    assert there.returncode == 0, there.stderr
    assert "No Dask cluster is named" in there.stderr
    assert "Traceback" not in there.stderr
    assert json.loads(there.stdout)["shown"] == json.loads(here.stdout)["shown"]
    [past] = json.loads(flodesk("runs", "--json").stdout)
    assert (past["place"], past["state"]) == ("dask", "succeeded")


def test_a_place_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    done = flodesk("run", EXAMPLES / "water_samples.py", "--on", "moon")
    assert done.returncode == 2
    assert "there is no place “moon”; there are local, rq, process, dask and dask=ADDRESS" in done.stderr
