"""``kill -9`` while a hand works: at most one edit is lost, and no file is damaged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DRIVE = Path(__file__).with_name("drive_kills.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the windows are forked")
@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=pytest.mark.long)])
def test_a_kill_at_any_moment_loses_no_more_than_one_edit(kills: int, tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_FORCE_STDERR_LOGGING": "1"}
    done = subprocess.run(
        [sys.executable, str(DRIVE), str(tmp_path), str(kills), "11"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60 + 8 * kills,
        check=False,
    )
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(found) == kills, done.stderr[-2000:]
    assert {one["status"] for one in found} == {9}
    assert [one for one in found if one["wrong"] or one["lost"] > 1] == []
    assert sum(one["changes"] for one in found) >= kills  # there was something to lose
