"""How a run deals with errors: what its flow's ``on_error`` means for each of its functions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from flodesk.engine.control import Control
from flodesk.engine.errors import PlanError
from flodesk.engine.events import Failure, Reason
from flodesk.engine.feed import Feed
from flodesk.engine.letters import Letter, Letters, LettersError
from flodesk.engine.load import Loaded
from flodesk.engine.loop import Runner
from flodesk.engine.losses import Losses, letter_of
from flodesk.engine.plan import Plan
from flodesk.engine.report import Report
from flodesk.engine.shared import uses
from flodesk.engine.tolerance import Lost, Rules, Tolerance


class Mercy:
    """What a run has lost and gone on from, and the store for its dead letters: opened when the first one comes.

    Parameters
    ----------
    path : str
        The flow's file.
    put_back : sequence of int
        Dead letters that the producers give instead of their own values.
    posted : callable, optional
        Called with each letter that was kept, and the store that it is in: sends it to who follows the run.
    """

    def __init__(
        self,
        report: Report,
        path: str,
        put_back: Sequence[int] = (),
        posted: Callable[[Letter, Letters], None] | None = None,
    ) -> None:
        self.feed: Feed | None = None
        self._put_back = put_back
        self._posted = posted
        self._report = report
        self._path = path
        self._losses: dict[str, dict[Control, Losses]] = {}
        """By function, and by the thread in which it was lost: the first is that of the loop itself."""
        self._store: Letters | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Forget what was lost: the run starts, or starts anew.

        Raises
        ------
        PlanError
            Letters that were to be put back are not there, or cannot be.
        """
        self._losses.clear()
        self.close()
        if self._put_back:
            self.feed = self._fed()

    def tolerance(self, function: str, plan: Plan, control: Control) -> Tolerance | None:
        """Return what lets the loops of a function go on; None where they stop."""
        rules, feed = Rules.of(plan.loaded.flow), self.feed
        if feed is not None:
            rules = replace(rules, mode="reject")  # a letter that fails again stays, and the next one has its turn
        if rules.mode == "stop":
            return None
        threads = self._losses.setdefault(function, {})
        losses = threads.setdefault(control, Losses(self._report, None))
        if next(iter(threads)) is not control:
            feed = None  # what runs beside the loop is behind it, so the letter that is in it now is not to blame
        losses.keep = (lambda lost, failure: self._keep(plan, lost, failure, feed)) if rules.mode == "reject" else None
        losses.passing = None if feed is None else lambda: feed.passed(function)
        tolerance = Tolerance(rules, control, losses)
        if feed is not None:
            feed.follow(function, tolerance.depth)
        return tolerance

    def feed_into(self, loaded: Loaded, plans: dict[str, Plan]) -> None:
        """Where dead letters are put back, leave only the functions that this concerns, and feed them."""
        if self.feed is None:
            return
        shared = uses(loaded)
        chosen = self.feed.choose(plans, shared)
        for function in [function for function in plans if function not in chosen]:
            del plans[function]
        for plan in plans.values():
            self.feed.into(plan, shared)

    def settle(self, runner: Runner, reason: Reason) -> Reason:
        """After the end of a function: tell what it has lost; returns its reason now."""
        first, *beside = self._losses.get(runner.plan.function, {}).values() or [None]
        lost = first.sentences(runner.plan, runner.cells, beside) if first is not None else []
        lost += self.feed.sentences(runner.plan.function) if self.feed is not None else []
        if not lost:
            return reason
        self._report.lose(lost)
        return "failed"

    def close(self) -> None:
        """Let go of the stores."""
        with self._lock:
            store, self._store = self._store, None
            feed, self.feed = self.feed, None
        if store is not None:
            store.close()
        if feed is not None:
            feed.close()

    def _keep(self, plan: Plan, lost: Lost, failure: Failure, feed: Feed | None) -> int:
        again = feed.lost(plan.function, lost, failure, self._report.run) if feed is not None else 0
        if again:
            return again
        flow = hash_of(plan.loaded.text)
        letter = letter_of(lost, failure, self._report.run, self._path, flow, plan.function)
        with self._lock:
            if self._store is None:
                self._store = Letters(said=self._say)
        kept = self._store.write(letter)
        if self._posted is not None:
            self._posted(kept, self._store)
        return kept.id

    def _say(self, sentence: str) -> None:
        """Say what the store had to do."""
        self._report.say("", "warning", sentence)

    def _fed(self) -> Feed:
        try:
            store = Letters(said=self._say)
            letters = store.find(ids=self._put_back)
        except LettersError as error:
            raise PlanError("", str(error)) from error
        try:
            known = {letter.id for letter in letters}
            if missing := [str(number) for number in self._put_back if number not in known]:
                raise PlanError("", f"there is no dead letter {', '.join(missing)}: it was put back or dropped")
            for letter in letters:
                if not letter.returnable:
                    raise PlanError("", f"letter {letter.id} cannot be put back: {letter.why_not}")
        except PlanError:
            store.close()
            raise
        return Feed(letters, store, self._report.say)


def hash_of(text: str) -> str:
    """Return a hash of a flow's text."""
    import xxhash

    return xxhash.xxh3_128_hexdigest(text.encode())
