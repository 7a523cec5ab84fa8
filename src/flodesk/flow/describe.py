"""Makes a node type of a Python callable: what its signature, annotations and docstring say, said once.

Any typed function, generator function or class will do; `flodesk.node` adds only what Python cannot say.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flodesk.flow import annotation as hints
from flodesk.flow.docstring import describe as read_docstring
from flodesk.flow.docstring import unit_of
from flodesk.flow.requires import imported_by
from flodesk.flow.spec import NodeSpec, Output, Parameter, Passing
from flodesk.flow.syntax import signature
from flodesk.flow.told_types import told_type
from flodesk.public import Facts, Role

_PASSING: dict[Any, Passing] = {
    inspect.Parameter.POSITIONAL_ONLY: "position",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "either",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "many",
}


@dataclass(frozen=True)
class Method:
    """One callable as a signature: of a live function, or read from text (then nothing of it was run).

    Attributes
    ----------
    name : str
        Empty for a function, else the method's name.
    parameters : tuple of inspect.Parameter
        Without ``self``. Annotations are objects; a default may be a `Text`.
    returns : object
        The annotation of the result; ``inspect.Signature.empty`` if there is none.
    yields : bool
        It is a generator function.
    doc : str
        Its docstring.
    asynchronous : bool
        It is called with ``await``, or with ``async for``.
    """

    name: str
    parameters: tuple[inspect.Parameter, ...]
    returns: Any
    yields: bool
    doc: str
    asynchronous: bool = False

    @cached_property
    def is_producer(self) -> bool:
        """Its values come one at a time."""
        return self.yields or (not self.asynchronous and hints.is_iterator(self.returns))

    @cached_property
    def awaits(self) -> bool:
        """It has to be called with ``await``, or with ``async for`` if it is a producer."""
        return self.asynchronous or hints.is_awaitable(self.returns)

    @cached_property
    def result(self) -> Any:
        """The annotation of one value that it gives."""
        return hints.yielded(self.returns) if self.is_producer else hints.awaited(self.returns)


@dataclass(frozen=True, slots=True)
class Text:
    """A default that is known by its text only."""

    text: str

    def __repr__(self) -> str:
        return self.text


def describe(target: Callable[..., Any], path: str = "", category: str = "") -> NodeSpec:
    """Describe a function or class.

    Parameters
    ----------
    target : callable
        A function, generator function or class; nothing of it is called.
    path : str
        The dotted path by which a script reaches it; by default its module and name.
    category : str
        The library's shelf; by default its module, for our own nodes without the package's name.

    Raises
    ------
    TypeError
        It cannot be called.
    """
    if not callable(target):
        raise TypeError(f"{path or target!r} is not a function or class, so it cannot be a node.")
    name = getattr(target, "__qualname__", type(target).__name__)
    module = getattr(target, "__module__", "") or ""
    path = path or f"{module}.{name}"
    category = category or path.rpartition(".")[0].removeprefix("flodesk.nodes.")
    facts = vars(target).get("__flodesk__") if hasattr(target, "__dict__") else None
    file, line = _place(target)
    return assemble(
        path,
        category,
        methods_of(target),
        inspect.getdoc(target) or "",
        facts or Facts(),
        file=file,
        line=line,
        requires=imported_by(target),
    )


def methods_of(target: Callable[..., Any]) -> tuple[Method, ...]:
    """Return the signatures that matter: a function's own, or a class's constructor and what is called after it."""
    if not isinstance(target, type):
        return (_method("", target),)
    constructor = _inherited(target, "__init__")
    init = _method("__init__", target if constructor is None else constructor)
    if is_shared(target):
        names = tuple(name for name in ("put", "get", "__iter__") if _inherited(target, name))
        return (init, *(_method(name, getattr(target, name)) for name in names))
    for names in (("__call__",), ("add", "result"), ("__iter__",)):
        if all(callable(_inherited(target, name)) for name in names):
            return (init, *(_method(name, getattr(target, name)) for name in names))
    return (init,)


def is_shared(target: object) -> bool:
    """Say whether it is a class of objects that several functions share, such as a queue."""
    facts = vars(target).get("__flodesk__") if isinstance(target, type) else None
    return isinstance(facts, Facts) and facts.role == "shared"


def assemble(
    path: str,
    category: str,
    methods: tuple[Method, ...],
    doc: str,
    facts: Facts,
    *,
    file: str = "",
    line: int = 0,
    requires: tuple[str, ...] = (),
) -> NodeSpec:
    """Put a node type together from its signatures."""
    role = _role(methods, facts)
    own = read_docstring(doc)
    name = path.rpartition(".")[2]
    parameters: list[Parameter] = []
    outputs: list[Output] = []
    for method in methods:
        said = read_docstring(method.doc) if method.name else own
        help_texts = {**own.takes, **said.takes} if method.name == "__init__" else {**said.takes}
        types = {**own.takes_types, **said.takes_types} if method.name == "__init__" else said.takes_types
        parameters += [_parameter(p, method.name, help_texts, types) for p in method.parameters if p.kind in _PASSING]
        if method.name != "__init__":
            outputs += _outputs(method, said.gives, said.gives_types)
    if len(methods) == 1 and methods[0].name == "__init__":
        outputs.append(Output("", "any"))  # a class that is no node with state: its object is the result
    if role == "control" and parameters and facts.widget:
        first = parameters[0]
        parameters[0] = Parameter(**{f: getattr(first, f) for f in Parameter.__slots__} | {"widget": facts.widget})
    if facts.saves:
        parameters = [
            replace(p, widget="save", endings=tuple(facts.saves)) if p.type == "path" else p for p in parameters
        ]
    return NodeSpec(
        path=path,
        name=name,
        title=facts.title or title_of(name),
        category=category,
        role=role,
        parameters=tuple(parameters),
        outputs=tuple(outputs),
        methods=tuple(method.name for method in methods if method.name not in ("", "__init__")),
        summary=own.summary,
        help=own.text,
        tags=tuple(facts.tags),
        pure=facts.repeatable and role in ("function", "control", "indicator") and bool(outputs),
        says_pure=facts.pure is True,
        file=file,
        line=line,
        extra=any(p.kind is p.VAR_KEYWORD for method in methods for p in method.parameters),
        awaits=tuple(method.name for method in methods if method.awaits),
        requires=requires,
    )


def title_of(name: str) -> str:
    """Make a title of a Python name: ``running_mean`` and ``RunningMean`` both give "Running mean"."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").split()
    text = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
    return text[:1].upper() + text[1:]


