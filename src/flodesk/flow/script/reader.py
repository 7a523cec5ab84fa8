"""Text → flow. Nothing of the file is imported or run, and nothing of it is lost: what is not understood is code."""

from __future__ import annotations

import ast
import re
import threading
import warnings
from dataclasses import replace
from typing import Any

from flodesk.flow.model import (
    Arm,
    Bind,
    Block,
    Call,
    Code,
    Docstring,
    Expression,
    Flow,
    Function,
    Header,
    Import,
    Literal,
    Loop,
    Main,
    Ref,
    Statement,
    Switch,
)
from flodesk.flow.script.errors import ScriptError
from flodesk.flow.script.header import find_header, parse_header
from flodesk.flow.script.ids import with_all_ids
from flodesk.flow.script.names import parameter_names, usage
from flodesk.flow.script.shapes import LOOP, Path, Scope, dotted, exclusive, exclusive_or_carried
from flodesk.flow.script.text import Opaque, Text, columns, continued_lines, dedent
from flodesk.flow.script.writer import write

_GAP = re.compile(r"(?:[ \t\f\r\n\\(),/]|#[^\r\n]*)*")
_HEAD_REST = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_ELSE = re.compile(r"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*([ \t\f]*)else[ \t\f]*(?=:)")
_DEEP = "statements or expressions are nested too deeply to be read; split them up"
_parsing = threading.Lock()


def read(text: str) -> Flow:
    """Read a script as a flow, without running any of it.

    Parameters
    ----------
    text : str
        A Python file of any kind, with any ends of lines.

    Returns
    -------
    Flow
        ``write(read(text)) == text``, whatever the text.

    Raises
    ------
    ScriptError
        The text is not Python, or its header is not TOML; `line` says where.
    """
    newline = _newline(text)
    plain = text.replace(newline, "\n")
    final = not plain or plain[-1] in "\r\n"
    if not final:
        plain += "\n"
    tree = parse(plain)
    source = Text(plain)
    spans = [(s.lineno, s.end_lineno or s.lineno) for s in tree.body]
    found = find_header(source.lines, spans)
    header, ids = parse_header(found.lines, found.line) if found else (Header(present=False), {})
    start = 0
    prefix = ""
    if found and found.first:
        prefix = plain[: source.starts[found.line - 1]]
        start = source.starts[found.line - 1 + len(found.lines)]
    common: dict[str, Any] = {"newline": newline, "final_newline": final}
    try:
        module = with_all_ids(_Reader(source, tree).module(start), ids)
        flow = Flow(header=header, prefix=prefix, module=module, **common)
        if write(flow) == text:
            return flow
    except Opaque:
        pass
    except RecursionError as error:
        raise ScriptError(_DEEP) from error
    # Layouts that no tree of statements holds (tabs and blanks that only look alike): one code node, to the letter.
    flow = Flow(header=header, prefix=prefix, module=_whole(tree, plain[start:]), **common)
    if write(flow) == text:
        return flow
    return Flow(header=Header(present=False), module=_whole(tree, plain), **common)


def parse(text: str) -> ast.Module:
    """Parse a text.

    Raises
    ------
    ScriptError
        It is not Python.
    """
    if "\0" in text:
        raise ScriptError("there is a null byte: this is not a text file", _line_of(text, text.index("\0")))
    try:
        with _parsing, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise ScriptError(f"this is not Python: {error.msg}", error.lineno or 0) from error
    except UnicodeEncodeError as error:
        raise ScriptError("there is half a character (a lone surrogate)", _line_of(text, error.start)) from error
    except ValueError as error:
        raise ScriptError(f"this is not Python: {error}") from error
    except (RecursionError, MemoryError) as error:
        raise ScriptError(_DEEP) from error


def _line_of(text: str, offset: int) -> int:
    return len(Text(text[:offset] + ".").lines)


def _newline(text: str) -> str:
    """Find the one way in which all lines of a text end; a line feed where they end in several."""
    double, carriage, feed = text.count("\r\n"), text.count("\r"), text.count("\n")
    if carriage and feed == 0:
        return "\r"
    return "\r\n" if double and double == carriage == feed else "\n"


def _whole(tree: ast.Module, text: str) -> Block:
    """Keep a module as one code node."""
    if not text:
        return Block()
    raw = text.removesuffix("\n")
    found = usage(tree.body)
    return Block(statements=(Code(id="code_1", raw=raw, text=raw, reads=found.reads, binds=found.binds),))


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


