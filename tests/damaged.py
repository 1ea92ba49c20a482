"""Damaged text for tests: written here, and damaged by the channels as real programs would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from io import BufferedReader, BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from mojifix import cli
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


def call(*args: str | Path, cwd: Path | None = None, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """What `run` does, but in this process, which has loaded the model: for all that is not about processes."""
    out, err = BytesIO(), BytesIO()
    old, heeded = os.getcwd(), {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", TextIOWrapper(BufferedReader(BytesIO(input))))
        patch.setattr(sys, "stdout", TextIOWrapper(out, "utf-8", newline="\n"))
        patch.setattr(sys, "stderr", TextIOWrapper(err, "utf-8", "backslashreplace", newline="\n"))
        try:
            os.chdir(cwd or old)
            status = cli.main([*map(str, args)])
        except SystemExit as end:
            status = int(end.code or 0)
        finally:
            os.chdir(old)
            for number, how in heeded.items():
                signal.signal(number, how)
        sys.stdout.flush(), sys.stderr.flush()
        return subprocess.CompletedProcess(args, status, out.getvalue(), err.getvalue())