def _role(methods: tuple[Method, ...], facts: Facts) -> Role:
    if facts.role is not None:
        return facts.role
    last = methods[-1]
    if last.name in ("__call__", "result"):
        return "state" if last.name == "__call__" else "collector"
    if last.is_producer:
        return "producer"
    return "indicator" if hints.is_indicator(last.returns) else "function"


def _parameter(
    parameter: inspect.Parameter, method: str, help_texts: Mapping[str, str], types: Mapping[str, str]
) -> Parameter:
    untyped = parameter.annotation is inspect.Parameter.empty
    told = types.get(parameter.name, "") if untyped else ""
    meaning = told_type(told) if told else hints.read(parameter.annotation)
    if untyped and meaning.type == "any" and not told and (plain := _plain_default(parameter.default)):
        meaning = plain
    required = parameter.default is inspect.Parameter.empty and parameter.kind is not parameter.VAR_POSITIONAL
    help_text = help_texts.get(parameter.name, "")
    return Parameter(
        name=parameter.name,
        type=meaning.type,
        required=required,
        default="" if parameter.default is inspect.Parameter.empty else _default(parameter.default),
        passing=_PASSING[parameter.kind],
        unit=meaning.unit or (unit_of(help_text) if meaning.type in ("number", "integer", "array", "signal") else ""),
        minimum=meaning.minimum,
        maximum=meaning.maximum,
        step=meaning.step,
        choices=meaning.choices,
        help=_with_type(help_text, told, meaning.type),
        method=method,
        widget=meaning.widget,
        optional=meaning.optional or parameter.default is None,
        after=meaning.after,
        loose=untyped and meaning != hints.Meaning(),
    )


