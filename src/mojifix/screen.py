"""Suspicious lines, found at the speed of `re`. Text in which nothing is found here is clean, and left alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, groupby, product
from pathlib import Path

from mojifix.charsets import ANY, CHARSETS, LEADS, LOST

TABLE = Path(__file__).with_name("screen.txt")

#: the pinyin kit: a syllable with a tone mark in brackets, close behind what it annotates
PINYIN = re.compile("\\((?=[a-z]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]{0,5}\\))(?<=[?-~\x80-\U0010ffff]\\()")

_ASCII = bytes(ANY[:0x80]).decode()
#: what GBK readers show for bytes that are no characters
_PRIVATE = "".join(map(chr, range(0xE000, 0xE865)))
#: what stands for lost bytes beside others that were UTF-8, and what may have swallowed one
_LOST = f"{LOST}?€・{_PRIVATE}\uf8f5"
#: characters within which a second mark of the rarer damages is looked for. Of sentences of GBK read as EUC-JP 82 % are
#: seen so, 72 % with 6; alone, such marks are in every hundredth line of clean text
NEAR = 12
#: the same for another mark of the same mix-up, and for two others in Korean, of which there are sentences; the limits
#: of `mojifix.build_screen.CLOSE` are for these
CLOSE, CLOSER = 6, 3


def _class(chars: Iterable[Iterable[str]]) -> str:
    """The inside of a character class: ranges where there are some, for `re` takes a microsecond for each of them."""
    codes = sorted({ord(char) for part in chars for char in part})
    runs = (list(run) for _, run in groupby(enumerate(codes), key=lambda pair: pair[1] - pair[0]))
    return "".join(chr(run[0][1]) + (f"-{chr(run[-1][1])}" if len(run) > 1 else "") for run in runs)


def _pairs(leads: bytes, trails: bytes) -> str:
    return bytes(chain.from_iterable(product(leads, trails))).decode("gb18030")


def _utf8_in_gbk(marks: str) -> str:
    """One of the characters of UTF-8 read as GBK, if what is around it may be that as well.

    A pair of bytes begins, goes on with and ends characters of UTF-8. What stands around it must fit: the pair before
    leaves as many bytes missing as this one begins with, and so on. Edges of the text and lost bytes fit everywhere.
    """
    utf8 = CHARSETS["utf-8"]
    going = bytes(byte for byte in utf8.trails if byte in LEADS)
    kinds = {(1, 0): _pairs(going, ANY[0x40:0x7F]), (2, 0): _pairs(going, utf8.trails)}
    for more in (1, 2, 3):
        leads = bytes(lead for lead in LEADS if utf8.lengths[lead] == more + 1)
        kinds |= {(0, more - 1): _pairs(leads, utf8.trails), (1, more): _pairs(going, leads)}
    known = {*marks}
    sides: list[str] = []
    for side, look in ((0, "(?<![^{}].)"), (1, "(?![^{}])")):
        ways = []
        for missing in range(3 if side == 0 else 4):
            own = _class(known.intersection(chars) for way, chars in kinds.items() if way[side] == missing)
            beside = (chars for way, chars in kinds.items() if way[1 - side] == missing and way != (1, 0))
            ways.append(f"(?<=[{own}])" + look.format(_class([*beside, _LOST, *([] if missing else [_ASCII])])))
        sides.append(f"(?:{'|'.join(ways)})")
    return "".join(sides)


#: a hanzi inside a Latin word that is a Latin letter in UTF-8, U+00C0 to U+017F: "f眉r" is "für". In 128 M characters
#: of clean Chinese and other text a hanzi stands between two small letters 841 times ("tar和gzip"), none of these 192
_LETTERS = "".join(chr(code).encode().decode("gbk") for code in range(0xC0, 0x180))
_INSIDE = "(?=[a-z])(?:(?<=[a-z].)|(?<=\\b[A-Z].))"
#: a hanzi in UTF-8 read as Latin-1, and that as GBK: "ä½\xa0" is 盲陆聽
_LATIN_1, _GOING = (
    "".join(char.encode().decode("gbk") for char in map(chr, part)) for part in (range(0xE3, 0xF0), range(0x80, 0xC0))
)
#: and such a letter read as single bytes, beside a small letter: "grÃ¡fico"; in the same text not one
_LEADS, _TRAILS = b"\xc3\xc4\xc5", bytes(ANY[0x80:0xC0])
_TWO = "|".join(
    f"[{_LEADS.decode(codec)}][{_TRAILS.decode(codec, 'ignore')}]" for codec in ("latin-1", "cp1252", "cp1250")
)
GLUED = re.compile(f"[{_LETTERS}]{_INSIDE}|(?:{_TWO})(?=[a-z])|(?<=[a-z])(?:{_TWO})")

#: what single-byte readers show, by kinds; of the signs, those that do not stand beside letters in clean text
_UPPER = "\xc0-\xd6\xd8-\xdeĀĂĄĆČĎĐĒĖĘĚĞĢĪĮĶĹĻĽŁŃŅŇŌŐŒŔŘŚŠŤŪŮŰŲŸŹŻŽ"
_LOWER = "\xdf-\xf6\xf8-\xffāăąćčďđēėęěğģīįķĺļľłńņňōőŕřśšťūůűųźżžſƒ"
_SIGNS = "\x80-\x9f¡-¦¨ª¬¯±´-¶¸¹¼-¿×÷ˆ˜ˇ˘˙˚˛˝‚„†‡‰‹€"
_OTHERS = "Α-ωЀ-ӿ─-▟⌠⌡∂-≥"
_BOXES = "─-▟∂-≥"
#: letters that no language has side by side
_SERBIAN, _RUSSIAN = "ЂЃЅЈЉЊЋЌЏђѓѕјљњћќџ", "ЁЙЩЪЫЬЭЮЯйщъыьэюяёІіЇїЄєҐґЎў"
#: two of them side by side as in hardly any text: a pair of hanzi bytes, or a lead byte of UTF-8 and one that goes on.
#: First the one that is rarer in clean text, then what stands beside it
_BESIDE = (
    (f"{_UPPER}{_SIGNS}", f"(?=[{_UPPER}{_SIGNS}])|(?<=[{_LOWER}].)"),
    (_SIGNS, f"(?=[{_LOWER}])"),
    ("\xc2-\xf4", "(?=[\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘-‚“-„†-•…‰‹›€™])"),
    (f"{_UPPER}{_LOWER}{_SIGNS}", f"(?=[{_OTHERS}])|(?<=[{_OTHERS}].)"),
    ("А-Я", "(?<=[а-яѐ-џґ].)"),
    (_SERBIAN, f"(?=[{_RUSSIAN}])|(?<=[{_RUSSIAN}].)"),
    ("Ά-Ω", "(?<=[ΐά-ώ].)"),
    ("ΆΈ-Ώ", "(?<=[Α-Ω].)"),
    (_BOXES, "(?=[Ѐ-ӿΑ-ω])|(?<=[Ѐ-ӿΑ-ω].)"),
    (f"{_UPPER}{_SIGNS}", "(?=[\u0100-\u07ff])|(?<=[\u0180-\u036f\u0530-\u07ff].)"),  # GBK, in part read as UTF-8
)


_HANJA = "㐀-鿿"


def _chinese() -> Iterator[str]:
    """Hanzi of GB 2312 that Japanese does not have."""
    hanzi = _pairs(ANY[0xB0:0xF8], ANY[0xA1:0xFF])  # behind the last of the first level there are five private ones
    return (char for char in hanzi if char < "\ue000" and not char.encode("euc_jp", "ignore"))


@cache
def _tables() -> list[str]:
    """The characters of UTF-8 read as GBK, those of rarer damages, and others; `mojifix.build_screen` says which."""
    return TABLE.read_text(encoding="utf-8").split()


def _close(chars: str, name: str, distance: int, others: int = 1) -> tuple[str, str]:
    """One of some characters, and others, each close to the one before. The same one twice is a word of clean text."""
    own, near = _class([chars]), f".{{,{distance - 1}}}"
    return own, f"(?<=(?P<{name}>[{own}]))(?={near}(?!(?P={name}))[{own}]{f'{near}[{own}]' * (others - 1)})"


@cache
def _ways() -> dict[str, list[tuple[str, str]]]:
    """By the family of a reader: classes of characters, and what must stand around one of them."""
    gbk, rarer, *crosses, korean, syllables = _tables()
    more = _class([rarer])
    two = f"(?<=[{more}])(?:(?=.{{,{NEAR}}}[{more}{LOST}])|(?<={LOST}.))"
    hanzi = f"(?<=[{_class([_PRIVATE])}])|{_utf8_in_gbk(gbk)}|{two}"
    latin = "|".join(f"(?<=[{own}])(?:{next_to})" for own, next_to in _BESIDE)
    beside = "(?:(?=[^\\x00-\\x7f])|(?<=[^\\x00-\\x7f].))"
    chinese, rare = _class([_chinese()]), _class([set(map(chr, range(0xAC00, 0xD7A4))).difference(syllables)])
    return {
        "hanzi": [(_class([gbk, rarer, _PRIVATE]), hanzi), (_LETTERS, _INSIDE), (_LATIN_1, f"(?=[{_GOING}]{{2}})")],
        "crossed": [
            *(_close(chars, f"cross{n}", CLOSER) for n, chars in enumerate(crosses)),
            _close(korean, "korean", CLOSE, others=2),
            (rare, f"(?=[{rare}{_HANJA}])|(?<=[{_HANJA}].)"),  # GBK read as EUC-KR: syllables that Korean hardly has
            ("｡-ﾟ", f"(?=[｡-ﾟ{_HANJA}])|(?<=[{_HANJA}].)"),  # pairs read as Shift_JIS
            ("〖", "(?<=[ァ-ヺ].)"),  # the long vowel of EUC-JP
            ("のをがには", f"(?=[{chinese}])|(?<=[{chinese}].)"),  # GBK and EUC-JP have the same kana
        ],
        "latin": [(f"{_UPPER}{_LOWER}{_SIGNS}{_BOXES}А-Я{_SERBIAN}Ά-Ω", f"{beside}(?:{latin})")],
    }


def _pattern(*families: str) -> re.Pattern[str]:
    """One class of characters, at the speed of `re`; and of the few that it finds, those beside which others stand."""
    firsts, looks = [], []
    for family in families:
        ways = _ways()[family]
        firsts.append("".join(first for first, _ in ways))
        own = "|".join(f"(?P<{family}{n}>(?<=[{first}])(?:{around}))" for n, (first, around) in enumerate(ways))
        looks.append(f"(?<=[{firsts[-1]}])(?:{own})")
    return re.compile(f"[{''.join(firsts)}](?:{'|'.join(looks)})")


@cache
def suspicious() -> re.Pattern[str]:
    """What hardly any clean text has.

    >>> bool(suspicious().search("锛屼綘濂")), bool(suspicious().search("你好，世界"))
    (True, False)
    """
    return _pattern("hanzi", "crossed", "latin")


@cache
def _latin() -> re.Pattern[str]:
    return _pattern("latin")


@cache
def _lost() -> dict[str, re.Pattern[str]]:
    """The same for text that lost more than that, by the families of readers. Looked for where U+FFFD is."""
    hanzi = "、-。《-】一-鿿！-～"
    return {
        "holes": re.compile("\ufffd[\x80-\u07ff]|[\x80-\u07ff]\ufffd"),
        "stumps": re.compile(f"[{hanzi}][?\ufffd]{{,3}}\ufffd|\ufffd[?\ufffd]{{,3}}.?[{hanzi}]|1\ufffd7"),
    }


def families(text: str) -> frozenset[str]:
    """The families of readers that may have shown a text; "crossed" are those of other languages of East Asia.

    >>> sorted(families("锛屼綘濂 Ã¤"))
    ['hanzi', 'latin']
    """
    found = {family for family, mark in _lost().items() if LOST in text and mark.search(text)}
    found.update(str(seen.lastgroup).rstrip("0123456789") for seen in suspicious().finditer(text))
    if _latin().search(text):
        found.add("latin")
    return frozenset(found)


def clean(text: str) -> bool:
    """Whether nothing is seen in a text.

    >>> clean("你好，世界"), clean("锛屼綘濂"), clean("網(wǎng)")
    (True, False, False)
    """
    if text.isascii():
        return True
    if PINYIN.search(text) or suspicious().search(text):
        return False
    return LOST not in text or not any(mark.search(text) for mark in _lost().values())


def lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines in which something is seen; the others are not even looked for."""
    marks = [] if text.isascii() else [suspicious(), *(_lost().values() if LOST in text else ())]
    ends: dict[int, int] = {}
    for mark in marks:
        end = 0
        while seen := mark.search(text, end):
            start = text.rfind("\n", end, seen.start()) + 1 or end
            end = text.find("\n", seen.end())
            end = len(text) if end < 0 else end
            ends[start] = end
    yield from sorted(ends.items())
