"""What work costs the thread that does it, however busy the machine is meanwhile."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

cpu_seconds: Callable[[], float] = time.perf_counter if sys.platform == "win32" else time.thread_time
"""Time of a core that this thread has had, in s. Windows counts it in steps of 16 ms, which is more than a frame: there
it is the time that passes."""
