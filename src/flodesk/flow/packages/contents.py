"""What the text of a module binds at its top, and what it lists as its own: read, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from flodesk.flow.packages.finding import Place
from flodesk.flow.syntax import parse_tree

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that comes from elsewhere; without a `name` it is the module itself."""

    module: str
    name: str = ""

    @property
    def path(self) -> str:
        """Its dotted path."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True, slots=True)
class Valued:
    """A name that is bound to a value; of one that is only declared (``sin: np.ufunc``) the value is None."""

    value: ast.expr | None
    annotation: ast.expr | None = None


Bound = Definition | Imported | Valued


@dataclass(slots=True, repr=False)
class Contents:
    """A module's text, taken apart.

    Attributes
    ----------
    place : Place
    names : dict of name to what it is bound to
        Of a name that is bound several times the last counts; of overloads that with most parameters.
    stars : list of str
        Modules of which it takes all, in their order.
    lists : list of ast.expr
        What ``__all__`` is made of; empty if it has none.
    aliases : dict of name to dotted path
        What its imports bind, for annotations.
    docs : dict of name to expression
        What ``name.__doc__`` is set to.
    """

    place: Place
    names: dict[str, Bound] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    lists: list[ast.expr] = field(default_factory=list)
    has_list: bool = False
    aliases: dict[str, str] = field(default_factory=dict)
    docs: dict[str, ast.expr] = field(default_factory=dict)


def contents(place: Place, file: Path) -> Contents:
    """Take the text of a module apart, or that of its stub.

    Raises
    ------
    OSError, SyntaxError, ValueError
        It cannot be read.
    """
    tree = parse_tree(file.read_bytes().decode("utf-8", "replace").lstrip("\ufeff"), quiet=True)
    found = Contents(place)
    _walk(found, tree.body)
    return found


def _walk(found: Contents, statements: Iterable[ast.stmt]) -> None:
    for statement in statements:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                _define(found, statement)
            case ast.Import() | ast.ImportFrom():
                _import(found, statement)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    _assign(found, target, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=value, annotation=annotation):
                if name == "__all__":
                    _assign(found, statement.target, value or ast.List(elts=[]))
                else:
                    found.names[name] = Valued(value, annotation)
            case ast.AugAssign(target=ast.Name(id="__all__"), value=value):
                found.lists.append(value)
                found.has_list = True
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__"), attr=how), args=[given])):
                found.lists.append(ast.List(elts=[given]) if how == "append" else given)
            case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[ast.Name() as module], keywords=[])):
                if isinstance(function := found.names.get(name), ast.FunctionDef) and _extends_list(function):
                    found.lists.append(ast.Attribute(module, "__all__", ast.Load()))
            case ast.If(body=body, orelse=other):
                _walk(found, [*other, *body] if _is_for_types(statement.test) else [*body, *other])
            case ast.Try(body=body, handlers=handlers, orelse=other, finalbody=final):
                for handler in handlers:
                    _walk(found, handler.body)
                _walk(found, [*body, *other, *final])
            case ast.With(body=body) | ast.For(body=body):
                _walk(found, body)
            case ast.Delete(targets=targets):
                for target in targets:
                    if isinstance(target, ast.Name):
                        found.names.pop(target.id, None)
            case _:
                pass


def _extends_list(function: ast.FunctionDef) -> bool:
    """Say whether a function of the module takes the list of another module over into its own (as in NumPy)."""
    return any(isinstance(node, ast.Name) and node.id == "__all__" for node in ast.walk(function))


def _is_for_types(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
    return name.startswith("TYPE_CHECK")


def _define(found: Contents, node: Definition) -> None:
    before = found.names.get(node.name)
    if isinstance(before, ast.FunctionDef) and isinstance(node, ast.FunctionDef) and _is_overload(node):
        if _count(before) > _count(node):
            return
    elif isinstance(before, ast.FunctionDef) and _is_registered(node):
        return  # ``@function.register``: of that name is the function that it is registered with
    found.names[node.name] = node


def _is_overload(node: ast.FunctionDef) -> bool:
    return any(ast.unparse(d).rpartition(".")[2] == "overload" for d in node.decorator_list)


def _is_registered(node: Definition) -> bool:
    return any(isinstance(d, ast.Attribute) and d.attr == "register" for d in node.decorator_list)


def _count(node: ast.FunctionDef) -> int:
    return len(node.args.posonlyargs) + len(node.args.args) + len(node.args.kwonlyargs)


def _import(found: Contents, statement: ast.Import | ast.ImportFrom) -> None:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            name = alias.asname or alias.name.partition(".")[0]
            path = alias.name if alias.asname else name
            found.names[name] = Imported(path)
            found.aliases[name] = path
        return
    module = found.place.absolute(statement.module, statement.level)
    for alias in statement.names:
        if alias.name == "*":
            if module:
                found.stars.append(module)
            continue
        name = alias.asname or alias.name
        found.names[name] = Imported(module, alias.name)
        found.aliases[name] = f"{module}.{alias.name}"


def _assign(found: Contents, target: ast.expr, value: ast.expr) -> None:
    if isinstance(target, ast.Tuple):
        names = [part.id for part in target.elts if isinstance(part, ast.Name)]
        if "__all__" in names and isinstance(value, ast.Call):
            _attach(found, value)
        elif isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
            for part, each in zip(target.elts, value.elts, strict=True):
                _assign(found, part, each)
        return
    if isinstance(target, ast.Attribute) and target.attr == "__doc__" and isinstance(target.value, ast.Name):
        found.docs[target.value.id] = value
    if not isinstance(target, ast.Name):
        return
    if target.id == "__all__":
        found.lists = [value]
        found.has_list = True
    elif isinstance(value, ast.Name) and value.id == target.id:
        return
    else:
        found.names[target.id] = Valued(value)


def _attach(found: Contents, call: ast.Call) -> None:
    """Read ``lazy_loader.attach``: modules that are imported when something of them is asked for, and their names."""
    if not ast.unparse(call.func).endswith("attach"):
        return  # of `attach_stub` the stub beside says all
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    modules = call.args[1] if len(call.args) > 1 else given.get("submodules")
    attributes = call.args[2] if len(call.args) > 2 else given.get("submod_attrs")
    listed: list[ast.expr] = []
    if isinstance(modules, ast.List | ast.Set | ast.Tuple):
        for part in modules.elts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                found.names[part.value] = Imported(found.place.name, part.value)
    if isinstance(attributes, ast.Dict):
        for key, names in zip(attributes.keys, attributes.values, strict=True):
            listing = names.elts if isinstance(names, ast.List | ast.Tuple | ast.Set) else []
            inner = key.value if isinstance(key, ast.Constant) else ""
            for part in listing:
                if isinstance(inner, str) and isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.names[part.value] = Imported(f"{found.place.name}.{inner}", part.value)
                    listed.append(part)
    found.lists, found.has_list = [ast.List(elts=listed)], True


__all__ = ["Bound", "Contents", "Definition", "Imported", "Valued", "contents"]
