"""The characters of the screen: ``python -m mojifix.build_screen`` writes ``screen.txt`` (for development).

A character tells of damage if it is frequent in what some double-byte reader of the table shows, and next to unknown in
clean text. Which ones do is counted over the corpus in the folder that MOJIFIX_DATA names, some lines of it damaged by
each row, once from their first character on and once from their second, since pairs of bytes may begin at either.
"""

from __future__ import annotations

import lzma
import os
import sys
from collections import Counter
from pathlib import Path

from mojifix.channels.recode import GROUPS, RECODES, Recode
from mojifix.charsets import CHARSETS
from mojifix.screen import TABLE

#: in damaged text at least so frequent; in clean text at most so frequent
DAMAGED, CLEAN = 3e-6, 3e-6
#: one line in so many is damaged
EVERY = 50
#: the same for rarer damages: fewer characters tell of each, so that clean text is stopped at less often
DAMAGED_ELSE = 3e-4
#: in damaged text of a block below at least so frequent
COMMON = 2e-3
#: text of other languages, and signs, of which the corpus has little: Latin, Greek, Cyrillic, Vietnamese, kana, hangul,
#: punctuation, arrows, boxes, emoji
BLOCKS = (
    (0xC0, 0x17F), (0x386, 0x3CF), (0x401, 0x451), (0x1EA0, 0x1EF9), (0x3041, 0x30FE), (0xAC00, 0xD7A3),
    (0x2010, 0x2040), (0x2190, 0x2199), (0x2500, 0x257F), (0x25A0, 0x25FF), (0x1F300, 0x1F64F),
)  # fmt: skip
#: so many times more frequent in damaged text
RATIO = 300


def build(folder: Path) -> str:
    """The characters, in the order of their code points."""
    clean: Counter[str] = Counter()
    rows = [row for row in RECODES if row.policy.family == "hanzi"]
    damaged: list[Counter[str]] = [Counter() for _ in rows]
    for path in sorted((folder / "corpus").glob("*.txt.xz")):
        text = lzma.decompress(path.read_bytes()).decode("utf-8")
        clean.update(text)
        for line in text.split("\n")[::EVERY]:
            for row, seen in zip(rows, damaged, strict=True):
                _damage(row, line, seen)
    least = [DAMAGED if row in (*GROUPS[0], *GROUPS[1]) else DAMAGED_ELSE for row in rows]
    for row in (row for row in rows if row.charset == "utf-8"):
        for first, last in BLOCKS:
            damaged.append(seen := Counter())
            least.append(COMMON)
            _damage(row, "".join(map(chr, range(first, last + 1))), seen)
    all_clean = clean.total()
    found: set[str] = set()
    for seen, enough in zip(damaged, least, strict=True):
        total = max(1, seen.total())
        for char in filter(_rare, seen):
            often, usual = seen[char] / total, (clean[char] + 0.5) / all_clean
            if often > enough and usual < CLEAN and often / usual > RATIO:
                found.add(char)
    return "".join(sorted(found))


def _rare(char: str) -> bool:
    """A hanzi that is not usual in Japanese (level 1 of JIS X 0208), a syllable that is not in Korean (KS X 1001)."""
    if "\uac00" <= char <= "\ud7a3":
        return not char.encode("euc_kr", "ignore")
    return "\u3400" <= char <= "\u9fff" and not b"\xb0" <= char.encode("euc_jp", "ignore") < b"\xd0"


def _damage(row: Recode, text: str, seen: Counter[str]) -> None:
    data = text.encode(CHARSETS[row.charset].codec, "ignore")
    seen.update(row.policy.decode(data))
    seen.update(row.policy.decode(data[3 if row.charset == "utf-8" else 2 :]))


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
