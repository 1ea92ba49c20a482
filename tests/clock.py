"""Time that tests measure: processor time, so that what else the machine does counts as little as can be."""

from __future__ import annotations

import time
from collections.abc import Callable

#: seconds that `_work` takes on a machine with nothing else to do (CPython 3.11, 2 cores of 2.6 GHz)
WORK = 0.015


def spent(call: Callable[[], object]) -> float:
    """Seconds of this process, not of its children."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


def slowness() -> float:
    """How many times as long as on an idle machine everything takes now: another program may share the core.

    At least 1: a faster machine has no less time.
    """
    return max(1.0, min(spent(_work) for _ in range(3)) / WORK)


def _work() -> int:
    found: dict[int, int] = {}
    for number in range(100_000):
        found[number & 0xFFF] = found.get(number >> 4 & 0xFFF, 0) + number
    return len(found)
