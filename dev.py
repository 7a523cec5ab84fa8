#!/usr/bin/env python3
"""Set up everything and run flodesk, or its tests: ``python3 dev.py`` and ``python3 dev.py test``.

Needs Python 3.11 or later and nothing else; this file uses the standard library alone. It makes ``.venv`` beside it
(with uv if that is on the path, with venv and pip if not), installs what ``constraints.txt`` pins, and looks for the
system libraries that Qt needs. As root on Debian or Ubuntu it installs those that are missing; elsewhere it says which.

    python3 dev.py                    the window with the live example; without a display the same flow for five seconds
    python3 dev.py FILE ...           what ``flodesk FILE ...`` does (``app``, ``run``, ``check``, ``nodes`` ... too)
    python3 dev.py test               style, types, import floors, all short tests, then the headless tests without Qt
    python3 dev.py test --long        the same with the long tests
    python3 dev.py test ARGS          pytest with these arguments alone
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
OLDEST = (3, 11)

# Found by failed starts on a minimal Debian 12: shared library -> Debian package.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
X11_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
TEST_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool"}
FONTS = "fonts-dejavu-core"


def say(text: str) -> None:
    """Print a line about what happens, apart from what the program prints."""
    print(f"[flodesk] {text}", file=sys.stderr, flush=True)


def use_a_recent_python() -> None:
    """Go on with the newest Python on the path if this one is too old."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(19, OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other and subprocess.call([other, "-c", "import sys"]) == 0:
            os.execv(other, [other, str(Path(__file__).resolve()), *sys.argv[1:]])
    sys.exit(
        f"flodesk needs Python 3.11 or later, and this is {sys.version.split()[0]}.\n"
        "Debian 12, Ubuntu 24.04 and later have it as python3; elsewhere install it from python.org, "
        "or install uv and run: uv run flodesk"
    )


def missing_packages(libraries: dict[str, str], programs: dict[str, str]) -> list[str]:
    """Return the Debian packages of the shared libraries and programs that are not on this system."""
    missing = []
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    missing += [package for program, package in programs.items() if not shutil.which(program)]
    if libraries and not any(
        Path(p).is_dir() and any(Path(p).rglob("*.ttf")) for p in ("/usr/share/fonts", "/usr/local/share/fonts")
    ):
        missing.append(FONTS)
    return missing


