"""What all tests share: the switch for long ones, data folders, a look-out for threads that outlive their test."""

from __future__ import annotations

import faulthandler
import io
import os
import secrets
import signal
import tarfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("unhurried", settings.default, deadline=None)  # how long an example takes is the machine's
settings.load_profile("unhurried")

# a shell starts what it runs in the background deaf to Ctrl+C, and so would be all processes that the tests start
signal.signal(signal.SIGINT, signal.default_int_handler)

# workers and those who send them flows have data folders of their own here, and one key all the same
os.environ.setdefault("FLODESK_KEY", "that of the tests " + secrets.token_hex(16))


LONG_SECONDS = 900
"""What a long test may take: thousands of cases."""


LONG_FILES = (
    "gui/",
    "packaging/",
    "headless/",
    "examples/",
    "engine/faults/",
    "engine/places/",
    "engine/random/",
    "engine/test_soak.py",
    "engine/history/test_history_kills.py",
    "flow/test_packages_read.py",
    "flow/test_script_foreign.py",
    "ui/inspector/",
    "ui/shell/test_kills_at_any_moment.py",
    "ui/shell/test_leaks.py",
)
"""Files whose few tests take long each: they begin first, so that none is left to a core alone at the end."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests too (many cases, many kills, soak)")


def _longest_first(items: list[pytest.Item]) -> None:
    """Let the files of long tests come first, then those of many."""
    tests = Counter(item.path for item in items)
    here = Path(__file__).parent.as_posix() + "/"
    long = {path for path in tests if path.as_posix().removeprefix(here).startswith(LONG_FILES)}
    items.sort(key=lambda item: (item.path not in long, -tests[item.path], item.path))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # of several processes, which take the files in this order
        _longest_first(items)
    if config.getoption("--long"):
        for item in items:
            if item.get_closest_marker("long") and not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(LONG_SECONDS))
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


END_SECONDS = 180
"""What the end of a test may take: pytest-timeout watches over it no more where the test itself has failed."""


_REAL_STDERR = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    with config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        config.stash[_REAL_STDERR] = os.dup(2)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """End the process, and say where it stood, if the end of a test hangs: a question that nobody answers, say."""
    faulthandler.dump_traceback_later(END_SECONDS, exit=True, file=item.config.stash[_REAL_STDERR])
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test() -> Iterator[None]:
    """Fail a test that leaves a thread running. Every thread has one owner, a polite stop and an awaited end."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 20.0  # on a machine that has much else to do
    # one of Qt's that has asked for itself, as an event loop in it does, is alive to Python for ever: a dummy
    dummy = threading._DummyThread  # type: ignore[attr-defined]
    while left := [t for t in threading.enumerate() if t not in before and t.is_alive() and not isinstance(t, dummy)]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads still running after the test: {[t.name for t in left]}")
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def data_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test, and the processes that it starts, a data folder of its own: never the user's.

    What nodes are like is described once for all of them.
    """
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("FLODESK_DATA", str(folder))
    monkeypatch.setenv("FLODESK_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("FLODESK_TRUST", "all")  # what a test writes comes from elsewhere
    return folder


class Shelf:
    """A folder of packages that pip and uv take from, and from nowhere else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def wheel(self, name: str, version: str, text: str = "", requires: tuple[str, ...] = ()) -> Path:
        """Make a wheel with one module, which tells its version."""
        info = f"{name}-{version}.dist-info"
        wanted = "".join(f"Requires-Dist: {one}\n" for one in requires)
        files = {
            f"{name}.py": f"__version__ = {version!r}\n{text}",
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{wanted}",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in (*files, f"{info}/RECORD"))
        made = self.folder / f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(made, "w") as packed:
            for file, content in files.items():
                packed.writestr(file, content)
        return made

    def source(self, name: str, version: str, note: Path, requires: tuple[str, ...] = ()) -> Path:
        """Make a source package, whose build writes its name into a file: so it is seen that it was run."""
        wheel = self.wheel(name, version, "", requires)
        backend = f"""
import pathlib, shutil

with open({str(note)!r}, "a") as file:
    file.write("{name} ")


def build_wheel(folder, config_settings=None, metadata_directory=None):
    return pathlib.Path(shutil.copy("{wheel.name}", folder)).name
"""
        files = {
            "pyproject.toml": b"[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
            "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
            "backend.py": backend.encode(),
            wheel.name: wheel.read_bytes(),
        }
        wheel.unlink()
        made = self.folder / f"{name}-{version}.tar.gz"
        with tarfile.open(made, "w:gz") as packed:
            for file, content in files.items():
                entry = tarfile.TarInfo(f"{name}-{version}/{file}")
                entry.size = len(content)
                packed.addfile(entry, io.BytesIO(content))
        return made


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A shelf of wheels, and no network."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    for name in ("PIP_NO_INDEX", "PIP_NO_CACHE_DIR", "UV_NO_INDEX", "UV_OFFLINE", "UV_NO_CACHE", "UV_NO_CONFIG"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return Shelf(folder)
