"""Every node, setting, command and option is documented: what is added without words fails here.

The nodes and their parameters are walked by `test_node_reference.py`.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from flodesk.cli import COMMANDS as WORDS
from flodesk.ui.commands.table import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "commands.md"
PASSED_ON = {"by_file.py", "liked.py"}
"""They take the key from their callers, or choose among constants of their own."""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_commands", ROOT / "docs" / "make_commands.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_script_makes(script: ModuleType) -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == script.page(), "docs/commands.md is out of date: run python docs/make_commands.py"


def test_every_command_of_the_window_says_what_it_does() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for command in COMMANDS:
        assert command.tip, f"{command.id} has no tip"
        assert f"| {command.title} |" in text, command.id


def parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return [parser, *(found for action in below for one in action.choices.values() for found in parsers(one))]


@pytest.mark.parametrize("name", list(WORDS))
def test_every_option_of_the_command_line_says_what_it_does(name: str) -> None:
    text = PAGE.read_text(encoding="utf-8").partition(f"\n### flodesk {name}\n")[2].partition("\n### ")[0]
    parser = argparse.ArgumentParser(prog=f"flodesk {name}")
    import_module(f"flodesk.cli.{name}").add(parser)
    for one in parsers(parser):
        for action in one._actions:
            if not isinstance(action, argparse._SubParsersAction) and action.dest != "help":
                assert action.help, (one.prog, action.dest)
                for option in action.option_strings:
                    assert re.search(rf"`[^`|]*{option}\b", text), (one.prog, option)


def keys_in(file: Path) -> set[str]:
    """Return the keys of the window's settings that a module reads or writes."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    constants: dict[str, str] = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        pairs = zip(target.elts, value.elts, strict=True) if isinstance(target, ast.Tuple) else [(target, value)]
        for name, held in pairs:
            if isinstance(name, ast.Name) and isinstance(held, ast.Constant) and isinstance(held.value, str):
                constants[name.id] = held.value
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        of, first = ast.unparse(node.func), node.args[0]
        if not re.fullmatch(r"(settings\(\)|store)\.(value|setValue|remove)|remember(ed)?", of):
            continue
        if isinstance(first, ast.JoinedStr):
            first = first.values[0].value if isinstance(first.values[0], ast.FormattedValue) else first.values[0]
        if isinstance(first, ast.Name) and first.id not in constants and file.name in PASSED_ON:
            continue
        key = first.value if isinstance(first, ast.Constant) else constants.get(getattr(first, "id", ""))
        assert isinstance(key, str), f"{file}, line {node.lineno}: which setting is that?"
        found.add(key)
    if file.name == "liked.py":
        found |= {key for name, key in constants.items() if name in ("_FAVOURITES", "_RECENT")}
    return found


def test_every_setting_of_the_window_is_documented(script: ModuleType) -> None:
    files = (ROOT / "src/flodesk/ui").rglob("*.py")
    modules = [file for file in files if re.search("settings|by_file", file.read_text(encoding="utf-8"))]
    known = {key for file in modules for key in keys_in(file)}
    assert {"theme", "keys", "editor", "canvas/grid"} <= known
    assert known == set(script.SETTINGS)


def test_every_variable_of_the_environment_is_documented(script: ModuleType) -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "src").rglob("*.py"))
    known = {name for name in re.findall(r"FLODESK_[A-Z_]*[A-Z]", text) if name != "FLODESK_SECRET"}
    assert known == set(script.VARIABLES)


def test_every_section_of_the_stores_settings_is_documented(script: ModuleType) -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "src/flodesk/engine").rglob("*.py"))
    assert set(re.findall(r'\bsection\("(\w+)"', text)) == set(script.STORES)
