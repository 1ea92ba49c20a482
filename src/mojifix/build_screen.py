"""The characters of the screen: ``python -m mojifix.build_screen`` writes ``screen.txt`` (for development).

A character tells of UTF-8 read as GBK if it is frequent in such text and next to unknown in clean text. Which ones do
is counted over the corpus in the folder that MOJIFIX_DATA names, every seventh line of it damaged, once from its first
character on and once from its second, since pairs of bytes may begin at either.
"""

from __future__ import annotations

import lzma
import os
import sys
from collections import Counter
from pathlib import Path

from mojifix.charsets import POLICIES
from mojifix.screen import TABLE

#: in damaged text at least so frequent; in clean text at most so frequent
DAMAGED, CLEAN = 3e-6, 3e-6
#: so many times more frequent in damaged text
RATIO = 300


def build(folder: Path) -> str:
    """The characters, in the order of their code points."""
    clean: Counter[str] = Counter()
    damaged: Counter[str] = Counter()
    for path in sorted((folder / "corpus").glob("*.txt.xz")):
        text = lzma.decompress(path.read_bytes()).decode("utf-8")
        clean.update(text)
        for line in text.split("\n")[::7]:
            for part in (line, line[1:]):
                damaged.update(POLICIES["cp936/icu"].decode(part.encode()))

    all_damaged, all_clean = damaged.total(), clean.total()

    def tells(char: str) -> bool:
        seen = damaged[char] / all_damaged
        usual = (clean[char] + 0.5) / all_clean
        return seen > DAMAGED and usual < CLEAN and seen / usual > RATIO

    return "".join(sorted(char for char in damaged if "\u3400" <= char <= "\u9fff" and tells(char)))


def main() -> int:
    """Write the table."""
    folder = os.environ.get("MOJIFIX_DATA")
    if not folder:
        print("set MOJIFIX_DATA to a folder with corpus/*.txt.xz", file=sys.stderr)
        return 2
    TABLE.write_text(build(Path(folder)) + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
