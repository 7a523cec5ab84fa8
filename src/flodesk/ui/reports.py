"""What the window says: messages in the bar, sentences in the status bar, lines of the log, counts of problems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QStatusBar, QToolButton

from flodesk.engine.events import Failure, Rejected, RunFinished
from flodesk.engine.ids import whole
from flodesk.flow.check import Problem
from flodesk.flow.document import Change
from flodesk.ui.console import Log
from flodesk.ui.docks import Docks
from flodesk.ui.failing_line import details
from flodesk.ui.message_bar import Level, MessageBar
from flodesk.ui.problems import Problems
from flodesk.ui.run import CANNOT_RUN
from flodesk.ui.theme.icons import wear

SENTENCE_MS = 8000


class Reports(QObject):
    """Brings what happens before the user's eyes, each thing in one place. `show_node` selects ``function.node``.

    `install_wanted` gives a package that a refusal names, and why it is wanted.
    """

    install_wanted = Signal(str, str)

    def __init__(
        self,
        bar: MessageBar,
        status: QStatusBar,
        log: Log,
        problems: Problems,
        docks: Docks,
        show_node: Callable[[str], None],
    ) -> None:
        super().__init__(bar)
        self._bar, self._status, self._log, self._problems, self._docks = bar, status, log, problems, docks
        self._show_node = show_node
        self._failing = ""
        """The message above the canvas that says what failed, if it is of a run."""
        self._failed = self._called = ""
        """The node that failed, under the name that it had then, and how the message calls it."""
        self._refusing = False
        """Whether that is of a run which could not begin."""
        self._run_failed = self._forced = False
        self._waits = False
        """Whether the run was told to wait for a worker, and not yet to be on."""
        self._counts = (0, 0)
        """How many errors and how many warnings the checker finds."""
        self.run_to: Callable[[str], object] = show_node
        """Runs to a node, where an input has no value yet."""
        self.line_now: Callable[[Failure], str] = lambda _: ""
        """Gives the line that a failure names as it is in the open flow; empty if it is another file's or has gone."""
        self.place: Callable[[Failure], str] = lambda _: ""
        """Says in brackets in which line, and in which file if that is not the flow's, something failed."""
        self.card_name: Callable[[str], str] = lambda address: address
        """Gives ``function.card`` for the ``function.statement`` of an event: what a card is called on the canvas."""
        self.in_words: Callable[[str], str] = lambda text: text
        """Gives a sentence with what the cards are called in the place of statements that it quotes."""
        self.has_run: Callable[[str], bool] = lambda node: False
        """Whether a node (``function.statement``) has given a value, as far as the window knows."""
        self.why_failed: Callable[[], Failure | None] = lambda: None
        """Gives what the newest run failed of, if it did."""
        self.node_now: Callable[[str], str] = lambda node: node
        """Gives the name that a node has now which failed under another."""
        self.still_failed: Callable[[RunFinished], bool] = lambda _: False
        """Whether what failed before has not run in the run that has ended."""
        self._nothing = ""
        """Why there is nothing to run, as it was said when the file was opened."""
        self.problem_count = _count_button("ok", "Show the problems that the checker finds", docks.problems.toggle)
        self.log_count = _count_button("log", "Show what the run says", docks.log.toggle)
        self.letter_count = _count_button("letter", "Show the turns that failed and were kept", docks.letters.toggle)
        status.addPermanentWidget(self.letter_count)
        status.addPermanentWidget(self.problem_count)
        status.addPermanentWidget(self.log_count)
        log.counted.connect(self._count_log)
        self._count_log(0, 0)
        self.count_letters(0)
        self.show_problems(())

    def changed(self, change: Change) -> None:
        """Take away what is no longer true since the flow has changed: a refusal, news about the flow before."""
        if change.kind == "around":
            return
        if change.kind != "save":
            self._status.clearMessage()
        if change.kind == "open" and not change.again:
            self._log.count_anew()
        if change.kind == "open":
            self._bar.dismiss()
        elif self._bar.level == "info":  # news were read; what went wrong stays to be seen
            self._bar.give_way()

    def sentence(self, text: str) -> None:
        """Say something that needs no answer (a wire that was refused) in the status bar."""
        self._status.showMessage(self.in_words(text), SENTENCE_MS)

    def sentence_over(self, text: str = "") -> None:
        """Take a sentence away whose occasion has passed; without one whatever stands there."""
        if not text or self._status.currentMessage() == self.in_words(text):
            self._status.clearMessage()

    def message(self, text: str, level: Level = "info") -> None:
        """Say something above the canvas, and in the log; empty takes the message away."""
        if not text:
            self._bar.dismiss()
            return
        actions: tuple[tuple[str, Callable[[], object]], ...] = ()
        if level == "error" and text.startswith(CANNOT_RUN) and self._problems.problems:
            actions = (*self._installing(text), ("Show problems", self.open_problems))
        self._bar.show_message(self.in_words(text), level, actions)
        self._log.say(text, level)

    def _installing(self, text: str) -> tuple[tuple[str, Callable[[], object]], ...]:
        """Return the button that installs the package of which a refusal says that it is missing."""
        lacking = (p for p in self._problems.problems if p.kind == "missing-package" and p.message in text)
        problem = next(lacking, None)
        if problem is None:
            return ()
        return (("Install…", partial(self.install_wanted.emit, problem.about.name, problem.message)),)

    def failure(self, failure: Failure) -> None:
        """Say which node failed, why, and where: with the line as it is now, which has another literal, perhaps."""
        now = self.line_now(failure)
        if now:
            traceback = failure.traceback.replace(failure.code.strip(), now)
            failure = replace(failure, code=now, traceback=traceback)
        where = self.place(failure)
        called = self.in_words(self.card_name(failure.node)) if failure.node else ""
        who = f"{called} failed" if failure.node else "The flow failed"
        text = f"{who}: {failure.type}: {failure.message}{where}"
        if failure.unreached:
            text = failure.message
        if failure.giver:
            why = failure.message
            if failure.lack and self.has_run(failure.giver):  # what stands on its card is all that is left of it
                gone = "has run, but its value is gone, as after a new start of the engine"
                why = f"{failure.lack} has no value: {failure.giver} {gone}. Run to {failure.giver} first."
            text = f"{called} cannot run on the values that there are: {why}"
        show = (("Show", lambda: self._show_node(self.node_now(failure.node))),) if failure.node else ()
        first = ((f"Run to {failure.giver}", lambda: self.run_to(failure.giver)),) if failure.giver else ()
        self._bar.show_message(text, "error", (*first, *show, ("Details", self.open_log)))
        self._failing, self._refusing = self._bar.text, failure.refused
        self._failed, self._called = failure.node, called
        self._log.say(details(failure, where), "error", failure.node)

    def failed_is_called(self, node: str) -> None:
        """Name the node that failed as it is called now, if `node` is its name."""
        if not self._called or self.node_now(self._failed) != node:
            return
        now, old = self.in_words(self.card_name(node)), self._called
        if now != old and self._failing.startswith(f"{old} "):
            self._bar.say_otherwise(f"{old} ", f"{now} ")
            self._failing = now + self._failing.removeprefix(old)
            self._called = now

    def rejected(self, event: Rejected) -> None:
        """Say which turn was kept as a dead letter; the first of a loop above the canvas, too."""
        failure = event.failure
        what = f"{failure.type}: {failure.message}"
        kept = f"turn {event.iteration:,} of {event.loop} is kept as dead letter {event.letter}"
        kept += f" on {event.host}: see it there with flodesk letters" if event.host else ""
        if event.count == 1:
            node = failure.node
            show = (("Show", lambda: self._show_node(node)), ("Dead letters", self.open_letters))
            self._bar.show_message(f"{node} failed: {what}. The loop goes on; {kept}", "warning", show)
        given = "".join(f"\n    {name}: {summary}" for name, summary in failure.inputs)
        told = f"{what}{self.place(failure)}; {kept}" + (f"\n  It was given:{given}" if given else "")
        self._log.say(told, "error", failure.node)

    def run_begins(self, flow: str, failed: bool, *, waits: bool) -> None:
        """Head what a run says in the log with the flow that it is of; a sentence about what was before goes.

        What has `failed` before it stays seen. One that `waits` for a worker is on when that has begun it.
        """
        self.sentence_over()
        if failed:
            self._bar.give_way()
        else:
            self._bar.dismiss()
        self._log.count_anew()
        self._waits = waits
        self._log.say(f"{flow} waits for a worker." if waits else f"{flow} runs.", "heading")

    def run_is_on(self, flow: str) -> None:
        """Say that a worker has begun the run which waited for one."""
        if self._waits:
            self._waits = False
            self._log.say(f"{flow} runs.", "heading")

    def run_ended(self, event: RunFinished) -> None:
        """Say how a run ended: above the canvas only if something went wrong; a failure of before is no news then."""
        if event.reason in ("succeeded", "stopped"):
            what = "A part of the flow" if whole(event.run) != event.run else "The run"
            how = "succeeded" if event.reason == "succeeded" else "was stopped"
            self._log.say(f"{what} {how} after {event.seconds:.1f} s.")
        if event.reason == "succeeded" and self._failing and (self._refusing or not self.still_failed(event)):
            self._bar.mended(self._failing)
            self._failing = ""
        if event.reason in ("killed", "crashed") or (event.reason == "failed" and self.why_failed() is None):
            text = event.message or f"The run has {event.reason}."
            text = text[0].upper() + text[1:] if text.startswith(("finished; ", "stopped; ")) else text
            level: Level = "warning" if event.reason == "killed" else "error"
            kept = (("Dead letters", self.open_letters),) if "rejected" in event.message else ()
            self._bar.show_message(text, level, (*kept, ("Details", self.open_log)))
            self._log.say(text, level)

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Say how many problems of each kind there are."""
        errors = sum(p.severity == "error" for p in problems)
        if not errors:
            self._bar.mended(CANNOT_RUN)
        nothing = next((problem.message for problem in problems if problem.kind == "no-flow"), "")
        if self._nothing and nothing != self._nothing:
            self._bar.mended(self._nothing)
        self._nothing = nothing
        self._counts = (errors, len(problems) - errors)
        self._docks.problems.setWindowTitle(f"Problems ({len(problems)})" if problems else "Problems")
        self._count_problems()

    def last_run_failed(self, failed: bool, *, forced: bool = False) -> None:
        """Say so where the checker finds nothing: a green tick beside a run that has failed would mislead.

        One that was stopped by hand, and ended by force as a node did not return, has not failed.
        """
        self._run_failed, self._forced = failed, forced
        self._count_problems()

    @property
    def _last(self) -> str:
        return "Ended by force" if self._forced else "The run failed"

    def _count_problems(self) -> None:
        errors, warnings = self._counts
        parts = [_count(errors, "error")] * bool(errors) + [_count(warnings, "warning")] * bool(warnings)
        self.problem_count.setText(", ".join(parts) or (self._last if self._run_failed else "No problems"))
        failed = self._run_failed and not self._forced
        kind = "error" if errors or failed else "warning" if warnings or self._run_failed else "ok"
        wear(self.problem_count, kind, kind)

    def open_problems(self) -> None:
        """Open the problems."""
        self._docks.problems.come()

    def count_letters(self, count: int) -> None:
        """Say how many dead letters there are of the flow that is open."""
        words = f"{count:,} rejected".replace(",", "\u202f")
        self.letter_count.setText(words)
        self.letter_count.setVisible(count > 0)
        wear(self.letter_count, "letter", "warning")
        self._docks.letters.setWindowTitle(f"Dead letters ({words})" if count else "Dead letters")

    def open_letters(self) -> None:
        """Open the dead letters."""
        self._docks.letters.come()

    def open_log(self) -> None:
        """Open the log."""
        self._docks.log.come()
        self._log.show_newest()

    def _count_log(self, errors: int, warnings: int) -> None:
        parts = [_count(errors, "error")] * bool(errors) + [_count(warnings, "warning")] * bool(warnings)
        self.log_count.setText(f"Log: {', '.join(parts)}" if parts else "Log")
        wear(self.log_count, "log", "error" if errors else "warning" if warnings else "muted")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _count_button(name: str, tip: str, do: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setToolTip(tip)
    button.clicked.connect(do)
    wear(button, name, "muted")
    return button
