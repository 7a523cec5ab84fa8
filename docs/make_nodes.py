"""Write the reference of the node types, ``docs/nodes.md`` and a page a shelf: ``python docs/make_nodes.py``.

Everything in it is what signatures and docstrings say, the same that library and inspector show.
"""

from __future__ import annotations

import importlib
import re
import textwrap
from collections.abc import Iterable
from pathlib import Path

from flodesk.flow.catalog import Catalog
from flodesk.flow.docstring import describe
from flodesk.flow.packs import OURS
from flodesk.flow.spec import NodeSpec, Output, Parameter
from flodesk.ui.guide.book import anchor

DOCS = Path(__file__).resolve().parent
OVERVIEW, SHELVES = "nodes.md", "nodes"
"""The page of all shelves, and the folder with the page of each."""
ORDER = (
    "source", "control", "show", "maths", "array", "linear", "dsp", "statistics", "fit", "timing", "logic", "table",
    "text", "file", "sql", "image", "learn", "simulate", "collect", "record", "queue", "web", "system", "visa",
)  # fmt: skip
"""The shelves as they stand in the library; one that is not named here comes last."""
ROLES = {
    "function": "function",
    "producer": "producer: each value that it gives runs everything downstream once",
    "state": "node with state: one object a run",
    "collector": "collector: filled in a loop, read after it",
    "control": "control",
    "indicator": "indicator",
    "shared": "shared: made at the top of the file, for functions that run side by side",
}
SECTIONS = re.compile(
    r"^\s*(?:Parameters|Returns|Yields|Raises|Attributes|Examples|Notes|Args)\s*:?\s*\n\s*-{3,}", re.M
)
EXAMPLES = re.compile(r"^[ ]*Examples\n[ ]*-{8}\n(.*?)(?=^[ ]*\w[^\n]*\n[ ]*-{3,}$|\Z)", re.M | re.S)
"""What stands in a docstring under that heading, up to the next."""
INTRODUCTION = """\
# Node types

Made by `docs/make_nodes.py` from the signatures and docstrings of `flodesk.nodes`; do not edit it by hand.

An *input* has to be wired (or, where that makes sense, be given a value). A *field* has a default; a wire may set it,
too. What is *set when it is made* belongs to a node with state, a collector or a recorder: changing it while the flow
runs makes the object anew. Numbers are in the unit that is named, an SI base unit where one exists. `flodesk nodes`
prints the same list, `flodesk nodes WORD` searches it. In the examples `np` is NumPy, `pd` is pandas, and `Waveform`
comes from `flodesk`.

"""


