"""The signs of Western text: ``python -m mojifix.model.build_latin FOLDER...`` writes ``latin.txt`` (for development).

The folders have text of Western languages: documentation, source code.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import log2
from pathlib import Path

from mojifix.model.latin import EAST, KINDS, TABLE, kind

#: characters of a file, and different ones beyond ASCII: what has more is a table of characters
MOST, TABLES = 400_000, 60
#: files of a folder that count
FILES = 60
#: times that a sign counts in a file
OFTEN = 20
#: folders in which a sign is, at least
LEAST = 3
#: the share of what was never seen
UNSEEN = 0.02
_BEYOND = re.compile("[^\0-\x7f]")
#: letters of other scripts, their marks and signs, and what joins them
_OTHERS = re.compile("[\u02b0-\u036f\u0530-\u1fff\u200b-\u200f\ufe00-\uffff\U0001f000-\U0010ffff]")


def texts(folders: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """The texts in which there is something, with the folder of each."""
    files: Counter[Path] = Counter()
    for path in (path for folder in folders for path in sorted(folder.rglob("*"))):
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except ValueError:
            continue
        if not text.isascii() and not EAST.search(text) and len({*_BEYOND.findall(text)}) <= TABLES:
            files[path.parent] += 1
            if files[path.parent] <= FILES:
                yield path.parent, text


def build(found: Iterable[tuple[Path, str]]) -> list[str]:
    """The lines of the table: a sign, its bits behind each kind, and those of each kind behind it."""
    places = dict.fromkeys(KINDS, 1.0)
    behind, then = (defaultdict[str, defaultdict[str, float]](lambda: defaultdict(float)) for _ in range(2))
    folders: defaultdict[str, set[Path]] = defaultdict(set)
    for folder, text in found:
        chars = (char for line in text.split("\n") if not line.isascii() for char in ("", *line))
        for name, number in Counter(map(kind, chars)).items():
            places[name] += number
        often = Counter(_BEYOND.findall(text))
        for mark in _BEYOND.finditer(text):
            sign, at = mark[0], mark.start()
            if not sign.isalpha() and not _OTHERS.match(sign):
                folders[sign].add(folder)
                share = min(1.0, OFTEN / often[sign])
                behind[sign][kind(text[max(0, at - 1) : at])] += share
                then[sign][kind(text[at + 1 : at + 2])] += share
    every = sum(places.values())
    lines = []
    for sign in sorted(folders, key=lambda sign: (-len(folders[sign]), sign)):
        if len(folders[sign]) < LEAST:
            break
        total = sum(then[sign].values())
        before = [behind[sign][name] + UNSEEN * total * places[name] / every for name in KINDS]
        costs = [-log2(number / places[name]) for name, number in zip(KINDS, before, strict=True)]
        costs += [-log2((then[sign][name] / total + UNSEEN / len(KINDS)) / (1 + UNSEEN)) for name in KINDS]
        lines.append(" ".join((f"{ord(sign):04x}", *(f"{bits:.1f}" for bits in costs))))
    return lines


def main() -> int:
    """Write the table."""
    folders = [Path(name) for name in sys.argv[1:]]
    if not folders:
        print("name folders with Western text", file=sys.stderr)
        return 2
    TABLE.write_text("\n".join((*build(texts(folders)), "")), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
