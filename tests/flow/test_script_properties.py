"""What holds for every flow, and for every text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, read, write

quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))


def comes_back(flow: Flow) -> None:
    text = write(flow)
    again = read(text)
    assert again == flow
    assert write(again) == text


def opens_or_says_where(text: str) -> None:
    said: ScriptError | None = None
    try:
        flow = read(text)
    except ScriptError as error:
        said = error
    if said:
        assert 0 <= said.line <= text.count("\n") + text.count("\r") + 2
        assert said.message
    else:
        assert write(flow) == text


@given(data=st.data())
@quick
def test_a_flow_written_and_read_is_the_same_flow(data: st.DataObject, flows: st.SearchStrategy[Flow]) -> None:
    comes_back(data.draw(flows))


@pytest.mark.long
@pytest.mark.timeout(900)
@given(data=st.data())
@many
def test_many_flows_written_and_read_are_the_same_flows(data: st.DataObject, flows: st.SearchStrategy[Flow]) -> None:
    comes_back(data.draw(flows))


ENDS = ["\n", "\r\n", "\r", "\f", "\t", " ", "    ", "\\\n", "\ufeff", "é", "\u2028", "\x0b", "\x1a", "\0"]
SIGNS = ["#", "# ///", "# /// script\n", ";", ":", "(", ")", '"""', "'", "="]
WORDS = ["if x:", "else:", "elif y:", "for a in b:", "pass", "def f():", "x = 1", "lambda"]
PIECES = st.sampled_from([*ENDS, *SIGNS, *WORDS])


def mutate(data: st.DataObject, text: str) -> str:
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        match data.draw(st.integers(0, 3)):
            case 0:
                text = text[:at] + text[at + data.draw(st.integers(1, 12)) :]
            case 1:
                text = text[:at] + data.draw(PIECES) + text[at:]
            case 2:
                text = text[:at] + text[at:].replace("\n", data.draw(st.sampled_from(["\r\n", "\r", "\n\n", "\n "])), 1)
            case _:
                lines = text.split("\n")
                number = data.draw(st.integers(0, len(lines) - 1))
                lines.insert(number, lines[number])
                text = "\n".join(lines)
    return text


@given(data=st.data())
@quick
def test_a_flow_text_that_was_tampered_with_opens_or_says_where(
    data: st.DataObject, flows: st.SearchStrategy[Flow]
) -> None:
    opens_or_says_where(mutate(data, write(data.draw(flows))))


@pytest.mark.long
@pytest.mark.timeout(900)
@given(data=st.data())
@many
def test_many_texts_that_were_tampered_with_open_or_say_where(
    data: st.DataObject, flows: st.SearchStrategy[Flow]
) -> None:
    opens_or_says_where(mutate(data, write(data.draw(flows))))


@given(st.lists(PIECES, max_size=25).map("".join))
@example("")
@example("\n")
@example("\ufeff")
@example("x = 1\r\ry = 2\n")
@settings(max_examples=300, deadline=None)
def test_any_pieces_open_or_say_where(text: str) -> None:
    opens_or_says_where(text)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_opens_or_says_where(text: str) -> None:
    opens_or_says_where(text)
