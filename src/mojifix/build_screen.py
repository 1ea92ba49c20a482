"""The characters of the screen: ``python -m mojifix.build_screen`` writes ``screen.txt``, and ``screen.re`` of
them (for development).

A character tells of damage if it is frequent in what some double-byte reader of the table shows, and next to unknown in
clean text. Which ones do is counted over the corpus in the folder that MOJIFIX_DATA names, some lines of it damaged by
each row, once from their first character on and once from their second, since pairs of bytes may begin at either.
"""

from __future__ import annotations

import lzma
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import inf
from pathlib import Path
from typing import NamedTuple

from mojifix.channels.recode import RECODES, Recode
from mojifix.charsets import CHARSETS
from mojifix.marks import TABLE, pattern
from mojifix.model import load
from mojifix.model.alphabet import is_rare_hangul
from mojifix.screen import PATTERN

#: one line in so many is damaged
EVERY = 50
#: clean text, and how many times as frequent a character may be in it
SCRIPTS = {"hans": 1, "hant": 1, "classical": 4}
#: text of other languages, and signs, of which the corpus has little: Latin, Greek, Cyrillic, Hebrew, Vietnamese, kana,
#: hangul, punctuation, arrows, boxes, emoji; and U+FFFD
BLOCKS = (
    (0xC0, 0x17F), (0x386, 0x3CF), (0x401, 0x451), (0x5D0, 0x5EA), (0x1EA0, 0x1EF9), (0x3041, 0x30FE), (0xAC00, 0xD7A3),
    (0x2010, 0x2040), (0x2190, 0x2199), (0x2500, 0x257F), (0x25A0, 0x25FF), (0x1F300, 0x1F64F),
    (0xFFFD, 0xFFFD),
)  # fmt: skip


class Kind(NamedTuple):
    """What makes a mark: how frequent it is at least in damaged text, in that of a block; how many times rarer in clean
    text of each script, and how frequent there at most."""

    damaged: float
    block: float
    ratio: float
    clean: float


#: UTF-8 read as GBK is known by what stands around a mark, so that more can be marks. Of pieces of two characters 61 %
#: are seen, and 75 places in a million characters of clean web text; with a ratio of 30 and 1e-4 63 %, and 217. The
#: rarer damages need two marks: of sentences of Big5 read as GBK 92 % are seen, of GBK read as EUC-JP 82 %, and 17
#: places of clean text; with a ratio of 100 and 1e-5 93 %, 93 %, and 83
#: A character of two bytes in UTF-8 is one of GBK, as every tenth pair is by chance: these must be rarer in clean text
#: (`TWO`). So three of 2,900 web lines are looked at, else nine; of Russian words of four letters 75 % are seen, else
#: 93 %, of lines all.
TWO = 3e-6
GBK, RARER = Kind(3e-6, 5e-4, 100, 3e-5), Kind(3e-4, 2e-3, 300, 3e-6)
#: Marks of one mix-up, which stand closer than two of any (`mojifix.marks.CLOSE`) and may be commoner. Of pieces of
#: four characters of GBK read as Big5 91 % are seen so, else 67 %, of eight of GBK read as EUC-JP 88 %, else 6 %; and 9
#: of 9,500 web, technical and chat lines. With 2e-4 94 % of EUC-JP, and screening takes up to 10 % longer
CLOSE = Kind(1e-4, 0, 20, 5e-5)
#: The same of what only the model knows how often it is: Korean, of which 81 % of the pieces of eight characters are
#: seen, and nine lines; with a ratio of 20 and 2e-4 93 %, and 40 lines; of three marks within six 70 %. Of kana read as
#: GBK, hanzi that nobody writes, 98 %, and no line
SPELLED = CLOSE._replace(ratio=50)
CROSSES = "gbk read as cp950/java", "gbk read as cp949/windows", "gbk read as euc-jp/cpython", "big5 read as cp936/icu"
KOREAN, JAPANESE = (
    next(row for row in RECODES if row.name == f"{charset} read as cp936/icu") for charset in ("cp949", "cp932")
)
#: bits of a syllable that is rare in Korean. Two of them, or one beside a hanzi, are in 26 of 1,400 lines of Korean and
#: in 98 % of pieces of eight characters of GBK read as EUC-KR; with 19 in 86 and 98 %, with all in 8 and 93 %
RARE = 20.5
KANA = [char for char in map(chr, range(0x3041, 0x30FD)) if char.encode("cp932", "ignore")]
SYLLABLES = [char for char in map(chr, range(0xAC00, 0xD7A4)) if not is_rare_hangul(char)]


