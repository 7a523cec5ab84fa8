"""A thread that reads goes on past what it cannot take, and says so: nobody else would end what it follows."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from redis.exceptions import ConnectionError as NoServerError
from redis.exceptions import RedisError, TimeoutError
from rq.exceptions import InvalidJobOperation, NoSuchJobError

from flodesk.engine.places.server.foreign_text import line

MOST_SAID = 5
"""So many different things are said."""


class GarbledError(RuntimeError):
    """What the server has of a job, or of a worker, makes no sense; the text says what was found."""


class GoingOn:
    """Leaves what raises, and tells of each kind once.

    Parameters
    ----------
    told : callable
        Takes what was wrong, as one line.
    """

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._said: set[str] = set()

    @contextlib.contextmanager
    def past(self) -> Iterator[None]:
        """Leave what raises in this block; that the server does not answer is left to whoever waits for it."""
        try:
            yield
        except RedisError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is
            kind = type(error).__name__
            if kind not in self._said and len(self._said) < MOST_SAID:
                self._said.add(kind)
                with contextlib.suppress(Exception):  # whoever is told may be what has raised
                    self._told(in_words(error))


def in_words(error: BaseException) -> str:
    """Return what an error says as one line: parts of it may be from the server."""
    return line(error if isinstance(error, GarbledError) else f"{type(error).__name__}: {error}")


@contextlib.contextmanager
def sensible(what: str) -> Iterator[None]:
    """Take what the server has of something.

    Raises
    ------
    GarbledError
        It makes no sense.
    RedisError, NoSuchJobError, InvalidJobOperation
        The server does not answer; there is no such job, or not any more.
    """
    try:
        yield
    except (NoServerError, TimeoutError, NoSuchJobError, InvalidJobOperation):
        raise
    except Exception as error:
        raise GarbledError(f"{what} on the server makes no sense ({type(error).__name__}: {error})") from error
