"""Rules on templates: they must be readable, and read only what their call is given."""

from __future__ import annotations

from collections.abc import Sequence

from flodesk.flow.binding_rules import Report
from flodesk.flow.model import Call, Literal, Loop, Ref
from flodesk.flow.problem import About, did_you_mean, near, quoted
from flodesk.flow.slots import Slot
from flodesk.flow.spec import NodeSpec
from flodesk.templating import TemplateError, is_template, names_in


def check_template(
    call: Call | Loop, box: str, slot: Slot, literal: Literal, spec: NodeSpec, given: Sequence[Slot], report: Report
) -> bool:
    """Report what is wrong with a template.

    Parameters
    ----------
    box : str
        The node as messages call it.
    given : sequence of Slot
        All that the call is given.

    Returns
    -------
    bool
        Whether the argument is a template at all.
    """
    parameter, text = slot.parameter, literal.value
    own = parameter is not None and parameter.widget == "template"
    if parameter is None or parameter.type != "text" or not (is_template(text) or (own and isinstance(text, str))):
        return False
    where = f"{quoted(slot.name)} of {box}"
    try:
        wanted = names_in(text)
    except TemplateError as error:
        report("template", call, f"{where}: {error}.", "Write {{ name }} for a value; {{ '{{' }} for the brackets.")
        return True
    if own and not spec.extra:
        return True
    if not own and isinstance(call, Call) and call.mapped is not None:
        hint = "Take its input whole, or put it into a loop over the items."
        report("template", call, f"{where} is filled in once a call: {box} cannot run for each item.", hint)
        return True
    known = _known(slot, given, own)
    for name in sorted(wanted - known):
        message = f"{where} reads {quoted(name)}, which its call is not given."
        hint = did_you_mean(name, known) or f"It can read: {', '.join(sorted(known)) or 'nothing'}."
        if any(s.name == name for s in given):
            message = f"{where} reads {quoted(name)}, which is a template itself."
        report("template", call, message, hint, about=About(port=slot.name, name=name, meant=near(name, known)))
    return True


def _known(slot: Slot, given: Sequence[Slot], own: bool) -> frozenset[str]:
    """Return the names that a template can read."""
    found: set[str] = set()
    for other in given:
        value = other.argument.value if other.argument is not None else None
        if own:
            if other.parameter is None:
                found.add(other.name)
            continue
        if isinstance(value, Literal) and is_template(value.value):
            continue
        if other.parameter is not None and other.parameter.passing == "many":
            found.add(other.parameter.name)
        elif value is not None or (other.parameter is not None and not other.parameter.required):
            found.add(other.name)
        if isinstance(value, Ref):
            found.add(value.name)
    return frozenset(found - {slot.name})
