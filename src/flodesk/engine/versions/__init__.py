"""The versions of a flow's file that were saved here, or came from outside: kept so that there is a way back."""

from flodesk.engine.versions.settings import Keeping, keeping
from flodesk.engine.versions.store import Version, Versions, VersionsError

__all__ = ["Keeping", "Version", "Versions", "VersionsError", "keeping"]
