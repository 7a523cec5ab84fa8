"""The guide's table of examples: what it says is to be seen at a node is there, as the model of the flow has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from flodesk.flow.boxes import Node
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Address, Bind, Call, Flow, Loop, Statement, Switch
from flodesk.flow.script import read
from flodesk.flow.subflow_rules import calls_in

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "resources" / "examples"
ROW = re.compile(r"^\| (.+) \| \[`(\w+)\.py`\]\(\.\./resources/examples/\2\.py\) \| (.+) \|$")


@cache
def rows() -> dict[str, tuple[str, list[str]]]:
    """Return the table: what is to be seen to the name of the example and the nodes."""
    text = (ROOT / "docs/running.md").read_text(encoding="utf-8")
    lines = text.partition("## What to open to see …")[2].partition("\n## ")[0].splitlines()
    table = [line for line in lines if line.startswith("|")][2:]
    found = [ROW.match(line) for line in table]
    assert all(found), [line for line, row in zip(table, found, strict=True) if row is None]
    return {row[1]: (row[2], re.findall(r"`([^`]+)`", row[3])) for row in found if row is not None}


@cache
def flow_of(name: str) -> Flow:
    return read((EXAMPLES / f"{name}.py").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Seen:
    """A node that the table names, with its statement."""

    flow: Flow
    node: Node

    @property
    def statement(self) -> Statement:
        return self.flow.index[Address(self.node.function, self.node.id)][0]

    @property
    def header(self) -> Mapping[str, Any]:
        return self.flow.header.settings

    def setting(self, name: str) -> Any:
        """Return what the header says of this node under ``[tool.flodesk.NAME.FUNCTION]``."""
        return self.header.get(name, {}).get(self.node.function, {}).get(self.node.id)

    def field(self, name: str) -> str:
        """Return what one of its fields says; of a queue also one of the line that makes it."""
        return next((field.text for field in self.node.fields if field.name == name), "")

    @property
    def calls(self) -> bool:
        """Whether it calls a function of the file that is a flow itself."""
        return any(call.id == self.node.id for call, _ in calls_in(self.flow, self.node.function))


def seen(example: str, address: str) -> Seen:
    flow = flow_of(example)
    function, _, id = address.partition(".")
    return Seen(flow, picture(flow, Catalog.builtin(), function).nodes[id])


def _three_arms(one: Seen) -> bool:
    switch = one.statement
    return isinstance(switch, Switch) and len(switch.arms) == 3 and [a.test is None for a in switch.arms][-1]


def _queue(end: str, full: str) -> Callable[[Seen], bool]:
    return lambda one: one.node.type.endswith(end) and one.field("full").strip("'\"") == full


def _reads(readers: str) -> Callable[[Seen], bool]:
    def right(one: Seen) -> bool:
        loop = one.statement
        assert isinstance(loop, Loop)
        loops = [s for s, _ in one.flow.index.values() if isinstance(s, Loop) and s.callee == loop.callee]
        return not loop.called and len(loops) == 2 and one.field("readers").strip("'\"") == readers

    return right


def _latest(one: Seen) -> bool:
    call = one.statement
    assert isinstance(call, Call)
    made, _ = one.flow.index[Address("", call.callee.partition(".")[0])]
    return isinstance(made, Call) and one.flow.resolve(made.callee) == "flodesk.nodes.queue.Latest"


def _from_another_file(one: Seen) -> bool:
    call = one.statement
    assert isinstance(call, Call)
    module, _, function = one.flow.resolve(call.callee).partition(".")
    if not (EXAMPLES / f"{module}.py").exists():
        return False
    other = flow_of(module)
    return function in other.functions and function not in other.mains


def _many_wires(one: Seen) -> bool:
    wires = picture(one.flow, Catalog.builtin(), one.node.function).wires
    return sum(wire.target[0] == one.node.id and wire.target[1].startswith("values[") for wire in wires) > 2


def _closes(one: Seen) -> bool:
    made = one.statement
    assert isinstance(made, Call)
    module, _, name = one.flow.resolve(made.callee).rpartition(".")
    return hasattr(getattr(__import__(module, fromlist=[name]), name), "close")


def _feeds_back(one: Seen) -> bool:
    return one.node.kind == "feedback" and isinstance(one.statement, Bind)


def _follows(one: Seen) -> bool:
    assert one.node.spec is not None
    return any(parameter.widget == "choices" and parameter.after for parameter in one.node.spec.parameters)


SHOWN: dict[str, Callable[[Seen], bool]] = {
    "a producer, which begins a loop": lambda one: one.node.role == "producer" and not one.node.inputs,
    "a control that is turned while it runs": lambda one: one.node.role == "control",
    "a loop in a loop, by a producer with an input": lambda one: len(one.node.loops) == 2 and bool(one.node.inputs),
    "two loops side by side": lambda one: isinstance(one.statement, Loop) and len(one.flow.mains) == 2,
    "a collector": lambda one: one.node.role == "collector",
    "three arms (`if`, `elif`, `else`)": _three_arms,
    "the merge behind them": lambda one: one.node.kind == "merge" and len(one.node.inputs) == 3,
    "feedback": _feeds_back,
    "a loop that is left early": lambda one: one.node.kind == "jump" and one.node.text == "break",
    "a subflow": lambda one: one.calls and one.node.function in one.flow.mains,
    "a subflow in a subflow": lambda one: one.calls and one.node.function not in one.flow.mains,
    "a subflow from another file": _from_another_file,
    "a queue that lets its writer wait when it is full": _queue(".put", "block"),
    "one that drops the oldest value": _queue(".put", "drop_oldest"),
    "one that keeps the newest value alone": _queue(".put", "newest"),
    "one that fails its writer": _queue(".put", "fail"),
    "readers that each get every value": _reads("each"),
    "readers that compete": _reads("compete"),
    "a latest value": _latest,
    "a side branch that runs beside its loop": lambda one: one.node.beside and one.setting("detached") == 4,
    "a node with state": lambda one: one.node.role == "state" and one.node.kind == "object",
    "one that is closed when the run ends": lambda one: one.node.role == "state" and _closes(one),
    "`await` and `async for`": lambda one: isinstance(one.statement, Call | Loop) and one.statement.awaited,
    "a node that is mapped over two ports side by side": lambda one: len(one.node.mapped) == 2,
    "one whose failed items come out beside": lambda one: one.node.on_item_error == "collect",
    "a port that takes many wires": _many_wires,
    "a result with several outputs": lambda one: len([port for port in one.node.outputs if port.name]) > 1,
    "a template": lambda one: one.field("template").startswith("'{{") or one.field("template").startswith('"{{'),
    "choices that follow from another field": _follows,
    "turns that fail and are kept": lambda one: one.header["on_error"] == "reject" and bool(one.node.loops),
    "a node in a worker process": lambda one: one.node.place == "process",
    "a result that is kept on disk": lambda one: one.header["cache"] is True and not one.node.loops,
    "a recording that is played": lambda one: one.node.type == "flodesk.nodes.record.play",
    "an instrument": lambda one: bool(one.header["connections"][one.field("instrument").strip("'\"")]),
}  # fmt: skip


def test_the_table_says_all_of_this_and_nothing_else() -> None:
    assert list(rows()) == list(SHOWN)
    assert {example for example, _ in rows().values()} <= {path.stem for path in EXAMPLES.glob("*.py")}


@pytest.mark.parametrize("what", SHOWN)
def test_it_is_where_the_table_says(what: str) -> None:
    example, addresses = rows()[what]
    assert addresses
    for address in addresses:
        assert SHOWN[what](seen(example, address)), f"{example}: {address}"


def test_another_node_is_not_taken_for_it() -> None:
    """The rules tell nodes apart: at most of the nodes of the other rows each of them says no."""
    for what, shown in SHOWN.items():
        right = others = 0
        for example, addresses in rows().values():
            for address in addresses:
                others += 1
                try:
                    right += shown(seen(example, address))
                except (AssertionError, AttributeError, ImportError, KeyError, ValueError):
                    continue
        assert right < others / 3, what
