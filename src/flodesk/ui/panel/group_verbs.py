"""What a hand does with groups and tabs of the panel: each is one edit of the lines of their views."""

from __future__ import annotations

from flodesk.flow.groups import grouped, tabs, whole
from flodesk.ui.panel.chosen import Chosen
from flodesk.ui.panel.layout import grouping
from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.naming import Naming
from flodesk.ui.panel.views import Views


class GroupVerbs:
    """Makes groups and tabs of what is selected, and turns and names them."""

    def __init__(self, chosen: Chosen, views: Views, board: Board, naming: Naming) -> None:
        self._chosen = chosen
        self._views = views
        self._board = board
        self._naming = naming

    def group(self) -> None:
        """Put a titled box round what is selected, and let its title be typed."""
        if self._chosen.keys:
            title = self._free_title()
            made = grouping.as_group(self._board.places(), self._board.members(), self._chosen.keys, title)
            self._views.arrange(*made, title=f"Group {self._chosen.words()}")
            self._naming.open(title)

    def _free_title(self) -> str:
        taken = grouped(self._board.members())
        own = [group for group in whole(self._board.members(), self._chosen.keys) if group == self._chosen.group]
        return own[0] if own else grouping.free_name(taken, "Group")

    def ungroup(self) -> None:
        """Take what is selected out of its groups."""
        if self._chosen.grouped:
            made = grouping.ungrouped(self._board.places(), self._board.members(), self._chosen.keys)
            self._views.arrange(*made, title=f"Ungroup {self._chosen.words()}")

    def as_tabs(self) -> None:
        """Put what is selected in one place, on a tab each."""
        if len(self._chosen.keys) > 1:
            title = self._free_title()
            names = {key: card.title for key, card in self._board.cards.items()}
            places, members = self._board.places(), self._board.members()
            made = grouping.as_tabs(places, members, self._chosen.in_order(), title, names)
            self._views.arrange(*made, title=f"Lay {self._chosen.words()} on tabs")
            self._naming.open(title)

    def to_tab(self, tab: str) -> None:
        """Put what is selected on a tab of its group; of an empty name: on all of them."""
        group = self._chosen.group
        if group:
            made = grouping.to_tab(self._board.places(), self._board.members(), self._chosen.keys, tab)
            self._views.arrange(
                *made,
                title=f"Put {self._chosen.words()} on the tab “{tab}”"
                if tab
                else f"Put {self._chosen.words()} on every tab",
            )
            self._board.boxes.turn(group, tab)

    def to_new_tab(self) -> None:
        """Put what is selected on a new tab of its group, and let that be named."""
        group = self._chosen.group
        if group:
            known = tabs(self._board.members(), group)
            name = grouping.free_name(known, f"Tab {len(known) + 1 if known else 2}")
            self.to_tab(name)
            self._naming.open(group, name)

    def without_tabs(self) -> None:
        """Lay what is on the tabs of the selected group below one another."""
        group = self._chosen.group
        if group:
            made = grouping.without_tabs(self._board.places(), self._board.members(), group)
            self._views.arrange(*made, title=f"Take the tabs out of the group “{group}”")

    def move_tab(self, step: int) -> None:
        """Move the tab that is shown of the selected group by so many places; one at an end stays there."""
        group = self._chosen.group
        shown = self._board.shown_tabs().get(group, "")
        names = list(tabs(self._board.members(), group))
        if shown in names:
            at = names.index(shown)
            names.insert(min(max(at + step, 0), len(names) - 1), names.pop(at))
            if names[at] != shown:
                self._views.order_tabs(group, names)

    def rename(self) -> None:
        """Edit the title of the group that is selected."""
        self._naming.open(self._chosen.group)

    def turn(self, step: int) -> None:
        """Show the next tab of the group that is selected, or the one before."""
        group = self._chosen.group
        whole_group = group in whole(self._board.members(), self._chosen.keys)
        self._board.boxes.step(group, step)
        if group and not whole_group:
            seen, members = self._board.seen(), self._board.members()
            self._board.glass.select(*[key for key in seen if members[key].group == group][:1])
