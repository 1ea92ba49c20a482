"""Suspicious spans, found at the speed of `re`. Text in which nothing is found here is clean, and left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("screen.txt")

#: the pinyin kit: a bracket closed behind a tone-marked syllable
PINYIN = re.compile("[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]\\)")


@cache
def recoded() -> re.Pattern[str]:
    """A character that hardly any text has but UTF-8 read as GBK; `mojifix.build_screen` says which and why.

    >>> bool(recoded().search("锛屼綘濂")), bool(recoded().search("你好，世界"))
    (True, False)
    """
    return re.compile(f"[{TABLE.read_text(encoding='utf-8').strip()}\ue000-\ue864]")


#: what single-byte readers show, by kinds; of the signs, those that do not stand beside letters in clean text
_UPPER = "\xc0-\xd6\xd8-\xdeĀĂĄĆČĎĐĒĖĘĚĞĢĪĮĶĹĻĽŁŃŅŇŌŐŒŔŘŚŠŤŪŮŰŲŸŹŻŽ"
_LOWER = "\xdf-\xf6\xf8-\xffāăąćčďđēėęěğģīįķĺļľłńņňōőŕřśšťūůűųźżžſƒ"
_SIGNS = "\x80-\x9f¡-¦¨ª¬¯±´-¶¸¹¼-¿×÷ˆ˜ˇ˘˙˚˛˝‚„†‡‰‹€"
_OTHERS = "Α-ωЀ-ӿ─-▟⌠⌡∂-≥"
#: two of them side by side as in hardly any text: a pair of hanzi bytes, or a lead byte of UTF-8 and one that goes on
_PAIRS = (
    f"[{_UPPER}{_SIGNS}][{_UPPER}{_SIGNS}]|[{_LOWER}][{_UPPER}{_SIGNS}]|[{_SIGNS}][{_LOWER}]",
    "[\xc2-\xf4][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘-‚“-„†-•…‰‹›€™]",
    f"[{_OTHERS}][{_UPPER}{_LOWER}{_SIGNS}]|[{_UPPER}{_LOWER}{_SIGNS}][{_OTHERS}]",
    "[а-я][А-Я]|[Ѐ-ӿΑ-ω][─-▟∂-≥]|[─-▟∂-≥][Ѐ-ӿΑ-ω]|[α-ω][Α-Ω]",
    f"[{_UPPER}{_SIGNS}][\u0100-\u07ff]|[\u0180-\u036f\u0530-\u07ff][{_UPPER}{_SIGNS}]",  # GBK, in part read as UTF-8
)


class _Mark(NamedTuple):
    """`often` is one class of characters, at the speed of `re`; `surely` is asked about the lines in which it is."""

    often: re.Pattern[str]
    surely: re.Pattern[str]


@cache
def _marks() -> dict[str, _Mark]:
    """By the family of a reader, what hardly any clean text has: nothing is damaged where none of it is."""
    hanzi = "、-。《-】一-鿿，：；！？"
    high = re.compile("[\x80-\u07ff–—‘-‚“-„†-•…‰‹›€™─-▟⌠⌡∂-≥]{2}")
    return {
        "hanzi": _Mark(recoded(), recoded()),
        "hangul": _Mark(hanja := re.compile("[가-힣][㐀-鿿]{1,3}[가-힣]"), hanja),
        "latin": _Mark(high, re.compile("|".join(_PAIRS))),
        "holes": _Mark(hole := re.compile("\ufffd"), re.compile("\ufffd(?=[\ufffd\x80-\u07ff])|[\x80-\u07ff]\ufffd")),
        "stumps": _Mark(hole, re.compile(f"[{hanzi}][?\ufffd]{{,3}}\ufffd|\ufffd[?\ufffd]{{,3}}.?[{hanzi}]")),
    }


def families(text: str) -> frozenset[str]:
    """The families of readers that may have shown a text.

    >>> sorted(families("锛屼綘濂 Ã¤"))
    ['hanzi', 'latin']
    """
    found = {family for family, mark in _marks().items() if mark.surely.search(text)}
    return frozenset("hanzi" if family == "hangul" else family for family in found)


def lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines in which something is seen; the others are not even looked for."""
    ends: dict[int, int] = {}
    for mark in _marks().values() if not text.isascii() else ():
        end = 0
        while seen := mark.often.search(text, end):
            start = text.rfind("\n", end, seen.start()) + 1 or end
            end = text.find("\n", seen.end())
            end = len(text) if end < 0 else end
            if mark.often is mark.surely or mark.surely.search(text, start, end):
                ends[start] = end
    yield from sorted(ends.items())
