"""``flodesk run --on dask``: the values of a run here, on a cluster that is started for it and ends with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"

THERE = """# /// script
# [tool.flodesk.places.flow]
# more = "rq"
# ///
import flodesk
from flodesk.nodes import maths, show


def flow():
    for number in range(3):
        more = maths.add(number, 1)
        seen = show.number(more)


if __name__ == "__main__":
    flodesk.main(flow)
"""


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


def test_a_scheduler_that_is_not_there_is_missing_and_no_node_is_to_blame() -> None:
    done = flodesk("run", EXAMPLES / "noisy_sine.py", "--on", "dask=tcp://127.0.0.1:1")
    assert done.returncode == 3
    said = done.stderr.splitlines()[-1]
    assert said.startswith("flodesk: No Dask scheduler answers at tcp://127.0.0.1:1:")
    assert said.endswith("Is it running (dask scheduler), and are host and port right?")
    assert "failed" not in done.stderr


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:port", "moon://127.0.0.1:8786", "tcp://:8786"])
def test_what_is_no_address_is_refused_with_a_sentence_alone(address: str) -> None:
    done = flodesk("run", EXAMPLES / "noisy_sine.py", "--on", f"dask={address}")
    assert done.returncode == 3
    assert done.stderr == (
        f"flodesk: “{address}” is no address of a Dask scheduler: that is written like tcp://HOST:8786.\n"
    )


def test_a_server_of_single_nodes_that_is_not_there_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "there.py"
    file.write_text(THERE, encoding="utf-8")
    monkeypatch.setenv("FLODESK_REDIS_URL", "redis://127.0.0.1:1/0")
    done = flodesk("run", file)
    assert done.returncode == 3
    assert done.stderr.startswith("flodesk: No Redis server answers at redis://127.0.0.1:1/0:")
    assert len(done.stderr.splitlines()) == 1


def test_a_place_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    done = flodesk("run", EXAMPLES / "water_samples.py", "--on", "moon")
    assert done.returncode == 2
    assert "there is no place “moon”; there are local, rq, process, dask and dask=ADDRESS" in done.stderr
