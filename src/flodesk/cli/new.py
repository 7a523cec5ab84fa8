"""``flodesk new``: the files to begin with of a node of one's own, or of a pack, each with a test that passes."""

from __future__ import annotations

import argparse
import keyword
import re
import sys
from pathlib import Path

from flodesk.cli.exits import Exit
from flodesk.cli.scaffold import CONFTEST, NODE, NODE_TEST, PACK, fill


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", choices=("node", "pack"), help="a node of the flows of a folder; or a package of nodes")
    parser.add_argument("name", help="its name: letters, digits, - and _")
    parser.add_argument("--in", dest="folder", default=".", metavar="FOLDER", help="where; by default here")


def main(options: argparse.Namespace) -> int:
    """Write the files, and say what to do next."""
    name = re.sub(r"[-\s]+", "_", options.name.strip()).lower()
    if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name) or name.startswith(("_", "test_")):
        said = f"“{options.name}” is no name that Python can import: use letters, digits and _"
        print(f"flodesk new: {said}", file=sys.stderr)
        return Exit.USAGE
    folder = Path(options.folder)
    if not folder.is_dir():
        print(f"flodesk new: there is no folder {folder}", file=sys.stderr)
        return Exit.MISSING
    files = node_files(folder, name) if options.what == "node" else pack_files(folder, name)
    there = next((file for file in files if file.exists()), None)
    if there is not None:
        print(f"flodesk new: {there} is there already, and nothing was written: choose another name", file=sys.stderr)
        return Exit.USAGE
    try:
        for file, text in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"flodesk new: {error.filename or folder} could not be written: {error.strerror}", file=sys.stderr)
        return Exit.FAILED
    for file in files:
        print(file)
    print(_next(options.what, folder, name), file=sys.stderr)
    return Exit.OK


def node_files(folder: Path, name: str) -> dict[Path, str]:
    """Return the files of a node with their texts; a ``conftest.py`` that is there already is left alone."""
    files = {
        folder / "nodes" / f"{name}.py": fill(NODE, name),
        folder / "tests" / f"test_{name}.py": fill(NODE_TEST, name),
    }
    conftest = folder / "conftest.py"
    return files if conftest.exists() else {**files, conftest: CONFTEST}


def pack_files(folder: Path, name: str) -> dict[Path, str]:
    """Return the files of a pack with their texts."""
    return {folder / name.replace("_", "-") / fill(file, name): fill(text, name) for file, text in PACK.items()}


def _next(what: str, folder: Path, name: str) -> str:
    if what == "node":
        return (
            f"A flow in {folder.resolve()} has {name} in its library, under Own nodes."
            f" Its test: python -m pytest tests/test_{name}.py"
        )
    place = folder / name.replace("_", "-")
    return f"Its tests: cd {place} && python -m pytest. To have it in the library: pip install -e {place}"
