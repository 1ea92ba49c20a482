"""Damaged text for tests: written here, and damaged by the channels as real programs would."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from mojifix.charsets import POLICIES

SEED = Path(__file__).parents[1] / "seeds" / "000_30b5b154e1590d09.txt"
MEANT = "请检查网络连接，然后重新启动程序。"
ANCIENT = POLICIES["gbk/cpython"].decode(MEANT.encode())  # 古文码, two of its characters lost
SIGNS = POLICIES["cp1252/whatwg"].decode(MEANT.encode())  # 符号码
VOWELS = POLICIES["latin-1"].decode(MEANT.encode("gbk"))  # 拼音码
CLEAN = "这一行没有坏。\nNothing is wrong here: café, naïve, 3 × 4.\n"


def run(*args: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The real executable."""
    return subprocess.run([sys.executable, "-m", "mojifix", *args], capture_output=True, timeout=120, **options)
