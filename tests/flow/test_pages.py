"""Pages of the panel in the header: one line in their order, taken back to the letter, and kept when empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit, EditError, SetPages, SetView, from_json, pages, to_json
from flodesk.flow.model import View
from flodesk.flow.script import read, write
from flodesk.flow.wiring.views import first_view

HEAD = """# /// script
# requires-python = ">=3.11"
#
# [tool.flodesk]
# version = 1
"""
VIEWS = """#
# [tool.flodesk.panel.flow]
# gain = [0, 0, 6, 1]
# seen = { at = [0, 0, 4, 2], page = "Tuning" }
#
# [tool.flodesk.panel.other]
# lamp = { at = [0, 2, 4, 2], page = "Tuning", options = { as = "show.lamp" }, mine = 1 }
"""
BODY = """# ///
import flodesk
from flodesk.nodes import control, show


def flow():
    gain = control.slider(2.0)
    seen = show.number(gain)


def other():
    lamp = show.lamp(True)


if __name__ == "__main__":
    flodesk.main(flow, other)
"""
TEXT = HEAD + VIEWS + BODY
LISTED = HEAD + '# pages = ["Second", "", "Tuning", "Empty one"]\n' + VIEWS + BODY


def test_pages_are_those_that_are_listed_and_those_that_views_stand_on() -> None:
    assert pages(read(HEAD + BODY)) == ("",)
    assert pages(read(TEXT)) == ("", "Tuning")
    assert pages(read(LISTED)) == ("Second", "", "Tuning", "Empty one")
    assert pages(read(LISTED.replace('"Second", "", ', ""))) == ("", "Tuning", "Empty one"), "views stand on the first"
    assert pages(read(TEXT.replace("gain = [0, 0, 6, 1]", 'gain = { at = [0, 0, 6, 1], page = "Tuning" }'))) == (
        "Tuning",
    )


def test_a_view_that_comes_back_comes_last_and_does_so_in_the_file() -> None:
    lines = (
        '# one = { at = [0, 0, 1, 1], page = "One" }\n# # of the second\n# two = { at = [0, 0, 1, 1], page = "Two" }\n'
    )
    text = HEAD + "#\n# [tool.flodesk.panel.flow]\n" + lines + "# three = [0, 1, 1, 1]\n" + BODY
    document = Document()
    document.flow = read(text)
    assert pages(document.flow) == ("", "One", "Two")
    view = document.flow.header.panel["flow"]["one"]
    document.do(SetView("flow", "one", None))
    document.do(SetView("flow", "one", view))
    assert pages(document.flow) == pages(read(write(document.flow))) == ("", "Two", "One")
    first, *others = lines.splitlines(keepends=True)
    assert write(document.flow) == text.replace(lines, "".join(others)).replace("1, 1]\n# ///", f"1, 1]\n{first}# ///")
    document.undo()
    document.undo()
    assert write(document.flow) == text


def test_pages_stand_in_the_order_of_the_functions_whatever_that_of_their_tables() -> None:
    flow = read(TEXT)
    lamp, seen = flow.header.panel["other"]["lamp"], flow.header.panel["flow"]["seen"]
    for edit in (
        SetView("flow", "seen", None),
        SetView("flow", "gain", None),
        SetView("other", "lamp", replace(lamp, page="B")),
        SetView("flow", "seen", replace(seen, page="A")),
    ):
        flow, _ = edit.apply(flow)
    assert [*flow.header.panel] == ["other", "flow"]
    assert pages(flow) == pages(read(write(flow))) == ("A", "B")


def test_an_empty_page_is_one_line_and_undone_to_the_letter() -> None:
    flow = read(TEXT)
    edit = SetPages(("", "Tuning", "Page 3"), "Add the page “Page 3”")
    new, back = from_json(to_json(edit)).apply(flow)
    assert write(new) == TEXT.replace("# version = 1\n", '# version = 1\n# pages = ["", "Tuning", "Page 3"]\n')
    assert pages(read(write(new))) == ("", "Tuning", "Page 3")
    undone, again = from_json(to_json(back)).apply(new)
    assert write(undone) == TEXT
    assert write(again.apply(undone)[0]) == write(new)
    turned, _ = SetPages(("Tuning", "Page 3", ""), "Move a page").apply(read(write(new)))
    assert write(turned) == write(new).replace('["", "Tuning", "Page 3"]', '["Tuning", "Page 3", ""]')
    gone, _ = SetPages(("",), "Remove all other pages", {"Tuning": None}).apply(new)
    assert "pages" not in write(gone)


def test_a_page_takes_its_views_along_and_they_keep_what_else_they_say() -> None:
    renamed, back = SetPages(("", "Fine"), "Rename a page", {"Tuning": "Fine"}).apply(read(TEXT))
    assert write(renamed) == TEXT.replace('"Tuning"', '"Fine"').replace(
        "# version = 1\n", '# version = 1\n# pages = ["", "Fine"]\n'
    )
    assert write(back.apply(renamed)[0]) == TEXT
    gone, back = SetPages(("",), "Remove a page", {"Tuning": None}).apply(read(LISTED))
    assert [line for line in write(gone).splitlines() if " at " in line or "[0," in line] == ["# gain = [0, 0, 6, 1]"]
    assert write(back.apply(gone)[0]) == LISTED


def test_a_file_without_a_header_gets_one_and_loses_it_again() -> None:
    bare = BODY.removeprefix("# ///\n")
    new, back = SetPages(("", "Two"), "Add a page").apply(read(bare))
    assert '# pages = ["", "Two"]\n' in write(new)
    assert write(back.apply(new)[0]) == bare


@pytest.mark.parametrize("odd", ["3", '"Tuning"', '["", 3]', "{ a = 1 }"])
def test_something_else_under_that_name_is_told_and_not_lost(odd: str) -> None:
    flow = read(HEAD + f"# pages = {odd}\n" + VIEWS + BODY)
    assert set(pages(flow)) == {"", "Tuning"}
    with pytest.raises(EditError, match="something else"):
        SetPages(("", "Tuning", "More"), "Add a page").apply(flow)
    found = [problem for problem in check(flow, Catalog.builtin()) if "pages" in problem.message]
    assert [(problem.kind, problem.severity) for problem in found] == [("header", "warning")]
    assert "names of the panel's pages" in found[0].hint


def test_a_new_node_is_shown_on_the_first_page_there_is() -> None:
    spec = Catalog.builtin().find("flodesk.nodes.show.number")
    assert spec is not None
    alone = read(HEAD + '# pages = ["Only"]\n' + BODY)
    view = first_view(alone, "flow", "seen", spec)
    assert view is not None
    assert view.page == "Only"
    first = first_view(read(LISTED), "flow", "new", spec)
    assert first is not None
    assert (first.page, first.column, first.row) == ("Second", 0, 0)
    beside = first_view(read(TEXT), "flow", "new", spec)
    assert beside is not None
    assert (beside.page, beside.column, beside.row) == ("", 6, 0)


NAMES = st.sampled_from(["", "Tuning", "Second", 'Öl & "Gas"', "a.b = [1]", "# ///", "Empty one"])


@st.composite
def page_edits(draw: st.DrawFn, now: Callable[[], Document]) -> Edit:
    flow = now().flow
    known = pages(flow)
    kind = draw(st.sampled_from(["add", "rename", "remove", "order", "view"]))
    page, name = draw(st.sampled_from(known)), draw(NAMES)
    if kind == "add":
        return SetPages(tuple(dict.fromkeys((*known, name))), "Add")
    if kind == "rename" and name not in known:
        return SetPages(tuple(name if n == page else n for n in known), "Rename", {page: name})
    if kind == "remove":
        return SetPages(tuple(n for n in known if n != page), "Remove", {page: None})
    if kind == "view":
        function, id = draw(st.sampled_from([("flow", "seen"), ("flow", "gain"), ("other", "lamp"), ("other", "new")]))
        on = draw(st.sampled_from([page, name]))
        return SetView(function, id, draw(st.none() | st.just(View(id, "seen", 1, 2, 3, 4, page=on))))
    return SetPages(tuple(draw(st.permutations(known))), "Order")


@pytest.mark.parametrize("text", [TEXT, LISTED, BODY.removeprefix("# ///\n")], ids=["plain", "listed", "bare"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changes_of_pages_are_read_back_undone_and_redone_to_the_letter(text: str, data: st.DataObject) -> None:
    document = Document()
    document.flow = read(text)
    texts = [text]
    for _ in range(data.draw(st.integers(1, 6))):
        before = document.steps
        document.do(from_json(to_json(data.draw(page_edits(lambda: document)))))
        if document.steps > before:
            texts.append(write(document.flow))
        again = read(texts[-1])
        assert again == document.flow
        assert pages(again) == pages(document.flow)
        assert [*map(list, again.header.panel.values())] == [
            list(document.flow.header.panel[function]) for function in again.header.panel
        ], "the order of the lines is that of pages and tabs"
        assert write(again) == texts[-1]
    for wanted in texts[-2::-1]:
        document.undo()
        assert write(document.flow) == wanted
    for wanted in texts[1:]:
        document.redo()
        assert write(document.flow) == wanted