def build(folder: Path) -> list[str]:
    """The characters of UTF-8 read as GBK, those of the other double-byte readers, those of each of `CROSSES`, those of
    kana and of Korean, and the syllables that Korean has, in the order of code points."""
    clean: dict[str, Counter[str]] = {script: Counter() for script in SCRIPTS}
    rows = [row for row in RECODES if row.policy.family == "hanzi"]
    damaged: list[Counter[str]] = [Counter() for _ in rows]
    for path in sorted((folder / "corpus").glob("*.txt.xz")):
        text = lzma.decompress(path.read_bytes()).decode("utf-8")
        clean[re.split("[_.]", path.name)[0]].update(text)
        for line in text.split("\n")[::EVERY]:
            for row, seen in zip(rows, damaged, strict=True):
                _damage(row, line, seen)
    totals = [(found, found.total() * SCRIPTS[script]) for script, found in clean.items()]

    def usual(char: str) -> float:
        return max((found[char] + 0.5) / total for found, total in totals)

    marks: dict[Kind, set[str]] = {GBK: set(), RARER: set()}
    for row, seen in zip(rows, damaged, strict=True):
        kind = GBK if row.charset == "utf-8" and getattr(row.policy, "codec", "") in ("gbk", "gb18030") else RARER
        for counts, least in ((seen, kind.damaged), *((block, kind.block) for block in _blocks(row))):
            total = max(1, counts.total())
            for char, number in counts.items():
                often = number > least * total and _rare(char)
                most = TWO if kind is GBK and _is_two(char) else kind.clean
                if often and usual(char) < min(most, number / total / kind.ratio):
                    marks[kind].add(char)
    close: list[tuple[Kind, Mapping[str, float]]]
    close = [(CLOSE, seen) for row, seen in zip(rows, damaged, strict=True) if row.name in CROSSES]
    close += (SPELLED, _shown(JAPANESE, KANA)), (SPELLED, _shown(KOREAN, _syllables()))
    found = [
        {char for char, often in _hanzi(seen) if usual(char) < min(kind.clean, often / kind.ratio)}
        for kind, seen in close
    ]
    return ["".join(sorted(chars)) for chars in (marks[GBK], marks[RARER], *found, _syllables(RARE))]


def _hanzi(seen: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Hanzi, and what part of what is seen they are."""
    total = sum(seen.values())
    return ((c, n / total) for c, n in seen.items() if "\u3400" <= c <= "\u9fff" and n > CLOSE.damaged * total)


def _shown(row: Recode, chars: Iterable[str]) -> dict[str, float]:
    """How often what some characters show is seen where they are read as GBK; the model knows how often they are, and
    the corpus has few of them."""
    alone = load().alone
    return {row.damage(char): 2.0 ** -alone(char) for char in chars}


def _syllables(rare: float = inf) -> list[str]:
    """Those that are symbols of their own in the model, if they are not too rare."""
    return [char for char in SYLLABLES if load().unigram(char) == load().alone(char) < rare]


def _is_two(char: str) -> bool:
    """Whether a character is one of two bytes in UTF-8, read as GBK."""
    lead, trail, *_ = (*char.encode("gbk", "ignore"), 0, 0)
    return 0xC2 <= lead < 0xE0 and 0x80 <= trail < 0xC0


def _blocks(row: Recode) -> Iterator[Counter[str]]:
    for first, last in BLOCKS if row.charset == "utf-8" else ():
        seen: Counter[str] = Counter()
        _damage(row, "".join(map(chr, range(first, last + 1))), seen)
        yield seen


def _rare(char: str) -> bool:
    """A hanzi that is not usual in Japanese (level 1 of JIS X 0208), a syllable that is not in Korean (KS X 1001)."""
    if "\uac00" <= char <= "\ud7a3":
        return is_rare_hangul(char)
    return "\u3400" <= char <= "\u9fff" and not b"\xb0" <= char.encode("euc_jp", "ignore") < b"\xd0"


def _damage(row: Recode, text: str, seen: Counter[str]) -> None:
    data = text.encode(CHARSETS[row.charset].codec, "ignore")
    seen.update(row.policy.decode(data))
    seen.update(row.policy.decode(data[3 if row.charset == "utf-8" else 2 :]))


def main() -> int:
    """Write the table, and the pattern."""
    folder = os.environ.get("MOJIFIX_DATA")
    if not folder:
        print("set MOJIFIX_DATA to a folder with corpus/*.txt.xz", file=sys.stderr)
        return 2
    TABLE.write_text("\n".join((*build(Path(folder)), "")), encoding="utf-8", newline="\n")
    PATTERN.write_text(pattern(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
