"""Cards of the pages that are not shown: kept as they are, so that who turns back finds them as they were left."""

from __future__ import annotations

from collections.abc import Container, Iterator

from flodesk.ui.panel.card import Card


class Aside:
    """Keeps cards by their keys (``function.view``). None of them is seen, watched, or told of values."""

    def __init__(self) -> None:
        self._cards: dict[str, Card] = {}

    def __iter__(self) -> Iterator[Card]:
        return iter(self._cards.values())

    def __contains__(self, key: str) -> bool:
        return key in self._cards

    def part(self, cards: dict[str, Card], shown: Container[str], there: Container[str]) -> None:
        """Take those of `cards` that are not `shown` any more; what is not `there` any more is dropped."""
        for key in [key for key in cards if key not in shown]:
            card = cards.pop(key)
            card.hide()
            self._cards[key] = card
        for key in [key for key in self._cards if key not in there]:
            dropped(self._cards.pop(key))

    def take(self, key: str) -> Card | None:
        """Return a card that is kept, to be shown again."""
        return self._cards.pop(key, None)

    def clear(self) -> None:
        """Drop all."""
        for card in self._cards.values():
            dropped(card)
        self._cards.clear()


def dropped(card: Card) -> None:
    """Let a card go."""
    card.hide()
    card.deleteLater()
