from __future__ import annotations

import random
import shutil

import pytest
from nanoarrow import ArrayStream

from flodesk.engine.headless import run
from flodesk.engine.limits import Limits
from flodesk.nodes import statistics


def known() -> list[float]:
    noise = random.Random(1)
    return [noise.gauss(5.0, 0.1) for _ in range(100)]


def test_what_was_recorded_is_played_to_the_bit_and_at_the_speed_that_is_set(examples, tmp_path):
    shutil.copy(examples / "replay.py", tmp_path)
    text = (tmp_path / "replay.py").read_text(encoding="utf-8")
    result = run(text, path=str(tmp_path / "replay.py"), limits=Limits(seconds=60), settings={"speed.value": "5.0"})
    assert result.reason == "succeeded"
    rows = ArrayStream.from_path(str(tmp_path / "replay.arrows")).read_all().to_pylist()
    assert [row["volt"] for row in rows] == known()
    assert result.values["flow.summary"] == statistics.describe(known())
    assert result.values["flow.summary"].mean == pytest.approx(sum(known()) / 100, abs=1e-12)
    # a second was recorded, and at five times its speed it cannot be over before a fifth of one
    assert rows[-1]["time"] - rows[0]["time"] >= 0.99
    begun = next(event.time for event in result.events if hasattr(event, "time"))
    assert begun < rows[0]["time"]


def test_the_plain_script_gives_the_same(run_plainly, examples, tmp_path):
    turns = run_plainly("replay", 1_000, connections={"": ""})
    assert turns[-1]["all_readings"] == known()
    assert turns[-1]["meter"].value == known()[-1]
    assert turns[-1]["chart"].traces[0].y.tolist() == known()
