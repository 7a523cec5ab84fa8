"""Lines that end what they stand in: ``break``, ``continue``, ``return``, and ``raise``."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Literal

from flodesk.flow.model import Block, Code, Loop, Statement, Switch
from flodesk.flow.script.names import own_nodes
from flodesk.flow.syntax import parse_tree

Jump = Literal["break", "continue", "return"]

TITLES: dict[Jump, str] = {"break": "Leave the loop", "continue": "Next turn", "return": "Return"}
"""What each is called on the canvas."""

_JUMPS: dict[type[ast.stmt], Jump] = {ast.Break: "break", ast.Continue: "continue", ast.Return: "return"}


@lru_cache(maxsize=4096)
def _last(text: str) -> tuple[type[ast.stmt], int]:
    body = parse_tree(text).body
    return type(body[-1]), len(body)


def jump_of(code: Code) -> Jump | None:
    """Return what a code node is that does nothing but leave; None for all others."""
    if not code.leaves:
        return None
    kind, count = _last(code.text)
    return _JUMPS.get(kind) if count == 1 else None


def goes_elsewhere(statement: Statement) -> bool:
    """Say whether what stands below a statement, in its block, is never reached from it: it leaves, or raises."""
    match statement:
        case Code(text=text):
            return _last(text)[0] in (*_JUMPS, ast.Raise)
        case Switch(arms=arms):
            return arms[-1].test is None and all(ends_elsewhere(arm.body) for arm in arms)
        case _:
            return False


def ends_elsewhere(block: Block) -> bool:
    """Say whether the end of a block is never reached."""
    return any(map(goes_elsewhere, block.statements))


def may_leave(block: Block) -> bool:
    """Say whether code in a block may leave it."""
    return any(map(leads_out, block.statements))


def leads_out(statement: Statement) -> bool:
    """Say whether a statement may leave the block that it stands in."""
    match statement:
        case Code(leaves=leaves):
            return leaves
        case Switch(arms=arms):
            return any(may_leave(arm.body) for arm in arms)
        case Loop(body=body):
            return may_return(body)
        case _:
            return False


def may_return(block: Block) -> bool:
    """Say whether code in a block may leave its function."""
    return any(map(returns, _codes(block)))


def returns(code: Code) -> bool:
    """Say whether code may leave its function."""
    return code.leaves and _returns(code.text)


@lru_cache(maxsize=4096)
def _returns(text: str) -> bool:
    return any(isinstance(node, ast.Return) for node in own_nodes(parse_tree(text).body))


@lru_cache(maxsize=4096)
def needs_loop(text: str) -> bool:
    """Say whether code ends a turn or a loop that it does not hold itself: outside of a loop it is no Python."""
    function = parse_tree("async def function():\n    pass")
    assert isinstance(function.body[0], ast.AsyncFunctionDef)
    function.body[0].body = parse_tree(text).body
    try:
        compile(function, "<code>", "exec")
    except SyntaxError as error:
        return "loop" in error.msg
    return False


@lru_cache(maxsize=4096)
def yields(text: str) -> bool:
    """Say whether code makes the function that it stands in a generator."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(parse_tree(text).body))


def _codes(block: Block) -> list[Code]:
    found: list[Code] = []
    for statement in block.statements:
        if isinstance(statement, Code):
            found.append(statement)
        elif isinstance(statement, Loop):
            found += _codes(statement.body)
        elif isinstance(statement, Switch):
            found += [code for arm in statement.arms for code in _codes(arm.body)]
    return found