class _Reader:
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
            filler: str | None = self.text.whole_line(start, end)
            block = replace(block, filler=None if filler == default + "pass" else filler)
            position = self.text.after_break(end)
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
        mark, regions = len(self.scope.journal), self.scope.regions
        try:
            if len(group) > 1:
                raise Opaque
            match node:
                case ast.For():
                    return self.loop(node, lead, indent, path)
                case ast.If():
                    return self.switch(node, lead, indent, path)
                case ast.FunctionDef() if self.scope.is_module:
                    return self.function(node, lead)
                case _:
                    return self.simple(node, lead, path)
        except Opaque:
            self.scope.forget(mark)
            self.scope.regions = regions
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
        raw = self.text.whole_line(start, stop)
        scope = self.scope
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                callee, arguments = scope.call(call)
                scope.bind(name, path, exclusive)
                return Call(
                    id="", name=name, callee=callee, arguments=arguments, note=note, lead=lead, raw=raw
                ), following
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                bound = scope.plain(value)
                scope.bind(name, path, exclusive_or_carried)
                return Bind(id="", name=name, value=_in_brackets(bound), note=note, lead=lead, raw=raw), following
            case ast.Expr(value=ast.Call() as call):
                callee, arguments = scope.call(call)
                return Call(
                    id="", name="", callee=callee, arguments=arguments, note=note, lead=lead, raw=raw
                ), following
            case ast.Expr(value=ast.Constant(value=str(value))) if self.opens_body(node):
                return Docstring(value=value, lead=lead, raw=raw), following
            case ast.Import() | ast.ImportFrom() if scope.is_module and not path:
                module, names = _import(node)
                self.imports.update(names)
                return Import(id="", module=module, names=names, lead=lead, raw=raw), following
            case _:
                raise Opaque

    def opens_body(self, node: ast.stmt) -> bool:
        """Whether a statement is the first of the module or of the function that is being read."""
        return node is self.opening

    def code(self, group: list[ast.stmt], lead: str, indent: str, path: Path) -> tuple[Code | Main, int]:
        """Keep statements to the letter."""
        start = self.first(group[0])
        stop = self.text.rest(self.text.end(group[-1]))
        following = self.text.after_break(stop)
        raw = self.text.whole_line(start, stop)
        if len(group) == 1 and (functions := self.handed_over(group[0])) is not None:
            self.main = True
            return Main(functions=functions, lead=lead, raw=raw), following
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
            id="", text=text, reads=found.reads, binds=found.binds, leaves=found.leaves, lead=lead, raw=raw
        ), following

    def handed_over(self, node: ast.stmt) -> tuple[str, ...] | None:
        """Names in ``if __name__ == "__main__": flodesk.main(...)``; None if it is something else."""
        if not _is_main_test(node) or self.main or not self.scope.is_module:
            return None
        assert isinstance(node, ast.If)
        for statement in node.body:
            if isinstance(statement, ast.Expr) and isinstance(call := statement.value, ast.Call):
                head, *others = dotted(call.func) or ("",)
                if ".".join([self.imports.get(head, head), *others]) == "flodesk.main":
                    return tuple(a.id for a in call.args if isinstance(a, ast.Name))
        return None

    # -------------------------------------------------------------- compound statements
    def head(self, start: int, after: int, body: list[ast.stmt]) -> tuple[str, int, bool]:
        """Find the line on which a head ends, from `after` what it holds.

        Returns
        -------
        raw, following, bare
            The head's text; the offset of the next line; whether the body is a ``pass`` on the head's own line.

        Raises
        ------
        Opaque
            The body is something else on the head's own line.
        """
        found = _GAP.match(self.text.text, after)
        colon = found.end() if found else after
        if self.text.text[colon : colon + 1] != ":":
            raise Opaque
        rest = _HEAD_REST.match(self.text.text, colon + 1)
        bare = rest is None
        if bare and not (len(body) == 1 and isinstance(body[0], ast.Pass)):
            raise Opaque
        end = rest.end() if rest else self.text.rest(self.text.end(body[0]))
        return self.text.whole_line(start, end), self.text.after_break(end), bare

    def body(self, node_body: list[ast.stmt], following: int, bare: bool, indent: str, path: Path) -> tuple[Block, int]:
        """Read the body below a head."""
        if bare:
            return Block(filler=""), following
        return self.block(node_body, following, indent, path)

    def loop(self, node: ast.For, lead: str, indent: str, path: Path) -> tuple[Loop, int]:
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
            self.scope.bind(name, path, lambda new, old: False)
            self.scope.bound[name][-1] = None
        raw, following, bare = self.head(self.text.start(node), self.text.end(node.iter), node.body)
        inner = (*path, (self.scope.region(), LOOP))
        body, end = self.body(node.body, following, bare, indent, inner)
        note = "" if bare else _note(self.text, node.iter)
        loop = Loop(
            id=names[0], targets=names, callee=callee, arguments=arguments, called=called, note=note, body=body,
            lead=lead, raw=raw,
        )  # fmt: skip
        return loop, end

    def switch(self, node: ast.If, lead: str, indent: str, path: Path) -> tuple[Switch, int]:
        """Read ``if`` with its ``elif``s and ``else``."""
        if _is_main_test(node):
            raise Opaque
        number = self.scope.region()
        arms: list[Arm] = []
        start = self.text.start(node)
        arm_lead = ""
        while True:
            raw, following, bare = self.head(start, self.text.end(node.test), node.body)
            body, end = self.body(node.body, following, bare, indent, (*path, (number, len(arms))))
            arms.append(Arm(test=self.test(node.test), body=body, lead=arm_lead, raw=raw))
            if not node.orelse:
                return Switch(id="", arms=tuple(arms), lead=lead), end
            follower = node.orelse[0]
            start = self.text.start(follower)
            line = self.text.line_start(start)
            if not (
                isinstance(follower, ast.If) and self.text.text.startswith("elif", start) and len(node.orelse) == 1
            ):
                break
            if self.text.text[line:start] != indent or line < end:
                raise Opaque
            arm_lead = self.text.text[end:line]
            node = follower
        found = _ELSE.match(self.text.text, end)
        if not found or found[1] != indent:
            raise Opaque
        start = found.end(1)
        raw, following, bare = self.head(start, found.end(), node.orelse)
        arm_lead = self.text.text[end : found.start(1)]
        body, end = self.body(node.orelse, following, bare, indent, (*path, (number, len(arms))))
        arms.append(Arm(test=None, body=body, lead=arm_lead, raw=raw))
        return Switch(id="", arms=tuple(arms), lead=lead), end

    def test(self, node: ast.expr) -> Ref | Expression:
        """Read what a switch asks: a variable, or an expression that is kept."""
        value = self.scope.value(node)
        if isinstance(value, Ref):
            return value
        text = self.text.segment(node)
        if "\n" in text:
            text = _joinable(text)
        return Expression(text, self.scope.reads(node))

    def function(self, node: ast.FunctionDef, lead: str) -> tuple[Function, int]:
        """Read a function of the module."""
        if node.decorator_list or getattr(node, "type_params", ()):
            raise Opaque
        self.scope.bind(node.name, (), lambda new, old: False)
        self.scope.bound[node.name][-1] = None
        start = self.text.start(node)
        opening = self.text.text.index("(", start)
        arguments = node.args
        parts: list[ast.arg | ast.expr] = [
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            *arguments.defaults,
        ]
        parts += [part for part in (arguments.vararg, arguments.kwarg, *arguments.kw_defaults) if part is not None]
        last = max((self.text.end(part) for part in parts), default=opening + 1)
        returns = ""
        gap = _GAP.match(self.text.text, last)
        after = gap.end() if gap else last
        closing = _last_bracket(self.text.text, last, after)
        if node.returns is not None:
            returns_start = after + 2
            after = self.text.end(node.returns)
            colon = _GAP.match(self.text.text, after)
            returns = self.text.text[returns_start : colon.end() if colon else after].strip()
        outer_scope, outer_opening = self.scope, self.opening
        found = usage(node.body)
        raw, following, bare = self.head(start, after, node.body)
        self.scope = Scope(
            self.text,
            local=frozenset([*found.binds, *parameter_names(arguments)]),
            shared=self.shared,
            fixed=self.fixed,
            outer=frozenset(found.outer),
        )
        for name in parameter_names(arguments):
            self.scope.note(name, None)
        self.opening = node.body[0]
        try:
            body, end = self.body(node.body, following, bare, "", ())
        finally:
            self.scope, self.opening = outer_scope, outer_opening
        made = Function(
            id=node.name, name=node.name, parameters=self.text.text[opening + 1 : closing], returns=returns, body=body,
            lead=lead, raw=raw,
        )  # fmt: skip
        return made, end


def _last_bracket(text: str, start: int, end: int) -> int:
    """Offset of the last ``)`` between two offsets that is not in a comment."""
    found = -1
    while start < end:
        if text[start] == "#":
            start = min((p for p in (text.find("\n", start), text.find("\r", start)) if p >= 0), default=end)
            continue
        if text[start] == ")":
            found = start
        start += 1
    if found < 0:
        raise Opaque
    return found


def _is_main_test(node: ast.stmt) -> bool:
    match node:
        case ast.If(
            test=ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")])
        ):
            return True
        case _:
            return False


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
    if isinstance(value, Literal) and "\n" in value.text:
        return Literal(_joinable(value.text))
    return value


def _joinable(text: str) -> str:
    """Put an expression that goes over several lines in brackets where it needs them."""
    try:
        with _parsing, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body
    except (SyntaxError, ValueError):
        body = []
    return text if len(body) == 1 else f"({text})"


def _note(text: Text, last: ast.expr) -> str:
    """Comment behind the colon of a head that ends with the expression `last`."""
    end = text.end(last)
    found = _GAP.match(text.text, end)
    colon = found.end() if found else end
    rest = _HEAD_REST.match(text.text, colon + 1)
    return rest[0].strip().removeprefix("#").strip() if rest else ""
