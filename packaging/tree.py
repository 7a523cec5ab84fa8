"""One relocatable tree: a real CPython with flodesk and all that it needs, which runs from wherever it lies.

Installers of all systems wrap it. It is no frozen program: the engine, workers and renderers start ``sys.executable``,
and pip installs into environments made from it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from libraries import settle
from trim import trim

ROOT = Path(__file__).resolve().parent.parent
WINDOWS, MAC = os.name == "nt", sys.platform == "darwin"
PYTHON = "3.12"
"""The version that is shipped: the oldest that PySide6's newest works with."""
EXTRAS = "desktop"
LEFT_OF_PYTHON = ("site-packages", "test", "idlelib", "tkinter", "turtledemo", "lib2to3", "__pycache__", "config-*")
LEFT_OF_PYTHON += ("include", "share", "pkgconfig", "*.a", "_tkinter*", "nis.*", "_test*", "xxlimited*", "tcl*", "tk*")


def run(*command: object, **options: object) -> None:
    """Run a command; say which one failed."""
    words = [str(word) for word in command]
    done = subprocess.run(words, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(f"packaging: {' '.join(words)} ended with code {done.returncode}")


def uv() -> str:
    """Return the path of uv, which makes environments and installs; it is one of the test's packages."""
    beside = Path(sys.executable).with_name("uv.exe" if WINDOWS else "uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        sys.exit("packaging: uv is missing. Install it (pip install uv) and try again.")
    return found


def make_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout and return its path."""
    run(uv(), "build", "--quiet", "--wheel", "--out-dir", folder, ROOT)
    return max(folder.glob("flodesk-*.whl"), key=lambda wheel: wheel.stat().st_mtime)


def make_tree(tree: Path, wheel: Path, prefix: Path | None = None) -> Path:
    """Make the tree, and return its interpreter.

    Parameters
    ----------
    tree : Path
        Where; what is there goes away.
    wheel : Path
        Of flodesk.
    prefix : Path, optional
        A CPython built as a shared library that is copied (Linux; its libraries come along). Without it uv fetches
        the relocatable one of python-build-standalone.
    """
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    home = tree / "python"
    if prefix is None:
        fetched = tree / "fetched"
        run(uv(), "python", "install", PYTHON, "--install-dir", fetched, "--no-bin")
        (found,) = (p for p in fetched.iterdir() if p.name.startswith("cpython-") and not p.is_symlink())
        shutil.move(found, home)
        shutil.rmtree(fetched)
    else:
        shutil.copytree(prefix, home, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OF_PYTHON))
        (library(home) / "site-packages").mkdir()
        for script in (home / "bin").iterdir():
            if not script.name.startswith("python3"):
                script.unlink()
        settle(home)
    (library(home) / "EXTERNALLY-MANAGED").unlink(missing_ok=True)
    python = interpreter(tree)
    pinned = ("--constraints", ROOT / "constraints.txt")
    run(uv(), "pip", "install", "--quiet", "--python", python, "--break-system-packages", "--link-mode", "copy",
        *pinned, f"{wheel}[{EXTRAS}]")  # fmt: skip
    scripts = home / ("Scripts" if WINDOWS else "bin")
    for script in scripts.iterdir():
        # others name this machine's folders in their first line
        name = script.name
        if not name.startswith(("python", "uv")) or name.startswith("uvx") or name.endswith(("-config", "-gdb.py")):
            script.unlink()
    trim(library(home) / "site-packages", library(home))
    add_launcher(tree)
    compile_all(python, library(home))
    return python


def library(home: Path) -> Path:
    """Return the folder of the standard library."""
    return home / "Lib" if WINDOWS else home / "lib" / f"python{PYTHON}"


def interpreter(tree: Path) -> Path:
    """Return the interpreter of a tree."""
    return tree / "python" / ("python.exe" if WINDOWS else "bin/python3")


def add_launcher(tree: Path) -> None:
    """Add ``bin/flodesk``, which starts it whatever the environment says of other Pythons."""
    folder = tree / "bin"
    folder.mkdir()
    if WINDOWS:
        lines = ["@setlocal", "@set PYTHONHOME=", "@set PYTHONPATH=", "@set PYTHONNOUSERSITE=1"]
        lines += ['@"%~dp0..\\python\\python.exe" -P -X utf8 -m flodesk %*', ""]
        (folder / "flodesk.cmd").write_text("\r\n".join(lines), encoding="ascii", newline="")
        return
    launcher = folder / "flodesk"
    launcher.write_text(
        "#!/bin/sh\n"
        "# The engine and the workers are started by this interpreter, and must not find packages of another.\n"
        "unset PYTHONHOME PYTHONPATH\n"
        'here=$(dirname "$(readlink -f "$0")")\n'
        'PYTHONNOUSERSITE=1 exec "$here/../python/bin/python3" -P -X utf8 -m flodesk "$@"\n',
        encoding="ascii",
    )
    launcher.chmod(0o755)


def compile_all(python: Path, library: Path) -> None:
    """Compile every module: nobody could write the bytecode where it is installed."""
    # some files of packages are templates or for other versions, and do not compile
    subprocess.run(
        [python, "-m", "compileall", "-q", "-j0", "--invalidation-mode", "unchecked-hash", library],
        check=False,
        stdout=subprocess.DEVNULL,
    )


def size(folder: Path, names: Sequence[str] = ("",)) -> int:
    """Return how many bytes the files of a folder take."""
    files = (path for name in names for path in (folder / name).rglob("*"))
    return sum(path.stat().st_size for path in files if path.is_file() and not path.is_symlink())
