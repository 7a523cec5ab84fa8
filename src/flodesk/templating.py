"""Templates: texts with ``{{ name }}`` in them, filled in by Jinja2's sandbox, where an unknown name is an error.

Jinja2 is imported when the first template is met.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """Marks a text parameter whose node fills templates in by itself."""


Template = Annotated[str, OwnTemplate()]
"""A text that its node renders itself: the engine hands it over as it is written."""


class TemplateError(ValueError):
    """A template that cannot be read, or reads what is not there; `line` counts from 1 in the template."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def is_template(value: Any) -> bool:
    """Return whether a value is a text that holds ``{{ ... }}``."""
    return isinstance(value, str) and "{{" in value and "}}" in value.partition("{{")[2]


def render(template: str, values: Mapping[str, Any]) -> str:
    """Fill in a template.

    Raises
    ------
    TemplateError
        It cannot be read, or reads a name or an attribute that is not there.
    """
    import jinja2

    try:
        text: str = _compiled(template).render(values)
    except jinja2.UndefinedError as error:
        has = ", ".join(sorted(values)) or "nothing"
        raise TemplateError(f"{_short(template)}: {error.message}; the template can read {has}") from None
    except jinja2.exceptions.SecurityError as error:
        raise TemplateError(f"{_short(template)} is not allowed: {error}") from None
    return text


@lru_cache(maxsize=1024)
def names_in(template: str) -> frozenset[str]:
    """Return the names that a template reads from outside.

    Raises
    ------
    TemplateError
        It cannot be read.
    """
    from jinja2 import TemplateSyntaxError, meta

    try:
        return frozenset(meta.find_undeclared_variables(_environment().parse(template)))
    except TemplateSyntaxError as error:
        raise _unreadable(template, error) from None


@lru_cache(maxsize=1024)
def _compiled(template: str) -> Any:
    from jinja2 import TemplateSyntaxError

    try:
        return _environment().from_string(template)
    except TemplateSyntaxError as error:
        raise _unreadable(template, error) from None


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    made.globals = {name: made.globals[name] for name in ("range", "dict")}
    return made


def _unreadable(template: str, error: Any) -> TemplateError:
    return TemplateError(f"{_short(template)} cannot be read, line {error.lineno} of it: {error.message}", error.lineno)


def _short(template: str) -> str:
    line = " ".join(template.split())
    return f"the template “{line if len(line) <= 60 else line[:57] + '...'}”"
