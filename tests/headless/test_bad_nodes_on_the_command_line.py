"""What a node does to the process that runs it: the command line still says what came out, and how it went."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

STARTED = "os.execv(sys.executable, [sys.executable, '-m', 'flodesk', 'run', sys.argv[1]])"


@pytest.mark.parametrize("bad", ["sys.stdout.close()", "os.close(1)", "os.close(1); os.open(__file__, os.O_RDONLY)"])
def test_a_node_that_closes_standard_output_hides_nothing(tmp_path: Path, bad: str) -> None:
    file = tmp_path / "flow_of_test.py"
    file.write_text(
        f"import os\nimport sys\nimport flodesk\n\n\ndef close(x):\n    {bad}\n    return x\n\n\n"
        "def flow():\n    a = close(1)\n\n\nif __name__ == '__main__':\n    flodesk.main(flow)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "flodesk", "run", "--no-history", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == (
        "flodesk: a node has closed standard output; what came out is said here\n"
        "It ran to its end; it has no indicator that would show something.\n"
    )


@pytest.mark.parametrize("bad", ["sys.stdout.close()", "os.close(1)"])
def test_what_it_had_printed_before_makes_no_trouble(tmp_path: Path, bad: str) -> None:
    file = tmp_path / "flow_of_test.py"
    file.write_text(
        "import os\nimport sys\nimport flodesk\n\n\n"
        f"def close(x):\n    print('x', end='')\n    {bad}\n    return x\n\n\n"
        "def flow():\n    a = close(1)\n\n\nif __name__ == '__main__':\n    flodesk.main(flow)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "flodesk", "run", "--no-history", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "It ran to its end" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no file that is always full")
@pytest.mark.parametrize("said", ["print('x', end='')", "pass"])
def test_standard_output_that_is_full_is_said_in_a_sentence(tmp_path: Path, said: str) -> None:
    file = tmp_path / "flow_of_test.py"
    file.write_text(
        f"import flodesk\n\n\ndef say(x):\n    {said}\n    return x\n\n\n"
        "def flow():\n    a = say(1)\n\n\nif __name__ == '__main__':\n    flodesk.main(flow)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "flodesk", "run", "--no-history", str(file)]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr == "flodesk: what is said here could not be written: No space left on device\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no sizes of files")
def test_a_full_disk_keeps_no_flow_from_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "data"))
    file = tmp_path / "flow_of_test.py"
    file.write_text(
        "import flodesk\n\n\ndef flow():\n    a = abs(-1)\n\n\nif __name__ == '__main__':\n    flodesk.main(flow)\n",
        encoding="utf-8",
    )
    limited = f"import os, resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (20480, 20480))\n{STARTED}"
    command = [sys.executable, "-c", limited, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "It ran to its end" in done.stdout
    assert done.stderr.startswith("flodesk: Runs are not written into the history: ")
    assert "make room, or set FLODESK_DATA to another folder" in done.stderr
