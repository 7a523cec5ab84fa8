"""What the site has besides the pages: the contents of the window, cards of nodes, flows of examples, links as there.

``FLODESK_SITE_CARDS=off`` leaves the cards out, which is faster where only the links are looked at.
"""

from __future__ import annotations

import os
import posixpath
import re
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from flodesk.flow.catalog import Catalog
from flodesk.flow.packs import OURS
from flodesk.resource import resource
from flodesk.ui.guide.book import CONTENTS, anchor
from flodesk.ui.guide.card import card_image, new_node
from flodesk.ui.theme import DARK, LIGHT, current
from flodesk.ui.theme.style import dress

REFERENCE = "nodes.md"
_EXAMPLE = re.compile(r"\]\((?:\.\./)*resources/examples/(\w+\.py)\)")
_PICTURE = re.compile(r"(!\[[^\]]*\]\()([^)#]+-(dark|light)\.\w+)\)")
_NODE = re.compile(r"^`(\w+\.\w+)`: ", re.M)
_widths: dict[str, int] = {}
"""Of the picture of each node's card in pixels at 100 %, by the name that its page has."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Take the contents from the list that the window has, and make links to headings as elsewhere."""
    parts = tomllib.loads((Path(config.docs_dir) / CONTENTS).read_text(encoding="utf-8"))
    config.nav = [{part: [*_chapters(config, chapters)]} for part, chapters in parts.items()]
    config.mdx_configs["toc"]["slugify"] = lambda heading, _separator: anchor(heading)
    return config


def _chapters(config: MkDocsConfig, chapters: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Give each chapter with its page; the reference with the pages of the shelves, in the order of their list."""
    for title, page in chapters.items():
        if page != REFERENCE:
            yield {title: page}
            continue
        text = (Path(config.docs_dir) / page).read_text(encoding="utf-8")
        shelves = re.findall(r"^- \[([^\]]+)\]\(([^)]+)\)", text, re.M)
        yield {title: [{"All node types": page}, *({shelf: path} for shelf, path in shelves)]}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the flows of the examples, and the cards of all nodes in both themes."""
    for path in sorted(resource("examples").glob("*.py")):
        files.append(File.generated(config, f"examples/{path.name}", abs_src_path=str(path)))
    if os.environ.get("FLODESK_SITE_CARDS") != "off":
        pages = [file for file in files.documentation_pages() if file.src_uri.startswith("nodes/")]
        for name, data in _cards({name for file in pages for name in _NODE.findall(file.content_string)}):
            files.append(File.generated(config, f"nodes/cards/{name}.png", content=data))
    return files


def _cards(shown: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Draw the cards of these nodes in both themes, without a display."""
    app = QApplication.instance() or QApplication(["flodesk"])
    assert isinstance(app, QApplication)
    catalog = Catalog.builtin()
    for look in (LIGHT, DARK):
        dress(app, look)
        current.use(look)
        for spec in catalog.specs.values():
            name = spec.path.removeprefix(f"{OURS}.")
            node = new_node(spec, catalog) if name in shown else None
            if node is not None:
                image = card_image(node)
                _widths[name] = round(image.deviceIndependentSize().width())
                yield f"{name}-{look.name}", _png(image)


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links to examples to their copies, show pictures in the theme that they are of, and cards above nodes."""
    here = posixpath.dirname(page.file.src_uri)
    markdown = _EXAMPLE.sub(lambda m: f"]({posixpath.relpath(f'examples/{m[1]}', here or '.')})", markdown)
    shown = {found[1] for found in _PICTURE.findall(markdown)}
    markdown = _PICTURE.sub(lambda m: _of_theme(m, shown), markdown)
    return _NODE.sub(lambda m: _card(m[1]) + m[0], markdown) if here == "nodes" else markdown


def _of_theme(picture: re.Match[str], shown: set[str]) -> str:
    """Return a picture for its theme alone, if the page has the other one as well."""
    path, look = picture[2], picture[3]
    other = path.replace(f"-{look}.", f"-{'light' if look == 'dark' else 'dark'}.")
    return f"{picture[1]}{path}#only-{look})" if other in shown else picture[0]


def _card(name: str) -> str:
    if name not in _widths:
        return ""
    size = f"{{ width={_widths[name]} }}"
    return (
        "".join(f"![Card of {name}](cards/{name}-{look}.png#only-{look}){size}\n" for look in ("light", "dark")) + "\n"
    )
