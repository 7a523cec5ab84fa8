"""A file from elsewhere runs nothing until its user says so: the bar that asks, and what the answer means."""

from flodesk.ui.trust.bar import TrustBar
from flodesk.ui.trust.trusting import Trusting

__all__ = ["TrustBar", "Trusting"]
