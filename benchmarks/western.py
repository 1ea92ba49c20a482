"""Western text read as GBK: how many of the damaged lines of source code and documentation come back.

    python benchmarks/western.py FOLDER... [--number 150] [--write]

Files in the folders, a sample, are damaged as a whole; what beside them is said of a line are its neighbours. Worse are
lines that were not damaged and are altered. *Alone*: each of the damaged lines by itself.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from common import percent, publish, table

from mojifix import fix
from mojifix.channels.recode import RECODES, Recode
from mojifix.model.build_latin import texts

READERS = "cp936/icu", "gbk/cpython", "gb18030/cpython", "cp936/windows", "gbk/go"
#: characters of a file
MOST = 20_000


def kept(row: Recode, found: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The texts that the reader keeps line by line, and what it shows."""
    for text in found:
        try:
            seen = row.damage(text)
        except UnicodeError:
            continue
        if seen != text and seen.count("\n") == text.count("\n"):
            yield text, seen


def measured(row: Recode, found: Iterable[str]) -> tuple[object, ...]:
    count: Counter[str] = Counter()
    for text, seen in kept(row, found):
        repaired = fix(seen)
        count["files"] += 1
        count["whole"] += repaired == text
        lines = zip(text.split("\n"), seen.split("\n"), repaired.split("\n"), strict=False)
        for meant, line, got in lines if repaired.count("\n") == text.count("\n") else ():
            count["lines"] += line != meant
            count["exact"] += line != meant and got == meant
            count["left"] += line != meant and got == line
            count["worse"] += line == meant != got
            count["alone"] += line != meant and fix(line) == meant
    shares = (percent(count[name], count["lines"]) for name in ("exact", "left", "alone"))
    whole = percent(count["whole"], count["files"])
    return row.policy.name, count["files"], whole, count["lines"], *shares, count["worse"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--number", type=int, default=150, help="files (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md")
    options = parser.parse_args()
    found = [text for _, text in texts(options.folders) if len(text) < MOST]
    found = random.Random(0).sample(found, min(options.number, len(found)))
    rows = {row.policy.name: row for row in RECODES if row.charset == "utf-8"}
    head = ["read by", "files", "whole %", "damaged lines", "exact %", "left %", "alone exact %", "worse"]
    assert __doc__
    text = __doc__.partition("--write]\n\n")[2] + "\n" + table(head, [measured(rows[name], found) for name in READERS])
    publish("Western text", text)


if __name__ == "__main__":
    main()
