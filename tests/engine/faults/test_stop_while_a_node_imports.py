"""Stop while a node imports: the module is not cut off in its middle, which would break the runs that follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SLOW = """
import time
from pathlib import Path

try:
    print("begun")
    # longer than it takes until a node gets an exception, shorter than it takes until its process is ended
    for part in range({parts}):
        time.sleep(0.02)
except BaseException as error:
    Path(__file__).with_name("cut").write_text(repr(error))
    raise
"""
FLOW = """{header}
import flodesk


def fetch(x):
    import slow_one

    return slow_one.part


def flow():
    for k in range(10_000):
        y = fetch(k)


if __name__ == "__main__":
    flodesk.main(flow)
"""
PROCESS = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# y = "process"
# ///"""


@pytest.mark.parametrize(("header", "parts"), [("", 30), (PROCESS, 22)], ids=["here", "process"])
def test_an_import_is_not_cut_off_in_its_middle(host: Any, tmp_path: Path, header: str, parts: int) -> None:
    (tmp_path / "slow_one.py").write_text(SLOW.format(parts=parts))
    path = str(tmp_path / "flow.py")
    host.start(FLOW.format(header=header), path)
    host.until(lambda: any(line.text == "begun" for line in host.lines()), 60.0)
    assert host.stop().reason in ("stopped", "killed"), "a busy machine may have to end the process"
    assert not (tmp_path / "cut").exists()
    again = FLOW.format(header=header).replace("10_000", "3")
    assert host.run(again, path, seconds=60.0).reason == "succeeded"
