"""What annotations and decorators say to flodesk: types, limits, units and choices of parameters; facts about a node.

Nothing heavy is imported here: NumPy and pandas appear only as names in annotations (`Array`, `Table`, `Picture`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

Role = Literal["function", "producer", "state", "collector", "control", "indicator", "shared"]


# ------------------------------------------------------------------ markers for Annotated[...]
@dataclass(frozen=True, slots=True)
class Kind:
    """The port type of an annotation whose Python type says too little (see `flodesk.flow.types`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Range:
    """Limits of a number, both included; ``None`` leaves a side open. `step` is what one key press changes."""

    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a number or of an array's values, an SI base unit where one exists."""

    symbol: str


@dataclass(frozen=True, slots=True)
class Press:
    """A truth that a hand presses: where it is a literal, one call is given True and those after it are not."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Entries of a drop-down that `function` computes, from the value of the field `after` if one is named."""

    function: Callable[..., Any]
    after: str = ""


Array = Annotated[Any, Kind("array")]
"""A NumPy array (or what `numpy.asarray` takes)."""
Table = Annotated[Any, Kind("table")]
"""A pandas DataFrame."""
Picture = Annotated[Any, Kind("image")]
"""A NumPy array of shape (rows, columns) or (rows, columns, 3 or 4)."""
Signal = Annotated[Any, Kind("signal")]
"""A `Waveform`, or an array where the sample rate does not matter."""
Quantity = Annotated[Any, Kind("any")]
"""A number, an array or a `Waveform`: what arithmetic works on."""


def node(
    *,
    title: str = "",
    tags: tuple[str, ...] = (),
    role: Role | None = None,
    widget: str = "",
    pure: bool | None = None,
    saves: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Add to a function or class what Python cannot say. It is given back as it was.

    Parameters
    ----------
    title : str
        The name in the library; by default it is made from the Python name.
    tags : tuple of str
        Further words that the library's search finds it by.
    role : str, optional
        Only where the signature does not tell: ``"control"`` for a function whose first parameter a hand sets.
    widget : str
        For a control: the widget that sets it (``"slider"``, ``"number"``, ``"switch"``, ``"button"``, ...).
    pure : bool, optional
        False if the same inputs may give another result or the call has an effect. True says that neither is so, and
        that it changes nothing that it is given: then it may run at the same time as others that say so. Where nothing
        is said, results may be kept, and the call keeps its place in the script's order.
    saves : tuple of str
        Endings of the files that it writes (``".h5"``, ``".hdf5"``), the usual one first: who chooses its path is asked
        where to save, and not for a file that is there.
    """

    def mark(target: F) -> F:
        target.__flodesk__ = Facts(title, tags, role, widget, pure, saves)  # type: ignore[attr-defined]
        return target

    return mark


@dataclass(frozen=True, slots=True)
class Facts:
    """What `node` noted down on a function or class, as its attribute ``__flodesk__``."""

    title: str = ""
    tags: tuple[str, ...] = ()
    role: Role | None = None
    widget: str = ""
    pure: bool | None = None
    saves: tuple[str, ...] = ()

    @property
    def repeatable(self) -> bool:
        """Whether a call may be left out where its result is known, or made again: so it is unless it says no."""
        return self.pure is not False
