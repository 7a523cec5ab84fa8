"""Which variables the code of a function reads only later: in functions and generators that outlive their line."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flodesk.flow.model import Block, Code, Expression, Region, Return, Statement, Switch, walk
from flodesk.flow.names import reads_of
from flodesk.flow.script.names import free_names, own_nodes, usage
from flodesk.flow.syntax import parse_tree

_USED_UP = frozenset(
    ("all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple", "join", "sort", "extend")
)
"""What goes through a generator, or calls a function that it is given, before it is done."""

_MADE = ast.Lambda | ast.GeneratorExp | ast.FunctionDef | ast.AsyncFunctionDef


def kept_by_scopes(block: Block) -> frozenset[str]:
    """Return the variables that lambdas, inner functions and generators of a block read, and may read later.

    One that is called or gone through on the spot reads them at once. So does an inner function that is called only.
    """
    statements = [statement for statement, _ in walk(block, Region(""))]
    trees = [tree for statement in statements for tree in _trees(statement)]
    passed = {ref.name for s in statements if not isinstance(s, Code) for ref in reads_of(s)}
    passed |= {name for tree in trees for name in _passed_on(tree)}
    found: set[str] = set()
    for tree in trees:
        used_up = set(_used_up(tree))
        for node in ast.walk(tree):
            match node:
                case ast.Lambda() if id(node) not in used_up:
                    found.update(free_names(node))
                case ast.GeneratorExp() if id(node) not in used_up:
                    found.update(set(free_names(node)) - set(free_names(node.generators[0].iter)))
                case ast.FunctionDef() | ast.AsyncFunctionDef() if node.name in passed or _waits(node):
                    found.update(usage([node]).reads)
                case ast.ClassDef():
                    methods = [part for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
                    found.update(name for method in methods for name in usage([method]).reads)
                case _:
                    pass
    return frozenset(found)


def first_keeper(block: Block, name: str) -> str:
    """Return the id of the first statement that makes a function or a generator which reads a variable."""
    for statement, _ in walk(block, Region("")):
        for tree in _trees(statement):
            inner = (node for node in ast.walk(tree) if isinstance(node, _MADE))
            if any(isinstance(part, ast.Name) and part.id == name for node in inner for part in ast.walk(node)):
                return statement.id
    return ""


def _trees(statement: Statement) -> Iterator[ast.AST]:
    match statement:
        case Code(text=text):
            yield parse_tree(text)
        case Switch(arms=arms):
            yield from (_expression(arm.test.text) for arm in arms if isinstance(arm.test, Expression))
        case Return(values=values):
            yield from (_expression(value.text) for value in values if isinstance(value, Expression))
        case _:
            pass


def _expression(text: str) -> ast.AST:
    return parse_tree(f"({text}\n)", mode="eval")


def _passed_on(tree: ast.AST) -> Iterator[str]:
    """Give the names that are read as values, not only called."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
            yield node.id


def _used_up(tree: ast.AST) -> Iterator[int]:
    """Give the generators and lambdas that are done with when their line is."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        yield id(node.func)
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _USED_UP:
            yield from (id(argument) for argument in node.args)
            yield from (id(keyword.value) for keyword in node.keywords)


def _waits(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a call of an inner function gives something that runs later."""
    generates = any(isinstance(part, ast.Yield | ast.YieldFrom) for part in own_nodes(node.body))
    return generates or isinstance(node, ast.AsyncFunctionDef) or bool(node.decorator_list)
