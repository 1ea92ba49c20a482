"""What the command says, and how: every line of it goes through here."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from types import TracebackType

#: seconds before a progress bar appears, and between two looks of it
PATIENCE, STEP = 1.0, 0.1


class Trouble(Exception):
    """Something that the user can mend; the message reads `where: what; what to do`."""


class OutputLost(Trouble):
    """Nobody reads standard output any more, or it is full: there is no point in going on."""


def say(*lines: str, prefix: str = "mojifix: ") -> None:
    """Lines on standard error."""
    if lines and sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(*(prefix + line for line in lines), sep="\n", file=sys.stderr, flush=True)


def write(data: bytes) -> None:
    """Bytes on standard output."""
    if sys.stdout is None:
        raise OutputLost("standard output: it is closed; give a file with -o")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        # The interpreter flushes once more at its end: let that go nowhere instead of failing again.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise OutputLost("standard output: its reader has gone; the rest of the text was not written") from None
        raise OutputLost(f"standard output: cannot be written ({reason(error)}); make room or use -o") from None


def on_terminal() -> bool:
    """Whether standard output is a terminal, so that nothing else may be drawn there."""
    return bool(sys.stdout and sys.stdout.isatty())


def coloured() -> bool:
    """Whether standard output is a terminal that wants colour (https://no-color.org)."""
    return on_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def version() -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("mojifix")
    except PackageNotFoundError:
        return "(not installed)"


def reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def count(number: int, noun: str) -> str:
    """
    >>> count(1, "file"), count(1200, "file")
    ('1 file', '1,200 files')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def size(number: float) -> str:
    """Bytes for people.

    >>> size(999), size(1_500_000), size(2e12)
    ('999 B', '1.5 MB', '2.0 TB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"


def places(text: str) -> Callable[[int], tuple[int, int]]:
    """A function from an offset of `text` to its line and column, both counted from 1.

    >>> places("ab\\r\\nc")(4)
    (2, 1)
    """
    starts = [0, *(match.end() for match in re.finditer(r"\r\n?|\n", text))]

    def place(offset: int) -> tuple[int, int]:
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    return place


def excerpt(text: str) -> str:
    """A text in one short line.

    >>> excerpt("a\\nb\\ue000")
    'a␣b\\\\ue000'
    """
    if len(text) > 40:
        text = f"{text[:20]} … {text[-17:]}"
    return "".join(c if c.isprintable() else "␣" if c.isspace() else ascii(c)[1:-1] for c in text)


def percent(probability: float) -> str:
    """Rounded down: 99.96 % is not 100 %."""
    return f"{int(probability * 1000) / 10:.1f} %"


class Progress:
    """A bar on standard error while work takes long, if that is a terminal: what is done, how fast, how much longer."""

    def __init__(self, total: int, files: int = 0, quiet: bool = False) -> None:
        self.total, self.files = total, files
        self.done = self.done_files = 0
        self._start = time.monotonic()
        self._next = self._start + PATIENCE
        self._on = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def add(self, done: int, files: int = 0) -> None:
        """So many bytes, and files, are done."""
        self.done += done
        self.done_files += files
        now = time.monotonic()
        if self._on and now >= self._next:
            self._next = now + STEP
            self._shown = True
            sys.stderr.write(f"\r\x1b[K{self.line(now - self._start)}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the bar away, for something else is to be said."""
        if self._shown:
            self._shown = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def line(self, seconds: float) -> str:
        """
        >>> bar = Progress(4_000_000, files=8, quiet=True)
        >>> bar.add(1_000_000, files=2); bar.line(2.0)
        '[#####...............] 25 %, 1.0 MB of 4.0 MB, 2 of 8 files, 500.0 kB/s, 0:06 left'
        """
        rate = self.done / seconds
        parts = [size(self.done)]
        if self.total:
            share = min(1.0, self.done / self.total)
            bar = "#" * int(share * 20)
            parts = [f"[{bar:.<20}] {share:.0%}".replace("%", " %"), f"{size(self.done)} of {size(self.total)}"]
            parts = [", ".join(parts)]
        if self.files:
            parts.append(f"{self.done_files:,} of {self.files:,} files")
        parts.append(f"{size(rate)}/s")
        if self.total and rate:
            left = int(max(0, self.total - self.done) / rate)
            parts.append(f"{left // 60}:{left % 60:02} left")
        return ", ".join(parts)
