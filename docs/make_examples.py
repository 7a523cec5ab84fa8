"""Write ``docs/examples.md`` from the headers and first lines of the examples: ``python docs/make_examples.py``."""

from __future__ import annotations

from pathlib import Path

from flodesk.ui.examples import TAGS, Example, gallery

PAGE = Path(__file__).resolve().parent / "examples.md"
INTRODUCTION = """\
# The examples

All of them run offline, from *Help → Examples…*, as `flodesk run FILE` or as `python FILE`, with the same results. A
copy is opened, so that nothing can be spoilt. What a flow can do, and which of them does it: [the
guide](running.md#what-to-open-to-see-).

"""


def page() -> str:
    """Return the text of the page: a table for each field, each example in that of its first tag."""
    return INTRODUCTION + "\n".join(_table(tag) for tag in TAGS if any(one.tags[0] == tag for one in gallery()))


def _table(tag: str) -> str:
    rows = [_row(one) for one in gallery() if one.tags[0] == tag]
    return f"## {tag.capitalize()}\n\n| Example | What it does | Needs |\n|---|---|---|\n" + "".join(rows)


def _row(one: Example) -> str:
    needs = ", ".join(f"`{requirement}`" for requirement in one.needs)
    return f"| [{one.title}](../resources/examples/{one.name}.py) | {one.sentence} | {needs} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.name}: {len(gallery())} examples")
