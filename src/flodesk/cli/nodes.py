"""``flodesk nodes``: list the node types, ours or those that the functions of a package are."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from flodesk.cli.exits import Exit
from flodesk.engine.described import describe, may_import
from flodesk.flow.catalog import SHELVES, Catalog
from flodesk.flow.packs import packs
from flodesk.flow.requires import is_installed
from flodesk.flow.spec import NodeSpec


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "search",
        nargs="?",
        default="",
        help="only what this finds, best first; a module such as scipy.signal gives its functions as nodes",
    )
    parser.add_argument(
        "--import",
        dest="imports",
        action="store_true",
        help="the word names a module: import it, in a process of its own, where no text tells of its functions",
    )
    parser.add_argument("--packs", action="store_true", help="the packs that they come from")
    parser.add_argument("--json", action="store_true", help="everything about each type, as JSON")


def main(options: argparse.Namespace) -> int:
    """Print the list."""
    word = options.search
    names_module = bool(word) and _is_module(word)
    if word and (options.imports or (names_module and "." in word)):
        return _package(options)
    catalog = Catalog.installed()
    for module, why in catalog.broken.items():
        print(f"flodesk: {module} could not be loaded: {why}", file=sys.stderr)
    if options.packs:
        return _packs(catalog)
    found = catalog.search(word) if word else list(catalog.specs.values())
    if names_module and not found:
        return _package(options)
    if names_module:
        print(f"flodesk: {word} is an installed package, too: flodesk nodes --import {word} lists it", file=sys.stderr)
    return _print(found, options)


def _package(options: argparse.Namespace) -> int:
    """Print what a module offers; it is imported only if that was asked for, or if we need it anyway."""
    module = options.search
    told = describe(module, imports=options.imports or may_import(module))
    if told.reason:
        print(f"flodesk: {module}: {told.reason}", file=sys.stderr)
    if told.untold:
        print(f"flodesk: not all of {module} is told by its files: --import imports it for the rest", file=sys.stderr)
    return _print(list(told.specs.values()), options) if told.specs else Exit.MISSING


def _is_module(text: str) -> bool:
    """Say whether a dotted name, or that of an installed package, was typed, and no words to search for."""
    if not all(part.isidentifier() for part in text.split(".")):
        return False
    return "." in text or (text not in sys.stdlib_module_names and text not in SHELVES and is_installed(text))


def _print(found: list[NodeSpec], options: argparse.Namespace) -> int:
    if options.json:
        print(json.dumps([asdict(spec) for spec in found], indent=1, default=str))
        return Exit.OK
    if not found:
        print(f"No node type is found by {options.search!r}. flodesk nodes lists all.")
        return Exit.OK
    width = max(len(_name(spec)) for spec in found)
    for spec in found:
        print(f"{_name(spec):{width}}  {spec.summary}")
    return Exit.OK


def _packs(catalog: Catalog) -> int:
    """Print each pack with the number of its node types, and what of it could not be loaded."""
    for pack in packs():
        inside = f"{pack.module}."
        number = sum(path.startswith(inside) for path in catalog.specs)
        broken = [module for module in catalog.broken if f"{module}.".startswith(inside)]
        wrong = f", {len(broken)} not loaded" if broken else ""
        print(f"{pack.name}  {pack.module}  {number} nodes{wrong}  {pack.distribution}".rstrip())
    return Exit.OK


def _name(spec: NodeSpec) -> str:
    return f"{spec.category}.{spec.name}"
