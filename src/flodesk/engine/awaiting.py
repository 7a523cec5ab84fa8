"""``await`` in a running function: its thread has an asyncio event loop, which a stop wakes at once.

A script would run all of an ``async def`` in one event loop. Here the steps between two awaits are plain calls of the
engine; for them the loop counts as running, so that a node may start tasks. These go on while something is awaited.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import threading
from collections.abc import Awaitable, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any

from flodesk.engine.control import Control
from flodesk.engine.errors import StopRun

END_SECONDS = 1.0
"""How long tasks that are still on at the end have to see to their end."""

_END: Any = object()
_thread = threading.local()

Log = Callable[[str, str], None]
Step = Callable[[list[Any]], Any]


class Room:
    """The event loop of one running function.

    Parameters
    ----------
    control : Control
        Its stop, or the renewal of a producer, cancels what is awaited.
    log : callable
        Takes (level, text) of what tasks leave behind.
    """

    def __init__(self, control: Control, log: Log) -> None:
        self._control = control
        self._log = log
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        self._patient = False
        self._context: contextvars.Context | None = None
        self._executor: ThreadPoolExecutor | None = None

    @property
    def opened(self) -> bool:
        """Whether there is an event loop."""
        return self._loop is not None

    def open(self) -> asyncio.AbstractEventLoop:
        """Make the event loop, if there is none yet; plain calls find it running."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._executor = ThreadPoolExecutor(thread_name_prefix="flodesk await")
            self._loop.set_default_executor(self._executor)
            self._loop.set_exception_handler(self._left_behind)
            self._control.wakes.append(self._wake)
            asyncio._set_running_loop(self._loop)
        return self._loop

    @contextlib.contextmanager
    def entered(self, *, at_once: bool) -> Iterator[None]:
        """Let the calling thread await things here; `at_once` if plain calls are to find a running event loop."""
        _thread.room = self
        try:
            if at_once or self._loop is not None:
                asyncio._set_running_loop(self.open())
            yield
        finally:
            _thread.room = None
            asyncio._set_running_loop(None)

    def follow(self, control: Control) -> None:
        """Listen to another control from now on."""
        if self._loop is not None:
            self._control.wakes.remove(self._wake)
            control.wakes.append(self._wake)
        self._control = control

    def wait(self, awaitable: Awaitable[Any], *, patient: bool = False) -> Any:
        """Wait for something, as ``await`` does: its first step runs now, and what follows it when it is over.

        Other tasks run only while it waits itself. A stop cancels it unless `patient`.
        """
        loop = self.open()
        if not patient and self._control.stopping:
            getattr(awaitable, "close", lambda: None)()  # a coroutine that never ran
            raise StopRun
        asyncio._set_running_loop(None)
        if self._context is None:
            # not earlier: the thread's own context has to know the run's
            self._context = contextvars.copy_context()
        task = loop.create_task(self._outcome(awaitable), context=self._context)
        ready = getattr(loop, "_ready", None)
        if ready:
            ready.rotate(1)  # before the tasks that are waiting for their turn
        task.add_done_callback(lambda _: loop.stop() if self._task is task else None)
        self._task, self._patient = task, patient
        try:
            loop.run_forever()
            raise StopRun  # an interruption has ended the task where nothing of ours saw it
        except _Over as over:
            task.exception()  # asyncio would complain that nobody has asked for it
            if over.error is None:
                return over.value
            error = over.error
        finally:
            self._task = None
            asyncio._set_running_loop(loop)
        if isinstance(error, asyncio.CancelledError):
            self._control.check()
        raise error.with_traceback(_below(error.__traceback__)) from error.__cause__

    def close(self) -> None:
        """End what is still on, as `asyncio.run` does at its end."""
        loop = self._loop
        if loop is None:
            return
        self._control.wakes.remove(self._wake)
        asyncio._set_running_loop(None)
        try:
            if tasks := asyncio.all_tasks(loop):
                for task in tasks:
                    task.cancel()
                _, late = loop.run_until_complete(asyncio.wait(tasks, timeout=END_SECONDS))
                for task in late:
                    self._log("warning", f"A task did not end and was left behind: {task.get_coro()}")
            with contextlib.suppress(TimeoutError):
                loop.run_until_complete(asyncio.wait_for(loop.shutdown_asyncgens(), END_SECONDS))
            if self._executor is not None:
                # a thread that does not return must not keep a run from stopping
                self._executor.shutdown(wait=not self._control.stopping, cancel_futures=True)
        finally:
            self._loop = None
            loop.close()

    async def _outcome(self, awaitable: Awaitable[Any]) -> None:
        over = _Over()
        try:
            over.value = await awaitable
        except BaseException as error:  # noqa: BLE001 - goes on where it is waited for
            over.error = error
        if self._task is asyncio.current_task():
            raise over  # else nobody waits any more: the run was interrupted

    # -------------------------------------------------------------- from other threads
    def _wake(self) -> None:
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # it was closed at this moment
                loop.call_soon_threadsafe(self._poke)

    def _poke(self) -> None:
        control = self._control
        if self._task is not None and not self._patient and (control.stopping or (control.renew and control.waiting)):
            self._task.cancel()

    def _left_behind(self, loop: asyncio.AbstractEventLoop, said: dict[str, Any]) -> None:
        error = said.get("exception")
        why = f": {type(error).__name__}: {error}" if error is not None else ""
        self._log("warning", f"{said.get('message', 'asyncio')}{why}")


