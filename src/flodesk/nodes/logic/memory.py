"""What remembers: counters, toggles, latches, values of before, states."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flodesk.public import Range, node

Turns = Annotated[int, Range(1)]


@node(tags=("count", "events", "ctu", "up down", "totalizer"))
class Counter:
    """Count how often something is true.

    Parameters
    ----------
    start : int
        Where counting begins (dimensionless), also after a reset.
    of : str
        ``"rises"`` counts each change from false to true, ``"turns"`` each turn in which it is true.

    Examples
    --------
    >>> counter = logic.Counter()
    >>> [counter(pulse) for pulse in (True, True, False, True)]
    [1, 1, 1, 2]
    """

    def __init__(self, start: int = 0, of: Literal["rises", "turns"] = "rises") -> None:
        self._start = self._count = start
        self._of = of
        self._before = False

    def __call__(self, pulse: bool, reset: bool = False) -> int:
        """Take in the next truth.

        Parameters
        ----------
        pulse : bool
            What is counted.
        reset : bool
            Begin anew first.

        Returns
        -------
        int
            The count (dimensionless).
        """
        if reset:
            self._count = self._start
        if pulse and not (self._of == "rises" and self._before):
            self._count += 1
        self._before = bool(pulse)
        return self._count


@node(tags=("flip flop", "t flip-flop", "push button", "on off", "alternate"))
class Toggle:
    """Change over each time that something becomes true, as a push button switches a lamp.

    Parameters
    ----------
    start : bool
        What it is before the first time.

    Examples
    --------
    >>> lamp = logic.Toggle()
    >>> [lamp(pressed) for pressed in (True, True, False, True)]
    [True, True, True, False]
    """

    def __init__(self, start: bool = False) -> None:
        self._state = start
        self._before = False

    def __call__(self, pulse: bool) -> bool:
        """Take in the next truth.

        Parameters
        ----------
        pulse : bool
            What changes it over as it becomes true.

        Returns
        -------
        bool
            What it is now.
        """
        if pulse and not self._before:
            self._state = not self._state
        self._before = bool(pulse)
        return self._state


@node(tags=("sr flip-flop", "rs", "set reset", "alarm", "memory", "self-holding", "bistable"))
class Latch:
    """Keep that something was true until it is reset.

    Parameters
    ----------
    wins : str
        What counts where both are true at once.

    Examples
    --------
    >>> alarm = logic.Latch()
    >>> alarm(True), alarm(False), alarm(False, reset=True)
    (True, True, False)
    """

    def __init__(self, wins: Literal["reset", "set"] = "reset") -> None:
        self._wins = wins
        self._state = False

    def __call__(self, set: bool, reset: bool = False) -> bool:
        """Take in the next truths.

        Parameters
        ----------
        set : bool
            Makes it true.
        reset : bool
            Makes it false.

        Returns
        -------
        bool
            What it is now.
        """
        if set and reset:
            self._state = self._wins == "set"
        elif set or reset:
            self._state = bool(set)
        return self._state


@node(tags=("sample and hold", "freeze", "track and hold", "gate", "s/h"))
class Hold:
    """Pass a value on while something is true, and keep the last one while it is not.

    Parameters
    ----------
    start : Any
        What is given before the first value has come through.

    Examples
    --------
    >>> hold = logic.Hold(start=0.0)
    >>> hold(1.0, False), hold(2.0, True), hold(3.0, False)
    (0.0, 2.0, 2.0)
    """

    def __init__(self, start: Any = None) -> None:
        self._value = start

    def __call__(self, value: Any, follow: bool = True) -> Any:
        """Take in the next value.

        Parameters
        ----------
        value : Any
            The value.
        follow : bool
            Whether it comes through.

        Returns
        -------
        Any
            The value, or the last one that came through.
        """
        if follow:
            self._value = value
        return self._value


@node(tags=("unit delay", "z-1", "last value", "shift register", "feedback", "memory", "lag"))
class Previous:
    """Give the value of some turns ago.

    Parameters
    ----------
    start : Any
        What is given until there is one.
    turns : int
        Number of turns that it is late.

    Raises
    ------
    ValueError
        The number of turns is below 1.

    Examples
    --------
    >>> previous = logic.Previous(start=0)
    >>> previous(5), previous(6), previous(7)
    (0, 5, 6)
    """

    def __init__(self, start: Any = None, turns: Turns = 1) -> None:
        if turns < 1:
            raise ValueError(f"the value of {turns} turns ago is not a previous one: give 1 or more")
        self._values: list[Any] = [start] * turns

    def __call__(self, value: Any) -> Any:
        """Take in the next value.

        Parameters
        ----------
        value : Any
            The value.

        Returns
        -------
        Any
            The one of some turns ago.
        """
        self._values.append(value)
        return self._values.pop(0)


@node(title="State machine", tags=("automaton", "fsm", "sequence", "states", "transitions", "stateflow"))
class StateMachine:
    """Go from state to state by events, as a table says.

    Parameters
    ----------
    table : str
        A line for each transition: state, event, next state, as ``idle, start, running``. ``*`` stands for any state.
    start : str
        The first state; by default that of the first line.

    Raises
    ------
    ValueError
        A line has no three parts, two lines answer one event of a state, or the first state is in no line.

    Examples
    --------
    >>> door = logic.StateMachine("closed, open, opened; opened, close, closed")
    >>> door("close"), door("open"), door("close")
    ('closed', 'opened', 'closed')
    """

    def __init__(self, table: str = "idle, start, running\nrunning, stop, idle", start: str = "") -> None:
        self._next: dict[tuple[str, str], str] = {}
        states: list[str] = []
        for line in table.replace(";", "\n").splitlines():
            if not line.strip():
                continue
            parts = [part.strip() for part in line.split(",")]
            if len(parts) != 3 or not all(parts):
                raise ValueError(f"{line.strip()!r} is no transition: write state, event, next state")
            state, event, following = parts
            if self._next.setdefault((state, event), following) != following:
                raise ValueError(f"{state} has two next states for {event}: take one of the lines away")
            states += [one for one in (state, following) if one != "*"]
        if not states or (start and start not in states):
            raise ValueError(f"no line has the first state {start!r}: write a transition to or from it")
        self._state = start or states[0]

    def __call__(self, event: str = "") -> str:
        """Take in the next event.

        Parameters
        ----------
        event : str
            Name of the event; one that the state does not answer, and an empty one, change nothing.

        Returns
        -------
        str
            The state after it.
        """
        for state in (self._state, "*"):
            if event and (state, event) in self._next:
                self._state = self._next[state, event]
                break
        return self._state
