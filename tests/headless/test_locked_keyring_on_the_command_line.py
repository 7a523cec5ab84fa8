"""A keyring that is locked may name the server: the commands say so, and ask no other one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("words", [("queues", "list"), ("attach", "--list"), ("stop", "flow.py")])
def test_a_keyring_that_is_locked_is_said_and_no_other_server_is_asked(tmp_path: Path, words: tuple[str, ...]) -> None:
    package = tmp_path / "locked" / "keyring"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        "class errors:\n    class KeyringError(Exception): pass\n    class KeyringLocked(KeyringError): pass\n"
        "def get_password(*_): raise errors.KeyringLocked('locked')\n",
        encoding="utf-8",
    )
    paths = os.pathsep.join([str(package.parent), os.environ.get("PYTHONPATH", "")])
    nobody_else = {"FLODESK_REDIS_URL": "", "FLODESK_SECRET_REDIS_URL": "", "FLODESK_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "flodesk", *words],
        env={**os.environ, "COLUMNS": "100", "PYTHONPATH": paths, **nobody_else},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "cannot be read from the keyring (KeyringLocked): unlock it" in done.stderr
    assert "--redis URL" in done.stderr
    assert "127.0.0.1" not in done.stderr
    assert "no server was named" not in done.stderr