class _Over(SystemExit):
    """What was waited for is over. asyncio hands nothing but this kind on from a task, in the middle of its turn."""

    value: Any = None
    error: BaseException | None = None


async def _plain(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _below(trace: TracebackType | None) -> TracebackType | None:
    """Cut what asyncio itself did from a traceback."""
    here = trace
    while here is not None and here.tb_frame.f_code is not Room._outcome.__code__:
        here = here.tb_next
    return here if here is not None else trace


# ------------------------------------------------------------------ for the thread of a function
@contextlib.contextmanager
def room(control: Control, log: Log, *, at_once: bool) -> Iterator[None]:
    """Let the calling thread await things; `at_once` if plain calls are to find a running event loop."""
    here = Room(control, log)
    try:
        with here.entered(at_once=at_once):
            yield
    finally:
        here.close()


def wait(awaitable: Awaitable[Any], *, patient: bool = False) -> Any:
    """Wait for something in the event loop of the calling thread."""
    here: Room | None = getattr(_thread, "room", None)
    if here is None:
        return asyncio.run(_plain(awaitable))
    return here.wait(awaitable, patient=patient)


def meanwhile(work: Callable[[], Any]) -> Any:
    """Do something that takes its time, while the tasks of the calling thread's event loop go on."""
    here: Room | None = getattr(_thread, "room", None)
    if here is None or not here.opened:
        return work()
    # not cancelled by a stop: who waits like this has an end of his own for what he waits for
    return here.wait(here.open().run_in_executor(None, work), patient=True)


def close(made: Any) -> None:
    """Close an object; where its ``close`` is a coroutine, wait for it."""
    closing = made.close()
    if inspect.isawaitable(closing):
        wait(closing, patient=True)


# ------------------------------------------------------------------ for the steps of a plan
def awaiting(step: Step) -> Step:
    """Make the step ``await step``."""
    return lambda s: wait(step(s))


def streaming(source: Step) -> Step:
    """Make of what gives an asynchronous producer one that gives a plain generator."""
    return lambda s: _pulled(source(s))


def _pulled(stream: Any) -> Generator[Any, None, None]:
    iterator = aiter(stream)
    try:
        while (value := wait(anext(iterator, _END))) is not _END:
            yield value
    finally:
        ending = getattr(iterator, "aclose", None)
        if ending is not None:
            wait(ending(), patient=True)
