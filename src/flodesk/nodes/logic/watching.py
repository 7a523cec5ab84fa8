"""What watches a stream: edges, changes, contacts that bounce, and the number of the turn."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flodesk.public import Range, Waveform, node

Turns = Annotated[int, Range(1)]


@node(tags=("rising edge", "falling edge", "r_trig", "f_trig", "one shot", "transition"))
class Edge:
    """Say in which turn something becomes true, or false.

    Parameters
    ----------
    direction : str
        What is looked for.
    before : bool
        What it was before the first turn.

    Examples
    --------
    >>> edge = logic.Edge()
    >>> [edge(level) for level in (False, True, True, False)]
    [False, True, False, False]
    """

    def __init__(self, direction: Literal["rising", "falling", "either"] = "rising", before: bool = False) -> None:
        self._direction = direction
        self._before = before

    def __call__(self, level: bool) -> bool:
        """Take in the next truth.

        Parameters
        ----------
        level : bool
            What is watched.

        Returns
        -------
        bool
            True in the turn of the edge.
        """
        now, before = bool(level), self._before
        self._before = now
        return now != before and self._direction in ("either", "rising" if now else "falling")


@node(tags=("glitch", "bounce", "contact", "filter", "stable", "chatter"))
class Debounce:
    """Let a truth change only after it has been the same for some turns: contacts bounce.

    Parameters
    ----------
    turns : int
        Number of turns for which it has to be the same.
    start : bool
        What it is at first.

    Raises
    ------
    ValueError
        The number of turns is below 1.

    Examples
    --------
    >>> contact = logic.Debounce(turns=2)
    >>> [contact(level) for level in (True, False, True, True, False)]
    [False, False, False, True, True]
    """

    def __init__(self, turns: Turns = 3, start: bool = False) -> None:
        if turns < 1:
            raise ValueError(f"a contact cannot be the same for {turns} turns: give 1 or more")
        self._turns, self._state, self._other = turns, start, 0

    def __call__(self, level: bool) -> bool:
        """Take in the next truth.

        Parameters
        ----------
        level : bool
            What bounces.

        Returns
        -------
        bool
            What it is without that.
        """
        self._other = self._other + 1 if bool(level) != self._state else 0
        if self._other >= self._turns:
            self._state, self._other = bool(level), 0
        return self._state


@node(tags=("different", "deadband", "report by exception", "rbe", "filter", "new"))
class Changed:
    """Say whether a value is another one than the last that it said so of.

    Parameters
    ----------
    deadband : float
        How far a number has to go to count, in its unit; with 0 any other value counts.

    Raises
    ------
    ValueError
        The deadband is below 0.

    Examples
    --------
    >>> changed = logic.Changed(deadband=0.5)
    >>> [changed(value) for value in (1.0, 1.2, 1.4, 1.6)]
    [True, False, False, True]
    """

    def __init__(self, deadband: Annotated[float, Range(0.0)] = 0.0) -> None:
        if not deadband >= 0.0:
            raise ValueError(f"the deadband is {deadband:g}: give 0 or more")
        self._deadband = deadband
        self._said: list[Any] = []

    def __call__(self, value: Any) -> bool:
        """Take in the next value.

        Parameters
        ----------
        value : Any
            A number, a text, an array or a signal; the first one is always another.

        Returns
        -------
        bool
            True if it has changed.
        """
        if self._said and self._same(self._said[0], value):
            return False
        self._said = [value]
        return True

    def _same(self, before: Any, now: Any) -> bool:
        import numpy

        left, right = (numpy.asarray(one.y if isinstance(one, Waveform) else one) for one in (before, now))
        if left.shape != right.shape:
            return False
        if left.dtype.kind in "iuf" and right.dtype.kind in "iuf":
            # a NaN that stays is no change, and one that comes is
            near = (numpy.abs(left - right) <= self._deadband) | (numpy.isnan(left) & numpy.isnan(right))
            return bool(numpy.all(near | (left == right)))
        return bool(numpy.all(left == right))


@node(title="Every nth turn", tags=("divider", "modulo", "decimate", "sometimes", "skip", "prescaler"))
class EveryNth:
    """Be true in the first of so many turns, again and again.

    Parameters
    ----------
    number : int
        Number of turns from one true to the next.

    Raises
    ------
    ValueError
        The number is below 1.

    Examples
    --------
    >>> now = logic.EveryNth(number=3)
    >>> [now() for _ in range(5)]
    [True, False, False, True, False]
    """

    def __init__(self, number: Turns = 10) -> None:
        if number < 1:
            raise ValueError(f"there is no turn of {number}: give 1 or more")
        self._number, self._turn = number, -1

    def __call__(self, trigger: object = None) -> bool:
        """Count one turn.

        Parameters
        ----------
        trigger : object, optional
            Whatever this is wired to decides when a turn is counted; the value plays no part.

        Returns
        -------
        bool
            True in the first of so many turns.
        """
        self._turn = (self._turn + 1) % self._number
        return self._turn == 0


@node(title="First turn", tags=("first call", "once", "initialise", "start-up", "first scan"))
class FirstTurn:
    """Be true in the first turn of a run, and false in all others.

    Examples
    --------
    >>> first = logic.FirstTurn()
    >>> first(), first()
    (True, False)
    """

    def __init__(self) -> None:
        self._first = True

    def __call__(self, trigger: object = None) -> bool:
        """Count one turn.

        Parameters
        ----------
        trigger : object, optional
            Whatever this is wired to decides when a turn is counted; the value plays no part.

        Returns
        -------
        bool
            True the first time.
        """
        first, self._first = self._first, False
        return first
