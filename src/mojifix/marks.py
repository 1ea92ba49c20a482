"""The marks of damage: characters, and what must stand around one of them.

`pattern` is the screen. It is put together once (`mojifix.build_screen`) and shipped as `screen.re`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, count, product
from operator import sub
from pathlib import Path
from typing import NamedTuple

from mojifix.boxes import LOOSE
from mojifix.charsets import ANY, CHARSETS, LEADS, LOST

TABLE = Path(__file__).with_name("screen.txt")

_ASCII = bytes(ANY[:0x80]).decode()
#: what GBK readers show for bytes that are no characters
_PRIVATE = "\ue000-\ue864"
#: what stands for lost bytes beside others that were UTF-8, and what may have swallowed one
_LOST = f"{LOST}?€・{_PRIVATE}\uf8f5"
#: characters within which a second mark of the rarer damages is looked for. Of sentences of GBK read as EUC-JP 82 % are
#: seen so, 72 % with 6; alone, such marks are in every hundredth line of clean text
NEAR = 12
#: the same for another mark of the same mix-up; the limits of `mojifix.build_screen.CLOSE` are for it
CLOSE = 3


class Way(NamedTuple):
    """What tells of damage by a family of readers: one of some characters, and what stands around it. Where one class
    says what stands before or next, that is looked at from behind the character, for it costs least."""

    family: str
    own: str
    around: str = ""
    before: str = ""
    next: str = ""

    def pattern(self, number: int) -> str:
        """From behind the character, or else from before it."""
        before, mark = f"[{self.before}]" if self.before else "", f"[{self.own}]"
        if self.next:
            mark = f"[{self.next}](?<={before}{mark}.)"
        elif before:
            mark = f"(?<={before}{mark})"
        return f"{mark}{self.around}(?P<{self.family}{number}>)"


def _class(chars: Iterable[str]) -> str:
    """The inside of a character class, with ranges where three and more are in a row: `re` reads it character by
    character, and goes through ranges too."""
    text, parts, done = "".join(sorted({*chars})), "", 0
    codes = [*map(ord, text)]
    for run in re.finditer(b"\1{2,}", bytes(map((1).__eq__, map(sub, codes[1:], codes)))):
        parts += f"{text[done : run.start() + 1]}-"
        done = run.end()
    return parts + text[done:]


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
    own = {way: {*marks}.intersection(chars) for way, chars in kinds.items()}
    sides: list[str] = []
    for side, look in ((0, "(?<![^{}].)"), (1, "(?![^{}])")):
        ways = []
        for missing in range(3 if side == 0 else 4):
            here = chain.from_iterable(own[way] for way in kinds if way[side] == missing)
            beside = chain(*(kinds[way] for way in kinds if way[1 - side] == missing and way != (1, 0)))
            looks = look.format(_LOST + _class(chain(beside, "" if missing else _ASCII)))
            ways.append(f"(?<=[{_class(here)}])" + looks)
        sides.append(f"(?:{'|'.join(ways)})")
    return "".join(sides)


#: a hanzi inside a Latin word that is a Latin letter in UTF-8, U+00C0 to U+017F, or a no-break space: "f眉r" is "für",
#: "on聽line". In 128 M characters of clean Chinese and other text a hanzi stands between two small letters 841 times
#: ("tar和gzip"), none of these 186. Without what no language writes today: 目, which is Ŀ, is one of four characters of
#: clean web text that are looked at
_LETTERS = "".join(
    char.encode().decode("gbk") for char in map(chr, (0xA0, *range(0xC0, 0x180))) if char not in "×÷ĸĿŀŉſ"
)
#: a hanzi in UTF-8 read as Latin-1, and that as GBK: "ä½\xa0" is 盲陆聽
_LATIN_1, _GOING = (
    "".join(char.encode().decode("gbk") for char in map(chr, part)) for part in (range(0xE3, 0xF0), range(0x80, 0xC0))
)
#: the beginning of a dash or quote, or of a letter of Vietnamese, and its end with the letter behind it: "it鈥檚"
_BEGINS = b"\xe2\x80\xe1\xba\xe1\xbb".decode("gbk")
#: the byte order mark with which files of Windows begin, but for its last byte
_ORDER = b"\xef\xbb".decode("gbk")
#: and such a letter read as single bytes, beside a small letter: "grÃ¡fico"; in the same text not one
_LEADS, _TRAILS = b"\xc3\xc4\xc5", bytes(ANY[0x80:0xC0])
_TWO = "|".join(
    f"[{_LEADS.decode(codec)}][{_TRAILS.decode(codec, 'ignore')}]" for codec in ("latin-1", "cp1252", "cp1250")
)
#: the two halves of an emoji, 馃 and a pair of bytes that go on; in that text not one
_BEGUN = bytes(ANY[0x81:0xC0])
_EMOJI, _REST = b"\xf0\x9f".decode("gbk"), _pairs(_BEGUN, ANY[0x80:0xC0])
GLUED = re.compile(
    f"[{_LETTERS}](?=[a-z])(?:(?<=[a-z].)|(?<=\\b[A-Z].))|{_EMOJI}[{_class(_REST)}]"
    f"|(?:{_TWO})(?=[a-z])|(?<=[a-z])(?:{_TWO})"
)

#: ASCII between words; and what shows that a word ends with a character, behind it
_GAP = "\\t-\\r -/:-@\\[-`{-~"
_ENDS = f"(?<=[a-z].)(?:\\Z|(?=[{_GAP}]))"
#: the same where a word begins or ends with it: "脺ber", "caf茅"
EDGES = re.compile(f"[{_LETTERS}](?:{_ENDS}|(?<![^{_GAP}].)(?=[a-z]))")

#: what single-byte readers show, by kinds; of the signs, those that do not stand beside letters in clean text
_UPPER = "\xc0-\xd6\xd8-\xdeĀĂĄĆČĎĐĒĖĘĚĞĢĪĮĶĹĻĽŁŃŅŇŌŐŒŔŘŚŠŤŪŮŰŲŸŹŻŽ"
_LOWER = "\xdf-\xf6\xf8-\xffāăąćčďđēėęěğģīįķĺļľłńņňōőŕřśšťūůűųźżžſƒ"
_SIGNS = "\x80-\x9f¡-¦¨ª¬¯±´¶¸¹¼-¿×÷ˆ˜ˇ˘˙˚˛˝‚„†‡‰‹€"
_BOXES, _CAPITALS = "─-▟⌠⌡∂-≥", "Ά-ΩЀ-Я"
_OTHERS = f"Α-ωЀ-ӿ{_BOXES}"
#: letters that no language has side by side
_SERBIAN, _RUSSIAN = "ЂЃЅЈЉЊЋЌЏђѓѕјљњћќџ", "ЁЙЩЪЫЬЭЮЯйщъыьэюяёІіЇїЄєҐґЎў"
#: two of them side by side as in hardly any text: a pair of hanzi bytes, or a lead byte of UTF-8 and one that goes on.
#: First those that are looked for because of the first, the rarer one in clean text, then because of the second; but
#: quotes and dots end words, "x\u00e3”", and are read behind lead bytes of two only. The capital Đ begins words: "Đă".
#: Small letters are never looked for: one in twelve of Vietnamese is one
_TRAIL, _QUOTES = "\x80-\xbfŒœŠšŽžƒˆ˜–—‘‚“„†-•‰‹›€™", "’”…"
_ALONE = "§©®°²³µº»œšžƒ"
#: signs that no Russian or Greek text has beside a letter without a space: in 450,000 characters of them not one. Of
#: pieces of four characters of GBK read as iso8859-7 96 % are seen so, else 85 %
_GREEK, _CYRILLIC, _STUCK = "Ͱ-Ͽ", "Ѐ-ӿ", "§©®°№"
_AHEAD = (
    (f"{_UPPER}{_SIGNS}µ", f"{_UPPER}{_SIGNS}µ"),
    (f"{_UPPER.replace('Đ', '')}{_SIGNS}", "\u0100-\u07ff"),  # GBK, in part read as UTF-8
    ("µ", f"\u0100-ΫϏ-\u07ff{_BOXES}"),  # the others are Greek: "µε"
    (f"{_SIGNS}µ", _LOWER),
    ("\xc2-\xde", f"{_TRAIL}{_QUOTES}"),
    (f"{_UPPER}{_SIGNS}", _OTHERS),
    (_BOXES, f"{_LOWER}Ѐ-ӿΑ-ω"),
    (_SERBIAN, _RUSSIAN),
    (f"{_STUCK}»₯ͺ΄΅", f"{_GREEK}{_CYRILLIC}"),
    *((re.sub("[─═]", "", first), second) for first, second in LOOSE),  # of these two there are whole lines
)
_BEHIND = (
    (f"{_LOWER}\u0180-\u036f\u0530-\u07ff", f"{_UPPER}{_SIGNS}µ"),
    ("\xdf-\xf4", _ALONE),
    ("\xdf-\xf4", "\xa0«·–—‘“•›™", f"{_SIGNS}{_ALONE}"),
    (_LOWER, f"{_CAPITALS}{_BOXES}"),
    (_OTHERS, f"{_UPPER}{_SIGNS}"),
    (f"{_CAPITALS}а-ӿ{_BOXES}", "µ"),
    ("а-яѐ-џґ", "Ѐ-ЯҐ"),
    (f"{_GREEK}{_CYRILLIC}", f"{_STUCK}«₯ͺ΅"),
    (_RUSSIAN, _SERBIAN),
    ("ΐά-ώ", "ΆΈ-ΏΑ-Ω"),
    ("Α-Ω", "ΆΈ-Ώ"),
    ("Ѐ-ӿΑ-ω", _BOXES),
)


def _either(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


def _seen(rows: Iterable[Sequence[str]]) -> str:
    return _either(f"(?<=[{']['.join(row)}])" for row in rows)


def latin() -> list[Way]:
    """Those of single bytes: the way that tells by what stands next, and the other."""
    ahead, behind = "".join(row[0] for row in _AHEAD), "".join(row[-1] for row in _BEHIND)
    return [
        Way("latin", ahead, _seen(_AHEAD), next="\x80-\u2e7f"),
        Way("latin", behind, _seen(_BEHIND), before="^\\x00-\\x7f"),
    ]


#: hanzi; syllables, which no Korean text has beside hanzi but in 3 of 1,400 lines; hiragana, which GBK and EUC-JP have
#: in the same places; hanzi that are usual in Japanese (level 1)
_HANJA, _HANGUL, _KANA, _JAPANESE = (
    "㐀-鿿",
    "가-힣",
    "ぁ-ん",
    bytes(chain.from_iterable(product(range(0xB0, 0xD0), ANY[0xA1:0xFF]))),
)


def eastern() -> tuple[list[Way], list[Way]]:
    """Those of East Asia: the ways that tell by what stands next, and the others.

    In EUC-JP read as GBK kana stand beside hanzi that are rare in Japanese: of pieces of eight characters 47 % are seen
    so, and in 75,000 characters of clean Japanese none. With の, を, が, に or は and what GB 2312 has beyond Japanese
    43 %, and every ninth character of Japanese is looked at.
    """
    gbk, rarer, *crosses, syllables = TABLE.read_text(encoding="utf-8").split()
    rare = _class({*map(chr, range(0xAC00, 0xD7A4))}.difference(syllables))
    known = {*gbk, *rarer, *chain(*crosses)}

    def close(family: str, chars: str, distance: int, lost: str = "") -> Way:
        """One of some characters, and another one close behind. The same one twice is a clean word."""
        own = _class(chars)
        seen = f"(?=.{{,{distance - 1}}}(?!(?P=mark))[{own}{lost}])"
        return Way(family, own, f"(?:{seen}|(?<={lost}.))" if lost else seen)

    foreign = _class(known.difference(_JAPANESE.decode("euc_jp", "ignore")))
    beside = [
        Way("hanzi", _class(_LETTERS), f"(?:(?<=[a-z]..)|(?<=\\b[A-Z]..)|(?<![^{_GAP}]..))", next="a-z"),
        Way("hanzi", _class(_LATIN_1), f"[{_GOING}]", next=_GOING),
        Way("hanzi", _EMOJI, next=_class(_REST)),
        Way("hanzi", _BEGINS, next=_class(_pairs(_BEGUN, ANY[0x40:0x7F]))),
        Way("crossed", foreign, next=_KANA),
        Way("crossed", _class(known), next=_HANGUL),
    ]
    others = [
        Way("hanzi", _class(gbk), _utf8_in_gbk(gbk)),
        close("hanzi", rarer, NEAR, lost=LOST),
        *(close("crossed", chars, CLOSE) for chars in crosses),
        Way("crossed", foreign, f"(?<=[{_KANA}].)"),
        Way("crossed", _class(known), f"(?<=[{_HANGUL}].)"),
        Way("hanzi", _PRIVATE),
        Way("hanzi", _class(_LETTERS), _ENDS),
        Way("hanzi", _ORDER, "(?<=\\A.)"),
        Way("crossed", "〖", "(?<=[ァ-ヺ].)"),  # the long vowel of EUC-JP
        # GBK read as EUC-KR; pairs read as Shift_JIS
        Way("crossed", f"{rare}｡-ﾟ", f"(?:(?=[{rare}｡-ﾟ{_HANJA}])|(?<=[{_HANJA}].))"),
    ]
    return beside, others


def pattern() -> str:
    """One class of characters, at the speed of `re`, and of the few that it finds those beside which others stand. A
    match ends with a group that names the family.

    Of ways inside one look back `re` passes by those that begin with another class at the cost of a look at the class.
    """
    number = count()

    def looks(ways: Iterable[Way]) -> str:
        return "|".join(way.pattern(next(number)) for way in ways)

    narrow, (beside, others) = latin(), eastern()
    every = "".join(way.own for way in (*narrow, *beside, *others))
    own = _class(re.findall(f"[{every}]", "".join(map(chr, range(0x10000)))))
    wide = f"(?<=(?P<mark>[^\\x00-\u2e7f]))(?:{looks(beside)}|(?<={looks(others)}))"
    return f"[{own}](?:{looks(narrow)}|{wide})"
