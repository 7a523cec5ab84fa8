"""Which views a hand has selected on the panel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator


class Selection:
    """Views in the order in which they were selected; the newest of them is what others are measured by.

    Parameters
    ----------
    changed : callable
        Called when it is another selection.
    """

    def __init__(self, changed: Callable[[], object]) -> None:
        self._changed = changed
        self.keys: tuple[str, ...] = ()

    @property
    def main(self) -> str:
        """The view that was selected last; empty if there is none."""
        return self.keys[-1] if self.keys else ""

    def __contains__(self, key: object) -> bool:
        return key in self.keys

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys)

    def __len__(self) -> int:
        return len(self.keys)

    def set(self, keys: Collection[str]) -> None:
        """Select these and no others."""
        keys = tuple(dict.fromkeys(keys))
        if keys != self.keys:
            self.keys = keys
            self._changed()

    def add(self, keys: Collection[str]) -> None:
        """Select these, too."""
        self.set((*(key for key in self.keys if key not in keys), *keys))

    def toggle(self, keys: Collection[str]) -> None:
        """Select these, too; or if all of them are selected, no longer."""
        if all(key in self.keys for key in keys):
            self.set([key for key in self.keys if key not in keys])
        else:
            self.add(keys)
