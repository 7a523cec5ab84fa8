"""README and docs say what is so: the code is the example's, links lead somewhere, and what is typed there exists."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.script import read, write

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
names = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def blocks(page: Path, language: str = "python") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.S | re.M)


def test_the_code_in_the_readme_is_that_of_the_example() -> None:
    source = (ROOT / "resources/examples/noisy_sine.py").read_text(encoding="utf-8")
    (block,) = blocks(ROOT / "README.md")
    assert block == source[source.index('"""') :]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("docs/own-nodes.md", ["flow.now (Calm): 14.05 V", "flow.top (Largest): 14.05 V"]),
        ("docs/file-format.md", ["flow.chart (Litres after each turn): 1, 2, 3, 4, 5, 3, 4, 5, 3, 4, 5, 3"]),
    ],
)
def test_the_code_in_the_docs_is_a_flow_that_runs(page: str, shown: list[str], tmp_path: Path) -> None:
    (block,) = (block for block in blocks(ROOT / page) if "flodesk.main(" in block)
    assert write(read(block)) == block
    assert not check(read(block), Catalog.builtin(), tmp_path)
    flow = tmp_path / "flow.py"
    flow.write_text(block, encoding="utf-8")
    done = subprocess.run([sys.executable, str(flow)], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines() == shown


def test_every_box_of_the_example_has_its_place_and_its_line_in_the_table() -> None:
    text = (ROOT / "docs/file-format.md").read_text(encoding="utf-8")
    (block,) = blocks(ROOT / "docs/file-format.md")
    flow = read(block)
    table = text.partition("| Line | On the canvas |")[2].partition("\n## ")[0]
    for node in flow.header.canvas["flow"]:
        assert re.search(rf"\b{node}\b", table), node


# ------------------------------------------------------------------ links
def anchors(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    return {
        re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", text, re.M)
    }


@names
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.S | re.M))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links to {link}"
        if anchor:
            assert anchor in anchors(target), f"{page.name} links to {link}"


@names
def test_every_file_that_is_named_exists(page: Path) -> None:
    """Names as ``engine/run.py``: from the repository or from the package; in the architecture also bare names."""
    text = page.read_text(encoding="utf-8")
    known = {path.name for path in (ROOT / "src").rglob("*.py")}
    for name in re.findall(r"`((?:[\w.-]+/)+(?:[\w.-]+)?)`", text, re.ASCII):
        if name.startswith((".", "redis")) or page.name == "commands.md":  # which names settings
            continue
        if name in {"flodesk/resources", "build/site"}:  # in the wheel alone; what the site's build makes
            continue
        if name in {"a/b", "data/volts.csv", "km/h", "lab/oven/temperature", "nodes/bench/filters.py"}:  # examples
            continue
        if name.endswith("/NAME"):  # inside a recording, of each of its columns
            continue
        places = [ROOT / name, ROOT / "src/flodesk" / name, ROOT / "docs" / name]
        assert any(place.exists() for place in places), f"{page.name} names {name}"
    if page.name == "architecture.md":
        for name in re.findall(r"`(\w+\.py)`", text):
            assert name in known, f"{page.name} names {name}"


OPTION = r"(?<![\w-])--[a-z]+(?:-[a-z]+)*"
COMMANDS = (
    "runs show",
    "runs drop",
    "runs prune",
    "runs",
    "run",
    "test",
    "check",
    "diff",
    "nodes",
    "new",
    "letters",
    "queues",
    "versions",
    "worker",
    "attach",
    "stop",
    "app",
    "convert",
    "examples",
)


# ------------------------------------------------------------------ what is typed
@cache
def help_of(command: str) -> str:
    line = [sys.executable, "-m", "flodesk", *command.split(), "--help"]
    return subprocess.run(line, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def lines_typed(page: Path) -> Iterator[str]:
    """Give each line that runs flodesk, in code blocks and between backquotes."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"^    (?:\$ )?((?:flodesk|python3? dev\.py|python3? FILE).*)$", text, re.M)
    found += re.findall(r"`((?:flodesk|python3? dev\.py) [^`\n]+)`", text)
    yield from (line.partition("  #")[0] for line in found)


@names
def test_every_command_and_option_exists(page: Path) -> None:
    for line in lines_typed(page):
        words = line.replace("python3 dev.py", "flodesk").replace("python dev.py", "flodesk").split()
        command = next((c for c in COMMANDS if words[1 : 1 + len(c.split())] == c.split()), "")
        if words[0] == "python":
            command = "run"
        if words[:2] == ["flodesk", "test"] and "dev.py" in line:  # that runs flodesk's own tests
            continue
        for option in re.findall(OPTION, line):
            assert re.search(rf"{option}\b", help_of(command)), f"{page.name}: {line}"


def test_every_option_that_the_guide_names_exists_and_none_is_left_out() -> None:
    chapters = ("command-line.md", "testing.md", "running.md")
    told = {option for name in chapters for option in re.findall(OPTION, (ROOT / "docs" / name).read_text("utf-8"))}
    there = {option for command in COMMANDS for option in re.findall(OPTION, help_of(command))}
    assert told == there - {"--help"}