def pages() -> dict[str, str]:
    """Return the whole reference as Markdown: the text to the path of each page."""
    catalog = Catalog.builtin()
    shelves: dict[str, list[NodeSpec]] = {}
    for spec in sorted(catalog.specs.values(), key=lambda spec: spec.title.casefold()):
        shelves.setdefault(spec.category, []).append(spec)
    names = sorted(shelves, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    overview = [INTRODUCTION, *(f"- [{title(name)}]({page_of(name)}): {_listed(shelves[name])}\n" for name in names)]
    found = {OVERVIEW: "".join(overview)}
    for name in names:
        entries = "".join(entry(spec) for spec in shelves[name])
        found[page_of(name)] = f"# {heading(name)}\n\n{_about(name)}\n{entries}"
    return found


def page_of(shelf: str) -> str:
    """Return the path of a shelf's page from the folder of the docs."""
    return f"{SHELVES}/{shelf}.md"


def title(shelf: str) -> str:
    """Return a shelf's name as the library writes it."""
    return shelf.upper() if shelf in ("dsp", "sql", "visa") else shelf.capitalize()


def heading(shelf: str) -> str:
    """Return the heading above a shelf; a node type may have the same title, and links must tell them apart."""
    return f"Shelf: {title(shelf)}"


def entry(spec: NodeSpec) -> str:
    """Return one node type."""
    needs = f"; needs {', '.join(f'`{package}`' for package in spec.requires)}" if spec.requires else ""
    parts = [f"\n## {spec.title}\n\n`{_path(spec)}`: {ROLES[spec.role]}{needs}\n"]
    parts += [f"\n{words}\n" for words in _paragraphs(spec.help)]
    made, used = spec.inputs("__init__"), [p for p in spec.parameters if p.method != "__init__"]
    if made:
        parts.append(_table("Set when it is made", made))
    if inputs := [p for p in used if p.required or p.passing == "many"]:
        parts.append(_table("Inputs", inputs))
    if fields := [p for p in used if not p.required and p.passing != "many"]:
        parts.append(_table("Fields", fields))
    if spec.outputs:
        parts.append(_outputs(spec.outputs))
    if example := EXAMPLES.search(spec.help):
        parts.append(f"\n```pycon\n{textwrap.dedent(example[1]).strip()}\n```\n")
    return "".join(parts)


def _about(shelf: str) -> str:
    """Return what the module says of itself."""
    return "\n\n".join(_paragraphs(importlib.import_module(f"{OURS}.{shelf}").__doc__ or ""))


def _listed(specs: Iterable[NodeSpec]) -> str:
    return ", ".join(f"[{spec.title}]({page_of(spec.category)}#{anchor(spec.title)})" for spec in specs)


def _path(spec: NodeSpec) -> str:
    return spec.path.removeprefix(f"{OURS}.")


def _paragraphs(doc: str) -> list[str]:
    """Return a docstring's words without its lists of parameters and results; what is indented is code."""
    found = []
    for paragraph in re.split(r"\n\s*\n", SECTIONS.split(describe(doc).text, maxsplit=1)[0]):
        if paragraph.startswith("    "):
            found.append("\n".join(line.rstrip() for line in paragraph.splitlines()))
        elif paragraph.strip():
            words = " ".join(paragraph.split())
            found.append(_marked(words[:-1] if words.endswith("::") else words))
    return found


def _table(heading: str, parameters: Iterable[Parameter]) -> str:
    lines = [f"\n| {heading} | Type | Range | Default | |\n|---|---|---|---|---|\n"]
    for parameter in parameters:
        name = f"`{'*' if parameter.passing == 'many' else ''}{parameter.name}`"
        default = f"`{_cell(parameter.default)}`" if parameter.default else ""
        cells = (name, _type(parameter), _range(parameter), default, _marked(_cell(parameter.help)))
        lines.append(f"| {' | '.join(cells)} |\n")
    return "".join(lines)


def _outputs(outputs: Iterable[Output]) -> str:
    lines = ["\n| Gives | Type | |\n|---|---|---|\n"]
    for output in outputs:
        kind = output.type + (f" in {output.unit}" if output.unit else "")
        lines.append(
            f"| {f'`{output.name}`' if output.name else 'result'} | {kind} | {_marked(_cell(output.help))} |\n"
        )
    return "".join(lines)


def _type(parameter: Parameter) -> str:
    words = parameter.type + (f" in {parameter.unit}" if parameter.unit else "")
    return f"{words}, or None" if parameter.optional else words


def _range(parameter: Parameter) -> str:
    if parameter.choices:
        return ", ".join(f"`{_cell(getattr(choice, 'text', repr(choice)))}`" for choice in parameter.choices)
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    if low is not None:
        return f"at least {low:g}"
    return f"at most {high:g}" if high is not None else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _marked(text: str) -> str:
    """Turn the marks of docstrings into those of Markdown."""
    return text.replace("``", "`")


if __name__ == "__main__":
    for old in (DOCS / SHELVES).glob("*.md"):
        old.unlink()
    (DOCS / SHELVES).mkdir(exist_ok=True)
    for path, text in pages().items():
        (DOCS / path).write_text(text, encoding="utf-8", newline="\n")
