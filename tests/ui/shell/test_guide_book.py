"""The guide's pages as the window reads them: sections, links that lead somewhere, pictures, and searching."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.resource import guide, resource
from flodesk.ui.guide.book import START, Book, contents, plain, read_book
from flodesk.ui.guide.finding import entries_of, found, marks
from flodesk.ui.guide.markup import EXAMPLE, NODE, SHELF, html_of
from flodesk.ui.guide.node_pages import of_heading, shelf_html, shelves, shelves_html
from flodesk.ui.guide.writing import written


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book(guide())


def one_size(path: str) -> tuple[int, int] | None:
    return (320, 200) if (guide() / path).is_file() else None


def test_every_chapter_is_cut_into_sections_and_nothing_of_it_is_lost(book: Book) -> None:
    assert [*book.sections] == [page for chapters in book.parts.values() for page in chapters.values()]
    for page, sections in book.sections.items():
        text = (guide() / page).read_text(encoding="utf-8")
        assert re.sub(r"\s+", "", "".join(one.text for one in sections)) == re.sub(r"\s+", "", text)
        assert sections[0].level == 1
        assert len({one.key for one in sections}) == len(sections), page


def test_a_line_of_code_is_no_heading(tmp_path: Path) -> None:
    (tmp_path / "contents.toml").write_text('["Part"]\n"One" = "one.md"\n"Gone" = "gone.md"\n', encoding="utf-8")
    (tmp_path / "one.md").write_text("# One\n\nWords.\n\n```\n## none\n```\n\n## Two `x`\n\nMore.\n", encoding="utf-8")
    book = read_book(tmp_path)
    assert [(one.title, one.key) for one in book.sections["one.md"]] == [("One", "one.md"), ("Two x", "one.md#two-x")]
    assert book.find("gone.md") is None
    assert book.find("one.md#none") is None


def test_every_link_of_the_guide_leads_to_a_page_a_node_an_example_or_out(book: Book) -> None:
    catalog = Catalog.builtin()
    links = 0
    for section in (one for sections in book.sections.values() for one in sections):
        html = html_of(section.text, section.page, one_size, dark=True)
        assert "[" not in re.sub(r"<(code|pre)>.*?</\1>", "", html, flags=re.S) or "](" not in html, section.key
        for target in re.findall(r'<a href="([^"]+)"', html):
            links += 1
            shelf, _, heading = target.removeprefix(SHELF).partition("#")
            if target.startswith(EXAMPLE):
                assert resource(f"examples/{target.removeprefix(EXAMPLE)}.py").is_file(), section.key
            elif target.startswith(SHELF):
                assert shelf in shelves(catalog), target
                assert not heading or of_heading(shelf, heading, catalog) is not None, target
            elif not target.startswith("https:"):
                assert book.find(target) is not None, f"{section.key} links to {target}"
    assert links > 100


def test_the_pictures_of_the_other_theme_are_left_out(book: Book) -> None:
    section = book.find("panel/forms.md#plot-showline")
    assert section is not None
    for dark, name in ((True, "dark"), (False, "light")):
        page = written(book, section, "plot-showline", guide(), 300, dark=dark)
        assert [*page.pictures] == [f"picture:pictures/panel/show.line-{name}.png"]
        (picture,) = page.pictures.values()
        assert picture.size[0] == 300
        assert picture.read(1.0).width() == 300


def test_a_picture_that_is_not_there_is_named_by_its_words() -> None:
    html = html_of("![The window](gone.png)", START, lambda path: None, dark=True)
    assert "[The window]" in html
    assert "<img" not in html


def test_what_is_written_as_html_is_shown_as_it_is() -> None:
    assert "&lt;b&gt;" in html_of("<b>x</b>", START, lambda path: None, dark=True)


def test_a_word_finds_pages_that_are_called_so_first_then_node_types(book: Book) -> None:
    entries, catalog = entries_of(book), Catalog.builtin()
    hits = found(entries, catalog.search("queue"), "queue")
    assert hits[0].title == "Queues"
    assert NODE + "flodesk.nodes.queue.Queue" in [hit.key for hit in hits]
    (note,) = [hit for hit in found(entries, [], "bypass first wired") if hit.key == "canvas.md#what-to-do"]
    assert "bypass" in note.quote.lower()
    assert found(entries, [], "zzzqq") == []
    assert found(entries, [], "  ") == []
    assert marks("A queue, Queues", "queue") == [(2, 5), (9, 5)]


def test_marks_of_markdown_are_not_quoted() -> None:
    assert plain("## Head\n| a | `b` |\n|---|---|\n| [c](d.md#e) | **f** |") == "Head a b c f"


def test_every_node_stands_on_the_page_of_its_shelf() -> None:
    catalog = Catalog.builtin()
    overview = shelves_html(catalog)
    pages = {shelf: shelf_html(shelf, catalog) for shelf in shelves(catalog)}
    for shelf in pages:
        assert f"{SHELF}{shelf}'" in overview
    for spec in catalog.specs.values():
        assert f"{NODE}{spec.path}'" in pages[spec.category]
    assert shelf_html("no such shelf", catalog) == ""


def test_what_stands_on_the_site_alone_is_not_in_the_window() -> None:
    assert "architecture.md" not in [page for chapters in contents(guide()).values() for page in chapters.values()]
