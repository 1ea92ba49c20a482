"""Suspicious lines, found at the speed of `re`. Text in which nothing is found here is clean, and left alone."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path

from mojifix.charsets import LOST

#: what `mojifix.marks` and `mojifix.build_screen` make: to put it together takes as long as to compile it, 30 ms
PATTERN = Path(__file__).with_name("screen.re")

#: the pinyin kit: a syllable with a tone mark in brackets, close behind what it annotates
PINYIN = re.compile("\\((?=[a-z]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]{0,5}\\))(?<=[^\0->\x7f]\\()")
#: characters that a family shows of which one at least is a mark: in damaged lines of 400 characters it is one in
#: seven, in EUC-JP read as GBK one in 30. Without kana, which that keeps: else 13 % of its sentences have less. Of 39
#: clean lines of web, chat and traditional Chinese in which there is a mark 15 have as many, with 64 28
SPARSE = 32
#: characters before and behind a mark that are looked at in a long line: damaged text has marks more often than that.
#: A megabyte in one line with one damaged word takes 30 ms, and 6 s as a whole
FAR = 512
_NARROW, _WIDE = re.compile("[\x80-\u2e7f]"), re.compile("[^\0-\u2e7f\u3041-\u30ff]")


@cache
def suspicious() -> re.Pattern[str]:
    """What hardly any clean text has, as `mojifix.marks.pattern` has written it.

    >>> bool(suspicious().search("锛屼綘濂")), bool(suspicious().search("你好，世界"))
    (True, False)
    """
    return re.compile(PATTERN.read_text(encoding="utf-8"))


@cache
def _lost() -> dict[str, re.Pattern[str]]:
    """The same for text that lost more than that, by the families of readers. Each begins with U+FFFD, which is found
    ten times as fast as one of several characters."""
    hanzi, letter = "[、-。《-】一-鿿！-～]", "[\x80-\u07ff]"
    behind = "|".join(f"(?<={hanzi}[?\ufffd]{{{number}}}\ufffd)" for number in range(4))
    return {
        "holes": re.compile(f"\ufffd(?:{letter}|(?<={letter}\ufffd))"),
        "stumps": re.compile(f"\ufffd(?:{behind}|[?\ufffd]{{,3}}.?{hanzi}|(?<=1\ufffd)7)"),
    }


def families(text: str) -> frozenset[str]:
    """The families of readers that may have shown all of a text; "crossed" are those of other languages of East Asia.

    >>> sorted(families("锛屼綘濂 Ã¤"))
    ['hanzi', 'latin']
    >>> families("蜿蜒" + 40 * "的鸭绿江")
    frozenset()
    """
    found = {family for family, mark in _lost().items() if LOST in text and mark.search(text)}
    marks = Counter(map(_family, suspicious().finditer(text)))
    if (latin := marks.pop("latin", 0)) and SPARSE * latin >= len(_NARROW.findall(text)):
        found.add("latin")
    if marks and SPARSE * marks.total() >= len(_WIDE.findall(text)):
        found.update(marks)
    return frozenset(found)


Mark = tuple[int, int, str]
"""Where a mark is, and its family; one of loss has none."""


def marks(text: str, start: int, end: int) -> Iterator[Mark]:
    """The marks in a part of a text.

    >>> [*marks("今天娴嬭瘯", 0, 5)]
    [(2, 3, 'hanzi'), (3, 4, 'hanzi'), (4, 5, 'hanzi')]
    """
    found = chain.from_iterable(pattern.finditer(text, start, end) for pattern in _patterns(text, start, end))
    return ((*mark.span(), _family(mark)) for mark in sorted(found, key=lambda mark: mark.start()))


def _family(mark: re.Match[str]) -> str:
    return (mark.lastgroup or "").rstrip("0123456789")


def _patterns(text: str, start: int = 0, end: int = sys.maxsize) -> list[re.Pattern[str]]:
    return [] if text.isascii() else [suspicious(), *(_lost().values() if text.find(LOST, start, end) >= 0 else ())]


def lines(text: str, within: Iterable[tuple[int, int]] = ((0, sys.maxsize),)) -> Iterator[tuple[int, int]]:
    """The lines in which something is seen; the others are not even looked for, and of a long one only what is `FAR` or
    less from it. `within` are the ones to look at.

    >>> [*lines("clean\\n锛屼綘濂\\n你好")]
    [(6, 10)]
    """
    patterns = _patterns(text)
    for first, last in within:
        found: list[tuple[int, int]] = []
        for pattern in patterns:
            end = first
            while seen := pattern.search(text, end, last):
                start = max(text.rfind("\n", end, seen.start()) + 1 or end, seen.start() - FAR)
                end = text.find("\n", seen.end(), seen.end() + FAR)
                end = min(len(text), last, seen.end() + FAR) if end < 0 else end
                found.append((start, end))
        yield from joined(sorted(found))


def joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sorted spans, but that those which touch are one."""
    whole: tuple[int, int] | None = None
    for start, end in spans:
        if whole and start <= whole[1]:
            whole = whole[0], max(whole[1], end)
        else:
            if whole:
                yield whole
            whole = start, end
    if whole:
        yield whole
