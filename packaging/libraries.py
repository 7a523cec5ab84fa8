"""The shared libraries that a CPython of this machine needs and another machine may not have: they come along.

Only for a tree whose interpreter was built here (`tree.make_tree` with a prefix); python-build-standalone needs none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SYSTEM = ("libc.", "libm.", "libdl.", "libpthread.", "librt.", "libutil.", "libresolv.", "ld-linux", "linux-vdso")
"""Parts of glibc: they belong to the system that it runs on."""


def settle(home: Path) -> None:
    """Copy what the interpreter and its modules are linked with into ``lib``, and let them look there.

    Raises
    ------
    SystemExit
        ``patchelf`` is missing.
    """
    if shutil.which("patchelf") is None:
        sys.exit("packaging: patchelf is missing. Install it (apt-get install patchelf) and try again.")
    kept = home / "lib"
    binary = Path(os.path.realpath(home / "bin" / "python3"))
    modules = [*kept.glob("python3.*/lib-dynload/*.so"), *kept.glob("libpython3.*.so*")]
    waiting = [path for path in (binary, *modules) if not path.is_symlink()]
    while waiting:
        path = waiting.pop()
        for name, found in linked(path).items():
            copy = kept / name
            if not copy.exists():
                shutil.copy2(found, copy)
                waiting.append(copy)
        path.chmod(path.stat().st_mode | 0o200)
        beside = os.path.relpath(kept, path.parent)
        _run("patchelf", "--set-rpath", f"$ORIGIN/{beside}" if beside != "." else "$ORIGIN", path)
        _run("strip", "--strip-unneeded", path)


def linked(path: Path) -> dict[str, Path]:
    """Return the libraries that a file is linked with, by name, but those of glibc."""
    told = subprocess.run(["ldd", path], capture_output=True, text=True, check=False).stdout
    found: dict[str, Path] = {}
    for line in told.splitlines():
        name, arrow, rest = line.strip().partition(" => ")
        if arrow and not name.startswith(SYSTEM) and rest.startswith("/"):
            found[name] = Path(rest.split(" (")[0])
        elif arrow and "not found" in rest:
            sys.exit(f"packaging: {path.name} needs {name}, which is not on this machine")
    return found


def _run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True)
