"""Templates in text parameters: filled in before each call, live, refused in words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from flodesk.engine.headless import run
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.script import read

HEAD = """
import flodesk
from flodesk.nodes import text, timing


def label(name: str, value: float, unit: str = "V") -> str:
    return name


def plain(name, value):
    return name


def number(value: float) -> float:
    return value


class Say:
    def __init__(self, title: str = ""):
        self.title = title

    def __call__(self, value: float, name: str = "") -> str:
        return self.title + name


def names(n: int, prefix: str = ""):
    for k in range(n):
        yield prefix


async def later(name: str, n: int = 3) -> str:
    return name


def sub(name: str):
    a = text.join(name, "!")
    return a

"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
CATALOG = Catalog.builtin()


def flow(body: str, start: str = "def") -> str:
    return f"{HEAD}\n{start} flow():\n" + "\n".join(f"    {line}" for line in body.split("\n")) + TAIL


CASES = [
    ('a = label("{{ value }} {{ unit }}", 2.5)', "2.5 V"),
    ('x = number(2.0)\na = label("{{ x }} {{ value }}", x, unit="A")', "2.0 2.0"),
    ('x = number(2.0)\na = label("{{ value | round(1) }}", value=x)', "2.0"),
    ('a = label("a { b } {{", 1.0)', "a { b } {{"),
    ('a = plain("{{ value }}", 1.0)', "{{ value }}"),
    ('s = Say("{{ 1 + 1 }}")\na = s(4.0, name=" {{ value }}")', "2 4.0"),
    ('for a in names(3, prefix="{{ n }}"):\n    b = number(1.0)', "3"),
    ('a = sub("{{ 1 + 1 }}")', "2 !"),
    ('x = number(2.0)\na = text.join(x, 3, separator="{{ values | length }}")', "2.023"),
    ('x = number(2.0)\na = text.template("{{ y }}", y=x)', "2.0"),
    ('a = label("{{ unit }}{{ name }}", 1.0, unit="{{ value }}")', None),
    ('a = label("{{ y }}", 1.0)', None),
    ('a = label("{{ value.__class__ }}", 1.0)', None),
]


@pytest.mark.parametrize(("body", "wanted"), CASES)
def test_a_template_is_filled_in_before_the_call(body: str, wanted: str | None) -> None:
    result = run(flow(body), keep_values=True)
    if wanted is None:
        assert result.reason == "failed"
        assert result.failures[0].failure.type == "TemplateError"
        assert result.failures[0].failure.node == "flow.a"
    else:
        assert result.reason == "succeeded", result.message
        assert result.values["flow.a"] == wanted


def test_a_template_of_an_awaited_call() -> None:
    result = run(flow('a = await later("{{ n }}")', "async def"), keep_values=True)
    assert result.values["flow.a"] == "3", result.message


def test_the_error_says_what_the_template_can_read() -> None:
    result = run(flow('a = label("{{ vlaue }}", 1.0)'))
    assert result.failures[0].failure.message == (
        "the template “{{ vlaue }}”: 'vlaue' is undefined; the template can read unit, value"
    )


LIVE = flow('for k in timing.every(0.002):\n    a = label("first {{ value }}", k)')


def test_a_changed_template_takes_effect_at_the_next_call(here) -> None:
    here.engine.watch({"flow.a"}, set())
    here.start(LIVE)
    here.until(lambda: str(here.value("flow.a")).startswith("first "))
    here.engine.set_parameter("flow.a", "name", "'then {{ unit }}'")
    here.until(lambda: here.value("flow.a") == "then V")
    here.engine.set_parameter("flow.a", "name", "'plain'")
    here.until(lambda: here.value("flow.a") == "plain")
    here.engine.set_parameter("flow.a", "name", "'again {{ unit }}'")
    here.until(lambda: here.value("flow.a") == "again V")
    here.engine.set_parameter("flow.a", "name", "'{{ broken'")
    here.until(lambda: here.value("flow.a") == "{{ broken")
    here.engine.set_parameter("flow.a", "name", "'{{ value | nothing }}'")
    here.until(lambda: any("nothing" in line.text and line.level == "error" for line in here.lines()))
    assert here.value("flow.a") == "{{ broken"
    assert here.stop().reason == "stopped"


def test_a_template_that_cannot_be_read_is_refused_before_the_run() -> None:
    result = run(flow('a = label("{{ value", 1.0)\nb = label("{{ value + }}", 1.0)'))
    assert result.failures[0].failure.type == "PlanError"
    assert "line 1 of it" in result.message


WRONG = [
    ('a = label("{{ vlaue }}", 1.0)', "“name” of “a” reads “vlaue”, which its call is not given.", "“value”"),
    ('a = label("{{ value + }}", 1.0)', "“name” of “a”: the template “{{ value + }}” cannot be read, line 1", "Write"),
    ('a = label("{{ unit }}", 1.0, unit="{{ value }}")', "reads “unit”, which is a template itself", ""),
    ('a = text.template("{{ x }} {{ y }}", x=1)', "“template” of “a” reads “y”", "It can read: x."),
    ('a = text.template("{% if %}")', "cannot be read", ""),
]


@pytest.mark.parametrize(("body", "message", "hint"), WRONG)
def test_the_checker_knows_what_a_template_reads(body: str, message: str, hint: str) -> None:
    (problem,) = check(read(flow(body)), CATALOG)
    assert problem.kind == "template"
    assert problem.node == "flow.a"
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize("body", [body for body, wanted in CASES if wanted is not None])
def test_the_checker_has_nothing_against_templates_that_work(body: str) -> None:
    assert check(read(flow(body)), CATALOG) == ()


def test_jinja_is_imported_when_there_is_a_template_and_not_before() -> None:
    code = (
        "import sys\nfrom flodesk.engine.headless import run\nfrom flodesk.nodes import text\n"
        "def go(text):\n    result = run(text)\n    assert result.reason == 'succeeded', result.message\n"
        "go({!r})\nassert 'jinja2' not in sys.modules\ngo({!r})\nassert 'jinja2' in sys.modules\n"
    ).format(flow("a = label('plain', 1.0)"), flow("a = label('{{ value }}', 1.0)"))
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
