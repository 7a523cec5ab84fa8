"""The flow that an engine has open: its text, where it stands, and what was set in it since the text was written."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path

from flodesk.engine.flow_text import FlowText
from flodesk.engine.inputs import position_of
from flodesk.engine.load import LoadError, file_name, parse, read_text
from flodesk.engine.plan import Plan
from flodesk.engine.run import Run
from flodesk.engine.workfolder import folder_of, forget_modules_in, import_from, move_in
from flodesk.flow.edit import SetParameter
from flodesk.flow.model import Literal
from flodesk.flow.script import write


class OpenFlow:
    """A flow as text.

    Parameters
    ----------
    own_process : bool
        This process serves it alone: the working folder and the user's modules beside the flow follow it.

    Attributes
    ----------
    overrides : dict
        Texts of the values that were set, by (node, parameter).
    """

    def __init__(self, *, own_process: bool) -> None:
        self.text = ""
        self.path = ""
        self.overrides: dict[tuple[str, str], str] = {}
        self._own_process = own_process
        self._code: str | None = None

    def leave(self) -> None:
        """Forget what it has imported from beside it: nothing of that is loaded again under another flow."""
        folder = self._modules
        if self._own_process and folder:
            forget_modules_in(folder)

    def open(self, text: str, path: str, code: str | None = None) -> None:
        """Hold another flow.

        Parameters
        ----------
        code : str, optional
            The folder that its own modules are imported from, empty if it has none; by default they stand beside it.
        """
        self.text, self.path, self.overrides = text, path, {}
        if code is None:
            self._code = None
        self.bring(code)

    def bring(self, code: str | None) -> None:
        """Import the flow's own modules from another folder from now on, if one is given."""
        if code is not None and code != self._code:
            if self._code:
                forget_modules_in(self._code)
                sys.path[:] = [place for place in sys.path if place != self._code]
            self._code = code

    def brought(self, run: Run) -> None:
        """Let a run that goes on find the modules that came with its next text."""
        if self._code is not None and run.loaded is not None:
            run.loaded.read.folder = _resolved(self._code)

    @property
    def _modules(self) -> str:
        """The folder that its own modules are imported from."""
        return folder_of(self.path) if self._code is None else self._code

    def change(self, text: str, path: str | None) -> tuple[bool, bool]:
        """Hold a changed text, which may stand elsewhere now; returns whether the text changed, and whether it moved.

        Parameters
        ----------
        path : str, optional
            By default it stays where it is.
        """
        changed = text != self.text or bool(self.overrides)
        moved = path is not None and path != self.path
        if path is not None and moved:
            self.path = path
            self.move_in(afresh=False)
        if changed or moved:
            self.text, self.overrides = text, {}
        return changed, moved

    def move_in(self, *, afresh: bool) -> None:
        """Work from the folder of its file, as ``python FILE`` there would; `afresh` reads what it imports again."""
        if self._own_process:
            move_in(self.path, self._modules, afresh=afresh)
        else:
            import_from(self._modules, afresh=False)

    def forget(self, refused: Mapping[tuple[str, str], str]) -> None:
        """Forget what was set to a text that a run has refused."""
        self.overrides = {key: text for key, text in self.overrides.items() if refused.get(key) != text}

    def read_by(self, run: Run | None) -> FlowText | None:
        """Return what a run has read, if that was the same text: to play again costs no reading.

        Of a flow whose modules have come along it is read now: who reads it later does not know where they are.
        """
        if run is not None and run.loaded is not None and not run.put_back:  # that has another course
            before = run.loaded.read
            same = before.text == self.text and before.file == file_name(self.path)
            if same and (self._code is None or before.folder == _resolved(self._code)):
                return before.again()
        with contextlib.suppress(LoadError):  # the run says what is wrong with it
            return None if self._code is None else read_text(self.text, self.path, folder=self._code)
        return None

    def written(self, plans: Mapping[str, Plan]) -> str:
        """Write what was set into the text: for parameters that it does not have yet.

        Parameters
        ----------
        plans : mapping
            Those of the last run, by function: they know where an argument of a node stands.

        Raises
        ------
        EditError, LoadError
            That cannot be.
        """
        flow = parse(self.text, self.path)
        for (node, parameter), value in self.overrides.items():
            function, _, statement = node.rpartition(".")
            place = position_of(plans.get(function), statement, parameter)
            flow, _ = SetParameter(function, statement, parameter, Literal(value), place).apply(flow)
        return write(flow)


def _resolved(folder: str) -> Path | None:
    return Path(folder).resolve() if folder else None
