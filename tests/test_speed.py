"""Time is linear and memory bounded, on whatever text: what costs most where each mark is looked at again."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from clock import slowness

import mojifix
from mojifix.channels.recode import RECODES

BY_NAME = {channel.name: channel for channel in RECODES}
SENTENCE = "那时候我们还不知道，最重要的东西往往是看不见的。"
WORD = BY_NAME["utf-8 read as cp936/icu"].damage("测试" * 3)
#: seconds: a text is longer until it takes so long, for a clock is not exact; and how many characters at least and most
LEAST, SHORTEST, LONGEST = 0.05, 1 << 10, 1 << 21
#: times that are measured until one is as it should be: other programs on the machine only ever make them longer
TRIES = 6


def spent(unit: str, times: int) -> float:
    """Seconds. Whole units only: a text cut in mid-sentence may be one that asks for another round."""
    text = unit * times
    begun = time.process_time()
    mojifix.fix(text)
    return time.process_time() - begun


@pytest.mark.parametrize(
    "unit",
    [
        *("(", "?", "\ufffd", "鈥", "業(yè)", "Ã", "\ud800", "\0", "\n", "&#65533;", "锟斤拷", "浣\ufffd"),
        "闂傚倸鍊搁崐",
        "乂 匚 ",  # rare hanzi, each a run
        SENTENCE,
        WORD,
        f"{SENTENCE}\n",
        f"{WORD}\n{SENTENCE}",
        BY_NAME["utf-8 read as gbk/cpython"].damage(SENTENCE),
        BY_NAME["utf-8 read as cp1252/whatwg"].damage(SENTENCE),
    ],
    ids=ascii,
)
def test_time_is_linear(unit: str) -> None:
    times = -(-SHORTEST // len(unit))
    while (once := spent(unit, times)) < LEAST and times * len(unit) < LONGEST:
        times *= 2
    twice = spent(unit, 2 * times)
    for _ in range(TRIES):
        if twice <= max(LEAST, 2.3 * once):
            return
        once, twice = spent(unit, times), spent(unit, 2 * times)
    pytest.fail(f"{times * len(unit)} characters: {once:.2f} s, twice as many: {twice:.2f} s")


@pytest.mark.parametrize("apart", ["", "\n"])
def test_one_damaged_word_in_much_text_costs_little(apart: str) -> None:
    clean = f"{SENTENCE}{apart}" * 20_000
    text = f"{clean}{WORD}{clean}"
    assert mojifix.fix(text) == f"{clean}{'测试' * 3}{clean}"
    once = min(spent(clean, 2) for _ in range(3))
    assert min(spent(text, 1) for _ in range(3)) < 2 * once + 0.05 * slowness()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc/self/status")
def test_memory_is_bounded() -> None:
    """A line of damage in 20 MB of clean text; what text and result take is counted as well."""
    code = f"""
import re
from pathlib import Path
import mojifix
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
mojifix.fix({WORD!a})
before = peak()
clean = {SENTENCE + chr(10)!a} * 140_000
text = clean + {WORD!a} + "\\n" + clean
assert mojifix.fix(text) != text
print((peak() - before) / len(text))
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert 2 < float(found) < 12
