"""Time that tests measure: processor time, so that what else the machine does counts as little as can be."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from math import inf

#: seconds that `_work` takes on a machine with nothing else to do (CPython 3.11, 2 cores of 2.6 GHz)
WORK = 0.015


def spent(call: Callable[[], object]) -> float:
    """Seconds of this process, not of its children."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


def linear(once: Callable[[], object], four_times: Callable[[], object]) -> bool:
    """Whether four times as much takes some four times as long; 16 times, were it quadratic.

    The best times of two rounds, and of more where they are not as they should be: other programs on the machine only
    ever make them longer. The garbage collector waits, for its pace is that of all that the tests have loaded.
    """
    least = [inf, inf]
    gc.disable()
    try:
        for number in range(6):
            least = [min(known, spent(call)) for known, call in zip(least, (once, four_times), strict=True)]
            if number and least[1] < 7.5 * max(least[0], 0.002):
                return True
    finally:
        gc.enable()
    return False


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