def _plain_default(value: Any) -> hints.Meaning | None:
    """Tell a switch, and a text, by their defaults; a number as the default does not say that it has to be one."""
    if isinstance(value, Text):
        kind = "truth" if value.text in ("True", "False") else "text" if value.text[:1] in "'\"" else ""
    else:
        kind = "truth" if isinstance(value, bool) else "text" if isinstance(value, str) else ""
    return hints.Meaning("truth" if kind == "truth" else "text") if kind else None


def _with_type(help_text: str, told: str, kind: str) -> str:
    """Put the type in words before the help, where no port type says as much."""
    if not told or kind != "any":
        return help_text
    return f"({told}) {help_text}".strip()


def _default(value: Any) -> str:
    """Write a default as Python text; an enum's entry by its name."""
    kind = type(value)
    return f"{kind.__name__}.{value.name}" if hasattr(kind, "__members__") else repr(value)


def _outputs(method: Method, help_texts: Mapping[str, str], types: Mapping[str, str]) -> list[Output]:
    result = method.result
    if result is None or result is type(None):
        return []
    named = hints.fields(result)
    if not named:
        told = result is inspect.Signature.empty and len(types) == 1
        meaning = _sure(told_type(next(iter(types.values())))) if told else hints.read(result)
        help_text = help_texts.get("", "") or (next(iter(help_texts.values())) if len(help_texts) == 1 else "")
        return [Output("", meaning.type, meaning.unit, help_text, method.name)]
    entries = []
    for name, annotation in named:
        meaning = hints.read(annotation)
        entries.append(Output(name, meaning.type, meaning.unit, help_texts.get(name, ""), method.name))
    return entries


def _sure(meaning: hints.Meaning) -> hints.Meaning:
    """Keep of a result's type in words what can be relied on: what is said to give a number often gives an array."""
    return hints.Meaning(meaning.type) if meaning.type in ("array", "table", "text") else hints.Meaning()


def _method(name: str, target: Any) -> Method:
    try:
        told = signature(target)
    except ValueError:  # some functions written in C do not tell
        told = inspect.Signature([inspect.Parameter("values", inspect.Parameter.VAR_POSITIONAL)])
    found = hints.hints_of(target) if not isinstance(target, type) else {}
    listed = list(told.parameters.values())
    if name and not isinstance(target, type):
        listed = listed[1:]  # self
    return Method(
        name,
        tuple(p.replace(annotation=found.get(p.name, inspect.Parameter.empty)) for p in listed),
        found.get("return", inspect.Signature.empty),
        inspect.isgeneratorfunction(target) or inspect.isasyncgenfunction(target),
        inspect.getdoc(target) or "" if target is not object.__init__ else "",
        inspect.iscoroutinefunction(target) or inspect.isasyncgenfunction(target),
    )


def _inherited(target: type, name: str) -> Any:
    """Give a method of a class or of its bases; `object` does not count."""
    return next((vars(base)[name] for base in target.__mro__[:-1] if name in vars(base)), None)


def _place(target: Any) -> tuple[str, int]:
    code = getattr(inspect.unwrap(target), "__code__", None)
    if code is None and isinstance(target, type):
        # a classmethod holds its function
        own = [getattr(member, "__func__", member) for member in vars(target).values()]
        codes = [member.__code__ for member in own if hasattr(member, "__code__")]
        code = min(codes, key=lambda c: c.co_firstlineno, default=None)
    return (code.co_filename, code.co_firstlineno) if code is not None else ("", 0)
