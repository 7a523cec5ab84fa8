"""Syntax tree → statements of a flow, each with the text it was read from."""

from __future__ import annotations

import ast
from dataclasses import replace

from flodesk.flow.model import (
    Arm,
    Bind,
    Block,
    Call,
    Code,
    Docstring,
    Expression,
    Function,
    Import,
    Literal,
    Loop,
    Main,
    Ref,
    Return,
    Statement,
    Switch,
)
from flodesk.flow.script.heads import Head, find_else, find_head, find_signature
from flodesk.flow.script.mapped import ZIP, Mapped, mapped_form, takes_side_by_side
from flodesk.flow.script.names import free_names, leaves, parameter_names, usage
from flodesk.flow.script.parsing import stands_alone
from flodesk.flow.script.shapes import LOOP, Path, Scope, dotted, exclusive, exclusive_or_carried, is_main_test, never
from flodesk.flow.script.text import Opaque, Text, columns, continued_lines, dedent


class StatementReader:
    """Goes over the statements of a text from top to bottom; each takes the text up to its own end."""

    def __init__(self, text: Text, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        self.fixed = _fixed_names(tree.body)
        self.shared = frozenset(usage(tree.body).binds) - self.fixed
        self.imports: dict[str, str] = {}
        self.main = False
        self.scope = Scope(text, local=self.shared, fixed=self.fixed, is_module=True)
        self.opening = tree.body[0] if tree.body else None
        self.closing: ast.stmt | None = None

    def module(self, start: int) -> Block:
        """Read the module level, from behind the header."""
        if not self.tree.body:
            return Block(indent="", tail=self.text.text[start:])
        block, end = self.block(self.tree.body, start, "", ())
        return replace(block, indent="", tail=self.text.text[end:])

    # -------------------------------------------------------------- blocks
    def block(self, body: list[ast.stmt], start: int, parent: str, path: Path) -> tuple[Block, int]:
        """Read statements of one indentation that begin at the line at `start`; give the end of the last line too.

        Raises
        ------
        Opaque
            The lines are not indented alike to the letter.
        """
        source = self.text.text
        first = self.first(body[0])
        indent = source[self.text.line_start(first) : first]
        default = parent + "    "
        block = Block(indent=None if indent == default and start else indent)
        if len(body) == 1 and isinstance(body[0], ast.Pass) and start and not self.is_module(body):
            end = self.text.rest(self.text.end(body[0]))
            position = self.text.after_break(end)
            filler = source[start:position]
            block = replace(block, filler=None if filler == default + "pass\n" else filler)
        else:
            statements = []
            position = start
            for group in self.groups(body):
                first = self.first(group[0])
                line = self.text.line_start(first)
                prefix = source[line:first]
                if line < position or not prefix.endswith(indent):
                    raise Opaque
                lead = source[position:line] + prefix.removesuffix(indent)
                statement, end = self.statement(group, lead, indent, path)
                statements.append(statement)
                position = end
            block = replace(block, statements=tuple(statements))
        if self.is_module(body):
            return block, position
        end = self.text.comments(position, columns(indent))
        return replace(block, tail=source[position:end]), end

    def is_module(self, body: list[ast.stmt]) -> bool:
        """Whether some statements are those of the module itself."""
        return body is self.tree.body

    def groups(self, body: list[ast.stmt]) -> list[list[ast.stmt]]:
        """Put statements that share a line (``a = 1; b = 2``) together."""
        found: list[list[ast.stmt]] = []
        end = -1
        for statement in body:
            if self.first(statement) == end:
                found[-1].append(statement)
            else:
                found.append([statement])
            end = self.text.rest(self.text.end(statement))
        return found

    def first(self, node: ast.stmt) -> int:
        """Offset at which a statement starts, decorators included."""
        match node:
            case (
                ast.FunctionDef(decorator_list=[first, *_])
                | ast.AsyncFunctionDef(decorator_list=[first, *_])
                | ast.ClassDef(decorator_list=[first, *_])
            ):
                return self.text.text.rfind("@", 0, self.text.start(first))
            case _:
                return self.text.start(node)

    # -------------------------------------------------------------- statements
    def statement(self, group: list[ast.stmt], lead: str, indent: str, path: Path) -> tuple[Statement, int]:
        """Read what stands on one logical line, or a compound statement; give the offset of the line after it."""
        node = group[0]
        mark = len(self.scope.journal)
        try:
            if len(group) > 1:
                raise Opaque
            match node:
                case ast.For() | ast.AsyncFor():
                    return self.loop(node, lead, indent, path)
                case ast.If():
                    return self.switch(node, lead, indent, path)
                case ast.FunctionDef() | ast.AsyncFunctionDef() if self.scope.is_module:
                    return self.function(node, lead)
                case _:
                    return self.simple(node, lead, path)
        except Opaque:
            self.scope.forget(mark)
            return self.code(group, lead, indent, path)

    def tail_of(self, node: ast.stmt) -> tuple[int, int, str]:
        """Offsets of the end of a statement's last line and of the next line, and the comment behind it."""
        end = self.text.end(node)
        stop = self.text.rest(end)
        _, hash_, comment = self.text.text[end:stop].partition("#")
        return stop, self.text.after_break(stop), comment.strip() if hash_ else ""

    def simple(self, node: ast.stmt, lead: str, path: Path) -> tuple[Statement, int]:
        """Read a statement that is no compound one."""
        start = self.text.start(node)
        stop, following, note = self.tail_of(node)
        raw = self.text.text[start:stop]
        ending = self.text.ending(stop)
        scope = self.scope
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if (form := self.mapped(value)) is not None:
                callee, arguments = self.scope.call(form.call)
                given = form.marked(arguments)
                scope.bind(name, path, exclusive)
                return Call(
                    id="", name=name, callee=callee, arguments=given, note=note, lead=lead, raw=raw, ending=ending
                ), following
            case ast.Assign(targets=[ast.Name(id=name)], value=(ast.Call() | ast.Await(value=ast.Call())) as value):
                made = self.called(value, name, note)
                scope.bind(name, path, exclusive)
                return replace(made, lead=lead, raw=raw, ending=ending), following
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                bound = scope.plain(value)
                scope.bind(name, path, exclusive_or_carried)
                return Bind(
                    id="", name=name, value=_in_brackets(bound), note=note, lead=lead, raw=raw, ending=ending
                ), following
            case ast.Expr(value=(ast.Call() | ast.Await(value=ast.Call())) as value):
                return replace(self.called(value, "", note), lead=lead, raw=raw, ending=ending), following
            case ast.Expr(value=ast.Constant(value=str(value))) if self.opens_body(node):
                return Docstring(value=value, lead=lead, raw=raw, ending=ending), following
            case ast.Return(value=value) if node is self.closing:
                return Return(
                    values=self.returned(node, value), note=note, lead=lead, raw=raw, ending=ending
                ), following
            case ast.Import() | ast.ImportFrom() if scope.is_module and not path:
                module, names = _import(node)
                self.imports.update(names)
                return Import(id="", module=module, names=names, lead=lead, raw=raw, ending=ending), following
            case _:
                raise Opaque

    def returned(self, node: ast.Return, value: ast.expr | None) -> tuple[Ref | Literal | Expression, ...]:
        """Read what a function returns at its end.

        Raises
        ------
        Opaque
            It yields, waits, or binds a name on the way.
        """
        if value is None:
            return ()
        if leaves(value) or usage([node]).binds:
            raise Opaque
        if isinstance(value, ast.Tuple) and len(value.elts) > 1:
            parts = [self.scope.value(part) for part in value.elts]
            if None not in parts:
                return tuple(part for part in parts if part is not None)
        found = self.scope.value(value)
        if found is not None:
            kept = _in_brackets(found)
            return (kept,)
        return (self.expression(value),)

    def expression(self, node: ast.expr) -> Expression:
        """Keep an expression to the letter, so that it can stand on a line."""
        text = self.text.segment(node)
        if "\n" in text and not stands_alone(text):
            text = f"({text})"
        return Expression(text, free_names(node))

    def mapped(self, value: ast.expr) -> Mapped | None:
        """Read a call for each item, which functions have; at the top of the file it is code."""
        if self.scope.is_module or (takes_side_by_side(value) and self.scope.has(ZIP)):
            return None
        return mapped_form(value, self.imports)

    def called(self, node: ast.expr, name: str, note: str) -> Call:
        """Read a call, with ``await`` before it or not."""
        awaited = isinstance(node, ast.Await)
        callee, arguments = self.scope.call(node.value if isinstance(node, ast.Await) else node)
        return Call(id="", name=name, callee=callee, arguments=arguments, note=note, awaited=awaited)

    def opens_body(self, node: ast.stmt) -> bool:
        """Whether a statement is the first of the module or of the function that is being read."""
        return node is self.opening

    def code(self, group: list[ast.stmt], lead: str, indent: str, path: Path) -> tuple[Code | Main, int]:
        """Keep statements to the letter."""
        start = self.first(group[0])
        stop = self.text.rest(self.text.end(group[-1]))
        following = self.text.after_break(stop)
        raw = self.text.text[start:stop]
        ending = self.text.ending(stop)
        if len(group) == 1 and (functions := self.handed_over(group[0])) is not None:
            self.main = True
            return Main(functions=functions, lead=lead, raw=raw, ending=ending), following
        found = usage(group)
        for name in found.binds:
            self.scope.note(name, path)
        text = raw
        if indent and "\n" in raw:
            here = self.text.line_start(start)
            line = self.text.text.count("\n", 0, here)
            inside = {n - line for statement in group for n in continued_lines(statement)} if indent else set()
            text = dedent(raw, indent, inside)
        return Code(
            id="",
            text=text,
            reads=found.reads,
            binds=found.binds,
            leaves=found.leaves,
            lead=lead,
            raw=raw,
            ending=ending,
        ), following

    def handed_over(self, node: ast.stmt) -> tuple[str, ...] | None:
        """Names in ``if __name__ == "__main__": flodesk.main(...)``; None if it is something else."""
        if not is_main_test(node) or self.main or not self.scope.is_module:
            return None
        assert isinstance(node, ast.If)
        for statement in node.body:
            if isinstance(statement, ast.Expr) and isinstance(call := statement.value, ast.Call):
                head, *others = dotted(call.func) or ("",)
                if ".".join([self.imports.get(head, head), *others]) == "flodesk.main":
                    return tuple(a.id for a in call.args if isinstance(a, ast.Name))
        return None

    # -------------------------------------------------------------- compound statements
    def body(self, below: list[ast.stmt], head: Head, indent: str, path: Path) -> tuple[Block, int]:
        """Read the body below a head."""
        if head.bare:
            return Block(filler=""), head.following
        return self.block(below, head.following, indent, path)

    def loop(self, node: ast.For | ast.AsyncFor, lead: str, indent: str, path: Path) -> tuple[Loop, int]:
        """Read ``for targets in producer(...)``."""
        targets = node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]
        names = tuple(t.id for t in targets if isinstance(t, ast.Name))
        if node.orelse or len(names) != len(targets) or len(set(names)) != len(names) or not names:
            raise Opaque
        called = isinstance(node.iter, ast.Call)
        callee, arguments = self.scope.call(node.iter) if called else (".".join(dotted(node.iter)), ())
        if not callee:
            raise Opaque
        for name in names:
            self.scope.bind(name, path, never)
        head = find_head(self.text, self.text.start(node), self.text.end(node.iter), node.body)
        body, end = self.body(node.body, head, indent, (*path, (self.scope.region(), LOOP)))
        loop = Loop(
            id=names[0], targets=names, callee=callee, arguments=arguments, called=called, note=head.note, body=body,
            awaited=isinstance(node, ast.AsyncFor), lead=lead, raw=head.raw, ending=head.ending,
        )  # fmt: skip
        return loop, end

    def switch(self, node: ast.If, lead: str, indent: str, path: Path) -> tuple[Switch, int]:
        """Read ``if`` with its ``elif``s and ``else``."""
        if is_main_test(node):
            raise Opaque
        region = self.scope.region()
        arms: list[Arm] = []

        def arm(start: int, after: int, below: list[ast.stmt], lead: str, test: Ref | Expression | None) -> int:
            head = find_head(self.text, start, after, below)
            body, end = self.body(below, head, indent, (*path, (region, len(arms))))
            arms.append(Arm(test=test, body=body, lead=lead, raw=head.raw, ending=head.ending))
            return end

        start = self.text.start(node)
        end = arm(start, self.text.end(node.test), node.body, "", self.test(node.test))
        while isinstance(following := node.orelse[0] if node.orelse else None, ast.If):
            start = self.text.start(following)
            if not self.text.text.startswith("elif", start):
                break
            line = self.text.line_start(start)
            if self.text.text[line:start] != indent:
                raise Opaque
            node = following
            end = arm(start, self.text.end(node.test), node.body, self.text.text[end:line], self.test(node.test))
        if node.orelse:
            line, start, colon = find_else(self.text, end, indent)
            end = arm(start, colon, node.orelse, self.text.text[end:line], None)
        return Switch(id="", arms=tuple(arms), lead=lead), end

    def test(self, node: ast.expr) -> Ref | Expression:
        """Read what a switch asks: a variable, or an expression that is kept.

        Raises
        ------
        Opaque
            It binds a name on the way (``:=``): a switch gives no values of its own.
        """
        if usage([ast.Expr(node)]).binds:
            raise Opaque
        value = self.scope.value(node)
        return value if isinstance(value, Ref) else self.expression(node)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, lead: str) -> tuple[Function, int]:
        """Read a function of the module."""
        if node.decorator_list or getattr(node, "type_params", None):
            raise Opaque
        self.scope.bind(node.name, (), never)
        signature = find_signature(self.text, node)
        head = find_head(self.text, self.text.start(node), signature.after, node.body)
        parameters = parameter_names(node.args)
        found = usage(node.body)
        outside = self.scope, self.opening, self.closing
        self.scope = Scope(
            self.text,
            local=frozenset([*found.binds, *parameters]),
            shared=self.shared,
            fixed=self.fixed,
            outer=frozenset(found.outer),
        )
        for name in parameters:
            self.scope.note(name, None)
        self.opening, self.closing = node.body[0], node.body[-1]
        try:
            body, end = self.body(node.body, head, "", ())
        finally:
            self.scope, self.opening, self.closing = outside
        made = Function(
            id=node.name, name=node.name, parameters=signature.parameters, returns=signature.returns, body=body,
            asynchronous=isinstance(node, ast.AsyncFunctionDef), lead=lead, raw=head.raw, ending=head.ending,
        )  # fmt: skip
        return made, end


def _fixed_names(body: list[ast.stmt]) -> frozenset[str]:
    """Names that the module's imports, functions and classes bind."""
    names: set[str] = set()
    for statement in body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(statement.name)
            case ast.Import() | ast.ImportFrom():
                names.update(usage([statement]).binds)
            case _:
                pass
    return frozenset(names)


def _import(node: ast.Import | ast.ImportFrom) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Give the module, and each bound name with the dotted path that it stands for."""
    if isinstance(node, ast.Import):
        pairs = [(a.asname, a.name) if a.asname else (a.name.partition(".")[0],) * 2 for a in node.names]
        return "", tuple((str(name), path) for name, path in pairs)
    module = "." * node.level + (node.module or "")
    if any(alias.name == "*" for alias in node.names):
        raise Opaque
    join = "" if module.endswith(".") else "."
    return module, tuple((a.asname or a.name, f"{module}{join}{a.name}") for a in node.names)


def _in_brackets(value: Ref | Literal) -> Ref | Literal:
    """Make sure that a literal of several lines can stand alone behind ``name =``."""
    if isinstance(value, Literal) and "\n" in value.text and not stands_alone(value.text):
        return Literal(f"({value.text})")
    return value