def install_system_packages(packages: list[str], why: str) -> None:
    """Install Debian packages if root can, else say what to install and stop."""
    if not packages:
        return
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if shutil.which("apt-get") and os.geteuid() == 0:
        say(f"installing {' '.join(packages)} ({why})")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], env=quiet, stdout=subprocess.DEVNULL, check=False)
        if subprocess.run(install, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode == 0:
            return
        sys.exit(f"apt-get could not install them. Try it by hand:\n  {' '.join(install)}")
    if shutil.which("apt-get"):
        sys.exit(f"{why}: some system packages are missing. Install them and try again:\n  sudo {' '.join(install)}")
    sys.exit(
        f"{why}: some system libraries are missing. On Debian and Ubuntu they are called {' '.join(packages)};\n"
        "install what your system calls them (Fedora: mesa-libGL mesa-libEGL libxkbcommon-x11 xcb-util-cursor\n"
        "xcb-util-keysyms xcb-util-wm fontconfig krb5-libs; Arch: libglvnd libxkbcommon-x11 xcb-util-cursor\n"
        "xcb-util-keysyms xcb-util-wm) and try again."
    )


def has_display() -> bool:
    """Tell whether a window can be shown. A DISPLAY that nothing listens on counts as none."""
    if WINDOWS or sys.platform == "darwin" or os.environ.get("WAYLAND_DISPLAY"):
        return True
    display = os.environ.get("DISPLAY", "")
    if display.startswith(":") and sys.platform.startswith("linux"):
        number = display[1:].partition(".")[0]
        # an X server may listen on the abstract socket alone
        listening = Path("/proc/net/unix").read_text(encoding="utf-8", errors="replace")
        return f"/tmp/.X11-unix/X{number}" in listening
    return bool(display)


def make_environment(extra: str) -> None:
    """Make ``.venv`` and install flodesk with an extra into it, unless that was done for these very files."""
    stamp = VENV / f".installed-{extra}"
    files = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    wanted = hashlib.sha256(files + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted and PYTHON.exists():
        return
    say(f"setting up {VENV} (a minute or two the first time)")
    what = ["-e", f"{ROOT}[{extra}]", "-c", str(ROOT / "constraints.txt")]
    uv = shutil.which("uv")
    if uv:
        # pip comes along (--seed): users of the environment expect it
        run_or_exit([uv, "venv", "--quiet", "--seed", "--allow-existing", "--python", sys.executable, str(VENV)])
        run_or_exit([uv, "pip", "install", "--quiet", "--python", str(PYTHON), *what])
    else:
        if not PYTHON.exists() or subprocess.call(
            [str(PYTHON), "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ):
            make_venv()
        run_or_exit([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what])
    # NodeGraphQt's Qt.py brings stubs that shadow PySide6's own and are older: mypy must not see them
    subprocess.run(
        [str(PYTHON), "-m", "pip", "uninstall", "--quiet", "-y", "types-PySide6"],
        check=False,
        stderr=subprocess.DEVNULL,
    )
    stamp.write_text(wanted, encoding="utf-8")


def make_venv() -> None:
    """Make the environment with venv; Debian and Ubuntu keep ensurepip in a package of its own."""
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        version = f"python3.{sys.version_info.minor}-venv"
        install_system_packages([version if shutil.which("apt-get") else "python3-venv"], "making the environment")
        run_or_exit(command)


def run_or_exit(command: list[str]) -> None:
    """Run a step of the set-up; say which one failed."""
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"this step failed (see above):\n  {' '.join(command)}\nIs the package index reachable?")


def start(arguments: list[str]) -> int:
    """Set up what the program needs and start it."""
    shown = has_display()
    windowless = bool(arguments) and arguments[0] in {"run", "check", "nodes", "worker", "--version", "--help"}
    if sys.platform.startswith("linux"):
        libraries = {**QT_LIBRARIES, **X11_LIBRARIES} if shown and not windowless else {}
        install_system_packages(missing_packages(libraries, {}), "showing a window")
    make_environment("all")
    if not shown and not arguments:
        say("there is no display: running the live example for five seconds instead of showing it")
        arguments = ["run", str(ROOT / "resources" / "examples" / "noisy_sine.py"), "--for", "5s"]
    return subprocess.call([str(PYTHON), "-m", "flodesk", *arguments])


def test(arguments: list[str]) -> int:
    """Set up what the tests need and run them; without arguments also the checks of style, types and floors."""
    if sys.platform.startswith("linux"):
        install_system_packages(missing_packages({**QT_LIBRARIES, **X11_LIBRARIES}, TEST_PROGRAMS), "running the tests")
    make_environment("test")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    # where it is set, each of a thousand processes would compile all of flodesk for itself: a second of its two
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    python = str(PYTHON)
    pytest = [python, "-m", "pytest"]
    if arguments and arguments != ["--long"]:
        return subprocess.call([*pytest, *arguments], cwd=ROOT, env=environment)
    # PySide6 cannot be imported in the last step: a finder in front of all others refuses it, in child processes too
    paths = [str(ROOT / "tests" / "headless" / "without_qt"), environment.get("PYTHONPATH", "")]
    blocked = os.pathsep.join(path for path in paths if path)  # an empty one would be the working folder
    steps = [
        ("style", [python, "-m", "ruff", "check", "."], environment),
        ("format", [python, "-m", "ruff", "format", "--check", "."], environment),
        ("types", [python, "-m", "mypy"], environment),
        ("floors", [str(PYTHON.parent / "lint-imports")], environment),
        ("tests", [*pytest, *SIDE_BY_SIDE, *(f"--ignore={folder}" for folder in HEADLESS), *arguments], environment),
        (
            "tests without Qt",
            [*pytest, *SIDE_BY_SIDE, *WITHOUT_QT, *HEADLESS, *arguments],
            {**environment, "PYTHONPATH": blocked, "FLODESK_WITHOUT_QT": "1"},
        ),
    ]
    failed, shaky = [], []
    for name, command, env in steps:
        say(f"{name}: {' '.join(Path(c).name if c == command[0] else c for c in command)}")
        if not subprocess.call(command, cwd=ROOT, env=env):
            continue
        # what fails among four processes on two cores and passes alone is told apart, and told: it is to be mended
        if "pytest" in command and not subprocess.call([*command, *ALONE], cwd=ROOT, env=env):
            shaky.append(name)
        else:
            failed.append(name)
    if shaky:
        say(f"shaky: what failed above in {' and '.join(shaky)} passed alone; mend what it does not wait for")
    say(f"failed: {', '.join(failed)}" if failed else "all passed")
    return 1 if failed else 0


HEADLESS = [f"tests/{name}" for name in ("headless", "public", "flow", "instruments", "nodes", "examples")]
"""What needs no Qt is tested where there is none, and only there."""
WITHOUT_QT = ["-c", "tests/headless/pytest.ini", "--rootdir", ".", "--confcutdir", "."]
SIDE_BY_SIDE = ["-n", str((os.cpu_count() or 2) + 2), "--dist", "loadfile", "--no-loadscope-reorder"]
"""More processes than cores, as tests wait much of their time; those of a file stay together, with what they share.
In which order the files begin is said in `tests/conftest.py`: xdist would keep those of few tests for the end, and with
them the job of the main window, the soaks and the kills, each on a core alone."""
ALONE = ["-n", "0", "--last-failed", "--last-failed-no-failures", "none", "-v"]
"""What failed, one after the other. A run that ended with no test to blame stays failed."""

if __name__ == "__main__":
    use_a_recent_python()
    if sys.argv[1:2] == ["test"]:
        sys.exit(test(sys.argv[2:]))
    sys.exit(start(sys.argv[1:]))
